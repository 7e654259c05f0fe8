import { foldGate, type GateEvent } from './fold-gate.js';
import { isItsTurn, no, over, replaceStep, type Folded } from './folded.js';
import { isPastPointOfNoReturn } from './point-of-no-return.js';
import type { RunEvent } from './run-events.js';
import { isOver, isToBeLookedUp, mustCommit, type RunState, stepOf, type StepState } from './run-state.js';

const freshStep: Omit<StepState, 'outline'> = {
  status: 'todo',
  attempt: 0,
  epoch: 0,
  worker: '',
  firstIntentAt: 0,
  intentOpen: false,
  intentAttempt: 0,
  startedAt: 0,
  endedAt: 0,
  outputs: '',
  proof: '',
  adopted: false,
  settleAt: 0,
  failures: 0,
};

/**
 * Adds one event to a run. Pure. `at` is in ms and never before the newest event (the journal sees to it).
 * Whether an event is legal is decided here and nowhere else: the journal refuses to write what this refuses.
 */
export function foldRun(state: RunState | undefined, event: RunEvent, seq: number, at: number): Folded {
  if (event.type === 'run.created') {
    if (state !== undefined) return no('created-twice');
    return {
      created: event,
      createdAt: at,
      seq,
      at,
      steps: event.steps.map((outline) => ({ outline, ...freshStep })),
      gates: {},
      voided: [],
      committed: false,
    };
  }
  if (state === undefined) return no('not-created');
  const next = { ...state, seq, at };
  if (state.finished !== undefined && event.type !== 'step.settled') return no('run-is-finished');
  switch (event.type) {
    case 'run.paused':
      return state.paused === undefined
        ? { ...next, paused: { by: event.by, reason: event.reason } }
        : no('paused-already');
    case 'run.resumed': {
      if (state.paused === undefined) return no('not-paused');
      const { paused: _, ...rest } = next;
      return rest;
    }
    case 'run.cancelled':
      // Only a publish takes its line; a candidate that is half published may still be stopped, and abandoned.
      if (state.committed && isPastPointOfNoReturn(state)) return no('past-the-point-of-no-return');
      // A cancel that stops commands may follow one that waits for the boundary, not the other way round.
      if (state.cancelled !== undefined && (event.boundary || !state.cancelled.boundary))
        return no('cancelled-already');
      return { ...next, cancelled: { by: event.by, boundary: event.boundary } };
    case 'run.committed':
      if (state.committed) return no('committed-already');
      return state.cancelled === undefined ? { ...next, committed: true } : no('cancelled-already');
    case 'run.finished':
      return finish(next, event.outcome, event.reason);
    case 'gate.opened':
    case 'vote.cast':
    case 'vote.withdrawn':
    case 'gate.held':
    case 'gate.unheld':
    case 'gate.reminded':
    case 'gate.decided':
    case 'gate.voided':
      return foldGate(next, event);
    default:
      return foldStep(next, event);
  }
}

function finish(
  next: RunState,
  outcome: 'done' | 'cancelled' | 'superseded' | 'rejected' | 'expired',
  reason: string,
): Folded {
  if (next.steps.some((step) => step.status === 'claimed')) return no('a-step-is-running');
  if (outcome === 'done' && !next.steps.every(isOver)) return no('steps-are-left');
  if (outcome === 'cancelled' && next.cancelled === undefined) return no('not-cancelled');
  if (outcome === 'superseded' && next.committed) return no('past-the-point-of-no-return');
  const decided = Object.values(next.gates).some((gate) => gate.decided?.outcome === outcome);
  if ((outcome === 'rejected' || outcome === 'expired') && !decided) return no('gate-did-not-decide-so');
  return { ...next, finished: { outcome, reason, at: next.at } };
}

type StepEvent = Exclude<Extract<RunEvent, { step: string }>, GateEvent>;

