import { SlipwayError } from '../error.js';
import type { Clock } from './ports/clock.js';
import type { Leases } from './ports/leases.js';

/** A lease that was taken. Once lost it stays lost, even where the store would renew it again. */
export interface HeldLease {
  /** Whether it stands by both clocks, without asking the store. */
  valid(): boolean;
  /** Prolongs in one round trip; call it right before an effect that is not conditional. Throws `lease-lost`. */
  renew(): Promise<void>;
  /** Gives it back. Never throws: a lease that cannot be given back expires by itself. */
  release(): Promise<void>;
}

/**
 * How far the wall clock and the monotonic clock may part between two answers of the store, in ms. When one runs
 * ahead, this process was suspended or its clock was set, and nobody knows how much of the lease is left. Clocks
 * that are corrected smoothly part by 0.08 s per second at the very most (chrony's `maxslewrate`), so 1 s is not
 * reached between renewals; a suspended machine or a set clock that matters passes it. Measured from the last
 * answer rather than from the taking: an answer is fresh proof, and over hours any corrected clock drifts by a second.
 */
export const driftLimitMs = 1_000;

interface Moment {
  wall: number;
  monotonic: number;
}

/**
 * Takes a lease; undefined: somebody else holds it. Errors of the store pass through. The time counts from before
 * the request was sent, so the store always lets go later than the holder stops to believe in it.
 * `sinceMs`: see Leases.take.
 */
export async function holdLease(
  leases: Leases,
  key: string,
  token: string,
  ttlMs: number,
  clock: Clock,
  sinceMs = 0,
): Promise<HeldLease | undefined> {
  const moment = (): Moment => ({ wall: clock.now(), monotonic: clock.monotonic() });
  const within = (since: Moment): boolean => {
    const wall = clock.now() - since.wall;
    const monotonic = clock.monotonic() - since.monotonic;
    return wall < ttlMs && monotonic < ttlMs && Math.abs(wall - monotonic) <= driftLimitMs;
  };
  const lost = (why: string, cause?: unknown): SlipwayError =>
    new SlipwayError('lease-lost', `The lease ${key} is lost: ${why}.`, {
      cause,
      hint: 'Nothing was done after it was lost; another worker takes over from the journal.',
    });
  const giveBack = (): Promise<void> => leases.release(key, token).catch(() => undefined);

  let confirmed = moment();
  let isLost = false;
  if (!(await leases.take(key, token, ttlMs, sinceMs))) return undefined;
  if (!within(confirmed)) {
    await giveBack();
    throw lost('the answer came too late');
  }

  const valid = (): boolean => {
    // Sticky: a clock that is set back must not bring a lost lease back.
    if (!within(confirmed)) isLost = true;
    return !isLost;
  };
  const lose = (why: string, cause?: unknown): never => {
    isLost = true;
    throw lost(why, cause);
  };

  return {
    valid,
    renew: async () => {
      if (!valid()) lose('it had run out, or the clocks have parted');
      const asked = moment();
      const isOurs = await leases
        .renew(key, token, ttlMs)
        .catch((error: unknown) => lose('the store did not answer', error));
      if (!isOurs) lose('another holds it, or the store forgot it');
      if (isLost || !within(asked)) lose('the answer came too late');
      confirmed = asked;
    },
    release: giveBack,
  };
}
