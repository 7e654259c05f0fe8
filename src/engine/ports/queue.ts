/** One try of one step, as a job names it. Jobs carry ids only; everything else is in the journal. */
export interface StepJob {
  run: string;
  step: string;
  attempt: number;
}

/**
 * What wakes the engine. It may lose, repeat, delay and reorder everything: the journal guards, the queue only wakes.
 */
export interface Queue {
  /** For the banner: `BullMQ on redis 7.0.15 (…)` or `in-process queue`. */
  readonly name: string;
  /**
   * Asks for `advance(run)`. Many wake-ups while one is waiting are one; a wake-up while one is active is kept
   * and makes one more afterwards.
   */
  wake(run: string): Promise<void>;
  /** Asks a worker to run this attempt. The same attempt offered twice while it is waiting or active is one job. */
  offer(job: StepJob): Promise<void>;
  /** When to wake the run by itself next, in ms since the epoch; replaces what was set; undefined clears it. */
  due(run: string, at: number | undefined): Promise<void>;
  /** Starts to consume. `advance` jobs belong to the bot, `run-step` jobs to workers; either may be left out. */
  work(handlers: QueueHandlers): Promise<QueueWorker>;
  /** Whether the server remembers us: false after it was flushed or replaced; then everything open is woken again. */
  remembers(): Promise<boolean>;
  /** Releases the connections. */
  close(): Promise<void>;
}

export interface QueueHandlers {
  /** Called at most once at a time for one run. A throw means: again later. With it the due set is swept as well. */
  advance?: (run: string) => Promise<void>;
  runStep?: (job: StepJob) => Promise<void>;
  /** How many jobs of each kind at once. */
  concurrency: number;
}

export interface QueueWorker {
  /** Takes nothing new, waits for what is active. */
  close(): Promise<void>;
}
