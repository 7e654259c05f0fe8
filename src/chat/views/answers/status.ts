import type { LineState } from '../../../release/line-state.js';
import { lineName } from '../../../release/line-state.js';
import type { Halt } from '../../../release/halt.js';
import type { Pin } from '../../../release/project-state.js';
import type { Tally } from '../../../release/votes.js';
import { isActive, type RunState } from '../../../release/run-state.js';
import { bold, command, line, link, marked, says, time, type Words } from '../../compose.js';
import { boardMarker } from '../../markers.js';
import type { Line, MarkName, Message } from '../../message.js';
import { clip, oneLine, quoted } from '../fit.js';
import { isStopped, whyLeft } from '../line.js';
import { nameOf, span } from '../marks.js';
import { names } from '../people.js';
import { stoppedWayOn } from '../refusal.js';
import { isStuck, openGate, placeOf } from '../run-words.js';
import { answer } from './answer.js';
import { chatLine } from './tongue.js';

/** What is open, as far as who asks may know of it. Times in ms. */
export interface StatusFacts {
  /** Open runs, each with the room of its board, and how the votes on its open question stand by the policy of now. */
  runs: readonly { state: RunState; room: string; tally: Tally | undefined }[];
  /** Release lines that are open. */
  lines: readonly { project: string; target: string; state: LineState }[];
  /** Runs that cannot be read, in words. */
  unreadable: readonly string[];
  channels: readonly {
    project: string;
    channel: string;
    serves: string;
    pin: Pin | undefined;
    problem: string;
  }[];
  /** Freezes that hold now, in words: `🔒 kestrel · frozen until Mon 09:00 …`. */
  frozen: readonly string[];
  halt: Halt | undefined;
  now: number;
  /** Who asks may start something. */
  mayStart: boolean;
}

/** How many releases are shown. */
const mostRows = 9;

interface Row {
  rank: number;
  line: Line;
}

/** `3 releases open, 1 failed`: what needs a person first; names lead to boards. */
export function statusAnswer(facts: StatusFacts): Message {
  const { runs, lines, halt, unreadable, frozen, mayStart } = facts;
  const busy = new Set(runs.map(({ state }) => `${state.created.project} ${state.created.target}`));
  const rows = [
    ...unreadable.map((one): Row => ({ rank: 0, line: chatLine(one) })),
    ...runs.map((run) => runRow(run, facts)),
    ...lines
      .filter(({ project, target }) => !busy.has(`${project} ${target}`))
      .map(({ project, target, state }): Row => ({ rank: 4, line: lineRow(project, target, state) })),
  ].toSorted((a, b) => a.rank - b.rank);
  const left = lines.flatMap(({ project, target, state }) => leftRow(project, target, state));
  const failed = runs.filter(({ state }) => isFailed(state)).length;
  const open = rows.length - unreadable.length;
  return answer({
    header: `${open === 0 ? 'No' : open} release${open === 1 ? '' : 's'} open${failed === 0 ? '' : `, ${failed} failed`}`,
    mood: failed > 0 ? 'failed' : 'plain',
    lines: [
      ...(halt === undefined ? [] : [haltRow(halt)]),
      ...frozen.map((one) => chatLine(one)),
      ...rows.slice(0, mostRows).map((row) => row.line),
      ...(rows.length > mostRows ? [line(`And ${rows.length - mostRows} more.`)] : []),
      ...left.slice(0, Math.max(0, mostRows - rows.length)),
    ],
    small: smallPrint(facts),
    buttons: mayStart ? [says('start', 'Start a release…', { verb: 'release', args: {} })] : [],
  });
}

function isFailed({ steps }: RunState): boolean {
  return steps.some((step) => isStuck(step) || step.status === 'unknown');
}

function runRow({ state, room, tally }: StatusFacts['runs'][number], { halt, now }: StatusFacts): Row {
  const { project, version, run } = state.created;
  const name =
    room === ''
      ? bold(`${project} ${version}`)
      : link(`${project} ${version}`, { to: 'message', room, marker: boardMarker(run) });
  const { rank, mark, words } = standing(state, tally, halt, now);
  return { rank, line: marked(mark, name, ' · ', ...words) };
}

