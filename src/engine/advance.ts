import { asSlipwayError, SlipwayError } from '../error.js';
import { decide, type Action } from '../release/decide.js';
import { withHalt } from '../release/halt.js';
import type { RunEvent } from '../release/run-events.js';
import { isCommitTarget, lineId } from '../release/run-id.js';
import { hasEffects, isActive, type RunState } from '../release/run-state.js';
import type { Engine } from './engine.js';
import { decideGate, openGate } from './gate.js';
import { noteClosed } from './closed-index.js';
import { haltNow } from './halt.js';
import { unknownIn } from './known.js';
import { openIndex } from './open-index.js';
import { noteSettling } from './settle-time.js';
import { clip } from './record.js';
import { hasMoved } from './seal.js';
import { pollStep, settleStep } from './without-worker.js';
import { drainLine } from './start.js';

/** Who acts when it is not a person. */
export const slipway = { issuer: 'slipway', workspace: '', user: 'slipway', name: 'Slipway' } as const;

/**
 * Takes a run as far as it can go without a worker: folds, decides, records, offers. Idempotent, so it may be called
 * at any time, any number of times, by several bots at once. Ends by arming the next wake-up.
 */
export async function advance(engine: Engine, run: string): Promise<void> {
  try {
    await advanceOpen(engine, run);
  } catch (error) {
    if (!(await showStop(engine, run, asSlipwayError(error)))) throw error;
  }
}

/** What passes by itself is tried again by the queue, in silence. */
function passes({ code, retryable }: SlipwayError): boolean {
  const passing = ['internal', 'config-invalid'].includes(code);
  return retryable || passing || code.startsWith('journal-') || code.startsWith('queue-');
}

/**
 * Shows people what keeps a run from going on between its steps (a blob that is missing, a repository that is gone):
 * the run pauses with the reason, and `resume` tries again. False: not a case for people.
 */
async function showStop(engine: Engine, run: string, error: SlipwayError): Promise<boolean> {
  if (passes(error)) return false;
  const reason = clip(`${error.message} ${error.hint}`.trim());
  await engine.runs.update(run, (now) =>
    now === undefined || now.finished !== undefined || now.paused !== undefined
      ? undefined
      : { type: 'run.paused', by: slipway, reason },
  );
  return true;
}

async function advanceOpen(engine: Engine, run: string): Promise<void> {
  for (;;) {
    const state = await engine.runs.load(run);
    if (state === undefined) return;
    const unknown = unknownIn(engine, state);
    if (unknown !== '') return engine.warn(`${run} is left alone: ${unknown}`);
    noteSettling(engine, state);
    if (await superseded(engine, state)) continue;
    if (await decideGates(engine, state)) continue;
    const { actions, due } = decide(withHalt(state, await haltNow(engine)), engine.clock.now());
    if (await offered(engine, run, actions, due)) return;
    const times: (number | undefined)[] = [due];
    let changed = false;
    for (const action of actions) {
      const done = await act(engine, state, action);
      changed ||= done.changed;
      times.push(done.due);
    }
    if (changed) continue;
    if (state.finished !== undefined) await leave(engine, state);
    const next = times.filter((time) => time !== undefined);
    await engine.queue.due(run, next.length === 0 ? undefined : Math.min(...next));
    return;
  }
}

/**
 * The common end of an advance, in one round trip: steps are offered and nothing else is to be done. Whichever of the
 * calls is carried out alone does no harm: the queue only wakes.
 */
async function offered(
  engine: Engine,
  run: string,
  actions: Action[],
  due: number | undefined,
): Promise<boolean> {
  const offers = actions.filter((action) => action.do === 'offer');
  if (offers.length === 0 || offers.length < actions.length) return false;
  // A queue may lose them: look again.
  const again = Math.min(due ?? Infinity, engine.clock.now() + engine.settings.leaseMs);
  await Promise.all([
    ...offers.map(({ step, attempt }) => engine.queue.offer({ run, step, attempt })),
    engine.queue.due(run, again),
  ]);
  return true;
}

interface Acted {
  changed: boolean;
  due?: number;
}

async function act(engine: Engine, state: RunState, action: Action): Promise<Acted> {
  const { run } = state.created;
  const later = (): number => engine.clock.now() + engine.settings.leaseMs;
  switch (action.do) {
    case 'record':
      return { changed: await record(engine, state, action.event) };
    case 'offer':
      await engine.queue.offer({ run, step: action.step, attempt: action.attempt });
      // A queue may lose it: look again.
      return { changed: false, due: later() };
    case 'watch':
      if (!(await engine.leases.held(`${run}_${action.step}`))) {
        await engine.queue.offer({ run, step: action.step, attempt: action.attempt });
      }
      return { changed: false, due: later() };
    case 'poll':
      return pollStep(engine, state, action.step);
    case 'settle':
      return settleStep(engine, state, action.step);
    case 'open-gate':
      return { changed: await openGate(engine, state, action.step) };
    case 'reach':
      await reach(engine, state);
      return { changed: false };
    case 'commit':
      return { changed: await commit(engine, state) };
  }
}

