import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'bullmq';
import type { z } from 'zod';
import type { QueueHandlers, QueueWorker } from '../../engine/ports/queue.js';
import { SlipwayError } from '../../error.js';
import { connectNow, reach, workerConnection } from './connect.js';
import { queueNames, stepData, wakeData } from './jobs.js';
import type { BullmqOptions } from './options.js';

/** What a consumer needs of the queue it belongs to. */
export interface ConsumeContext {
  address: string;
  prefix: string;
  options: BullmqOptions;
  /** Wakes every run that is due. */
  sweep(): Promise<void>;
}

/** How long `close` waits for the server once no handler runs any more. What is unsettled then is taken up as stalled. */
const settleLimitMs = 3_000;

/** Starts BullMQ's workers, and the sweep of the due set where `advance` is consumed. */
export async function consume(handlers: QueueHandlers, context: ConsumeContext): Promise<QueueWorker> {
  const { options, prefix } = context;
  let isClosed = false;
  const client = workerConnection(context.address, options.onError, () => isClosed);
  try {
    await reach('accept a worker', () => connectNow(client));
  } catch (error) {
    isClosed = true;
    client.disconnect();
    throw error;
  }
  const active = new Set<Promise<void>>();

  function start<T>(name: string, schema: z.ZodType<T>, handle: (data: T) => Promise<void>): Worker {
    const worker = new Worker(
      name,
      async (job) => {
        const data = schema.safeParse(job.data);
        if (!data.success)
          return options.onError(new SlipwayError('internal', `A ${name} job holds no ${name} job.`));
        const running = handle(data.data).catch((error: unknown) => {
          options.onError(error instanceof Error ? error : new Error(String(error)));
          // A plain error: BullMQ stores its text in Redis and gives some names of errors a meaning.
          throw new Error('again later');
        });
        const settled = running.catch(() => undefined);
        active.add(settled);
        void settled.then(() => active.delete(settled));
        return await running;
      },
      {
        connection: client,
        prefix,
        concurrency: handlers.concurrency,
        lockDuration: options.lockMs,
        stalledInterval: options.stalledEveryMs,
        // BullMQ fails a job whose consumer died more often than this; here a job is never lost.
        maxStalledCount: 1_000_000_000,
        // How long BullMQ waits after a connection error; its default is 15 s.
        runRetryDelay: 1_000,
        settings: {
          backoffStrategy: (tries = 1) =>
            Math.min(options.retryFirstMs * 2 ** Math.min(tries - 1, 30), options.retryCapMs),
        },
      },
    );
    worker.on('error', options.onError);
    return worker;
  }

  const { advance, runStep } = handlers;
  const workers: Worker[] = [];
  if (advance) workers.push(start(queueNames.advance, wakeData, ({ run }) => advance(run)));
  if (runStep) workers.push(start(queueNames.runStep, stepData, (job) => runStep(job)));
  const stopSweep = advance ? sweepForEver(context) : async () => undefined;

  return {
    close: async () => {
      const closing = Promise.allSettled([stopSweep(), ...workers.map((worker) => worker.close())]);
      // BullMQ waits for the server without limit; we wait for our handlers only.
      for (;;) {
        await Promise.all(active);
        if ((await endsWithin(closing, settleLimitMs)) || active.size === 0) break;
      }
      isClosed = true;
      client.disconnect();
    },
  };
}

async function endsWithin(work: Promise<unknown>, limitMs: number): Promise<boolean> {
  const timer = new AbortController();
  const late = pause(limitMs, false, { signal: timer.signal }).catch(() => false);
  const isDone = await Promise.race([work.then(() => true), late]);
  timer.abort();
  return isDone;
}

/** Sweeps until stopped. A sweep that fails is the next one's matter. */
function sweepForEver({ sweep, options }: ConsumeContext): () => Promise<void> {
  const stop = new AbortController();
  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await sweep().catch(options.onError);
      await pause(options.sweepEveryMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const done = loop();
  return async () => {
    stop.abort();
    await done;
  };
}
