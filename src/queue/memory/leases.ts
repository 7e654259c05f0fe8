import type { Clock } from '../../engine/ports/clock.js';
import type { Leases } from '../../engine/ports/leases.js';

/** Leases within one process. They run on the monotonic clock: setting the wall clock ends none. */
export function memoryLeases(clock: Clock): Leases {
  const born = clock.monotonic();
  const held = new Map<string, { token: string; until: number }>();
  const holder = (key: string): string | undefined => {
    const lease = held.get(key);
    if (lease && lease.until > clock.monotonic()) return lease.token;
    held.delete(key);
    return undefined;
  };
  const hold = (key: string, token: string, ttlMs: number): boolean => {
    held.set(key, { token, until: clock.monotonic() + ttlMs });
    return true;
  };
  return {
    // As on Redis, whoever holds it may take it again.
    take: async (key, token, ttlMs, sinceMs = 0) =>
      [undefined, token].includes(holder(key)) &&
      clock.monotonic() - born >= sinceMs &&
      hold(key, token, ttlMs),
    renew: async (key, token, ttlMs) => holder(key) === token && hold(key, token, ttlMs),
    release: async (key, token) => {
      if (holder(key) === token) held.delete(key);
    },
    expel: async (key, worker) => {
      if (holder(key)?.startsWith(worker) === true) held.delete(key);
    },
    held: async (key) => holder(key) !== undefined,
  };
}