/** Tells the line what the run has reached, and starts what waits behind it: a follow-up that fails holds nobody up. */
async function reach(engine: Engine, state: RunState): Promise<void> {
  const { run, project, target } = state.created;
  const { written } = await engine.lines.update(lineId(project, target), (line) =>
    line?.active?.run === run || (line?.committed === true && line.publish?.run === run)
      ? { type: 'line.reached', run }
      : undefined,
  );
  if (written) await drainLine(engine, project, target);
}

/** Writes an event of the decision, unless the run moved since it was decided. */
async function record(engine: Engine, state: RunState, event: RunEvent): Promise<boolean> {
  await engine.runs.update(state.created.run, (now) => (now?.seq === state.seq ? event : undefined));
  return true;
}

/**
 * Takes the line for a publish run, right before its first public effect. The line's journal decides: if a fixup was
 * faster, the run is superseded. If commit or branch moved since the approval, it ends too.
 */
async function commit(engine: Engine, state: RunState): Promise<boolean> {
  const { run, project, target } = state.created;
  const moved = await hasMoved(engine, state);
  if (moved !== '')
    return record(engine, state, { type: 'run.finished', outcome: 'superseded', reason: moved });
  const { state: line } = await engine.lines.update(lineId(project, target), (now) =>
    now?.publish?.run === run && !now.committed ? { type: 'line.committed', run } : undefined,
  );
  if (line?.publish?.run !== run) {
    if (line?.superseded.includes(run) === true) return true;
    throw new SlipwayError(
      'journal-damaged',
      `The line ${lineId(project, target)} does not know its run ${run}.`,
      { hint: 'Run slipway verify.' },
    );
  }
  return record(engine, state, { type: 'run.committed' });
}

/** Decides gates whose last vote was written right before a crash. True: the state changed. */
async function decideGates(engine: Engine, state: RunState): Promise<boolean> {
  if (state.finished !== undefined) return false;
  for (const gate of Object.values(state.gates)) {
    if (gate.decided !== undefined || gate.votes.length === 0) continue;
    if ((await decideGate(engine, state.created.run, gate.step)).approved) return true;
  }
  return false;
}

/** Ends a publish run that something else on its line has superseded. True: the state changed. */
async function superseded(engine: Engine, state: RunState): Promise<boolean> {
  const { run, project, target, kind } = state.created;
  if (kind !== 'publish' || state.finished !== undefined || state.committed) return false;
  const line = await engine.lines.load(lineId(project, target));
  if (line === undefined || !line.superseded.includes(run)) return false;
  if (state.steps.some(isActive)) {
    if (state.cancelled !== undefined) return false;
    return record(engine, state, { type: 'run.cancelled', by: slipway, boundary: false });
  }
  const by = line.active?.run ?? line.version;
  const asked = Object.values(state.gates).find((gate) => gate.decided === undefined);
  if (asked !== undefined) {
    const { step, seal } = asked;
    return record(engine, state, { type: 'gate.voided', step, seal, changed: `superseded by ${by}` });
  }
  return record(engine, state, { type: 'run.finished', outcome: 'superseded', reason: `by ${by}` });
}

/** Frees the line of a run that is over, starts what waits behind it, and takes it from the index of open runs. */
async function leave(engine: Engine, state: RunState): Promise<void> {
  const { run, project, target } = state.created;
  const id = lineId(project, target);
  const outcome = state.finished?.outcome ?? '';
  const { state: line } = await engine.lines.update(id, (now) =>
    now?.active?.run === run || (now?.publish?.run === run && (!now.committed || !hasEffects(state)))
      ? { type: 'line.ended', run, outcome, effects: hasEffects(state) }
      : undefined,
  );
  try {
    await drainLine(engine, project, target);
  } catch (error) {
    const known = asSlipwayError(error);
    if (!known.retryable)
      throw new SlipwayError('internal', `The queue of ${id} does not move: ${known.message}`, {
        cause: error,
      });
    throw known;
  }
  // Before the run leaves the index, after which nobody comes here again.
  if (line?.ended?.run === run)
    await noteClosed(engine.records, { project, target, at: state.finished?.at ?? state.at });
  const index = openIndex(engine.records);
  if (state.steps.every((step) => step.settleAt === 0)) await index.remove('runs', run);
  // These hardly ever come back. What starts while the entry goes stands in the index of runs, and is found by that.
  const over =
    line?.settled === 'promoted' ||
    line?.settled === 'abandoned' ||
    (line !== undefined && isCommitTarget(target));
  if (over && line.active === undefined && line.queue.length === 0) await index.remove('lines', id);
}
