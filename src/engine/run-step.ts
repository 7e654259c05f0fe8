import { asSlipwayError, SlipwayError } from '../error.js';
import { clip } from './record.js';
import { canonical } from '../release/canonical.js';
import { decide } from '../release/decide.js';
import { isHeld } from '../release/halt.js';
import type { Json } from '../release/plan.js';
import { retryAt } from '../release/retry.js';
import { stepOf, type RunState, type StepState } from '../release/run-state.js';
import type { StepResult } from '../steps/step.js';
import { claim, type Attempt } from './attempt.js';
import type { Engine } from './engine.js';
import { guardAttempt } from './guard-attempt.js';
import { haltNow } from './halt.js';
import { unknownIn } from './known.js';
import { openLog } from './logs.js';
import type { StepLog } from './ports/step-log.js';
import type { StepJob } from './ports/queue.js';
import { loadStep, type LoadedStep } from './step-context.js';
import { nudge } from './nudge.js';

/**
 * Runs one attempt of one step: claim, find, adopt or intent and run, read back, journal. A job that is out of date does
 * nothing. Never throws for what goes wrong in the step: that is an event; it throws when the journal or the queue
 * does not answer, and then whoever takes over looks the effect up.
 * `drain` tells a local command that the worker must stop.
 */
export async function runStep(engine: Engine, job: StepJob, drain: AbortSignal): Promise<void> {
  const halt = await haltNow(engine);
  const attempt = await claim(
    engine,
    job,
    (state) =>
      !isHeld(state, halt) && isWanted(state, job, engine.clock.now()) && unknownIn(engine, state) === '',
  );
  if (attempt === undefined) return;
  if (await isHeldNow(engine, attempt)) return;
  const log = openLog(engine.records, engine.clock, job.run, job.step, job.attempt);
  const guard = guardAttempt(engine, attempt, drain);
  try {
    await tryStep(engine, attempt, log, guard.signal);
  } catch (error) {
    if (!isLost(error)) throw error;
    engine.warn(`${job.run} ${job.step} attempt ${job.attempt}: ${asSlipwayError(error).message}`);
  } finally {
    guard.stop();
    await log.end();
    await attempt.lease.release();
  }
  await nudge(engine, job.run);
}

/**
 * Looks for a halt once more, after the claim: who stops everything records that first and then reads the claims. So
 * either he sees this one and says that it runs, or it is given back here, with nothing sent.
 */
async function isHeldNow(engine: Engine, attempt: Attempt): Promise<boolean> {
  try {
    if (!isHeld(attempt.state, await haltNow(engine))) return false;
    await attempt.write({ ...ids(attempt), type: 'step.interrupted', sent: false });
  } catch (error) {
    await attempt.lease.release();
    throw error;
  }
  await attempt.lease.release();
  return true;
}

/** Whether the state still asks for this very attempt: a job may be repeated, late, or for a run that was paused. */
function isWanted(state: RunState, job: StepJob, now: number): boolean {
  return decide(state, now).actions.some(
    (action) =>
      (action.do === 'offer' || action.do === 'watch') &&
      action.step === job.step &&
      action.attempt === job.attempt,
  );
}

/** What one attempt has sent so far. */
interface Sending {
  sent: boolean;
  /** It was answered, and not with an error: whatever fails now, the effect is there. */
  replied: boolean;
}

async function tryStep(engine: Engine, attempt: Attempt, log: StepLog, signal: AbortSignal): Promise<void> {
  const state = stepOf(attempt.state, attempt.step);
  if (state === undefined) return;
  const sending: Sending = { sent: false, replied: false };
  try {
    const loaded = await loadStep(engine, attempt.state, state, {
      log,
      signal,
      effect: sender(engine, attempt, state, sending),
    });
    if (state.outline.effect === 'once' && state.intentOpen) {
      await attempt.write({
        ...ids(attempt),
        type: 'step.unknown',
        question: clip(`Was "${loaded.planned.sentence}" done? It was sent, and it cannot be looked up.`),
      });
      return;
    }
    await finish(engine, attempt, state, await findOrRun(engine, attempt, state, loaded));
  } catch (error) {
    if (isLost(error) && !(error instanceof SlipwayError && error.code === 'lease-lost')) throw error;
    // Whoever reads that it failed finds its last words.
    await log.end();
    await fail(engine, attempt, state, asSlipwayError(error), sending, signal);
  }
}

function sender(engine: Engine, attempt: Attempt, state: StepState, sending: Sending) {
  const where = { run: attempt.run, step: attempt.step };
  return async <T>(send: () => Promise<T>): Promise<T> => {
    await engine.at('before-send', where);
    // Where the outside refuses a second one nothing can go wrong; elsewhere the lease is the last guard. So it is for a
    // pointer that may have moved away and back meanwhile, which a bucket cannot tell.
    if (state.outline.effect !== 'conditional' || state.outline.public === 'reversible')
      await attempt.lease.renew();
    sending.sent = true;
    const reply = await send();
    sending.replied = true;
    await engine.at('after-reply', where);
    return reply;
  };
}

