import type { Actor } from '../release/actor.js';
import type { LineEvent, LineState } from '../release/line-state.js';
import type { OperationKind, Plan } from '../release/plan.js';
import type { RunEvent } from '../release/run-events.js';
import type { RunState } from '../release/run-state.js';
import type { GatePolicy, Person } from '../release/votes.js';
import type { AnyStepKind, Services } from '../steps/step.js';
import type { Blobs } from './ports/blobs.js';
import type { Journal } from './journal.js';
import type { JournalKeys } from './keys.js';
import type { Clock } from './ports/clock.js';
import type { Leases } from './ports/leases.js';
import type { Queue } from './ports/queue.js';
import type { Records } from './ports/records.js';

/** What somebody asks for, authorised and resolved to a line. */
export interface StartAsk {
  /** Unique to the act; a repeated delivery carries the same. */
  request: string;
  project: string;
  operation: string;
  kind: OperationKind;
  target: string;
  inputs: Record<string, string>;
  /** Resolved when the act was recorded; a start works on exactly this. */
  commit?: string;
  by: Actor;
}

/** Makes the plan of an operation for the line as it is now; reads the outside, changes nothing. */
export type Planner = (
  ask: StartAsk,
  line: LineState | undefined,
) => Promise<{ plan: Plan; candidate: number }>;

/** What the people of an installation may do, read anew at each decision. */
export interface Policies {
  gate(project: string, step: string, version: string): Promise<GatePolicy>;
  people(project: string): Promise<Person[]>;
  resolve(project: string, actor: Actor): Promise<Person | undefined>;
}

/** The moments that a crash is tried at; nothing listens outside of tests. */
export type Point =
  | 'before-claim'
  | 'after-claim'
  | 'before-intent'
  | 'after-intent'
  | 'before-send'
  | 'after-reply'
  | 'before-done'
  | 'after-done';

export interface EngineSettings {
  /** How long a lease stands without renewal, in ms: longer than a request's timeout plus the delay of a commit. */
  leaseMs: number;
  /** Factor on the delays between retries; 1 in production. */
  retryScale: number;
  /** Time in ms that a local command has to end after SIGTERM. */
  graceMs: number;
}

export const engineDefaults: EngineSettings = { leaseMs: 30_000, retryScale: 1, graceMs: 10_000 };

/** Everything that the engine works with. Its functions take it as their first argument. */
export interface Engine {
  /** Unique to this process; stands in its claims. */
  worker: string;
  records: Records;
  runs: Journal<RunState, RunEvent>;
  lines: Journal<LineState, LineEvent>;
  blobs: Blobs;
  keys: JournalKeys;
  queue: Queue;
  leases: Leases;
  clock: Clock;
  kinds: ReadonlyMap<string, AnyStepKind>;
  services(project: string, step: string): Promise<Services>;
  planner: Planner;
  policies: Policies;
  settings: EngineSettings;
  /** Called at each named moment of a step; the default does nothing. */
  at(point: Point, where: { run: string; step: string }): Promise<void> | void;
  /** Something that the operator should know and that fails nothing. */
  warn(text: string, error?: unknown): void;
}
