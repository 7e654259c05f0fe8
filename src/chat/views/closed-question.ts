import { shortSeal } from '../../release/canonical.js';
import { lineName } from '../../release/line-state.js';
import { publicSoFar } from '../../release/point-of-no-return.js';
import type { GateState, RunState } from '../../release/run-state.js';
import { goes, line, lines, time, type Words } from '../compose.js';
import { boardMarker, questionMarker } from '../markers.js';
import type { Button, Line, Message, Mood } from '../message.js';
import { clip, headline, oneLine, quoted } from './fit.js';
import { abandonButton, isOpenLine, nextCandidate } from './next-buttons.js';
import { names } from './people.js';
import { publicLine, serves } from './public-words.js';
import type { QuestionFacts, RunFacts } from './run-facts.js';
import { doingOf, nameOfRun, shortVersion } from './run-words.js';
import { stated, told } from './sentences.js';
import { startButton } from './start-button.js';
import { instead, successor, supersededBy } from './superseded-by.js';

/** What a closed question says: two lines, and what can be done next. */
interface Closed {
  state: string;
  mood: Mood;
  lines: Line[];
  buttons?: Button[];
}

/** A question that is decided, expired or void, or whose run ended: it shrinks, and nothing can be voted on any more. */
export function closedQuestion(facts: RunFacts, question: QuestionFacts): Message {
  const { state, mood, lines: all, buttons = [] } = closed(facts, question);
  return told({ header: headline(nameOfRun(facts.state), state), mood, blocks: [lines(...all)], buttons });
}

function closed(facts: RunFacts, { gate, tally, sealed, changed }: QuestionFacts): Closed {
  const { state } = facts;
  const { noun } = doingOf(state);
  switch (gate.decided?.outcome) {
    case 'approved':
      return {
        state: `approved by ${names(
          gate.decided.by.map(({ name }) => name),
          2,
        )}`,
        mood: 'done',
        lines: [line(`Seal ${shortSeal(gate.seal)}, `, time(gate.decided.at), `. The ${noun} went on.`)],
      };
    case 'rejected':
      return rejected(facts, gate.decided);
    case 'expired':
      return expired(facts, gate.decided.at, `${tally.counted.length} of ${tally.need}`);
  }
  if (state.cancelled !== undefined || state.finished?.outcome === 'cancelled')
    return {
      state: `${noun} cancelled by ${state.cancelled?.by.name ?? 'somebody'}`,
      mood: 'over',
      lines: [line(`Seal ${shortSeal(gate.seal)} is not asked any more. `, ...nothingShipped(state, facts))],
    };
  return voided(facts, gate, sealed.commit, changed);
}

/** `Nothing shipped.`, or what is public all the same. */
function nothingShipped(state: RunState, facts: RunFacts): Words[] {
  return publicSoFar(state).made.length === 0 ? ['Nothing shipped.'] : publicLine(facts).pieces;
}

/** What users get now, while nothing newer has happened. */
function servedNow(facts: RunFacts): string {
  const words = facts.isNewest ? serves(facts) : '';
  return words === '' ? '' : ` ${words}`;
}

function rejected(facts: RunFacts, { by, reason, at }: NonNullable<GateState['decided']>): Closed {
  const { state, operations, line: own } = facts;
  const isOpen = facts.isNewest && isOpenLine(own);
  const next = nextCandidate(own, state.created.target);
  const ways = [
    ...(operations.change === undefined
      ? []
      : [`merge a fix and make ${next === '' ? 'a candidate' : next}`]),
    ...(operations.end === undefined ? [] : ['abandon']),
  ];
  return {
    state: `${doingOf(state).noun} rejected by ${by[0]?.name ?? 'somebody'}`,
    mood: 'failed',
    lines: [
      line(`${quoted(reason, 100)} `, time(at), '.'),
      line(
        ...nothingShipped(state, facts),
        servedNow(facts),
        isOpen && ways.length > 0 ? ` Next: ${ways.join(', or ')}.` : '',
      ),
    ],
    buttons: isOpen ? abandonButton(facts) : [],
  };
}

