import type { Actor } from '../../release/actor.js';
import type { Halt } from '../../release/halt.js';
import type { Sealed } from '../../release/canonical.js';
import type { LineState } from '../../release/line-state.js';
import type { OperationKind, Plan } from '../../release/plan.js';
import type { Pin } from '../../release/project-state.js';
import type { GateState, RunState } from '../../release/run-state.js';
import type { Person, Tally } from '../../release/votes.js';

/** Everything that the messages of a run are drawn from; gathered by app/show, drawn by pure views. Times in ms. */
export interface RunFacts {
  state: RunState;
  plan: Plan;
  now: number;
  /** The room of the project, and rooms that see its boards too. */
  room: string;
  alsoIn: string[];
  /** The operations that the project's process has, by kind; the first of each. */
  operations: Partial<Record<OperationKind, string>>;
  /** The inputs that an operation cannot be started without, by its name. */
  asks: Record<string, { input: string; about: string }[]>;
  /** The line that the run is on; undefined for runs outside of all lines. */
  line: LineState | undefined;
  /** Nothing newer has happened on the line: what its board offers next can be done. */
  isNewest: boolean;
  /** How long each step took in the runs before, the median in ms, by its id. Steps never run before are missing. */
  usual: Record<string, number>;
  /** Changes since the last release; undefined: not counted. */
  changes: number | undefined;
  /** What the channels of the project serve, as they were read last. */
  channels: { channel: string; serves: string; pin: Pin | undefined }[];
  halt: Halt | undefined;
  /** Its questions, oldest first: what is void comes before what is open. */
  questions: QuestionFacts[];
  /** Steps that failed for good once, or had an open outcome, and who retried, skipped or answered them last. */
  stops: Record<string, { failed: boolean; unknown: boolean; by: Actor | undefined; at: number }>;
  /** Logs of steps that failed, by step: the last lines, and how many there are in all. */
  logs: Record<string, { tail: string[]; lines: number }>;
  /** When the bot last came back and took the run on; undefined: it never stopped meanwhile. */
  wentOnAt: number | undefined;
  /** People of slipway.yaml. */
  people: Person[];
}

/** A question of a run, open, decided or void. */
export interface QuestionFacts {
  gate: GateState;
  sealed: Sealed;
  /** Votes by the policy of now. */
  tally: Tally;
  /** `Fix crash on empty workspace` …: how many changes ship, and how many of them break something. undefined: not known. */
  changes: { all: number; breaking: number } | undefined;
  /** What channels go from and to: `stable 0.43.2 → 0.44.0`. */
  moves: { channel: string; from: string; to: string }[];
  /** Why it is void; '' while it is not. */
  changed: string;
}
