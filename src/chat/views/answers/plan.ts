import { shortSeal } from '../../../release/canonical.js';
import type { Plan } from '../../../release/plan.js';
import { code, goes, line, link, opens, says, type Look } from '../../compose.js';
import { boardMarker } from '../../markers.js';
import type { Button, Line, Message, Piece } from '../../message.js';
import { clip, oneLine, quoted } from '../fit.js';
import { refusalsOf, type DryRun, type Sight } from '../plan.js';
import { inSentence, stepName } from '../step-words.js';
import { answer } from './answer.js';
import { chatLine } from './tongue.js';

/** A plan as one person reads it before he starts it. */
export interface PlanFacts {
  dry: DryRun;
  /** What was said to see it: the same words start it. */
  args: Readonly<Record<string, string>>;
  /** Who asks may start it. */
  mayStart: boolean;
  /** What a start carries, so that exactly this plan is started. */
  read: string;
  /** The room of the project. */
  room: string;
}

/** How many refusals are named; all of them are in all commands. */
const mostRefusals = 2;
/** How long a line of several steps is at most, and one of its own. */
const width = 100;
const longest = 160;

/** `Plan: cut kestrel 0.44.0rc1. Nothing was changed`, what each step does, and the one button that starts exactly it. */
export function planAnswer(facts: PlanFacts): Message {
  const { dry } = facts;
  const { plan, project, operation, target } = dry;
  const refusals = refusalsOf(dry);
  const name = `${operation} ${project} ${plan?.version ?? target}`;
  return answer({
    header: clip(`Plan: ${name}. Nothing was changed`, 60),
    mood: refusals.length > 0 ? 'failed' : 'plain',
    lines: [
      ...lineWords(facts),
      ...(plan === undefined ? [] : packed(dry, refusals.length > 0 ? 4 : 7)),
      ...refusals
        .slice(0, mostRefusals)
        .flatMap(({ message, hint }) => [
          line('Would be refused: ', ...chatLine(oneLine(message)).pieces),
          ...(hint === '' ? [] : [chatLine(oneLine(hint))]),
        ]),
      ...(plan === undefined ? [] : [afterwards(dry, plan)]),
    ],
    small: plan === undefined ? [] : [smallPrint(dry, plan)],
    buttons: buttonsOf(facts, refusals.length > 0),
  });
}

function lineWords({ dry: { line: asked }, room }: PlanFacts): Line[] {
  const board = (run: string): Piece => link(run, { to: 'message', room, marker: boardMarker(run) });
  switch (asked.answer) {
    case 'starts':
      return asked.supersedes === undefined
        ? []
        : [
            line(
              'It supersedes ',
              board(asked.supersedes),
              ', which has published nothing. Its votes are void then.',
            ),
          ];
    case 'queued':
      return [
        line(
          `It waits as number ${asked.position} behind ${asked.behind}, and is planned anew when its turn comes.`,
        ),
      ];
    case 'stops-first':
      return [line(board(asked.run), ' stops at its next step first. It is planned anew then.')];
    case 'show':
      return [line('It is under way already: ', board(asked.run), '. A start shows it.')];
    case 'already':
      return [line('It was done before: ', board(asked.run), '. A start shows it.')];
    case 'refused':
      return [];
  }
}

/** Steps in their order, several in a line where they are short, in `most` lines. */
function packed({ steps }: DryRun, most: number): Line[] {
  const texts = steps.map(({ step, sight }, place) =>
    clip(`${place + 1} ${oneLine(step.sentence)}${sightWords(sight)}`, longest),
  );
  const rows: string[] = [];
  for (const text of texts) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + text.length + 3 <= width)
      rows[rows.length - 1] = `${last} · ${text}`;
    else rows.push(text);
  }
  if (rows.length <= most) return rows.map((row) => line(row));
  const shown = rows.slice(0, most - 1);
  const first = rows[most - 1]?.split(' ')[0] ?? '';
  return [...shown, `Steps ${first} to ${steps.length} are in all commands.`].map((row) => line(row));
}

/** What stands there, in short. */
function sightWords(sight: Sight): string {
  switch (sight.is) {
    case 'same':
      return ', there already';
    case 'skips':
      return `, skips itself: ${quoted(sight.reason, 40)}`;
    case 'waits':
      return `, waits for ${oneLine(sight.for)}`;
    case 'refused':
    case 'taken':
      return ', would be refused';
    case 'replaces':
      return ', warning: replaces what stands there';
    case 'serves':
      return sight.channels
        .map(
          ({ channel, version, pinned }) =>
            `, ${channel} serves ${version || 'nothing'}${pinned ? ' (pinned)' : ''}`,
        )
        .join('');
    case 'asks':
      return `: ${sight.need} of ${sight.people.join(', ') || 'nobody'}`;
    default:
      return '';
  }
}

function afterwards({ steps }: DryRun, plan: Plan): Line {
  const gates = steps.filter(({ step }) => step.gate);
  const inside = plan.steps
    .filter((step) => step.public === 'no' && !step.gate)
    .map(({ id, kind }) => inSentence(stepName({ outline: { id, kind } }, plan)));
  const isAllInside = plan.steps.every((step) => step.public === 'no');
  const open = isAllInside ? 'nothing' : `all${inside.length === 0 ? '' : ` but ${inside.join(', ')}`}`;
  const asked =
    gates.length === 0
      ? 'Nobody is asked.'
      : `${gates.length === 1 ? 'One question is' : `${gates.length} questions are`} asked.`;
  const branch = plan.kind === 'start' || plan.kind === 'none' ? plan.defaultBranch : plan.branch;
  return line(`Public afterwards: ${open}. ${asked} If ${branch} moves, the start stops.`);
}

function smallPrint({ hash, changes }: DryRun, plan: Plan): Line {
  const since = plan.previous === '' ? '' : ` since ${plan.previous}`;
  return line(
    `plan ${shortSeal(hash)} · commit `,
    code(plan.commit.slice(0, 7)),
    changes === undefined ? '' : ` · ${changes} change${changes === 1 ? '' : 's'}${since}`,
  );
}

function buttonsOf({ dry, args, mayStart, read, room }: PlanFacts, isRefused: boolean): Button[] {
  const { line: asked, plan, operation, hash, confirm, project } = dry;
  const all = says('all', 'All commands', { verb: 'plan', args: { ...args, 'from-line': '0' } });
  if (asked.answer === 'show' || asked.answer === 'already')
    return [goes('board', 'Open the board', { to: 'message', room, marker: boardMarker(asked.run) })];
  if (plan === undefined) return [];
  if (isRefused || !mayStart) return [all];
  const say = { verb: 'release', args: { ...args, plan: read } };
  const label = clip(`Start the ${operation}`, 23);
  const look: Look = {
    style: 'primary',
    about: `${label} of ${project} ${plan.version}, plan ${shortSeal(hash)}`,
  };
  const start =
    confirm.length === 0
      ? says('start', label, say, look)
      : opens(
          'start',
          `${label}…`,
          {
            title: label,
            about: [line(`A second person of ${confirm.join(' or ')} must agree.`)],
            fields: [
              {
                is: 'text',
                name: 'second',
                label: 'Second person',
                hint: '',
                required: true,
                value: '',
                long: false,
              },
            ],
            submit: label,
            close: 'Not now',
            say,
          },
          look,
        );
  return [start, all];
}
