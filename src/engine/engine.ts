import type { Actor } from '../release/actor.js';
import type { HaltEvent, HaltState } from '../release/halt.js';
import type { LineEvent, LineState } from '../release/line-state.js';
import type { Json, OperationKind, Plan, PlannedStep } from '../release/plan.js';
import type { ProjectEvent, ProjectState } from '../release/project-state.js';
import type { RunEvent } from '../release/run-events.js';
import type { RunState } from '../release/run-state.js';
import type { GateSubject } from '../release/vote-rule.js';
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
  commit?: string | undefined;
  /** Of a hotfix: the released version's line that it begins at. */
  from?: string | undefined;
  /** Names of the variants of the process that were chosen. */
  variants?: string[] | undefined;
  /** Somebody asks by name for what would be done a second time: no new commit, or done already. */
  again?: boolean | undefined;
  /** Somebody who may replaces what exists of a final version where that is possible at all. */
  forced?: boolean | undefined;
  /** Why an exception was made (forced, or in a freeze), and who agreed: it stands in the record and on the board. */
  because?: string | undefined;
  by: Actor;
}

/** Makes the plan of an operation for the line as it is now; reads the outside, changes nothing. */
export type Planner = (
  ask: StartAsk,
  line: LineState | undefined,
) => Promise<{ plan: Plan; candidate: number }>;

/** What the people of an installation may do, read anew at each decision. */
export interface Policies {
  /** `about` chooses the rule: version, series and variants of the run, and how its versions are spelled. */
  gate(project: string, step: string, about: GateSubject): Promise<GatePolicy>;
  people(project: string): Promise<Person[]>;
  resolve(project: string, actor: Actor): Promise<Person | undefined>;
  /** Until when a freeze holds back what waits in a queue, in ms; undefined: it may start. */
  heldUntil(
    ask: Pick<StartAsk, 'project' | 'operation' | 'by' | 'because'>,
    nowMs: number,
  ): Promise<number | undefined>;
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
  /** What people do to a project outside of its lines: pinned channels. */
  projects: Journal<ProjectState, ProjectEvent>;
  /** Whether everything is stopped; one journal for the installation. */
  halts: Journal<HaltState, HaltEvent>;
  blobs: Blobs;
  keys: JournalKeys;
  queue: Queue;
  leases: Leases;
  clock: Clock;
  kinds: ReadonlyMap<string, AnyStepKind>;
  services(project: string, step: string, operation?: string): Promise<Services>;
  planner: Planner;
  /** The settings of a step with its late texts filled in. @throws SlipwayError config-invalid */
  fillLate(plan: Plan, step: PlannedStep, late: Readonly<Record<string, string>>): Json;
  policies: Policies;
  settings: EngineSettings;
  /** Called at each named moment of a step; the default does nothing. */
  at(point: Point, where: { run: string; step: string }): Promise<void> | void;
  /** Something that the operator should know and that fails nothing. */
  warn(text: string, error?: unknown): void;
}
