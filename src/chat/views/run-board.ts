import { shortSeal } from '../../release/canonical.js';
import { isOver } from '../../release/run-state.js';
import { command, line, lines, link, small, time, type Words } from '../compose.js';
import type { Line, Message } from '../message.js';
import { boardButtons } from './board-buttons.js';
import { boardHead } from './board-header.js';
import { doneLines } from './done-lines.js';
import { oneLine, quoted } from './fit.js';
import { who } from './people.js';
import { publicLine, serves } from './public-words.js';
import type { RunFacts } from './run-facts.js';
import { doingOf, standingOf } from './run-words.js';
import { stated, told } from './sentences.js';
import { stepLines } from './step-lines.js';
import { successor, supersededBy } from './superseded-by.js';

/** A message has at most so many lines, header and small print included, and a board at most so many of steps. */
const mostLines = 16;
const mostSteps = 12;

/** The board of a run: the one message that is edited until the run is over. It mentions nobody. */
export function runBoard(facts: RunFacts): Message {
  const { header, mood } = boardHead(facts);
  const print = smallPrint(facts);
  const beside = besideLines(facts);
  const isDone = facts.state.finished?.outcome === 'done';
  const left = Math.min(mostSteps, mostLines - 1 - print.length - beside.length);
  const steps = isDone ? doneLines(facts, left) : stepLines(facts, left);
  return told({
    header,
    mood,
    blocks: [lines(...steps, ...beside), small(...print)],
    buttons: boardButtons(facts),
  });
}

/** What holds for the whole run: why it ended, exceptions, who stopped it, channels that nothing moves. */
function besideLines(facts: RunFacts): Line[] {
  const { state } = facts;
  const { because } = state.created;
  return [
    ...endLines(facts),
    ...(because === undefined ? [] : [stated('warning', 'An exception', [`: ${oneLine(because)}`])]),
    ...stoppedLines(facts),
    ...pinLines(facts),
  ];
}

/** Of a run that ended before its last step: why, what is public, and what users get. */
function endLines(facts: RunFacts): Line[] {
  const { finished, created, gates } = facts.state;
  if (finished === undefined || finished.outcome === 'done') return [];
  const rejected = Object.values(gates).find(({ decided }) => decided?.outcome === 'rejected')?.decided;
  const by = supersededBy(finished.reason);
  const what =
    by === undefined ? `: ${oneLine(finished.reason)}` : ` by ${successor(facts.line, by, facts.state)}`;
  const why: Words[] =
    finished.outcome === 'rejected' && rejected !== undefined
      ? [`${quoted(rejected.reason, 100)} `, time(rejected.at), '.']
      : finished.outcome === 'superseded'
        ? [`Superseded${what}, `, time(finished.at), '.']
        : ['Over since ', time(finished.at), '.'];
  const goesOn = created.kind === 'start' && facts.isNewest && finished.outcome === 'cancelled';
  const next: Words[] = goesOn ? [' ', command('release', created.operation), ' goes on with it.'] : [];
  const { pieces } = publicLine(facts);
  return [line(...why), line(...pieces, ...next), ...servesLine(facts)];
}

/** What users get now; of a run that something newer has followed it says nothing any more. */
function servesLine(facts: RunFacts): Line[] {
  const words = facts.isNewest ? serves(facts) : '';
  return words === '' ? [] : [line(words)];
}

function stoppedLines(facts: RunFacts): Line[] {
  const { state, halt, people } = facts;
  if (state.finished !== undefined) return [];
  const { paused } = state;
  const own: Line[] =
    paused === undefined
      ? []
      : [
          stated('paused', `This ${doingOf(state).noun}`, [
            ' by ',
            who(people, paused.by),
            `: ${quoted(paused.reason)}`,
          ]),
        ];
  if (halt === undefined) return own;
  const running = standingOf(facts) === 'held' ? '' : '. What runs ends by itself';
  return [
    ...own,
    stated('paused', 'Everything', [
      ' by ',
      who(people, halt.by),
      ' ',
      time(halt.at),
      `: ${quoted(halt.reason, 40)}${running}`,
    ]),
  ];
}

/** How many pinned channels are named. */
const mostPins = 2;

function pinLines({ state, channels, people }: RunFacts): Line[] {
  if (state.finished !== undefined) return [];
  const pinned = channels.flatMap(({ channel, pin }) => (pin === undefined ? [] : [{ channel, pin }]));
  const more = pinned.length - mostPins;
  return [
    ...pinned
      .slice(0, mostPins)
      .map(({ channel, pin: { version, by, reason } }) =>
        stated(
          'locked',
          `${state.created.project} ${channel}`,
          [` to ${version} by `, who(people, by), `: ${quoted(reason, 40)}`],
          'pinned',
        ),
      ),
    ...(more > 0 ? [stated('locked', `${more} more channels`, [], 'pinned')] : []),
  ];
}

function smallPrint({ state, people, changes, wentOnAt }: RunFacts): Line[] {
  const { by, plan, run } = state.created;
  const counted = changes === undefined ? '' : ` · ${changes} change${changes === 1 ? '' : 's'}`;
  return [
    line(
      'Asked by ',
      who(people, by),
      ' ',
      time(state.createdAt),
      `${counted} · `,
      link(`plan ${shortSeal(plan)}`, { to: 'run', run }),
    ),
    ...(wentOnAt === undefined || state.steps.every(isOver)
      ? []
      : [line('Went on after a restart ', time(wentOnAt))]),
  ];
}
