import type { QueueWorker } from '../../engine/ports/queue.js';

/** How long a job waits after its handler threw: doubling from `firstMs` to at most `capMs`. */
export interface Backoff {
  firstMs: number;
  capMs: number;
}

/** Jobs of one kind, at most one for each key at a time, in the order in which they came. */
export interface Lane<T> {
  /**
   * Adds a job unless one with its key is there. One that waits after a throw is pulled forward, one that is active
   * runs once more afterwards; both only where the lane keeps the last.
   */
  add(key: string, job: T): void;
  /** Runs jobs, up to `concurrency` at once, in this consumer. */
  consume(handle: (job: T) => Promise<void>, concurrency: number): QueueWorker;
  /** Forgets everything that does not run. */
  clear(): void;
}

interface Entry<T> {
  job: T;
  state: 'waiting' | 'active' | 'resting';
  /** Asked for again while it was active. */
  isWantedAgain: boolean;
  throws: number;
  timer: NodeJS.Timeout | undefined;
}

interface Consumer<T> {
  handle: (job: T) => Promise<void>;
  concurrency: number;
  active: Set<Promise<void>>;
}

/** A lane. `keepsLast`: see `Lane.add`; without it a job that is there already makes `add` do nothing. */
export function lane<T>(keepsLast: boolean, backoff: Backoff): Lane<T> {
  const entries = new Map<string, Entry<T>>();
  const consumers = new Set<Consumer<T>>();
  let isPumpSet = false;

  /**
   * Never within the caller's turn, and after timers and I/O had theirs: a run that wakes itself without end must
   * not stop the process from doing anything else.
   */
  function soon(): void {
    if (isPumpSet) return;
    isPumpSet = true;
    setImmediate(pump);
  }

  function pump(): void {
    isPumpSet = false;
    for (const consumer of consumers) {
      for (const [key, entry] of entries) {
        if (consumer.active.size >= consumer.concurrency) break;
        if (entry.state === 'waiting') start(consumer, key, entry);
      }
    }
  }

  function start(consumer: Consumer<T>, key: string, entry: Entry<T>): void {
    entry.state = 'active';
    const running = run(consumer, key, entry).finally(() => {
      consumer.active.delete(running);
      soon();
    });
    consumer.active.add(running);
  }

  async function run(consumer: Consumer<T>, key: string, entry: Entry<T>): Promise<void> {
    try {
      await consumer.handle(entry.job);
    } catch {
      rest(entry);
      return;
    }
    entries.delete(key);
    // Behind everything that waits, as a new job.
    if (entry.isWantedAgain) entries.set(key, fresh(entry.job));
  }

  function rest(entry: Entry<T>): void {
    entry.state = 'resting';
    const wait = Math.min(backoff.firstMs * 2 ** Math.min(entry.throws, 30), backoff.capMs);
    entry.throws += 1;
    entry.timer = setTimeout(() => wakeUp(entry), wait);
  }

  function wakeUp(entry: Entry<T>): void {
    clearTimeout(entry.timer);
    entry.state = 'waiting';
    soon();
  }

  return {
    add: (key, job) => {
      const entry = entries.get(key);
      if (!entry) entries.set(key, fresh(job));
      else if (keepsLast && entry.state === 'active') entry.isWantedAgain = true;
      else if (keepsLast && entry.state === 'resting') wakeUp(entry);
      soon();
    },
    consume: (handle, concurrency) => {
      const consumer: Consumer<T> = { handle, concurrency, active: new Set() };
      consumers.add(consumer);
      soon();
      return {
        close: async () => {
          consumers.delete(consumer);
          await Promise.all(consumer.active);
        },
      };
    },
    clear: () => {
      for (const entry of entries.values()) clearTimeout(entry.timer);
      entries.clear();
    },
  };
}

function fresh<T>(job: T): Entry<T> {
  return { job, state: 'waiting', isWantedAgain: false, throws: 0, timer: undefined };
}
