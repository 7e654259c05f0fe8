import { z } from 'zod';
import type { Sealed } from '../release/canonical.js';
import type { LineState } from '../release/line-state.js';
import type { Json } from '../release/plan.js';
import type { Engine } from './engine.js';
import type { RunState } from '../release/run-state.js';
import { builtArtifacts, newestCommit, type Artifact } from '../steps/outputs.js';
import { keptBlobs } from './kept-blobs.js';

const Outputs: z.ZodType<Json> = z.json();
const readJson = keptBlobs((_, text): Json => Outputs.parse(JSON.parse(text)));

/** The outputs that a done step left, from their blob. @throws SlipwayError blob-missing */
export async function readOutputs(engine: Pick<Engine, 'blobs'>, digest: string): Promise<Json> {
  return readJson(engine.blobs, digest);
}

/**
 * The commit that a line published last, by the journal: what its newest run made, or worked on where it made none; of
 * a line that was begun by hand what a person confirmed. undefined: nothing was published yet.
 */
export async function publishedBy(
  engine: Pick<Engine, 'blobs' | 'runs'>,
  line: LineState | undefined,
): Promise<string | undefined> {
  if (line?.reached === undefined) return line?.adopted?.commit;
  const state = await engine.runs.load(line.reached);
  return newestCommit(await outputsOf(engine, state), state?.created.commit ?? '').commit || undefined;
}

/** The artifacts that a line of ours published last, by its journal; {} for none, and for what was made by hand. */
export async function publishedArtifacts(
  engine: Pick<Engine, 'blobs' | 'runs'>,
  line: LineState | undefined,
): Promise<{ [artifact: string]: Artifact }> {
  const state = line?.reached === undefined ? undefined : await engine.runs.load(line.reached);
  return builtArtifacts(await outputsOf(engine, state));
}

/** What the steps of a run have left so far, by their ids. */
export async function outputsOf(
  engine: Pick<Engine, 'blobs'>,
  state: RunState | undefined,
): Promise<{ [step: string]: Json }> {
  const outputs: { [step: string]: Json } = {};
  for (const step of state?.steps ?? []) {
    if (step.outputs !== '') outputs[step.outline.id] = await readOutputs(engine, step.outputs);
  }
  return outputs;
}

/** What was sealed; the blob's digest is the seal. @throws SlipwayError blob-missing */
export async function readSealed(engine: Engine, seal: string): Promise<Sealed> {
  const sealed: Sealed = JSON.parse(Buffer.from(await engine.blobs.get(seal)).toString('utf8'));
  return sealed;
}
