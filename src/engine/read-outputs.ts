import { z } from 'zod';
import type { Sealed } from '../release/canonical.js';
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

/** The commit that a run made, by its own journal; undefined: it made none. */
export async function committedBy(
  engine: Pick<Engine, 'blobs' | 'runs'>,
  run: string,
): Promise<string | undefined> {
  const state = await engine.runs.load(run);
  const before: { [step: string]: Json } = {};
  for (const { outline, outputs } of state?.steps ?? []) {
    if (outputs !== '') before[outline.id] = await readOutputs(engine, outputs);
  }
  return newestCommit(before, '').commit || undefined;
}

/** What was sealed; the blob's digest is the seal. @throws SlipwayError blob-missing */
export async function readSealed(engine: Engine, seal: string): Promise<Sealed> {
  const sealed: Sealed = JSON.parse(Buffer.from(await engine.blobs.get(seal)).toString('utf8'));
  return sealed;
}
