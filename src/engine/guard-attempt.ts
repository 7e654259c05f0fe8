import { setMaxListeners } from 'node:events';
import { SlipwayError } from '../error.js';
import type { Attempt } from './attempt.js';
import { stands } from './attempt.js';
import type { Engine } from './engine.js';
import { stepOf } from '../release/run-state.js';

/** Watches over an attempt while it runs: renews its lease, and ends its commands when they are no longer wanted. */
export interface Guard {
  /** Aborted with a SlipwayError (cancelled, interrupted, claim-lost) as its reason. */
  signal: AbortSignal;
  stop(): void;
}

/**
 * Every third of the lease, at most each second: renews, and reads the run's journal on, which is how a worker learns
 * that its run was cancelled (a queue message could be lost; the journal is not).
 */
export function guardAttempt(engine: Engine, attempt: Attempt, drain: AbortSignal): Guard {
  const controller = new AbortController();
  const epoch = stepOf(attempt.state, attempt.step)?.epoch ?? 0;
  const abort = (code: 'cancelled' | 'interrupted' | 'claim-lost', message: string): void =>
    controller.abort(new SlipwayError(code, message));
  const onDrain = (): void => abort('interrupted', 'The worker was told to stop.');
  // Every step that runs here listens to the one signal; Node would warn of a leak from the eleventh on.
  setMaxListeners(0, drain);
  if (drain.aborted) onDrain();
  else drain.addEventListener('abort', onDrain, { once: true });
  let busy = false;
  let isWarned = false;
  const look = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      const state = await engine.runs.load(attempt.run);
      if (state === undefined || !stands(state, attempt.step, epoch))
        abort('claim-lost', 'Another worker has taken over.');
      else if (state.cancelled !== undefined && !state.cancelled.boundary)
        abort('cancelled', `Cancelled by ${state.cancelled.by.name}.`);
      await attempt.lease.renew();
    } catch (error) {
      // A lease that is lost meanwhile stops the next effect, not the command: the journal decides who goes on.
      if (!isWarned) engine.warn(`${attempt.run} ${attempt.step}: the lease was not renewed`, error);
      isWarned = true;
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(() => void look(), Math.min(1_000, engine.settings.leaseMs / 3));
  return {
    signal: controller.signal,
    stop() {
      clearInterval(timer);
      drain.removeEventListener('abort', onDrain);
    },
  };
}
