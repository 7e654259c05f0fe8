import { randomUUID } from 'node:crypto';
import { SlipwayError } from '../error.js';
import type { RunEvent } from '../release/run-events.js';
import { mayStillArrive, stepOf, type RunState } from '../release/run-state.js';
import type { Engine } from './engine.js';
import { holdLease, type HeldLease } from './lease.js';

/** One claimed try of a step. All its writes go through `write`, which refuses once the claim no longer stands. */
export interface Attempt {
  run: string;
  step: string;
  number: number;
  lease: HeldLease;
  /** The state right after the claim. */
  state: RunState;
  write(event: RunEvent): Promise<void>;
}

/**
 * Takes the lease and claims the attempt in the journal. undefined: it is no longer wanted.
 * The epoch is the sequence number of the claim: a worker that was stopped for longer than its lease finds another
 * claim in the journal, and none of its later writes can be appended.
 * @throws SlipwayError lease-lost, retryable, while somebody else holds the lease
 */
export async function claim(
  engine: Engine,
  job: { run: string; step: string; attempt: number },
  wanted: (state: RunState) => boolean,
): Promise<Attempt | undefined> {
  const { run, step, attempt } = job;
  const where = { run, step };
  await engine.at('before-claim', where);
  const before = await engine.runs.load(run);
  if (before === undefined || !wanted(before)) return undefined;
  const taken = stepOf(before, step);
  const { leaseMs } = engine.settings;
  const lease = await holdLease(
    engine.leases,
    `${run}_${step}`,
    `${engine.worker}_${randomUUID()}`,
    leaseMs,
    engine.clock,
    taken !== undefined && mayStillArrive(taken) ? leaseMs : 0,
  );
  if (lease === undefined) {
    // Perhaps given back in a moment, and then nobody would ask again: an offer of what is offered already is dropped.
    throw new SlipwayError('lease-lost', `Somebody holds the lease of "${step}" of ${run}.`, {
      retryable: true,
    });
  }
  const state = await claimed(engine, job, wanted).catch(async (error: unknown) => {
    await lease.release();
    throw error;
  });
  if (state === undefined) {
    await lease.release();
    return undefined;
  }
  const epoch = stepOf(state, step)?.epoch ?? 0;
  await engine.at('after-claim', where);
  return {
    run,
    step,
    number: attempt,
    lease,
    state,
    write: (event) => fencedWrite(engine, run, step, epoch, event),
  };
}

async function claimed(
  engine: Engine,
  { run, step, attempt }: { run: string; step: string; attempt: number },
  wanted: (state: RunState) => boolean,
): Promise<RunState | undefined> {
  const { state, written } = await engine.runs.update(run, (now) =>
    now !== undefined && wanted(now)
      ? { type: 'step.claimed', step, attempt, worker: engine.worker }
      : undefined,
  );
  return written ? state : undefined;
}

/** How long a write of an attempt is tried again while the journal is full or does not answer. */
const patienceMs = 20_000;

async function fencedWrite(
  engine: Engine,
  run: string,
  step: string,
  epoch: number,
  event: RunEvent,
): Promise<void> {
  const until = engine.clock.monotonic() + Math.min(patienceMs, engine.settings.leaseMs);
  for (let pause = 50; ; pause = Math.min(pause * 2, 2_000)) {
    try {
      await engine.runs.update(run, (now) => {
        if (now === undefined || !stands(now, step, epoch)) {
          throw new SlipwayError('claim-lost', `Another worker has taken over "${step}" of ${run}.`);
        }
        return event;
      });
      return;
    } catch (error) {
      const transient =
        error instanceof SlipwayError &&
        (error.code === 'journal-full' || error.code === 'journal-unreachable');
      if (!transient || engine.clock.monotonic() > until) throw error;
      engine.warn(`${run} ${step}: ${event.type} is not written yet`, error);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** Whether the claim of this epoch is still the newest of its step. */
export function stands(state: RunState, step: string, epoch: number): boolean {
  const found = stepOf(state, step);
  return found?.epoch === epoch && found.status === 'claimed' && state.finished === undefined;
}
