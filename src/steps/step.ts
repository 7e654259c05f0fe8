import type { z } from 'zod';
import type { Blobs } from '../engine/ports/blobs.js';
import type { StepLog } from '../engine/ports/step-log.js';
import type { EffectKind, Json, Plan, Publicity } from '../release/plan.js';
import type { LineVersions } from '../release/channel.js';
import type { Pin } from '../release/project-state.js';
import type { ProjectCommands } from '../services/command/command.js';
import type { Git, GitIdentity } from '../services/git/git.js';
import type { Rooms } from '../services/rooms/rooms.js';
import type { Storage } from '../services/storage/storage.js';

/** Everything outside that a step kind can ask for; it receives just what it names in `needs`. */
export interface Services {
  git: Git;
  identity: GitIdentity;
  /** A storage by its name in slipway.yaml. */
  storage: (name: string) => Promise<Storage>;
  rooms: Rooms;
  /** Runs a program of the project in a folder of its own. */
  commands: ProjectCommands;
  /** The project's release lines, for channels that are computed from them. */
  lines: () => Promise<LineVersions[]>;
  /** The pin that keeps a channel of the project where it is, if there is one. */
  pinOf: (channel: string) => Promise<Pin | undefined>;
  /** What the archive holds of a version of the project, for a channel that should serve it. */
  archived: (channel: string, version: string, artifact: string) => Promise<Archived>;
}

/** Archived bytes that a run of ours has built; `gone`: they are not there; `by-hand`: it was released before Slipway came. */
export type Archived = { is: 'there'; bytes: Uint8Array } | { is: 'gone' } | { is: 'by-hand' };

/** The facts of the run that a step works in. */
export type RunFacts = Omit<Plan, 'steps' | 'inputs' | 'values'> & { run: string };

/** Something of the plan that was not done. */
export interface LeftOut {
  /** '' where a step was done and left a part out. */
  step: string;
  kind: string;
  reason: string;
  /** The person who skipped it, or '': the step found that there is nothing to do. */
  by: string;
}

/** What a step kind is handed. */
export interface StepContext<Config, Needs extends keyof Services> {
  id: string;
  config: Config;
  facts: RunFacts;
  /** The outputs of the steps before, by step id. */
  before: { [step: string]: Json };
  /** For kinds that speak: what the run has left out so far, in the order of the plan. */
  leftOut: LeftOut[];
  /** Time of the step's very first intent in ms: a function of the journal, the same on every attempt. 0 before it. */
  intentAt: number;
  /** Time of the step's first claim in ms. */
  startedAt: number;
  now: number;
  timeoutMs: number;
  services: Pick<Services, Needs>;
  blobs: Blobs;
  log: StepLog;
  /** Ends commands; a request that was sent is never aborted by it. */
  signal: AbortSignal;
  /**
   * Sends something that changes the outside. Wrap exactly the request, after the last look. Where nothing refuses a
   * second one the lease is renewed right before, and nothing is sent when it is lost.
   */
  effect<T>(send: () => Promise<T>): Promise<T>;
}

/** What a look at the outside finds. */
export type Found<Output> =
  { is: 'absent' } | { is: 'same'; output: Output; proof: string } | { is: 'different'; what: string };

/** How a run of a step ends, apart from an error. */
export type StepResult<Output> =
  | { result: 'done'; output: Output; proof: string }
  | { result: 'skipped'; reason: string }
  | { result: 'waiting'; for: string; checkAt: number };

/** One kind of step: data, and three functions. */
export interface StepKind<Config, Output extends Json, Needs extends keyof Services> {
  name: string;
  config: z.ZodType<Config>;
  needs: readonly Needs[];
  /** What the outside sees of it, by its settings. */
  public(config: Config): Publicity;
  effect(config: Config): EffectKind;
  /** It may answer that it waits; then the bot itself asks again, so it only looks and runs nothing of the project. */
  polled?: boolean;
  /** A gate: opened and decided by the bot, never run by a worker. */
  gate?: boolean;
  /** One sentence in the imperative with exact names. */
  plan(config: Config, facts: Omit<RunFacts, 'run'>): string;
  /** Is the effect there already, and the same? Only looks. Left out where there is nothing to find. */
  find?(context: StepContext<Config, Needs>): Promise<Found<Output>>;
  /** Makes the effect, conditionally wherever the outside can do it, and reads it back. Waiting: asks again without a worker. */
  run(context: StepContext<Config, Needs>): Promise<StepResult<Output>>;
  /** For `searched` effects: keeps the oldest of our own twins and takes the others away, `settleMs` after the post. */
  settle?(context: StepContext<Config, Needs>): Promise<number>;
  settleMs?: number;
}

/** A step kind whose types are closed over: what the engine works with. */
export interface AnyStepKind {
  name: string;
  config: z.ZodType;
  needs: readonly (keyof Services)[];
  gate: boolean;
  polled: boolean;
  settleMs: number;
  public(config: unknown): Publicity;
  effect(config: unknown): EffectKind;
  plan(config: unknown, facts: Omit<RunFacts, 'run'>): string;
  find(context: StepContext<unknown, keyof Services>): Promise<Found<Json>>;
  run(context: StepContext<unknown, keyof Services>): Promise<StepResult<Json>>;
  settle(context: StepContext<unknown, keyof Services>): Promise<number>;
}

/** Defines a step kind. The configuration is parsed once more here, so that the kind's functions see its own type. */
export function defineStep<Config, Output extends Json, Needs extends keyof Services>(
  kind: StepKind<Config, Output, Needs>,
): AnyStepKind {
  const own = (context: StepContext<unknown, keyof Services>): StepContext<Config, Needs> => ({
    ...context,
    config: kind.config.parse(context.config),
  });
  return {
    name: kind.name,
    config: kind.config,
    needs: kind.needs,
    gate: kind.gate ?? false,
    polled: kind.polled ?? false,
    settleMs: kind.settleMs ?? 0,
    public: (config) => kind.public(kind.config.parse(config)),
    effect: (config) => kind.effect(kind.config.parse(config)),
    plan: (config, facts) => kind.plan(kind.config.parse(config), facts),
    find: async (context) => (kind.find === undefined ? { is: 'absent' } : kind.find(own(context))),
    run: (context) => kind.run(own(context)),
    settle: async (context) => (kind.settle === undefined ? 0 : kind.settle(own(context))),
  };
}
