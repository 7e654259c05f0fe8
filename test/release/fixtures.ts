import type { Actor } from '../../src/release/actor.js';
import { foldLine } from '../../src/release/fold-line.js';
import { isNotLegal } from '../../src/release/folded.js';
import { foldRun } from '../../src/release/fold-run.js';
import type { LineEvent, LineState } from '../../src/release/line-state.js';
import type { OperationKind } from '../../src/release/plan.js';
import type { RunCreated, RunEvent, StepOutline } from '../../src/release/run-events.js';
import type { RunState } from '../../src/release/run-state.js';

/** A person of the chat. */
export function person(name: string): Actor {
  return { issuer: 'slack', workspace: 'T1', user: `U-${name}`, name };
}

export const alice = person('alice');
export const bob = person('bob');

/** A digest that is easy to tell apart. */
export function digest(letter: string): string {
  return letter.repeat(64);
}

export const seal = digest('5');

/** The outline of a step that does nothing special. */
export function outline(id: string, changes: Partial<StepOutline> = {}): StepOutline {
  return {
    id,
    kind: 'run',
    stage: 0,
    public: 'no',
    effect: 'none',
    gate: false,
    skippable: false,
    runsOn: 'default',
    followUp: false,
    ...changes,
  };
}

/** Outlines one after the other, each a stage of its own. */
export function inOrder(...steps: StepOutline[]): StepOutline[] {
  return steps.map((step, stage) => ({ ...step, stage }));
}

/** The first event of a run. */
export function created(steps: StepOutline[], changes: Partial<RunCreated> = {}): RunCreated {
  return {
    type: 'run.created',
    run: 'kestrel_0.44.0_cut_1',
    project: 'kestrel',
    target: '0.44.0',
    operation: 'cut',
    kind: 'start',
    version: '0.44.0rc1',
    commit: 'c'.repeat(40),
    plan: digest('1'),
    format: 1,
    steps,
    by: alice,
    ...changes,
  };
}

/** Folds events that must all be legal; the time is 1000 x the sequence number. */
export function runOf(...events: RunEvent[]): RunState {
  return goOn(undefined, ...events);
}

/** Folds more events on a state. */
export function goOn(from: RunState | undefined, ...events: RunEvent[]): RunState {
  let state = from;
  for (const event of events) {
    const seq = (state?.seq ?? 0) + 1;
    const next = foldRun(state, event, seq, seq * 1000);
    if (isNotLegal(next)) throw new Error(`${event.type}: ${next.illegal}`);
    state = next;
  }
  if (state === undefined) throw new Error('no events');
  return state;
}

/** Why the event cannot be next; '' when it can. */
export function refusal(state: RunState | undefined, event: RunEvent): string {
  const seq = (state?.seq ?? 0) + 1;
  const next = foldRun(state, event, seq, seq * 1000);
  return isNotLegal(next) ? next.illegal : '';
}

