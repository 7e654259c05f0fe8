import type { Actor } from './actor.js';
import type { RunCreated, StepOutline } from './run-events.js';
import type { RequiredRole } from './votes.js';

export type StepStatus =
  'todo' | 'claimed' | 'waiting' | 'done' | 'skipped' | 'failed' | 'unknown' | 'interrupted';

/** Where one step stands. Times are ms since the epoch; 0 means never. */
export interface StepState {
  outline: StepOutline;
  status: StepStatus;
  /** The number of the newest attempt; 0 before the first. */
  attempt: number;
  /** Fence: the sequence number of the newest claim. Who writes for another epoch is refused. */
  epoch: number;
  worker: string;
  /** Time of the step's very first intent; all git objects of the step carry it. 0: nothing was ever sent. */
  firstIntentAt: number;
  /** An intent stands whose outcome the journal does not know. */
  intentOpen: boolean;
  /** The attempt that wrote the newest intent; 0: none. Only it can say that nothing was sent. */
  intentAttempt: number;
  startedAt: number;
  endedAt: number;
  outputs: string;
  proof: string;
  adopted: boolean;
  /** When twins are looked for; 0: never, or done. */
  settleAt: number;
  failure?: { code: string; message: string; hint: string; retryAt: number };
  waiting?: { for: string; checkAt: number };
  question?: string;
  skip?: { reason: string; by?: Actor; second?: Actor };
  /** Failures since the last success or the last word of a person, for the backoff. */
  failures: number;
}

/** One question and its votes; a changed seal makes a new one. */
export interface GateState {
  step: string;
  seal: string;
  openedAt: number;
  expiresAt: number;
  /** Votes that were needed, and the people whose votes could count, when it was asked. */
  need: number;
  may: string[];
  /** Roles of which one person must be among those who approve, and who could be that one. */
  eachOf?: readonly RequiredRole[];
  votes: { by: Actor; at: number }[];
  /** When people are reminded, in ms; undefined: after the usual shares of its time. */
  remindAt?: readonly number[];
  /** Who holds the gate: while somebody does, no vote opens it. */
  holds?: { by: Actor; at: number }[];
  /** After which shares of its time people were reminded, in percent. */
  reminded?: number[];
  decided?: { outcome: 'approved' | 'rejected' | 'expired'; by: Actor[]; reason: string; at: number };
}

export type Outcome = 'done' | 'cancelled' | 'superseded' | 'rejected' | 'expired';

/** A run, folded from its journal. Plain JSON, so that it can be a snapshot. */
export interface RunState {
  created: RunCreated;
  createdAt: number;
  /** Sequence number and time of the newest event. */
  seq: number;
  at: number;
  steps: StepState[];
  /** The gate's open or decided question, by step id; voided ones are in `voided`. */
  gates: { [step: string]: GateState };
  voided: { step: string; seal: string; changed: string; at: number }[];
  paused?: { by: Actor; reason: string };
  cancelled?: { by: Actor; boundary: boolean };
  committed: boolean;
  finished?: { outcome: Outcome; reason: string; at: number };
}

/** The step of that id, or undefined. */
export function stepOf(state: RunState, id: string): StepState | undefined {
  return state.steps.find((step) => step.outline.id === id);
}

/** Whether the step needs nothing more. */
export function isOver(step: StepState): boolean {
  return step.status === 'done' || step.status === 'skipped';
}

/** Whether a worker holds the step, as far as the journal knows. */
export function isActive(step: StepState): boolean {
  return step.status === 'claimed';
}

/**
 * Whether something that nothing outside refuses a second time was sent by a worker that is gone, and may still
 * arrive. Until the lease has run out by itself, a look that finds nothing proves nothing.
 */
export function mayStillArrive(step: StepState): boolean {
  return isActive(step) && step.intentOpen && step.outline.effect === 'searched';
}

/**
 * Whether something was sent whose outcome only a look-up can tell, and that look-up is still to come: the attempt was
 * interrupted, or failed in a way that passes. What failed for good was looked at, or clearly refused.
 */
export function isToBeLookedUp(step: StepState): boolean {
  const isOpen =
    step.status === 'interrupted' || (step.status === 'failed' && (step.failure?.retryAt ?? 0) > 0);
  return (
    isOpen && step.intentOpen && (step.outline.effect === 'conditional' || step.outline.effect === 'searched')
  );
}

/** Whether the outside may have seen anything of this run: something public was done, or sent with an open outcome. */
export function hasEffects(state: RunState): boolean {
  return state.steps.some(
    (step) =>
      step.outline.public !== 'no' &&
      (step.intentOpen || (step.status === 'done' && (!step.adopted || step.firstIntentAt > 0))),
  );
}

/** The steps of the first stage that is not over; empty when all are. */
export function currentStage(state: RunState): StepState[] {
  const first = state.steps.find((step) => !isOver(step));
  return first === undefined ? [] : state.steps.filter((step) => step.outline.stage === first.outline.stage);
}

/**
 * Whether the line must be taken before this step: a publish run takes it before its first effect that anybody can see;
 * until then a fixup may supersede it.
 */
export function mustCommit(state: RunState, step: StepState): boolean {
  return state.created.kind === 'publish' && !state.committed && step.outline.public !== 'no';
}

/** Whether the line has reached what the run is for: everything before the follow-ups is over. */
export function hasReached(state: RunState): boolean {
  return state.steps.every((step) => step.outline.followUp || isOver(step));
}
