import { answer, retry } from '../../src/engine/people.js';
import type { Engine } from '../../src/engine/engine.js';
import type { RunState } from '../../src/release/run-state.js';
import { namesOf } from './release-plan.js';
import { reportOf } from './world-client.js';

const ben = { issuer: 'local', workspace: 'chaos', user: 'ben', name: 'Ben' } as const;

/** Somebody who looks after the runs: answers what is asked by looking outside, and retries what needs a person. */
export interface Person {
  look(target: string, state: RunState): Promise<void>;
  /** How often he retried. */
  retries(): number;
}

/** A person takes longer to look than a request takes to be committed. */
const looksAfterMs = 800;

/** `retryCodes`: failures that he retries; every other failure stays as it is, and the run is stuck. */
export function makePerson(engine: Engine, world: string, retryCodes: readonly string[]): Person {
  const seen = new Map<string, number>();
  let retries = 0;
  const isLongEnough = (key: string): boolean => {
    const since = seen.get(key) ?? performance.now();
    seen.set(key, since);
    return performance.now() - since >= looksAfterMs;
  };
  return {
    retries: () => retries,
    async look(target, state) {
      const { run } = namesOf(target);
      for (const { outline, status, attempt, failure } of state.steps) {
        const ask = { run, step: outline.id, by: ben };
        if (status === 'unknown' && isLongEnough(`${run} ${outline.id} ${attempt}`)) {
          const { pending, log } = await reportOf(world);
          if (pending.includes(target)) continue;
          const made = log.some((one) => one.target === target && one.step === outline.id && one.committed);
          await answer(engine, { ...ask, made });
        }
        if (status === 'failed' && failure?.retryAt === 0 && retryCodes.includes(failure.code)) {
          if (!isLongEnough(`${run} ${outline.id} ${attempt}`)) continue;
          retries += 1;
          await retry(engine, ask);
        }
      }
    },
  };
}

/** Why nobody will get this run further, or ''. */
export function stuck(state: RunState, retryCodes: readonly string[]): string {
  const failed = state.steps.find(
    ({ status, failure }) =>
      status === 'failed' && failure?.retryAt === 0 && !retryCodes.includes(failure.code),
  );
  return failed === undefined ? '' : `${failed.outline.id}: ${failed.failure?.message ?? ''}`;
}
