import { z } from 'zod';
import { Actor } from './actor.js';

const id = z.string().min(1).max(200);
const attempt = z.int().positive();
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const time = z.int().nonnegative();
const text = z.string().max(2_000);

/** What `run.created` keeps of each step, enough to decide what comes next; the whole plan is a blob. */
export const StepOutline = z.strictObject({
  id,
  kind: id,
  stage: z.int().nonnegative(),
  public: z.enum(['no', 'reversible', 'for-ever']),
  effect: z.enum(['none', 'conditional', 'searched', 'once']),
  gate: z.boolean(),
  skippable: z.boolean(),
  runsOn: id,
  /** After the line is released: a failure here does not undo the release. */
  followUp: z.boolean(),
});
export type StepOutline = z.infer<typeof StepOutline>;

export const RunCreated = z.strictObject({
  type: z.literal('run.created'),
  run: id,
  project: id,
  target: id,
  operation: id,
  kind: z.enum(['start', 'change', 'publish', 'hotfix', 'end', 'work', 'final', 'none']),
  version: id,
  commit: id,
  /** Blob of the frozen Plan. */
  plan: digest,
  /** Step kinds have a version; a worker that knows only an older one leaves the run alone. */
  format: z.int().positive(),
  steps: z.array(StepOutline).min(1).max(100),
  by: Actor,
  /** Why an exception was made: what is published may be replaced, or a freeze was passed over. */
  because: z.string().max(1_000).optional(),
});
export type RunCreated = z.infer<typeof RunCreated>;

const stepEvents = [
  z.strictObject({ type: z.literal('step.claimed'), step: id, attempt, worker: id }),
  /** The effect may exist from here on. `key` names it for people and for looking it up. */
  z.strictObject({ type: z.literal('step.intent'), step: id, attempt, key: text }),
  z.strictObject({
    type: z.literal('step.done'),
    step: id,
    attempt,
    /** Blob of the outputs, or '' for none. */
    outputs: z.union([digest, z.literal('')]),
    /** What was read back, for people. */
    proof: text,
    /** The effect was there already, and the same. */
    adopted: z.boolean(),
    /** When to look for twins, in ms, or 0 for never. */
    settleAt: time,
  }),
  z.strictObject({
    type: z.literal('step.failed'),
    step: id,
    attempt,
    code: id,
    message: text,
    hint: text,
    /** When it is tried again by itself, or 0: a person decides. */
    retryAt: time,
    /** Whether the request was sent: false is certain, true means that the effect may exist. */
    sent: z.boolean(),
  }),
  z.strictObject({ type: z.literal('step.waiting'), step: id, attempt, for: text, checkAt: time }),
  /** Sent, no answer, and it cannot be looked up: a person is asked. */
  z.strictObject({ type: z.literal('step.unknown'), step: id, attempt, question: text }),
  z.strictObject({ type: z.literal('step.interrupted'), step: id, attempt, sent: z.boolean() }),
  /** Skipped by its own decision (`older`), or by a person. */
  z.strictObject({
    type: z.literal('step.skipped'),
    step: id,
    /** Of its own decision: the attempt that decided. */
    attempt: attempt.optional(),
    reason: text,
    by: Actor.optional(),
    second: Actor.optional(),
  }),
  z.strictObject({ type: z.literal('step.retried'), step: id, by: Actor }),
  z.strictObject({
    type: z.literal('step.answered'),
    step: id,
    answer: z.enum(['made', 'not-made']),
    by: Actor,
  }),
  z.strictObject({ type: z.literal('step.settled'), step: id, removed: z.int().nonnegative() }),
] as const;

const gateEvents = [
  z.strictObject({
    type: z.literal('gate.opened'),
    step: id,
    /** The hash that votes bind. */
    seal: digest,
    expiresAt: time,
    /** What the policy wanted when the question was asked, and who could answer it: loosening counts for later questions only. */
    need: z.int().nonnegative(),
    may: z.array(id).max(200),
    /** Roles of which one person must be among them, and who of `may` could be that one. */
    eachOf: z
      .array(z.strictObject({ role: id, may: z.array(id).max(200) }))
      .max(5)
      .optional(),
    /** When people are reminded, if the policy said so; left out by an older Slipway: at 50 % and 80 % of the time. */
    remindAt: z.array(time).max(10).optional(),
  }),
  z.strictObject({ type: z.literal('vote.cast'), step: id, seal: digest, by: Actor }),
  z.strictObject({ type: z.literal('vote.withdrawn'), step: id, seal: digest, by: Actor }),
  /** While somebody holds the gate, no votes open it; until he lets go, or it is rejected. */
  z.strictObject({ type: z.literal('gate.held'), step: id, seal: digest, by: Actor }),
  z.strictObject({ type: z.literal('gate.unheld'), step: id, seal: digest, by: Actor }),
  /** People are reminded now, after this share of its time in percent. */
  z.strictObject({
    type: z.literal('gate.reminded'),
    step: id,
    seal: digest,
    share: z.int().min(0).max(100),
  }),
  z.strictObject({
    type: z.literal('gate.decided'),
    step: id,
    seal: digest,
    outcome: z.enum(['approved', 'rejected', 'expired']),
    /** Who decided: the approvers that counted, or who rejected. */
    by: z.array(Actor).max(50),
    reason: text,
    /** Hash of the policy that the decision was made under. */
    policy: z.union([digest, z.literal('')]),
  }),
  z.strictObject({ type: z.literal('gate.voided'), step: id, seal: digest, changed: text }),
] as const;

const runEvents = [
  z.strictObject({ type: z.literal('run.paused'), by: Actor, reason: text }),
  z.strictObject({ type: z.literal('run.resumed'), by: Actor }),
  /** `boundary`: running steps end by themselves first; else their commands are stopped. */
  z.strictObject({ type: z.literal('run.cancelled'), by: Actor, boundary: z.boolean() }),
  /** The line is *promoting*: past the point of no return. */
  z.strictObject({ type: z.literal('run.committed') }),
  z.strictObject({
    type: z.literal('run.finished'),
    outcome: z.enum(['done', 'cancelled', 'superseded', 'rejected', 'expired']),
    reason: text,
  }),
] as const;

/** Everything that can happen to a run. */
export const RunEvent = z.discriminatedUnion('type', [
  RunCreated,
  ...stepEvents,
  ...gateEvents,
  ...runEvents,
]);
export type RunEvent = z.infer<typeof RunEvent>;

/** What build workers may write. Everything else is signed by the bot, whose key they do not have. */
export function needsSignature(event: RunEvent): boolean {
  switch (event.type) {
    case 'step.claimed':
    case 'step.intent':
    case 'step.done':
    case 'step.failed':
    case 'step.waiting':
    case 'step.unknown':
    case 'step.interrupted':
    case 'step.settled':
      return false;
    case 'step.skipped':
      return event.by !== undefined;
    default:
      return true;
  }
}
