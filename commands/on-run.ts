import { authorize, type Act } from '../src/app/authorize.js';
import { projectOf } from '../src/app/policies.js';
import type { Reply, VerbContext } from '../src/app/verb.js';
import { heldBack } from '../src/chat/views/halt.js';
import { publicNamed } from '../src/chat/views/public-words.js';
import { stepName } from '../src/chat/views/step-words.js';
import { publicity } from '../src/chat/views/stopped.js';
import { butHeld } from '../src/chat/views/receipts.js';
import { planOf } from '../src/engine/frozen-plan.js';
import { haltNow } from '../src/engine/halt.js';
import { openIndex } from '../src/engine/open-index.js';
import { SlipwayError } from '../src/error.js';
import type { Actor } from '../src/release/actor.js';
import { stepOf, type RunState } from '../src/release/run-state.js';

/** The run that is meant: the named one, else the only open one. */
export async function runOf({ opened }: VerbContext, run: string | undefined): Promise<RunState> {
  const id = run === undefined ? await onlyOpen(opened) : runNamed(run);
  const state = await opened.engine.runs.load(id);
  if (state !== undefined) return state;
  throw new SlipwayError('not-found', `There is no run "${id}".`, {
    hint: 'Nothing was changed. slipway status lists what is open.',
  });
}

/** A name that a run can have; whatever else was typed is no path in the journal. @throws SlipwayError not-found */
export function runNamed(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(text)) return text;
  throw new SlipwayError('not-found', `There is no run ${JSON.stringify(text.slice(0, 80))}.`, {
    hint: 'Nothing was changed. slipway status lists what is open.',
  });
}

async function onlyOpen({ records, engine }: VerbContext['opened']): Promise<string> {
  const open: string[] = [];
  // The index also has runs that are over and look once more for twins of their messages.
  for (const run of await openIndex(records).list('runs')) {
    const { state, problem } = await engine.runs.beginning(run);
    if (problem !== undefined || (state !== undefined && state.finished === undefined)) open.push(run);
  }
  const [only] = open;
  if (only === undefined)
    throw new SlipwayError('not-found', 'No run is open.', { hint: 'Nothing was changed.' });
  if (open.length > 1)
    throw new SlipwayError('command-invalid', `Several runs are open: ${open.join(', ')}.`, {
      hint: 'Nothing was changed. Name one.',
    });
  return only;
}

/** Who acts on a run, if he may; with the name that slipway.yaml gives him. */
export async function actorOn({ opened, by }: VerbContext, state: RunState, act: Act): Promise<Actor> {
  if (by === undefined)
    throw new SlipwayError('not-allowed', 'Nobody is named who asks.', {
      hint: 'Nothing was changed. Add --as <person>.',
    });
  const installation = await opened.installation();
  const person = authorize(installation, projectOf(installation, state.created.project), by, act);
  return { ...by, name: person.name };
}

/** What is public of a run by now: steps by the names of the board in a room, by those that commands take elsewhere. */
export async function publicNow({ opened, place }: VerbContext, state: RunState): Promise<string[]> {
  if (place === undefined) return publicity(state);
  return [publicNamed(state, await planOf(opened.engine, state.created.plan))];
}

/** A step as whoever asked reads it: in a room as the board calls it, elsewhere by the name that commands take. */
export async function calledStep(
  { opened, place }: VerbContext,
  state: RunState,
  id: string,
): Promise<string> {
  const step = stepOf(state, id);
  if (place === undefined || step === undefined) return id;
  return stepName(step, await planOf(opened.engine, state.created.plan));
}

/** A short answer about a run. */
export function said(line: string, run: string): Reply {
  return { lines: [line], data: { run }, exit: 0 };
}

/** An answer after which a run goes on, or would if everything were not stopped: then there is nothing to follow. */
export async function goesOn(
  { opened }: VerbContext,
  run: string,
  lines: string[],
  data: Reply['data'] = { run },
): Promise<Reply> {
  const halt = await haltNow(opened.engine);
  if (halt === undefined) return { lines, data, exit: 0, follow: run };
  return { lines: [...lines, butHeld(heldBack(halt))], data, exit: 0 };
}
