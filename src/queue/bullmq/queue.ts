import { randomUUID } from 'node:crypto';
import { Queue as BullQueue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Queue, QueueWorker } from '../../engine/ports/queue.js';
import { callConnection, connectNow, reach, seldom, shownAddress } from './connect.js';
import { consume } from './consume.js';
import { dueSet } from './due.js';
import { keyPrefix, offerOptions, queueNames, wakeOptions } from './jobs.js';
import { bullmqDefaults } from './options.js';
import type { BullmqOptions } from './options.js';
import { requireNoEviction, serverFacts } from './server-facts.js';

/** How long the server remembers an instance that asks no more, in seconds. */
const rememberedFor = 7 * 24 * 3600;

/**
 * The queue on a Redis or Valkey server. `address` is a URL or the path of a unix socket, `name` the installation's.
 * Rejects with `queue-unreachable` (retryable) when the server is away, with `queue-unsafe` when it evicts keys.
 * Every later call rejects with `queue-unreachable` within 2.5 s while the server is away or hangs.
 */
export async function bullmqQueue(settings: {
  address: string;
  name: string;
  options?: Partial<BullmqOptions>;
}): Promise<Queue> {
  const given = { ...bullmqDefaults, ...settings.options };
  const options = { ...given, onError: seldom(given.onError) };
  const client = callConnection(settings.address, options.onError);
  try {
    const facts = await reach('answer', async () => {
      await connectNow(client);
      await requireNoEviction(client);
      return serverFacts(client);
    });
    const banner = `BullMQ on ${facts.software} (${shownAddress(settings.address)})`;
    return build(
      client,
      banner,
      { ...settings, options },
      await memory(client, keyPrefix(settings.name), facts.runId),
    );
  } catch (error) {
    client.disconnect();
    throw error;
  }
}

function build(
  client: Redis,
  banner: string,
  { address, name, options }: { address: string; name: string; options: BullmqOptions },
  remembers: () => Promise<boolean>,
): Queue {
  const prefix = keyPrefix(name);
  // Nobody acts on BullMQ's events; a short list saves memory.
  const common = { connection: client, prefix, streams: { events: { maxLen: 100 } } };
  const advance = new BullQueue(queueNames.advance, common);
  const runStep = new BullQueue(queueNames.runStep, common);
  for (const queue of [advance, runStep]) queue.on('error', options.onError);
  const dues = dueSet(client, `${prefix}:due`);
  const workers = new Set<QueueWorker>();

  const wake = async (run: string): Promise<void> => {
    await reach('take a wake-up', () => advance.add(queueNames.advance, { run }, wakeOptions(run)));
  };
  const sweep = async (): Promise<void> => {
    const now = Date.now();
    const runs = await reach('show what is due', () => dues.take(now, now + options.sweepAgainMs));
    for (const run of runs) await wake(run);
  };

  return {
    name: banner,
    wake,
    offer: async (job) => {
      await reach('take a job', () => runStep.add(queueNames.runStep, job, offerOptions(job)));
    },
    due: async (run, at) => {
      if (at === undefined) return reach('clear a time', () => dues.clear(run));
      const now = Date.now();
      if (at > now) return reach('note a time', () => dues.set(run, at));
      // As if the sweep had just found it: at once, and again later should this process end before the wake-up.
      await reach('note a time', () => dues.set(run, now + options.sweepAgainMs));
      return wake(run);
    },
    work: async (handlers) => {
      const worker = await consume(handlers, { address, prefix, options, sweep });
      const closable = {
        close: async () => {
          await worker.close();
          workers.delete(closable);
        },
      };
      workers.add(closable);
      return closable;
    },
    remembers,
    close: async () => {
      await Promise.all([...workers].map((worker) => worker.close()));
      await Promise.allSettled([advance.close(), runStep.close()]);
      client.disconnect();
    },
  };
}

/**
 * Plants a key of this instance's own, and returns the question whether it still stands. One key for all would be
 * planted again by the first to come back, and the others would never hear of the loss. It says no as well when the
 * server is another one than before (restarted, or a replica that took over): that one may lack what it had not got.
 * No is said once; the key is then planted anew.
 */
async function memory(
  client: Redis,
  prefix: string,
  firstRunId: string | undefined,
): Promise<() => Promise<boolean>> {
  const key = `${prefix}:here:${randomUUID()}`;
  let runId = firstRunId;
  const plant = (): Promise<string | null> => client.set(key, '1', 'EX', rememberedFor, 'GET');
  await reach('note this process', plant);
  return () =>
    reach('say whether it remembers', async () => {
      const [stood, facts] = await Promise.all([plant(), serverFacts(client)]);
      const isSame = facts.runId === runId;
      runId = facts.runId;
      return stood !== null && isSame;
    });
}
