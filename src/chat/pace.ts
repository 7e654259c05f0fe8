/**
 * When a message that is edited over and over may be edited next, so that a room stays quiet and a chat's limits are
 * kept. Times in ms.
 *
 * - `decision`: a gate was asked or decided, something failed, the run ended: never waits.
 * - `state`: a step began or ended: at once, but at least 3 s after the edit before.
 * - `progress`: something inside a step: every 3 s for its first minute, every 15 s for its first hour, then every minute.
 */
export type Change = 'decision' | 'state' | 'progress';

/** The shortest time between a paced edit and the edit before it. */
export const shortestMs = 3_000;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** How often progress inside a step is shown, when the step has run for so long. */
export function progressEvery(runningMs: number): number {
  if (runningMs < minuteMs) return shortestMs;
  return runningMs < hourMs ? 15_000 : minuteMs;
}

/**
 * When an edit may be made: now, or a time to come. `lastAt`: when the message was posted or edited last; undefined: not
 * known, as after a restart. `since`: when what runs has begun; undefined: nothing runs.
 */
export function editAt(
  change: Change,
  { now, lastAt, since }: { now: number; lastAt: number | undefined; since: number | undefined },
): number {
  if (change === 'decision' || lastAt === undefined) return now;
  // A clock that was set back must not hold an edit for longer than the pause itself.
  const last = Math.min(lastAt, now);
  const pause =
    change === 'state' || since === undefined ? shortestMs : progressEvery(Math.max(0, now - since));
  return Math.max(now, last + pause);
}
