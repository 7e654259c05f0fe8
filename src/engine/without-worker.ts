import { asSlipwayError, SlipwayError } from '../error.js';
import { canonical } from '../release/canonical.js';
import { stepOf, type RunState } from '../release/run-state.js';
import type { Engine } from './engine.js';
import { openLog } from './logs.js';
import { clip } from './record.js';
import { restOfSettling } from './settle-time.js';
import { loadStep, type LoadedStep } from './step-context.js';

/** The shortest time between two looks, in ms, whatever a step kind asks for. */
const pollMs = 1_000;

/** What a look without a worker did: whether the journal grew, and when to look again. */
interface Looked {
  changed: boolean;
  due?: number;
}

async function load(engine: Engine, state: RunState, id: string): Promise<LoadedStep | undefined> {
  const step = stepOf(state, id);
  if (step === undefined) return undefined;
  const log = openLog(engine.records, engine.clock, state.created.run, id, step.attempt);
  const effect = <T>(send: () => Promise<T>): Promise<T> => send();
  return loadStep(engine, state, step, { log, signal: AbortSignal.timeout(engine.settings.leaseMs), effect });
}

/**
 * Asks again for what a step waits for: time, or an answer from outside. Only steps without an effect wait like this.
 * Progress is no event: while nothing has come, the journal does not grow.
 */
export async function pollStep(engine: Engine, state: RunState, id: string): Promise<Looked> {
  const { run } = state.created;
  const step = stepOf(state, id);
  const loaded = await load(engine, state, id);
  if (loaded === undefined || step === undefined) return { changed: false };
  const attempt = step.attempt;
  try {
    if (!loaded.kind.polled) {
      throw new SlipwayError(
        'journal-damaged',
        `"${id}" is said to wait, and a step of the kind "${loaded.kind.name}" never does.`,
        {
          hint: 'A worker wrote what no worker of ours writes. Run slipway verify, and look at who can write to the journal.',
        },
      );
    }
    const ended = await loaded.kind.run(loaded.context);
    await loaded.context.log.end();
    if (ended.result === 'waiting')
      return { changed: false, due: Math.max(ended.checkAt, engine.clock.now() + pollMs) };
    if (ended.result === 'skipped') return await skip(engine, state, id, clip(ended.reason));
    const text = canonical(ended.output);
    return await settleDone(
      engine,
      state,
      id,
      text === '{}' ? '' : await engine.blobs.put(Buffer.from(text)),
      clip(ended.proof),
    );
  } catch (error) {
    const { code, message, hint, retryable } = asSlipwayError(error);
    // A poll that got no answer is not a failed job: ask again.
    if (retryable) return { changed: false, due: engine.clock.now() + engine.settings.leaseMs };
    await engine.runs.update(run, (now) =>
      now?.seq === state.seq
        ? {
            type: 'step.failed',
            step: id,
            attempt,
            code,
            message: clip(message),
            hint: clip(hint),
            retryAt: 0,
            sent: false,
          }
        : undefined,
    );
    return { changed: true };
  }
}

async function skip(engine: Engine, state: RunState, id: string, reason: string): Promise<Looked> {
  const attempt = stepOf(state, id)?.attempt ?? 0;
  await engine.runs.update(state.created.run, (now) =>
    now?.seq === state.seq ? { type: 'step.skipped', step: id, attempt, reason } : undefined,
  );
  return { changed: true };
}

async function settleDone(
  engine: Engine,
  state: RunState,
  id: string,
  outputs: string,
  proof: string,
): Promise<Looked> {
  const attempt = stepOf(state, id)?.attempt ?? 0;
  await engine.runs.update(state.created.run, (now) =>
    now?.seq === state.seq
      ? { type: 'step.done', step: id, attempt, outputs, proof, adopted: false, settleAt: 0 }
      : undefined,
  );
  return { changed: true };
}

/** Looks for twins of a message once more, keeps the oldest, and journals how many went. */
export async function settleStep(engine: Engine, state: RunState, id: string): Promise<Looked> {
  const step = stepOf(state, id);
  const rest = step === undefined ? 0 : restOfSettling(engine, state, step);
  if (rest > 0) return { changed: false, due: engine.clock.now() + Math.ceil(rest) };
  try {
    const loaded = await load(engine, state, id);
    if (loaded === undefined) return { changed: false };
    const removed = await loaded.kind.settle(loaded.context);
    await engine.runs.update(state.created.run, (now) =>
      now !== undefined && (stepOf(now, id)?.settleAt ?? 0) > 0
        ? { type: 'step.settled', step: id, removed }
        : undefined,
    );
    return { changed: true };
  } catch (error) {
    // Housekeeping never fails a release; it is tried again.
    engine.warn(`${state.created.run} ${id}: twins could not be looked for`, error);
    return { changed: false, due: engine.clock.now() + engine.settings.leaseMs };
  }
}
