import { isActive, mayStillArrive } from '../release/run-state.js';
import type { Engine } from './engine.js';
import { openIndex } from './open-index.js';
import { nudge } from './nudge.js';

/**
 * Ends the leases of a worker that is proved dead and wakes its runs, so that its steps are looked up and taken over at
 * once. What it had sent lives on without it: a step that nothing refuses a second time waits until the lease, which is
 * longer than a request and its commit, has run out. `worker` is the beginning of its name (`worker-4711-`). Returns the steps that it held.
 */
export async function expelWorker(engine: Engine, worker: string): Promise<{ run: string; step: string }[]> {
  const held: { run: string; step: string }[] = [];
  for (const run of await openIndex(engine.records).list('runs')) {
    const state = await engine.runs.load(run);
    const steps = state?.steps.filter((step) => isActive(step) && step.worker.startsWith(worker)) ?? [];
    for (const step of steps) {
      const { id } = step.outline;
      if (!mayStillArrive(step)) await engine.leases.expel(`${run}_${id}`, worker);
      held.push({ run, step: id });
    }
    if (steps.length > 0) await nudge(engine, run);
  }
  return held;
}
