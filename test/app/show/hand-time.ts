import type { Time } from '../../../src/app/show/place.js';

/** Time that a test moves by hand. */
export interface HandTime extends Time {
  /** Moves on, and calls what falls due, each at its moment; `settle` waits after each call for what it has started. */
  pass(ms: number, settle: () => Promise<void>): Promise<void>;
}

/** A clock that stands still until it is moved. */
export function handTime(): HandTime {
  let now = 1_000_000;
  const due = new Set<{ at: number; call: () => void }>();
  const next = (): { at: number; call: () => void } | undefined =>
    [...due].toSorted((a, b) => a.at - b.at)[0];
  return {
    now: () => now,
    after(ms, call) {
      const one = { at: now + ms, call };
      due.add(one);
      return () => void due.delete(one);
    },
    async pass(ms, settle) {
      const end = now + ms;
      for (let one = next(); one !== undefined && one.at <= end; one = next()) {
        due.delete(one);
        now = Math.max(now, one.at);
        one.call();
        await settle();
      }
      now = end;
      await settle();
    },
  };
}
