import { join } from 'node:path';
import type { Environment } from '../config.js';
import { systemClock } from '../engine/ports/clock.js';
import { SlipwayError } from '../error.js';
import type { Log } from '../log.js';
import type { Installation } from './installation.js';
import type { Wakers } from './wire.js';

/** The queue and the leases that were found; `shared` when other processes can work on them too. */
export interface FoundWakers extends Wakers {
  shared: boolean;
  /** For the banner. */
  text: string;
  /** Starts a server of our own again that has died. true: it did. */
  revive(): Promise<boolean>;
  /** Closes; the bot also ends a Redis that it started. */
  close(options: { stopServer: boolean }): Promise<void>;
}

/**
 * Bots and workers of a bucket may be anywhere; with a queue and leases of its own each would take the others' steps.
 * @throws SlipwayError config-invalid
 */
export function requireSharedQueue(
  { journal }: Pick<Installation, 'journal'>,
  environment: Environment,
): void {
  if (journal.kind === 'folder' || environment.redisUrl !== undefined) return;
  throw new SlipwayError(
    'config-invalid',
    'A journal in a bucket needs a Redis that all its bots and workers share.',
    {
      hint: 'Nothing was started. Set REDIS_URL, the same everywhere.',
    },
  );
}

/**
 * Redis from REDIS_URL, else one found on PATH and spawned on a private socket, else the queue inside this process.
 * A worker of its own needs a Redis that is there already.
 * @throws SlipwayError queue-unreachable | queue-unsafe
 */
export async function openWakers(
  environment: Environment,
  data: string,
  name: string,
  log: Log,
  role: 'bot' | 'worker',
): Promise<FoundWakers> {
  const { findRedis } = await import('../queue/bullmq/redis-server.js');
  const { runningServer } = await import('../queue/bullmq/own-server.js');
  const run = join(data, 'run');
  if (role === 'worker' && environment.redisUrl === undefined && (await runningServer(run)) === undefined) {
    throw new SlipwayError('queue-unreachable', 'There is no Redis that this worker could take jobs from.', {
      hint: 'Start slipway start first (it starts one when redis-server is installed), or set REDIS_URL.',
    });
  }
  const found =
    environment.queue === 'memory'
      ? undefined
      : await findRedis({ REDIS_URL: environment.redisUrl, PATH: environment.path }, run);
  if (found === undefined) {
    return memory(
      environment.queue === 'memory'
        ? 'SLIPWAY_QUEUE=memory'
        : 'no REDIS_URL, and neither valkey-server nor redis-server is on PATH',
    );
  }
  const { bullmqQueue } = await import('../queue/bullmq/queue.js');
  const { redisLeases } = await import('../queue/bullmq/leases.js');
  const onError = (error: Error): void => log.warn({ err: error }, 'redis');
  try {
    const queue = await bullmqQueue({ address: found.address, name, options: { onError } });
    const leases = await redisLeases({ address: found.address, name, onError });
    return {
      queue,
      leases,
      shared: true,
      text: `BullMQ on ${found.text}`,
      revive: found.revive,
      async close({ stopServer }) {
        await queue.close();
        await leases.close();
        if (stopServer) await found.stop();
      },
    };
  } catch (error) {
    if (role === 'bot') await found.stop();
    throw error;
  }
}

async function memory(why: string): Promise<FoundWakers> {
  const { memoryQueue } = await import('../queue/memory/queue.js');
  const { memoryLeases } = await import('../queue/memory/leases.js');
  const queue = memoryQueue(systemClock);
  return {
    queue,
    leases: memoryLeases(systemClock),
    shared: false,
    text: `in-process queue: ${why}`,
    revive: async () => false,
    close: () => queue.close(),
  };
}
