import type { RunEvent } from './run-events.js';
import {
  currentStage,
  hasReached,
  isActive,
  isOver,
  isToBeLookedUp,
  mustCommit,
  type RunState,
  type StepState,
} from './run-state.js';
import { own } from './own.js';
import { reminderDue } from './reminders.js';

/** What the engine must do next for a run. */
export type Action =
  /** Write this event; it follows from the state and the time. */
  | { do: 'record'; event: RunEvent }
  /** Offer this attempt to the workers. */
  | { do: 'offer'; step: string; attempt: number }
  /** A worker claimed the step: see whether its lease still stands, else offer `attempt`. */
  | { do: 'watch'; step: string; attempt: number }
  /** Ask the outside, without a worker, whether what the step waits for has come. */
  | { do: 'poll'; step: string }
  /** Compute the seal and ask people. */
  | { do: 'open-gate'; step: string }
  /** Make the line *promoting*: from here on nothing supersedes this run. */
  | { do: 'commit' }
  /** Tell the line what this run has reached. */
  | { do: 'reach' }
  /** Look for twins of a message. */
  | { do: 'settle'; step: string };

/** What to do now, and when to look again by itself (ms since the epoch; undefined: only when something happens). */
export interface Decision {
  actions: Action[];
  due: number | undefined;
}

/**
 * Says what comes next. Pure: the same state and time give the same decision, and deciding again after its records
 * were written asks for none of them again. What passes by time (a reminder, the expiry) becomes an event here.
 */
export function decide(state: RunState, now: number): Decision {
  const settle = settling(state, now);
  const next = state.finished === undefined ? decideOpen(state, now) : nothing;
  // Also of a run that was cancelled meanwhile: what it is for exists.
  const reach: Action[] = state.finished === undefined && hasReached(state) ? [{ do: 'reach' }] : [];
  return { actions: [...reach, ...next.actions, ...settle.actions], due: soonest(next.due, settle.due) };
}

const nothing: Decision = { actions: [], due: undefined };

function decideOpen(state: RunState, now: number): Decision {
  const over = ending(state);
  if (over !== undefined) {
    // What runs ends by itself first; nothing new starts beside it.
    const running = state.steps.filter(isActive).map((step): Action => watch(step));
    if (running.length > 0) return { actions: running, due: undefined };
    const sent = state.steps.filter(isToBeLookedUp).map((step) => lookUp(step, now));
    if (sent.length === 0) return record({ type: 'run.finished', ...over });
    return { actions: sent.flatMap((one) => one.actions), due: soonest(...sent.map((one) => one.due)) };
  }
  const stage = currentStage(state);
  if (stage.length === 0) return record({ type: 'run.finished', outcome: 'done', reason: '' });
  const steps = stage.map((step) => decideStep(state, step, now));
  return {
    actions: steps.flatMap((one) => one.actions),
    due: soonest(...steps.map((one) => one.due)),
  };
}

/** Why the run ends before its last step; undefined: it goes on. */
function ending(
  state: RunState,
): { outcome: 'cancelled' | 'rejected' | 'expired'; reason: string } | undefined {
  if (state.cancelled !== undefined) return { outcome: 'cancelled', reason: `by ${state.cancelled.by.name}` };
  for (const step of state.steps) {
    const decided = own(state.gates, step.outline.id)?.decided;
    if (decided !== undefined && decided.outcome !== 'approved')
      return { outcome: decided.outcome, reason: decided.reason };
  }
  return undefined;
}

/** In a run that ends: what was sent and has no known outcome is looked up first, once more if the look-up fails in passing. */
function lookUp(step: StepState, now: number): Decision {
  const retryAt = step.failure?.retryAt ?? 0;
  if (now < retryAt) return { actions: [], due: retryAt };
  return { actions: [{ do: 'offer', step: step.outline.id, attempt: step.attempt + 1 }], due: undefined };
}

function decideStep(state: RunState, step: StepState, now: number): Decision {
  const gate = own(state.gates, step.outline.id);
  if (gate !== undefined && gate.decided === undefined) {
    const { step: id, seal } = gate;
    if (now < gate.expiresAt) {
      const { due, next } = reminderDue(gate, now);
      if (due !== undefined) return record({ type: 'gate.reminded', step: id, seal, share: due.share });
      return { actions: [], due: next ?? gate.expiresAt };
    }
    const reason = 'nobody decided in time';
    return record({ type: 'gate.decided', step: id, seal, outcome: 'expired', by: [], reason, policy: '' });
  }
  const paused = state.paused !== undefined;
  switch (step.status) {
    case 'claimed':
      return { actions: [watch(step)], due: undefined };
    case 'waiting':
      if (step.waiting !== undefined && now < step.waiting.checkAt)
        return { actions: [], due: step.waiting.checkAt };
      return paused ? nothing : { actions: [{ do: 'poll', step: step.outline.id }], due: undefined };
    case 'failed':
      if (paused || step.failure === undefined || step.failure.retryAt === 0) return nothing;
      return now < step.failure.retryAt ? { actions: [], due: step.failure.retryAt } : start(state, step);
    case 'todo':
    case 'interrupted':
      return paused ? nothing : start(state, step);
    default:
      return nothing;
  }
}

function start(state: RunState, step: StepState): Decision {
  if (mustCommit(state, step)) return { actions: [{ do: 'commit' }], due: undefined };
  if (step.outline.gate) return { actions: [{ do: 'open-gate', step: step.outline.id }], due: undefined };
  return { actions: [{ do: 'offer', step: step.outline.id, attempt: step.attempt + 1 }], due: undefined };
}

function watch(step: StepState): Action {
  return { do: 'watch', step: step.outline.id, attempt: step.attempt + 1 };
}

function settling(state: RunState, now: number): Decision {
  const open = state.steps.filter((step) => isOver(step) && step.settleAt > 0);
  return {
    actions: open
      .filter((step) => step.settleAt <= now)
      .map((step) => ({ do: 'settle', step: step.outline.id })),
    due: soonest(...open.map((step) => (step.settleAt > now ? step.settleAt : undefined))),
  };
}

function record(event: RunEvent): Decision {
  return { actions: [{ do: 'record', event }], due: undefined };
}

function soonest(...times: (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
