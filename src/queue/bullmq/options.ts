import type { OnError } from './connect.js';

/** Times in ms. The defaults are safe for production; tests shorten them. */
export interface BullmqOptions {
  /** How often the due set is looked through. */
  sweepEveryMs: number;
  /** When a run that was woken by the sweep is woken again, unless `due` was called meanwhile. */
  sweepAgainMs: number;
  /** How long a job belongs to a consumer that gives no sign of life. Renewed at half of it. */
  lockMs: number;
  /** How often jobs of dead consumers are looked for. Such a job starts again after about `lockMs` plus this. */
  stalledEveryMs: number;
  /** The first wait after a handler threw; it doubles up to `retryCapMs`. */
  retryFirstMs: number;
  retryCapMs: number;
  /** Errors that no call can report, each text at most every 10 s. */
  onError: OnError;
}

/** See `BullmqOptions`. */
export const bullmqDefaults: BullmqOptions = {
  sweepEveryMs: 1_000,
  sweepAgainMs: 30_000,
  lockMs: 30_000,
  stalledEveryMs: 10_000,
  retryFirstMs: 1_000,
  retryCapMs: 30_000,
  onError: () => undefined,
};
