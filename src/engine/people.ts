import { SlipwayError } from '../error.js';
import type { Actor } from '../release/actor.js';
import { isPastPointOfNoReturn } from '../release/point-of-no-return.js';
import type { RunEvent } from '../release/run-events.js';
import { stepOf, type RunState, type StepState } from '../release/run-state.js';
import type { Engine } from './engine.js';
import { nudge } from './nudge.js';

/** What people do to a run. Who may is decided before (app/authorize); whether it can is decided here, by the journal. */
interface Ask {
  run: string;
  by: Actor;
}

async function change(
  engine: Engine,
  run: string,
  event: (state: RunState) => RunEvent | undefined,
): Promise<RunState> {
  const { state } = await engine.runs.update(run, (now) => {
    if (now === undefined)
      throw new SlipwayError('not-found', `There is no run ${run}.`, {
        hint: 'slipway status lists what is open.',
      });
    if (now.finished !== undefined)
      throw new SlipwayError('refused', `${run} is over: ${now.finished.outcome}.`, {
        hint: 'Nothing was changed.',
      });
    return event(now);
  });
  await nudge(engine, run);
  if (state === undefined) throw new SlipwayError('not-found', `There is no run ${run}.`);
  return state;
}

/** The step that is meant: the named one, else the only one in that condition. */
function pick(
  state: RunState,
  step: string | undefined,
  fits: (step: StepState) => boolean,
  what: string,
): string {
  if (step !== undefined) {
    const named = stepOf(state, step);
    if (named === undefined)
      throw new SlipwayError('not-found', `${state.created.run} has no step "${step}".`, {
        hint: `Its steps: ${state.steps.map((one) => one.outline.id).join(', ')}.`,
      });
    if (!fits(named))
      throw new SlipwayError('refused', `The step "${step}" ${what}; it is ${named.status}.`, {
        hint: 'Nothing was changed.',
      });
    return step;
  }
  const fitting = state.steps.filter(fits).map((one) => one.outline.id);
  const [only] = fitting;
  if (only === undefined)
    throw new SlipwayError('refused', `No step of ${state.created.run} ${what}.`, {
      hint: 'Nothing was changed. slipway status shows where it stands.',
    });
  if (fitting.length > 1)
    throw new SlipwayError('command-invalid', `Several steps could be meant: ${fitting.join(', ')}.`, {
      hint: 'Name one.',
    });
  return only;
}

const isFailed = (step: StepState): boolean => step.status === 'failed';

/** Tries a failed step again, now. With nothing failed in a paused run, resumes it. */
export async function retry(engine: Engine, ask: Ask & { step?: string }): Promise<string> {
  let retried = '';
  await change(engine, ask.run, (state) => {
    if (ask.step === undefined && state.paused !== undefined && !state.steps.some(isFailed))
      return { type: 'run.resumed', by: ask.by };
    retried = pick(state, ask.step, isFailed, 'has failed');
    return { type: 'step.retried', step: retried, by: ask.by };
  });
  const state = await engine.runs.load(ask.run);
  if (retried !== '' && state?.paused !== undefined) await resume(engine, ask);
  return retried;
}

/** Leaves a step out for good, with a reason; where the policy wants it, a second person. Steps that were sent with an open outcome are answered, not skipped. */
export async function skip(
  engine: Engine,
  ask: Ask & { step: string; reason: string; second?: Actor },
): Promise<void> {
  await change(engine, ask.run, (state) => {
    const step = pick(
      state,
      ask.step,
      (one) => ['todo', 'failed', 'waiting', 'interrupted'].includes(one.status),
      'cannot be skipped now',
    );
    if (stepOf(state, step)?.intentOpen === true)
      throw new SlipwayError('refused', `"${step}" was sent, and its outcome is not known.`, {
        hint: 'Nothing was changed. Retry it: that looks up what is there first.',
      });
    if (stepOf(state, step)?.outline.skippable !== true)
      throw new SlipwayError('refused', `The process does not allow to skip "${step}".`, {
        hint: 'Nothing was changed.',
      });
    return {
      type: 'step.skipped',
      step,
      reason: ask.reason,
      by: ask.by,
      ...(ask.second && { second: ask.second }),
    };
  });
}

/** Answers the one open fact about a step whose outcome is unknown. */
export async function answer(engine: Engine, ask: Ask & { step?: string; made: boolean }): Promise<string> {
  let answered = '';
  await change(engine, ask.run, (state) => {
    answered = pick(state, ask.step, (one) => one.status === 'unknown', 'waits for an answer');
    return { type: 'step.answered', step: answered, answer: ask.made ? 'made' : 'not-made', by: ask.by };
  });
  return answered;
}

/** Starts nothing new until `resume`; what runs ends by itself. */
export async function pause(engine: Engine, ask: Ask & { reason: string }): Promise<void> {
  await change(engine, ask.run, (state) =>
    state.paused === undefined ? { type: 'run.paused', by: ask.by, reason: ask.reason } : undefined,
  );
}

/** Goes on after a pause. */
export async function resume(engine: Engine, ask: Ask): Promise<void> {
  await change(engine, ask.run, (state) =>
    state.paused === undefined ? undefined : { type: 'run.resumed', by: ask.by },
  );
}

/**
 * Ends the run: commands are stopped, a request that was sent is answered or looked up first. After the point of no
 * return it is a stop after the step: the run pauses, and `retry` goes on.
 */
export async function cancel(engine: Engine, ask: Ask): Promise<'cancelled' | 'stopped'> {
  const state = await change(engine, ask.run, (now) => {
    if (isPastPointOfNoReturn(now)) {
      return now.paused === undefined
        ? { type: 'run.paused', by: ask.by, reason: 'stopped after the point of no return' }
        : undefined;
    }
    return now.cancelled === undefined || now.cancelled.boundary
      ? { type: 'run.cancelled', by: ask.by, boundary: false }
      : undefined;
  });
  return state.cancelled === undefined ? 'stopped' : 'cancelled';
}
