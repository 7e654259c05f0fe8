import { SlipwayError } from '../../error.js';
import type { Leases } from '../../engine/ports/leases.js';
import { callConnection, connectNow, reach, seldom } from './connect.js';
import type { OnError } from './connect.js';
import { keyPrefix } from './jobs.js';

/** Leases and the release of their connection. */
export interface RedisLeases extends Leases {
  close(): Promise<void>;
}

/**
 * The second key says which server has remembered leases since when: after a flush it is gone, and after a restart or a
 * failover it names another server.
 * Also true for the token that holds it: ioredis sends an unanswered command again after a reconnect, and the first
 * one may have been carried out.
 */
const take = `
local info = redis.pcall('INFO', 'server')
local id = type(info) == 'string' and string.match(info, 'run_id:(%w+)') or 'hidden'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known, since = string.match(redis.call('GET', KEYS[2]) or '', '^(%w+) (%d+)$')
if known ~= id then
  since = now
  redis.call('SET', KEYS[2], id .. ' ' .. string.format('%.0f', now))
end
if now - since < tonumber(ARGV[3]) then return 0 end
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

const renew = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

const release = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

const expel = `
local token = redis.call('GET', KEYS[1])
if not token or string.sub(token, 1, string.len(ARGV[1])) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

/**
 * Leases on a Redis or Valkey server: `SET NX PX`, and compare before every change, each in one round trip.
 * Every call rejects with `queue-unreachable` within 2.5 s while the server is away or hangs.
 */
export async function redisLeases(settings: {
  address: string;
  name: string;
  onError?: OnError;
}): Promise<RedisLeases> {
  const client = callConnection(settings.address, seldom(settings.onError ?? (() => undefined)));
  try {
    await reach('answer', () => connectNow(client));
  } catch (error) {
    client.disconnect();
    throw error;
  }
  const place = (key: string): string => `${keyPrefix(settings.name)}:lease:${key}`;
  const memory = `${keyPrefix(settings.name)}:leases`;
  const ask = (what: string, script: string, key: string, ...args: (string | number)[]): Promise<boolean> =>
    reach(what, async () => (await client.eval(script, 2, place(key), memory, ...args)) === 1);
  return {
    take: (key, token, ttlMs, sinceMs = 0) =>
      ask('give a lease', take, key, token, duration(ttlMs), Math.max(0, Math.ceil(sinceMs))),
    renew: (key, token, ttlMs) => ask('renew a lease', renew, key, token, duration(ttlMs)),
    release: async (key, token) => void (await ask('take back a lease', release, key, token)),
    expel: async (key, worker) => void (await ask('end a lease', expel, key, worker)),
    held: (key) => reach('show a lease', async () => (await client.exists(place(key))) === 1),
    close: async () => client.disconnect(),
  };
}

function duration(ttlMs: number): number {
  if (Number.isSafeInteger(ttlMs) && ttlMs > 0) return ttlMs;
  throw new SlipwayError('internal', `A lease cannot last ${ttlMs} ms.`);
}