function standing(
  state: RunState,
  tally: Tally | undefined,
  halt: Halt | undefined,
  now: number,
): { rank: number; mark: MarkName; words: Words[] } {
  const { step, words: place } = placeOf(state);
  if (isFailed(state)) {
    const at = step === undefined || step.endedAt === 0 ? [] : [', ', time(step.endedAt)];
    const word = step?.status === 'unknown' ? 'failed: outcome unknown' : 'failed';
    return { rank: 0, mark: 'failed', words: [`${word} at ${nameOf(step?.outline.id ?? '')}`, ...at] };
  }
  const gate = openGate(state);
  if (gate !== undefined) {
    const left = gate.expiresAt > now ? `, ${span(gate.expiresAt - now)} left` : '';
    const { counted, need, holding } = tally ?? { counted: gate.votes, need: gate.need, holding: [] };
    const held = holding.length === 0 ? '' : `, held by ${names(holding.map(({ name }) => name))}`;
    return {
      rank: 1,
      mark: 'waiting',
      words: [`waiting, ${gateName(gate.step)} ${counted.length} of ${need}${held}${left}`],
    };
  }
  if (state.paused !== undefined)
    return {
      rank: 2,
      mark: 'paused',
      words: [`paused by ${clip(oneLine(state.paused.by.name), 40)}: ${quoted(state.paused.reason)}`],
    };
  if (halt !== undefined && !state.steps.some(isActive))
    return { rank: 2, mark: 'paused', words: [`paused with everything, ${place}`] };
  if (step?.status === 'waiting')
    return { rank: 3, mark: 'waiting', words: [`waiting for ${clip(oneLine(step.waiting?.for ?? ''), 60)}`] };
  return { rank: 3, mark: 'running', words: [`running ${clip(state.created.operation, 30)}, ${place}`] };
}

/** `approval`: what people call the gate whose author gave it no name. */
function gateName(step: string): string {
  return step === 'approve' ? 'approval' : nameOf(step).toLowerCase();
}

function lineRow(project: string, target: string, state: LineState): Line {
  if (isStopped(state)) {
    const next = chatLine(`: its first run stopped. Next: ${stoppedWayOn(target, state)}`);
    return marked('warning', bold(`${project} ${target}`), ' · warning', ...next.pieces);
  }
  const newest = state.candidate > 0 ? `, newest ${state.version}` : '';
  const waiting = state.queue.length === 0 ? '' : `, ${state.queue.length} in the queue`;
  return line(bold(`${project} ${target}`), ` · ${lineName(state).replaceAll('-', ' ')}${newest}${waiting}`);
}

/** What was asked for, waited in a queue and was not started: who asked was told that it starts by itself. */
function leftRow(project: string, target: string, state: LineState): Line[] {
  const { left } = state;
  if (left === undefined) return [];
  const why = oneLine(whyLeft(project, target, state, left.why));
  return [
    marked(
      'warning',
      `${left.operation} of ${project} ${target} · warning: asked by ${clip(oneLine(left.by.name), 40)}, not started `,
      time(left.at),
      `: ${clip(why, 200)}`,
    ),
  ];
}

function haltRow({ by, reason }: Halt): Line {
  return marked(
    'paused',
    `Everything · paused by ${clip(oneLine(by.name), 40)}: ${quoted(reason)}. Next: `,
    command('resume-everything'),
  );
}

/** What channels serve, and what is frozen. */
function smallPrint({ channels, frozen }: StatusFacts): Line[] {
  const names = [...new Set(channels.map(({ channel }) => channel))];
  const served = names.map((name) => {
    const all = channels.filter(({ channel }) => channel === name);
    return `${name}: ${all.map(servedWords).join(', ')}`;
  });
  return [
    ...(served.length === 0 ? [] : [line(served.join(' · '))]),
    ...(frozen.length === 0 ? [line('freeze: none')] : []),
  ];
}

function servedWords({ project, serves, pin, problem }: StatusFacts['channels'][number]): string {
  if (problem !== '') return `${project} cannot be read`;
  return `${project} ${serves || 'nothing yet'}${pin === undefined ? '' : ' (pinned)'}`;
}
