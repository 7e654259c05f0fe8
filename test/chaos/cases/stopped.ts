import { stepOf } from '../../../src/release/run-state.js';
import type { Arena } from '../arena.js';
import { isStopped } from '../crew.js';
import { namesOf, type Effect } from '../release-plan.js';
import { caughtBy, type Trap, type TrapPoint } from '../traps.js';
import { until } from '../until.js';

/**
 * Runs one target whose first worker is stopped at a point of an effect (`kill -STOP`) until another one has taken over
 * and done it; then the stopped one goes on, long after its lease has ended.
 */
export async function stopAndContinue(
  arena: Arena,
  target: string,
  effect: Effect,
  point: TrapPoint,
): Promise<void> {
  const trap: Trap = { run: namesOf(target).run, step: effect, point, blow: 'stop' };
  arena.trap(trap);
  await arena.start(target);
  const runs = arena.settled([target], 120_000);
  const pid = await until(`somebody comes to ${point} of ${effect}`, 60_000, () =>
    caughtBy(arena.folder, trap),
  );
  try {
    await until(`${pid} is stopped`, 5_000, () => isStopped(pid) || undefined, 10);
    await until(`another worker has done the ${effect} of ${target}`, 60_000, async () => {
      const state = await arena.state(target);
      const step = state === undefined ? undefined : stepOf(state, effect);
      return step?.status === 'done' || undefined;
    });
  } finally {
    arena.crew.cont(pid);
  }
  await runs;
}

/** Does the same for many, a few at a time; what does not come as expected is a problem of the case. */
export async function stopMany(
  arena: Arena,
  stops: readonly { target: string; effect: Effect; point: TrapPoint }[],
  atOnce: number,
  onDone: (done: number) => void,
): Promise<string[]> {
  const next = [...stops];
  const problems: string[] = [];
  let done = 0;
  const lane = async (): Promise<void> => {
    for (let stop = next.shift(); stop !== undefined; stop = next.shift()) {
      const { target, effect, point } = stop;
      await stopAndContinue(arena, target, effect, point).catch((error: unknown) => {
        problems.push(`${target}: ${error instanceof Error ? error.message : String(error)}`);
      });
      done += 1;
      onDone(done);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return problems;
}