/** The step events of tests. */
export const ev = {
  claim: (step: string, attempt = 1, worker = 'w1'): RunEvent => ({
    type: 'step.claimed',
    step,
    attempt,
    worker,
  }),
  intent: (step: string, attempt = 1): RunEvent => ({
    type: 'step.intent',
    step,
    attempt,
    key: `key of ${step}`,
  }),
  done: (
    step: string,
    attempt = 1,
    changes: { settleAt?: number; adopted?: boolean; outputs?: string } = {},
  ): RunEvent => ({
    type: 'step.done',
    step,
    attempt,
    outputs: '',
    proof: 'read back',
    adopted: false,
    settleAt: 0,
    ...changes,
  }),
  failed: (
    step: string,
    attempt = 1,
    changes: { retryAt?: number; sent?: boolean; code?: string } = {},
  ): RunEvent => ({
    type: 'step.failed',
    step,
    attempt,
    code: 'command-failed',
    message: 'exit 1',
    hint: 'look at the log',
    retryAt: 0,
    sent: false,
    ...changes,
  }),
  waiting: (step: string, attempt = 1, checkAt = 50_000): RunEvent => ({
    type: 'step.waiting',
    step,
    attempt,
    for: 'CI',
    checkAt,
  }),
  unknown: (step: string, attempt = 1): RunEvent => ({
    type: 'step.unknown',
    step,
    attempt,
    question: 'Was it sent?',
  }),
  interrupted: (step: string, attempt = 1, sent = false): RunEvent => ({
    type: 'step.interrupted',
    step,
    attempt,
    sent,
  }),
  ownSkip: (step: string, attempt?: number): RunEvent => ({
    type: 'step.skipped',
    step,
    reason: 'older',
    ...(attempt !== undefined && { attempt }),
  }),
  skip: (step: string, second?: Actor): RunEvent => ({
    type: 'step.skipped',
    step,
    reason: 'known flake',
    by: alice,
    ...(second && { second }),
  }),
  retried: (step: string): RunEvent => ({ type: 'step.retried', step, by: alice }),
  answered: (step: string, answer: 'made' | 'not-made'): RunEvent => ({
    type: 'step.answered',
    step,
    answer,
    by: bob,
  }),
  settled: (step: string): RunEvent => ({ type: 'step.settled', step, removed: 1 }),
  open: (step = 'approve', expiresAt = 90_000, of = seal, remindAt?: number[]): RunEvent => ({
    type: 'gate.opened',
    step,
    seal: of,
    expiresAt,
    need: 1,
    may: ['bob'],
    ...(remindAt && { remindAt }),
  }),
  held: (by: Actor, of = seal): RunEvent => ({ type: 'gate.held', step: 'approve', seal: of, by }),
  unheld: (by: Actor): RunEvent => ({ type: 'gate.unheld', step: 'approve', seal, by }),
  reminded: (share: number): RunEvent => ({ type: 'gate.reminded', step: 'approve', seal, share }),
  vote: (by: Actor, step = 'approve', of = seal): RunEvent => ({ type: 'vote.cast', step, seal: of, by }),
  withdraw: (by: Actor, step = 'approve', of = seal): RunEvent => ({
    type: 'vote.withdrawn',
    step,
    seal: of,
    by,
  }),
  decided: (outcome: 'approved' | 'rejected' | 'expired', step = 'approve', of = seal): RunEvent => ({
    type: 'gate.decided',
    step,
    seal: of,
    outcome,
    by: [bob],
    reason: `because ${outcome}`,
    policy: '',
  }),
  voided: (step = 'approve', of = seal): RunEvent => ({
    type: 'gate.voided',
    step,
    seal: of,
    changed: 'the notes',
  }),
  pause: { type: 'run.paused', by: alice, reason: 'lunch' } satisfies RunEvent,
  resume: { type: 'run.resumed', by: alice } satisfies RunEvent,
  commit: { type: 'run.committed' } satisfies RunEvent,
  cancel: (boundary = false): RunEvent => ({ type: 'run.cancelled', by: alice, boundary }),
  finish: (outcome: 'done' | 'cancelled' | 'superseded' | 'rejected' | 'expired'): RunEvent => ({
    type: 'run.finished',
    outcome,
    reason: '',
  }),
};

/** A run of that name on the line 0.44.0. */
export function admitted(
  kind: OperationKind,
  run: string,
  changes: { candidate?: number; version?: string; request?: string; operation?: string } = {},
): LineEvent {
  return {
    type: 'line.admitted',
    run,
    operation: kind,
    kind,
    version: '0.44.0',
    candidate: 0,
    created: digest('2'),
    request: `request-${run}`,
    by: alice,
    ...changes,
  };
}

/** The other line events of tests. */
export const lv = {
  reached: (run: string): LineEvent => ({ type: 'line.reached', run }),
  committed: (run: string): LineEvent => ({ type: 'line.committed', run }),
  ended: (run: string, effects = true, outcome = 'cancelled'): LineEvent => ({
    type: 'line.ended',
    run,
    outcome,
    effects,
  }),
  queued: (request: string, first = false, kind: OperationKind = 'change'): LineEvent => ({
    type: 'line.queued',
    request,
    operation: kind,
    kind,
    inputs: {},
    by: alice,
    first,
  }),
  left: (request: string): LineEvent => ({ type: 'line.left-queue', request, why: 'line-is-over' }),
};

/** Folds line events that must all be legal. */
export function lineOf(...events: LineEvent[]): LineState | undefined {
  return lineOn(undefined, ...events);
}

/** Folds more events on a line. */
export function lineOn(from: LineState | undefined, ...events: LineEvent[]): LineState | undefined {
  let state = from;
  for (const event of events) {
    const seq = (state?.seq ?? 0) + 1;
    const next = foldLine(state, event, seq, seq * 1000);
    if (isNotLegal(next)) throw new Error(`${event.type}: ${next.illegal}`);
    state = next;
  }
  return state;
}

/** Why the line event cannot be next; '' when it can. */
export function lineRefusal(state: LineState | undefined, event: LineEvent): string {
  const seq = (state?.seq ?? 0) + 1;
  const next = foldLine(state, event, seq, seq * 1000);
  return isNotLegal(next) ? next.illegal : '';
}
