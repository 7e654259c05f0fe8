import { asSlipwayError } from '../error.js';
import { decide } from '../release/decide.js';
import { withHalt, type Halt } from '../release/halt.js';
import { isActive, type RunState } from '../release/run-state.js';
import { lineId, lineOfRun, partsOfLine } from '../release/run-id.js';
import { settleChannels } from './channel-moves.js';
import type { Engine } from './engine.js';
import { haltNow } from './halt.js';
import { unknownIn } from './known.js';
import { openIndex } from './open-index.js';
import { drainLine, ensureCreated } from './start.js';

/** What a reconciliation found; for the log and the banner. */
export interface Reconciled {
  runs: number;
  /** Steps that somebody had claimed: their outcome is looked up. */
  lookedUp: number;
  /** Runs that are left alone, and why. */
  leftAlone: { run: string; why: string }[];
}

/**
 * Wakes everything that is open: at start and after the queue's server forgot us. It creates runs that a line admitted
 * right before a crash, starts what waits in queues, and wakes every open run, whose claimed steps are then looked up.
 * Nothing is overwritten; a run that cannot be read is left alone and named.
 * `what-could-move` is for in between, for a wake-up that was lost: runs that wait for people, or for a time that stands
 * in the due set, are left asleep, so that a thousand of them cost the queue nothing.
 */
export async function reconcile(
  engine: Engine,
  which: 'everything' | 'what-could-move' = 'everything',
): Promise<Reconciled> {
  const index = openIndex(engine.records);
  const indexed = new Set(await index.list('runs'));
  const leftAlone: Reconciled['leftAlone'] = [];
  const halt = await haltNow(engine);
  let lookedUp = 0;
  for (const id of await index.list('lines')) {
    try {
      const line = await engine.lines.load(id);
      for (const admitted of [line?.active, line?.publish]) {
        if (admitted === undefined) continue;
        const exists = indexed.has(admitted.run) && (await engine.runs.load(admitted.run)) !== undefined;
        if (!exists) await ensureCreated(engine, id, admitted.run);
      }
      const { project, target } = partsOfLine(id);
      if (line !== undefined && line.active === undefined && line.queue.length > 0)
        await drainLine(engine, project, target);
    } catch (error) {
      leftAlone.push({ run: id, why: asSlipwayError(error).message });
    }
  }
  let open = 0;
  for (const run of await index.list('runs')) {
    try {
      const state = await engine.runs.load(run);
      if (state === undefined) {
        await createOrForget(engine, run);
        continue;
      }
      const unknown = unknownIn(engine, state);
      if (unknown !== '') {
        leftAlone.push({
          run,
          why: `${unknown}. Start a Slipway of the version that made it, or a newer one.`,
        });
        continue;
      }
      // One that is over is looked at once more, for twins of what it said.
      if (state.finished === undefined) open += 1;
      lookedUp += state.steps.filter(isActive).length;
      if (which === 'everything' || !(await rests(engine, state, halt))) await engine.queue.wake(run);
    } catch (error) {
      const { message, hint, code } = asSlipwayError(error);
      if (code === 'queue-unreachable') throw error;
      leftAlone.push({ run, why: `${message} ${hint}`.trim() });
    }
  }
  // A pin is a word of people about what is served; while everything is stopped nothing is moved.
  if (which === 'everything' && halt === undefined) {
    for (const { what, why } of await settleChannels(engine)) leftAlone.push({ run: what, why });
  }
  return { runs: open, lookedUp, leftAlone };
}

/** Whether a run goes on only when a person acts or its time in the due set comes. Asks what `advance` would ask. */
async function rests(engine: Engine, state: RunState, halt: Halt | undefined): Promise<boolean> {
  const { run, project, target, kind } = state.created;
  if (state.finished !== undefined) return false;
  if (decide(withHalt(state, halt), engine.clock.now()).actions.length > 0) return false;
  if (Object.values(state.gates).some((gate) => gate.decided === undefined && gate.votes.length > 0))
    return false;
  if (kind !== 'publish') return true;
  return (await engine.lines.load(lineId(project, target)))?.superseded.includes(run) !== true;
}

/**
 * An index entry of a run that has no journal yet. Its line admitted it, and is no longer in the index of lines itself:
 * then it is created. Or the line never did: somebody else was faster, or the process died before.
 */
async function createOrForget(engine: Engine, run: string): Promise<void> {
  const id = lineOfRun(run);
  if (id === '') return;
  const line = await engine.lines.load(id);
  const admitted = [line?.active, line?.publish].some((one) => one?.run === run);
  if (admitted) await ensureCreated(engine, id, run);
  else await openIndex(engine.records).remove('runs', run);
}