function expired(facts: RunFacts, at: number, count: string): Closed {
  const { state, operations, isNewest, line: own } = facts;
  const { project, target, kind, operation } = state.created;
  const canAsk = isNewest && (kind !== 'publish' || isOpenLine(own)) && operations[kind] !== undefined;
  return {
    state: `approval expired with ${count}`,
    mood: 'over',
    lines: [
      line('Expired ', time(at), ` with ${count}. `, ...nothingShipped(state, facts), servedNow(facts)),
    ],
    buttons: canAsk
      ? [
          startButton(facts, {
            id: 'ask-again',
            label: 'Ask again',
            about: clip(`Ask again for the approval of ${project} ${target}`, 75),
            operation,
            version: target,
          }),
        ]
      : [],
  };
}

/** What a question fell with: what came instead, or what changed in the run, which then asks anew. */
function voided(facts: RunFacts, gate: GateState, commit: string, changed: string): Closed {
  const { state, questions, line: own } = facts;
  const { target } = state.created;
  const { noun } = doingOf(state);
  const anew = questions.find(
    (one) => one.gate.decided === undefined && one.changed === '' && one.gate.seal !== gate.seal,
  );
  const isOver = state.finished !== undefined || changed.startsWith('superseded');
  const by = supersededBy(changed);
  const after = instead(own, by);
  const why = after === '' ? shortReason(facts, changed) : `${shortVersion(after, target)} comes first`;
  const what = by === undefined ? oneLine(changed) : `${successor(own, by, state)} came first`;
  const voters = names(
    gate.votes.map(({ by }) => by.name),
    3,
  );
  const fell =
    gate.votes.length === 0
      ? []
      : [stated('void', `${gate.votes.length === 1 ? 'Vote' : 'Votes'} of ${voters}`)];
  const asked = `Seal ${shortSeal(gate.seal)} was about commit ${commit.slice(0, 7)}.`;
  const end = isOver ? ` This ${noun} is over.` : '';
  return {
    state: `approval void, ${why}`,
    mood: 'failed',
    lines: [
      ...fell,
      line(`${asked} `, ...nothingShipped(state, facts), end),
      ...(after === '' && !why.includes(what) && what !== ''
        ? [line(`What changed: ${what}.${by === undefined && isOver ? nextWords(facts) : ''}`)]
        : []),
    ],
    buttons: isOver ? nextBoard(facts, by, after) : anew === undefined ? [] : [newQuestion(facts, anew.gate)],
  };
}

/** What brings a release on whose branch has moved while it was asked. */
function nextWords({ state, line: own, operations, isNewest }: RunFacts): string {
  if (!isNewest || !isOpenLine(own) || operations.change === undefined) return '';
  const next = nextCandidate(own, state.created.target);
  return ` Next: make ${next === '' ? 'a candidate' : next} of what is there now, then promote it.`;
}

/** Why a question is void, as a header has room for it. */
function shortReason({ state, line: own }: RunFacts, changed: string): string {
  if (supersededBy(changed) !== undefined)
    return lineName(own) === 'abandoned' ? `${state.created.target} is given up` : 'the line has gone on';
  return /^branch \S+ moved /.test(changed) ? 'the branch moved' : clip(oneLine(changed), 40);
}

/** Where the run asks now. */
function newQuestion({ state, room }: RunFacts, { step, seal }: GateState): Button {
  const marker = questionMarker(state.created.run, step, seal);
  return goes('new-question', `Open seal ${shortSeal(seal)}`, { to: 'message', room, marker });
}

/**
 * The board of what came instead. It offers the promotion as long as that can be done: a button here would stand long
 * after.
 */
function nextBoard({ state, room }: RunFacts, by: string | undefined, after: string): Button[] {
  if (by === undefined) return [];
  const what = after === '' ? 'the board' : shortVersion(after, state.created.target);
  return [goes('next-board', clip(`Open ${what}`, 24), { to: 'message', room, marker: boardMarker(by) })];
}
