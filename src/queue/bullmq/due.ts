import type { Redis } from 'ioredis';
import { z } from 'zod';

/** The runs that wake by themselves: a sorted set, scored with the time in ms since the epoch. */
export interface DueSet {
  set(run: string, at: number): Promise<void>;
  clear(run: string): Promise<void>;
  /** The runs that are due, at most 100. Each is pushed on, not removed: see `takeDue`. */
  take(now: number, againAt: number): Promise<string[]>;
}

/**
 * An entry that is due is pushed on rather than removed, so that a crash between this and the wake-up only delays
 * it. `advance` sets the truth when it ends. Of many sweepers each entry goes to one.
 */
const takeDue = `
local runs = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 100)
for _, run in ipairs(runs) do redis.call('ZADD', KEYS[1], 'XX', ARGV[2], run) end
return runs`;

/** The due set under `key`. */
export function dueSet(client: Redis, key: string): DueSet {
  return {
    set: async (run, at) => void (await client.zadd(key, at, run)),
    clear: async (run) => void (await client.zrem(key, run)),
    take: async (now, againAt) => z.array(z.string()).parse(await client.eval(takeDue, 1, key, now, againAt)),
  };
}
