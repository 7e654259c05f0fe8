import { advance as advanceRun } from '../src/engine/advance.js';
import type { Engine } from '../src/engine/engine.js';

/** Takes a run as far as it can go without a worker. Consumed by bots. */
export async function advance(engine: Engine, run: string): Promise<void> {
  await advanceRun(engine, run);
}