type Ended = StepResult<Json> | { result: 'adopted'; output: Json; proof: string };

async function findOrRun(
  engine: Engine,
  attempt: Attempt,
  state: StepState,
  loaded: LoadedStep,
): Promise<Ended> {
  const cancelled = attempt.state.cancelled !== undefined;
  if (state.outline.effect === 'none') {
    if (cancelled) throw new SlipwayError('cancelled', 'The run was cancelled.');
    return loaded.kind.run(loaded.context);
  }
  const found = await loaded.kind.find(loaded.context);
  if (found.is === 'same') return { result: 'adopted', output: found.output, proof: found.proof };
  if (found.is === 'different') {
    throw new SlipwayError('effect-differs', found.what, {
      hint: 'Nothing was overwritten. Look at what stands there; then retry, or cancel the run.',
    });
  }
  // Taken over only to see what a dead worker had sent: nothing is there.
  if (cancelled) throw new SlipwayError('cancelled', 'The run was cancelled before this was done.');
  const where = { run: attempt.run, step: attempt.step };
  await engine.at('before-intent', where);
  await attempt.write({ ...ids(attempt), type: 'step.intent', key: clip(loaded.planned.sentence) });
  await engine.at('after-intent', where);
  const now = await engine.runs.load(attempt.run);
  const intentAt = (now === undefined ? undefined : stepOf(now, attempt.step)?.firstIntentAt) ?? 0;
  return loaded.kind.run({ ...loaded.context, intentAt });
}

async function finish(engine: Engine, attempt: Attempt, state: StepState, ended: Ended): Promise<void> {
  const where = { run: attempt.run, step: attempt.step };
  if (ended.result === 'skipped') {
    await attempt.write({ ...ids(attempt), type: 'step.skipped', reason: clip(ended.reason) });
    return;
  }
  if (ended.result === 'waiting') {
    if (engine.kinds.get(state.outline.kind)?.polled !== true) {
      throw new SlipwayError(
        'internal',
        `The step kind "${state.outline.kind}" says that it waits, and it is not asked again.`,
      );
    }
    await attempt.write({
      ...ids(attempt),
      type: 'step.waiting',
      for: clip(ended.for),
      checkAt: ended.checkAt,
    });
    return;
  }
  const text = canonical(ended.output);
  const outputs = text === '{}' ? '' : await engine.blobs.put(Buffer.from(text));
  const settleMs = engine.kinds.get(state.outline.kind)?.settleMs ?? 0;
  const settleAt =
    settleMs === 0 || state.outline.effect !== 'searched' ? 0 : timeOf(engine, attempt) + settleMs;
  await engine.at('before-done', where);
  const adopted = ended.result === 'adopted';
  await attempt.write({
    ...ids(attempt),
    type: 'step.done',
    outputs,
    proof: clip(ended.proof),
    adopted,
    settleAt,
  });
  await engine.at('after-done', where);
}

async function fail(
  engine: Engine,
  attempt: Attempt,
  state: StepState,
  error: SlipwayError,
  { sent, replied }: Sending,
  signal: AbortSignal,
): Promise<void> {
  const open = state.outline.effect === 'once' && sent;
  if (open && (replied || error.retryable || error.code === 'internal' || signal.aborted)) {
    await attempt.write({
      ...ids(attempt),
      type: 'step.unknown',
      question: clip(`Was it done? ${error.message}`),
    });
    return;
  }
  if (error.code === 'interrupted' || error.code === 'lease-lost') {
    await attempt.write({ ...ids(attempt), type: 'step.interrupted', sent });
    return;
  }
  if (error.code === 'internal') engine.warn(`${attempt.run} ${attempt.step}: a bug`, error);
  const { code, message, hint, retryable, retryAfterMs } = error;
  const again = retryAt(
    state.failures + 1,
    timeOf(engine, attempt),
    // A full disk of ours, or a slipway.yaml that is wrong just now, says nothing about the step.
    retryable || code === 'journal-full' || code === 'config-invalid',
    retryAfterMs,
    engine.settings.retryScale,
  );
  const words = { message: clip(message), hint: clip(hint) };
  await attempt.write({ ...ids(attempt), type: 'step.failed', code, ...words, retryAt: again, sent });
}

function ids(attempt: Attempt): { step: string; attempt: number } {
  return { step: attempt.step, attempt: attempt.number };
}

/** Now, by the journal: on a worker whose clock is behind, a time to come would be over already. */
function timeOf(engine: Engine, attempt: Attempt): number {
  return Math.max(engine.clock.now(), attempt.state.at);
}

function isLost(error: unknown): boolean {
  return error instanceof SlipwayError && (error.code === 'claim-lost' || error.code === 'lease-lost');
}
