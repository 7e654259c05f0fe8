import { shortDigest, type Sealed } from '../../release/canonical.js';
import type { StepState } from '../../release/run-state.js';
import type { Tally } from '../../release/votes.js';
import { bold, code, line, moment, time, type Words } from '../compose.js';
import type { Line } from '../message.js';
import { clip, oneLine, quoted } from './fit.js';
import { given } from './marks.js';
import { askAll, listed, names, personOf, who } from './people.js';
import type { QuestionFacts, RunFacts } from './run-facts.js';
import { doingOf, shortVersion } from './run-words.js';
import { stated } from './sentences.js';
import { skippedLine } from './step-lines.js';
import { stepName } from './step-words.js';
import { builtFiles, shippedCommit } from './what-ships.js';

/** How many files, and how many skipped steps, have a line of their own. */
const mostFiles = 2;
const mostSkips = 2;

/** What ships: the version, its bytes, where it differs from what was tested, what moves, what was left out. */
export function shipLines(facts: RunFacts, question: QuestionFacts): Line[] {
  const { state } = facts;
  const { sealed, changes, moves } = question;
  const from = testedOf(facts, sealed);
  return [
    line(
      bold('Ships'),
      ` ${state.created.version}, built from ${from}, commit `,
      code(shippedCommit(sealed).slice(0, 7)),
    ),
    ...fileLines(sealed),
    line(`Differs from ${from} in ${differences(sealed)}.`),
    ...(moves.length === 0 ? [] : [line(names(moves.map(moveWords), 3))]),
    ...(changes === undefined ? [] : [changesLine(changes, facts)]),
    ...checksLine(facts, question),
    ...skipLines(facts, question),
  ];
}

/** What people have tried: the candidate, by its short name, or the commit that the run began at. */
function testedOf({ state, line: own }: RunFacts, { commit }: Sealed): string {
  const { target, version, kind } = state.created;
  const isKnown = kind === 'publish' && own !== undefined && own.candidate > 0 && own.version !== version;
  return isKnown ? shortVersion(own.version, target) : `commit ${commit.slice(0, 7)}`;
}

function fileLines(sealed: Sealed): Line[] {
  const files = builtFiles(sealed);
  const more = files.slice(mostFiles);
  return [
    ...files
      .slice(0, mostFiles)
      .map(({ name, sha256, size }) =>
        line(code(clip(oneLine(name), 60)), ' ', code(shortDigest(sha256)), `, ${sizeWords(size)}`),
      ),
    ...(more.length === 0
      ? []
      : [line(`${more.length} more file${more.length === 1 ? '' : 's'}, under What ships`)]),
  ];
}

/** `880 B`, `48.2 MiB` */
function sizeWords(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const place = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const size = bytes / 1024 ** place;
  return `${place === 0 ? size : size.toFixed(1)} ${units[place] ?? ''}`;
}

function differences({ differs }: Sealed): string {
  if (differs.length === 0) return 'nothing';
  return `${names(differs.map(oneLine), 3)} only`;
}

function moveWords({ channel, from, to }: QuestionFacts['moves'][number]): string {
  return `${channel} ${oneLine(from) || 'nothing'} → ${oneLine(to)}`;
}

function changesLine({ all, breaking }: NonNullable<QuestionFacts['changes']>, { plan }: RunFacts): Line {
  const since = plan.previous === '' ? '' : ` since ${plan.previous}`;
  return line(bold('Changes'), ` ${all}${since}${breaking === 0 ? '' : `, ${breaking} breaking`}`);
}

/** Kinds of steps that only look whether something is right. */
const checking = new Set(['checks', 'issues', 'require', 'file-has', 'checklist', 'verify']);

function stepsBefore({ state }: RunFacts, { gate }: QuestionFacts): StepState[] {
  const place = state.steps.findIndex(({ outline }) => outline.id === gate.step);
  return state.steps.slice(0, Math.max(0, place));
}

function checksLine(facts: RunFacts, question: QuestionFacts): Line[] {
  const checks = stepsBefore(facts, question).filter(({ outline }) => checking.has(outline.kind));
  const passed = checks.filter(({ status }) => status === 'done');
  return checks.length === 0 ? [] : [line(bold('Checks'), ` ${passed.length} of ${checks.length} passed`)];
}

