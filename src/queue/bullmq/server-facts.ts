import type { Redis } from 'ioredis';
import { SlipwayError } from '../../error.js';

/** What a server says about itself. `runId` is new after every start and after a failover. */
export interface ServerFacts {
  /** `redis 7.0.15` or `valkey 8.1.0`. */
  software: string;
  runId: string | undefined;
}

function field(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
}

/** Reads `INFO server`. */
export async function serverFacts(client: Redis): Promise<ServerFacts> {
  const info = await client.info('server');
  const valkey = field(info, 'valkey_version');
  return {
    software: valkey ? `valkey ${valkey}` : `redis ${field(info, 'redis_version') ?? '(version unknown)'}`,
    runId: field(info, 'run_id'),
  };
}

/**
 * Refuses a server that throws keys away when its memory is full (`queue-unsafe`): it would drop single keys of a
 * job, which BullMQ cannot survive (https://docs.bullmq.io/guide/going-to-production#max-memory-policy).
 * Hosted servers often forbid `CONFIG`; `INFO memory` says the same.
 */
export async function requireNoEviction(client: Redis): Promise<void> {
  const policy = (await policyByConfig(client)) ?? field(await client.info('memory'), 'maxmemory_policy');
  if (policy === 'noeviction') return;
  throw new SlipwayError(
    'queue-unsafe',
    `Redis may evict keys: maxmemory-policy is ${policy ?? 'not shown'}.`,
    {
      hint: 'Set "maxmemory-policy noeviction" in redis.conf, or "no eviction" at your provider, and start again.',
    },
  );
}

async function policyByConfig(client: Redis): Promise<string | undefined> {
  try {
    const answer = await client.config('GET', 'maxmemory-policy');
    const value: unknown = Array.isArray(answer) ? answer[1] : undefined;
    return typeof value === 'string' ? value : undefined;
  } catch (error) {
    // Forbidden or unknown. A server that is away fails the next command as well.
    if (error instanceof Error) return undefined;
    throw error;
  }
}
