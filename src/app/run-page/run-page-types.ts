import type { Button, MarkName, Message } from '../../chat/message.js';
import type { Json } from '../../release/plan.js';

/** Everything that the page of a run shows. Times in ms since the epoch; 0: never. */
export interface RunPage {
  run: string;
  /** Sequence number of the newest event that could be read. */
  seq: number;
  project: string;
  version: string;
  operation: string;
  room: string;
  /** Marker of its board in that room: where the page leads back to. */
  marker: string;
  /** The board and the open questions, as the room shows them; no board where the journal cannot be read. */
  board: Message | null;
  questions: Message[];
  /** What is wrong with the journal: everything else is its readable beginning. '' for nothing. */
  problem: string;
  /** `running`, `waiting`, `failed`, `done`, … */
  state: string;
  asked: { by: string; at: number };
  commit: string;
  branch: string;
  plan: string;
  steps: StepRow[];
  /** Values that people compare: durations beside what is usual, sizes, digests. */
  metrics: MetricRow[];
  seals: SealRow[];
  cancel: CancelBox;
  journal: JournalRow[];
}

export interface StepRow {
  id: string;
  name: string;
  kind: string;
  /** What the plan says it does, in the imperative. */
  sentence: string;
  mark: MarkName;
  word: string;
  startedAt: number;
  /** How long it took, in words; '' while it runs, and where it never began. */
  took: string;
  /** How long it took in the runs before, in words; '': not known. */
  usual: string;
  attempt: number;
  /** Whether the outside can see it. */
  public: string;
  detail: string;
  /** It has written a log, or may be writing one. */
  hasLog: boolean;
}

export interface MetricRow {
  name: string;
  value: string;
  usual: string;
  note: string;
}

/** One question about one seal, open, decided or void. */
export interface SealRow {
  step: string;
  short: string;
  whole: string;
  state: string;
  /** `counts`: what becomes of the vote, and why if it does not count. */
  votes: { name: string; at: number; counts: string }[];
}

/** What `cancel` would do now. */
export interface CancelBox {
  words: string;
  /** What would not be done any more. */
  ends: string[];
  /** What anybody can see already, and keeps seeing. */
  stays: string[];
  /** Does it, after the same question as on the board; null where there is nothing to cancel. */
  button: Button | null;
}

/** One event of the journal. */
export interface JournalRow {
  seq: number;
  at: number;
  type: string;
  by: string;
  /** One sentence for people. */
  what: string;
  /** The event as it is recorded. */
  event: Json;
}

/** A part of a step's log. */
export interface LogPart {
  /** The lines from there on; control characters are visible escapes. */
  text: string;
  /** Where the next part begins: handed back as `from`. */
  next: string;
  /** The step is over and this was the rest: nothing more comes. */
  over: boolean;
  /** More is there already. */
  more: boolean;
}