function foldStep(next: RunState, event: StepEvent): Folded {
  const step = stepOf(next, event.step);
  if (step === undefined) return no('no-such-step');
  if (step.outline.gate) return no('a-gate-is-decided-by-people');
  if (event.type === 'step.claimed') {
    if (isOver(step)) return no('step-is-over');
    // In a cancelled run a step is claimed only to look up what was sent.
    const isLookUp = step.status === 'claimed' || isToBeLookedUp(step);
    if (next.cancelled !== undefined && !isLookUp) return no('run-is-cancelled');
    if (next.paused !== undefined && step.status !== 'claimed') return no('run-is-paused');
    if (event.attempt !== step.attempt + 1) return no('attempt-out-of-order');
    if (step.status === 'unknown') return no('waits-for-an-answer');
    // What stands behind a gate, or makes the line public, cannot even be begun before.
    if (!isItsTurn(next, step)) return no('not-its-turn');
    if (mustCommit(next, step)) return no('line-is-not-taken');
    const begun = {
      attempt: event.attempt,
      epoch: next.seq,
      worker: event.worker,
      startedAt: step.startedAt || next.at,
    };
    return replaceStep(next, { ...over(step, 0), ...begun, status: 'claimed' });
  }
  if ('attempt' in event && event.attempt !== undefined) {
    if (event.attempt !== step.attempt) return no('claim-was-lost');
    const polled = step.status === 'waiting' && event.type !== 'step.intent';
    if (step.status !== 'claimed' && !polled) return no('claim-was-lost');
  }
  switch (event.type) {
    case 'step.intent':
      return replaceStep(next, {
        ...step,
        intentOpen: true,
        intentAttempt: event.attempt,
        firstIntentAt: step.firstIntentAt || next.at,
      });
    case 'step.done': {
      const { outputs, proof, adopted, settleAt } = event;
      return replaceStep(next, {
        ...over(step, next.at),
        status: 'done',
        outputs,
        proof,
        adopted,
        settleAt,
        intentOpen: false,
        failures: 0,
      });
    }
    case 'step.failed': {
      const { code, message, hint, retryAt } = event;
      return replaceStep(next, {
        ...over(step, next.at),
        status: 'failed',
        failure: { code, message, hint, retryAt },
        failures: step.failures + 1,
        intentOpen: staysOpen(step, event),
      });
    }
    case 'step.waiting':
      // What waits is asked again by the bot itself: never something that has an effect.
      if (step.outline.effect !== 'none') return no('an-effect-does-not-wait');
      return replaceStep(next, {
        ...over(step, 0),
        status: 'waiting',
        waiting: { for: event.for, checkAt: event.checkAt },
      });
    case 'step.unknown':
      return replaceStep(next, { ...over(step, next.at), status: 'unknown', question: event.question });
    case 'step.interrupted':
      return replaceStep(next, {
        ...over(step, next.at),
        status: 'interrupted',
        intentOpen: staysOpen(step, event),
      });
    case 'step.skipped': {
      if (isOver(step)) return no('step-is-over');
      const { reason, by, second } = event;
      if (by === undefined && event.attempt === undefined) return no('claim-was-lost');
      // A worker can leave a channel where it is; what is published for ever is made, or a person says that it is not.
      if (by === undefined && step.outline.public === 'for-ever') return no('may-not-skip-itself');
      if (by !== undefined) {
        if (step.status === 'claimed') return no('step-is-running');
        if (step.status === 'unknown') return no('waits-for-an-answer');
        if (!step.outline.skippable) return no('may-not-be-skipped');
        if (step.intentOpen) return no('sent-and-not-looked-up');
      }
      return replaceStep(next, {
        ...over(step, next.at),
        status: 'skipped',
        skip: { reason, ...(by && { by }), ...(second && { second }) },
      });
    }
    case 'step.retried':
      if (step.status !== 'failed' && step.status !== 'waiting') return no('nothing-to-retry');
      // For an effect that cannot be looked up, the person's word to do it again is the answer, if what failed is what
      // was sent. If an earlier attempt sent it, he is asked.
      return replaceStep(next, {
        ...over(step, 0),
        status: 'todo',
        failures: 0,
        intentOpen:
          step.intentOpen && (step.outline.effect !== 'once' || step.intentAttempt !== step.attempt),
      });
    case 'step.answered':
      if (step.status !== 'unknown') return no('nothing-to-answer');
      return replaceStep(
        next,
        event.answer === 'made'
          ? {
              ...over(step, next.at),
              status: 'done',
              proof: `said to be made by ${event.by.name}`,
              adopted: true,
              intentOpen: false,
            }
          : { ...over(step, 0), status: 'todo', intentOpen: false, failures: 0 },
      );
    case 'step.settled':
      return step.settleAt === 0 ? no('settled-already') : replaceStep(next, { ...step, settleAt: 0 });
  }
}

/** Only the attempt that wrote the intent knows that nothing was sent; a later one may have failed before it looked. */
function staysOpen(step: StepState, event: { attempt: number; sent: boolean; code?: string }): boolean {
  // Something else stands where ours would be, and the outside refuses a second one: ours is not there and cannot come.
  const isRefused = event.code === 'effect-differs' || event.code === 'commit-moved';
  if (isRefused && step.outline.effect === 'conditional') return false;
  return step.intentOpen && (event.sent || step.intentAttempt !== event.attempt);
}
