import type { Engine } from '../src/engine/engine.js';
import type { StepJob } from '../src/engine/ports/queue.js';
import { runStep as runOneStep } from '../src/engine/run-step.js';

/** Runs one attempt of one step. Consumed by workers. */
export async function runStep(engine: Engine, job: StepJob, drain: AbortSignal): Promise<void> {
  await runOneStep(engine, job, drain);
}
