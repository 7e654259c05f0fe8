import { z } from 'zod';
import type { Sealed } from '../release/canonical.js';
import type { LineState } from '../release/line-state.js';
import type { Json } from '../release/plan.js';
import type { Engine } from './engine.js';
import { newestCommit } from '../steps/outputs.js';
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
  const before: { [step: string]: Json } = {};
  for (const { outline, outputs } of state?.steps ?? []) {
    if (outputs !== '') before[outline.id] = await readOutputs(engine, outputs);
  }
  return newestCommit(before, state?.created.commit ?? '').commit || undefined;
}

/** What was sealed; the blob's digest is the seal. @throws SlipwayError blob-missing */
export async function readSealed(engine: Engine, seal: string): Promise<Sealed> {
  const sealed: Sealed = JSON.parse(Buffer.from(await engine.blobs.get(seal)).toString('utf8'));
  return sealed;
}
