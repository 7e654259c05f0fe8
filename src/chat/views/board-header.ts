import { lineName } from '../../release/line-state.js';
import type { RunState } from '../../release/run-state.js';
import type { Mood } from '../message.js';
import { headline } from './fit.js';
import { listed } from './people.js';
import { isReleased } from './public-words.js';
import type { RunFacts } from './run-facts.js';
import { doingOf, nameOfRun, openGate, placeOf, shortVersion, standingOf } from './run-words.js';
import { movesOf, stepName } from './step-words.js';

/** What the board says at a glance. */
interface Head {
  header: string;
  mood: Mood;
}

/** `kestrel 0.44.0rc1: cutting, step 4 of 8`: project, version, state, who is awaited. */
export function boardHead(facts: RunFacts): Head {
  const { state } = facts;
  const { words, mood } = state.finished === undefined ? openState(facts) : overState(facts);
  return { header: headline(nameOfRun(state), words), mood };
}

interface Said {
  words: string;
  mood: Mood;
}

function openState(facts: RunFacts): Said {
  const { state, plan } = facts;
  const { doing } = doingOf(state);
  const place = placeOf(state);
  const name = place.step === undefined ? '' : stepName(place.step, plan);
  switch (standingOf(facts)) {
    case 'cancelled':
      return { words: `${doing}, being cancelled`, mood: 'running' };
    case 'failed':
      return { words: `failed at ${place.words}, ${name}`, mood: 'failed' };
    case 'unknown':
      return { words: `${doing}, one answer needed`, mood: 'people' };
    case 'asking':
      return { words: `${doing}, ${askingWords(facts)}`, mood: 'people' };
    case 'paused':
      return { words: `${doing}, paused at ${place.words}`, mood: 'people' };
    case 'held':
      return { words: `${doing}, held at ${place.words}`, mood: 'over' };
    default:
      return { words: `${doing}, ${place.words}`, mood: 'running' };
  }
}

function askingWords({ state, questions }: RunFacts): string {
  const gate = openGate(state);
  const asked = questions.find((one) => one.gate.seal === gate?.seal);
  if (asked === undefined) return `approval ${gate?.votes.length ?? 0} of ${gate?.need ?? 0}`;
  const { counted, need, holding } = asked.tally;
  return `approval ${counted.length} of ${need}${holding.length === 0 ? '' : ', held'}`;
}

function overState(facts: RunFacts): Said {
  const { state } = facts;
  const { noun } = doingOf(state);
  const last = (type: 'rejected' | 'expired'): string =>
    Object.values(state.gates).find(({ decided }) => decided?.outcome === type)?.decided?.by[0]?.name ?? '';
  switch (state.finished?.outcome) {
    case 'cancelled':
      return { words: `${noun} cancelled${by(state.cancelled?.by.name ?? '')}`, mood: 'over' };
    case 'superseded':
      return { words: `${noun} superseded`, mood: 'over' };
    case 'rejected':
      return { words: `${noun} rejected${by(last('rejected'))}`, mood: 'over' };
    case 'expired':
      return { words: `${noun} expired, nobody decided in time`, mood: 'over' };
    default:
      return doneState(facts);
  }
}

const by = (name: string): string => (name === '' ? '' : ` by ${name}`);

function doneState(facts: RunFacts): Said {
  const { state } = facts;
  switch (state.created.kind) {
    case 'publish':
      return { words: `released${toWhom(facts)}`, mood: 'done' };
    case 'start':
    case 'change':
      return readyState(facts);
    case 'hotfix':
      return facts.line === undefined || facts.line.settled === 'open-without-candidate'
        ? { words: 'opened, no candidate yet', mood: 'done' }
        : { words: 'opened', mood: 'over' };
    case 'end':
      return { words: 'abandoned', mood: 'over' };
    default:
      return { words: `${state.created.operation} done`, mood: 'done' };
  }
}

/** What became of a candidate: it is ready until the line has gone on. */
function readyState(facts: RunFacts): Said {
  const { state, line } = facts;
  const { version, target } = state.created;
  const name = lineName(line);
  if (line === undefined || line.version === version || line.version === '')
    return name === 'abandoned'
      ? { words: 'ready, then abandoned', mood: 'over' }
      : { words: `ready${onWhat(facts)}`, mood: 'done' };
  return name === 'promoted'
    ? { words: `ready, then ${line.version} was released`, mood: 'over' }
    : { words: `ready, then replaced by ${shortVersion(line.version, target)}`, mood: 'over' };
}

/** The channels that serve this version, as the run read them back. */
export function readBack({ state, plan }: Pick<RunFacts, 'state' | 'plan'>): string[] {
  return state.steps.flatMap((step) => {
    const moves = step.status === 'done' ? movesOf(plan, step.outline.id) : [];
    const { version, commit, kind } = state.created;
    // Outside of all lines many builds have one version: there a channel says of which commit it is.
    const what = kind === 'none' ? `${version} at ${commit.slice(0, 7)}` : version;
    const all = moves.map((channel) => `${channel} serves ${what}`);
    // One that is pinned, or has something newer, serves another version: then the step says so in its own words.
    return moves.length > 0 && step.proof === all.join(', ') ? moves : [];
  });
}

function toWhom(facts: RunFacts): string {
  const to = readBack(facts).filter((channel) => isReleased(facts.plan, channel));
  return to.length === 0 ? '' : ` to ${listed(to)}`;
}

function onWhat(facts: RunFacts): string {
  const on = readBack(facts);
  return on.length === 0 ? '' : ` on ${listed(on)}`;
}

/** Whether a channel was left where it was, so that nobody reads of a release what a channel does not serve. */
export function isLeft(facts: Pick<RunFacts, 'state' | 'plan'>, step: RunState['steps'][number]): boolean {
  const moves = movesOf(facts.plan, step.outline.id);
  return step.status === 'done' && moves.length > 0 && !moves.every((one) => readBack(facts).includes(one));
}
