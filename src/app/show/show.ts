import type { Opened } from '../wire.js';

/** Keeps rooms as the journal stands: boards, questions, reminders. */
export interface Show {
  /** Something may have happened to the run: what rooms show of it, and of its line, is looked at again. Never throws. */
  touch(run: string): void;
  /** Waits until everything that was touched is shown, without the pauses between edits. */
  settled(): Promise<void>;
  /** Shows nothing more. */
  stop(): Promise<void>;
}

/** Starts to show. */
export function openShow(_opened: Opened): Show {
  return { touch: () => undefined, settled: async () => undefined, stop: async () => undefined };
}
