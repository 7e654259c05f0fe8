import { systemClock } from '../../engine/ports/clock.js';
import type { Clock } from '../../engine/ports/clock.js';
import type { Queue, QueueWorker, StepJob } from '../../engine/ports/queue.js';
import { SlipwayError } from '../../error.js';
import { lane } from './lane.js';

/** Times in ms; they mean the same as on Redis. */
export interface MemoryQueueOptions {
  /** How often the due set is looked through at most; an entry that comes earlier is not waited for longer. */
  sweepEveryMs: number;
  sweepAgainMs: number;
  retryFirstMs: number;
  retryCapMs: number;
}

/** See `MemoryQueueOptions`. */
export const memoryDefaults: MemoryQueueOptions = {
  sweepEveryMs: 1_000,
  sweepAgainMs: 30_000,
  retryFirstMs: 1_000,
  retryCapMs: 30_000,
};

/**
 * The queue within one process, for a machine without Redis. It forgets everything when the process ends; the
 * reconciler wakes what is open at the next start.
 */
export function memoryQueue(clock: Clock = systemClock, options: Partial<MemoryQueueOptions> = {}): Queue {
  const { sweepEveryMs, sweepAgainMs, retryFirstMs, retryCapMs } = { ...memoryDefaults, ...options };
  const backoff = { firstMs: retryFirstMs, capMs: retryCapMs };
  const advance = lane<string>(true, backoff);
  const runStep = lane<StepJob>(false, backoff);
  const dues = new Map<string, number>();
  const workers = new Set<QueueWorker>();
  let sweepers = 0;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const mustBeOpen = (): void => {
    if (isClosed) throw new SlipwayError('queue-unreachable', 'The queue was closed.');
  };

  function sweep(): void {
    const now = clock.now();
    for (const [run, at] of dues) {
      if (at > now) continue;
      dues.set(run, now + sweepAgainMs);
      advance.add(run, run);
    }
    arm();
  }

  /** One timer for the whole set. It never sleeps longer than a sweep: the wall clock may be set meanwhile. */
  function arm(): void {
    clearTimeout(timer);
    if (sweepers === 0 || dues.size === 0 || isClosed) return;
    let next = Number.POSITIVE_INFINITY;
    for (const at of dues.values()) next = Math.min(next, at);
    timer = setTimeout(sweep, Math.min(Math.max(next - clock.now(), 0), sweepEveryMs));
  }

  return {
    name: 'in-process queue',
    wake: async (run) => {
      mustBeOpen();
      advance.add(run, run);
    },
    offer: async (job) => {
      mustBeOpen();
      runStep.add(JSON.stringify([job.run, job.step, job.attempt]), job);
    },
    due: async (run, at) => {
      mustBeOpen();
      const now = clock.now();
      if (at === undefined) dues.delete(run);
      else if (at > now) dues.set(run, at);
      else {
        dues.set(run, now + sweepAgainMs);
        advance.add(run, run);
      }
      arm();
    },
    work: async (handlers) => {
      mustBeOpen();
      const consumers: QueueWorker[] = [];
      if (handlers.advance) consumers.push(advance.consume(handlers.advance, handlers.concurrency));
      if (handlers.runStep) consumers.push(runStep.consume(handlers.runStep, handlers.concurrency));
      sweepers += handlers.advance ? 1 : 0;
      arm();
      const worker = {
        close: async () => {
          if (workers.delete(worker)) sweepers -= handlers.advance ? 1 : 0;
          arm();
          await Promise.all(consumers.map((consumer) => consumer.close()));
        },
      };
      workers.add(worker);
      return worker;
    },
    remembers: async () => true,
    close: async () => {
      await Promise.all([...workers].map((worker) => worker.close()));
      isClosed = true;
      clearTimeout(timer);
      advance.clear();
      runStep.clear();
    },
  };
}