function skipLines(facts: RunFacts, question: QuestionFacts): Line[] {
  const skipped = stepsBefore(facts, question).filter(({ skip }) => skip !== undefined);
  const shown = skipped.length > mostSkips + 1 ? skipped.slice(0, mostSkips) : skipped;
  const more = skipped.slice(shown.length);
  return [
    ...shown.map((step) => skippedLine(facts, step)),
    ...(more.length === 0
      ? []
      : [
          stated('skipped', `${more.length} more steps`, [
            `: ${names(
              more.map((step) => stepName(step, facts.plan)),
              4,
            )}`,
          ]),
        ]),
  ];
}

/** How it stands: votes, who can decide, who holds it, when it ends, and what the next approval does. */
export function decideLines(facts: RunFacts, { gate, tally }: QuestionFacts): Line[] {
  const { state, people } = facts;
  const { paused } = state;
  return [
    line(bold('Votes'), ...votesWords(facts, gate.votes, tally)),
    line(bold('Can decide'), ...deciders(facts, tally)),
    ...(tally.need === 0
      ? [line('No rule of slipway.yaml speaks of this release: nobody can approve it.')]
      : []),
    ...(tally.missing.length === 0 || tally.need === 0
      ? []
      : [line(`Must be among them: ${names(tally.missing)}.`)]),
    line(
      bold('Expires'),
      ' ',
      moment(gate.expiresAt),
      `, ${given(gate.expiresAt - gate.openedAt)} after it was asked; then nothing ships`,
    ),
    ...(tally.holding.length === 0
      ? []
      : [
          stated('waiting', 'Approval', [
            `: held by ${names(tally.holding.map(({ name }) => name))}. No vote opens it until that is lifted or explained`,
          ]),
        ]),
    ...(paused === undefined
      ? []
      : [
          stated('paused', `This ${doingOf(state).noun}`, [
            ' by ',
            who(people, paused.by),
            `: ${quoted(paused.reason, 40)}`,
          ]),
        ]),
    ...lastVote(facts, tally),
  ];
}

const because: Record<Tally['notCounted'][number]['because'], string> = {
  requester: 'asked for it',
  'not-in-the-role': 'no approver',
  unknown: 'not known',
  'same-person': 'voted already',
};

function votesWords(
  { people }: RunFacts,
  votes: QuestionFacts['gate']['votes'],
  { counted, notCounted }: Tally,
): Words[] {
  const shown = counted.slice(0, 4);
  const words = shown.flatMap((person, place): Words[] => {
    const at = votes.find(({ by }) => personOf(people, by)?.id === person.id)?.at;
    return [place === 0 ? ' ' : ', ', clip(person.name, 40), ...(at === undefined ? [] : [' ', time(at)])];
  });
  const more = counted.length > shown.length ? ` and ${counted.length - shown.length} more` : '';
  const not = notCounted.map((one) => `${clip(one.name, 40)}, ${because[one.because]}`);
  return [
    ...(words.length === 0 ? [' none yet'] : words),
    more,
    ...(not.length === 0 ? [] : [`. Not counted: ${listed(not.slice(0, 3), 'and')}`]),
  ];
}

/** Those who can decide are told; who asked is named where his vote does not count. */
function deciders({ state, people }: RunFacts, { canDecide, counted }: Tally): Words[] {
  const asked = personOf(people, state.created.by);
  const isOut = asked !== undefined && ![...canDecide, ...counted].some(({ id }) => id === asked.id);
  const not: Words[] = isOut ? ['. Not ', who(people, state.created.by), ', who asked'] : [];
  return canDecide.length === 0 ? [' nobody', ...not] : [' ', ...askAll(canDecide), ...not];
}

/** Said before it happens: whose next approval publishes. */
function lastVote({ state }: RunFacts, { canDecide, canOpen }: Tally): Line[] {
  if (canOpen.length === 0) return [];
  const whose =
    canOpen.length === canDecide.length
      ? 'The next approval'
      : `An approval by ${listed(
          canOpen.slice(0, 3).map(({ name }) => clip(name, 20)),
          'or',
        )}`;
  return [stated('warning', whose, [`: it starts the ${doingOf(state).noun} at once`])];
}
