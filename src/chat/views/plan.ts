import { shortDigest, shortSeal } from '../../release/canonical.js';
import type { LineState } from '../../release/line-state.js';
import type { Refusal } from '../../release/line-table.js';
import type { Plan, PlannedStep } from '../../release/plan.js';
import { pointOfNoReturn } from '../../release/point-of-no-return.js';
import { nameOf } from './marks.js';
import { plain } from './plain.js';
import { refusal } from './refusal.js';

/** Something that stands in the way: the error that the start, or a step, would end with. */
export interface WouldRefuse {
  message: string;
  hint: string;
}

/** An archived object that stands where a step would store one. `sha256` is hex. */
export interface Standing {
  address: string;
  sha256: string;
  /** The version that it says it is; '' where it says nothing. */
  version: string;
}

/** What a look at one step of a plan has found. */
export type Sight =
  /** Not made yet, and nothing stands in its way. */
  | { is: 'absent' }
  /** Its effect is there already, and the same: it would be adopted. */
  | { is: 'same'; proof: string }
  /** It only looks, and would pass now; or it would skip itself. */
  | { is: 'passes'; proof: string }
  | { is: 'skips'; reason: string }
  | { is: 'waits'; for: string }
  | { is: 'refused'; why: WouldRefuse }
  /** Something has its name. It is kept where it is exactly what the run makes, and else the step is refused. */
  | { is: 'taken'; what: string }
  /** Objects that the run would replace: of the same candidate, or forced. */
  | { is: 'replaces'; objects: Standing[] }
  /** What channels serve now; '' for nothing. `pinned`: they stay there until somebody lifts it. */
  | { is: 'serves'; channels: { channel: string; version: string; pinned: boolean }[] }
  /** A gate: how many of these roles, and whose vote would count. Nobody can where `need` is 0. */
  | { is: 'asks'; need: number; of: string[]; eachOf: string[]; people: string[]; requesterMayVote: boolean }
  /** It can be said only when the step before it was done, or by running a command of the project. */
  | { is: 'unknown'; until: string }
  | { is: 'not-run' };

/** A step of a plan, and what stands there now. */
export interface DryStep {
  step: PlannedStep;
  sight: Sight;
}

/** What the release line would answer. */
export type LineAnswer =
  | { answer: 'starts'; supersedes: string | undefined }
  /** Planned anew when its turn comes. */
  | { answer: 'queued'; position: number; behind: string }
  | { answer: 'stops-first'; run: string }
  | { answer: 'show' | 'already'; run: string }
  | { answer: 'refused'; because: Refusal; line: LineState | undefined; nextFree: string };

/** What would happen if somebody started an operation now. Nothing was changed to find out. */
export interface DryRun {
  project: string;
  operation: string;
  target: string;
  line: LineAnswer;
  /** Refused before anything is made: by the planner, a halt, a freeze, or because the engine cannot run it yet. */
  refused: WouldRefuse[];
  /** undefined: it could not be made, `line` or `refused` says why. */
  plan: Plan | undefined;
  /** sha256 of the plan, hex; '' without one. */
  hash: string;
  steps: DryStep[];
  /** How many commits since the version before; undefined: not known. */
  changes: number | undefined;
  /** Who may start it. */
  starters: string[];
  /** Roles of which a second person must agree to the start; [] of none. */
  confirm: string[];
}

/** Everything that would be refused, the line first. */
export function refusalsOf(dry: DryRun): WouldRefuse[] {
  const { line, project, target } = dry;
  const own: WouldRefuse[] = [...dry.refused];
  if (line.answer === 'refused') {
    const [message = '', ...rest] = refusal(line.because, project, target, line.line, line.nextFree);
    own.unshift({ message, hint: rest.join(' ') });
  }
  for (const { step, sight } of dry.steps) {
    if (sight.is === 'refused')
      own.push({ message: `${nameOf(step.id)}: ${sight.why.message}`, hint: sight.why.hint });
    if (sight.is === 'taken') own.push({ message: `${nameOf(step.id)}: ${sight.what}`, hint: '' });
    if (sight.is === 'asks' && sight.need === 0)
      own.push({
        message: `${nameOf(step.id)}: nobody can approve it.`,
        hint: 'slipway.yaml has no rule that fits.',
      });
  }
  return own;
}

/** The whole dry run as lines: numbered steps, what is public afterwards, who is asked, what is not known. */
export function planLines(dry: DryRun): string[] {
  const { plan, line } = dry;
  const refusals = refusalsOf(dry);
  const name = `${dry.operation} ${dry.project} ${plan?.version ?? dry.target}`;
  return [
    `Plan: ${name}. Nothing was changed.`,
    ...lineWords(line),
    ...(plan === undefined ? [] : stepsOf(dry, plan)),
    ...refusals.flatMap(({ message, hint }) => [
      `❌ would be refused: ${plain(message)}`,
      ...(hint === '' ? [] : [`   ${plain(hint)}`]),
    ]),
    ...(plan === undefined ? [] : small(dry, plan)),
  ];
}

function lineWords(line: LineAnswer): string[] {
  switch (line.answer) {
    case 'starts':
      return line.supersedes === undefined
        ? []
        : [`It would supersede ${line.supersedes}, which has published nothing; its votes would be void.`];
    case 'queued':
      return [
        `It would wait, number ${line.position} behind ${line.behind}, and is planned anew when its turn comes.`,
      ];
    case 'stops-first':
      return [`${line.run} would stop at its next step first. It is planned anew then.`];
    case 'show':
      return [`It is under way already, and would be shown: run ${line.run}.`];
    case 'already':
      return [`It was done before, and would be shown: run ${line.run}.`];
    case 'refused':
      return [];
  }
}

function stepsOf({ steps }: DryRun, plan: Plan): string[] {
  const last = pointOfNoReturn(plan.steps);
  const announce = plan.steps.find((step) => step.kind === 'announce')?.id;
  const width = String(steps.length).length;
  return steps.flatMap(({ step, sight }, place) => [
    ...(step.id === last ? ['— from here on nothing can be taken back —'] : []),
    ...(step.id === announce && place > 0 && plan.kind === 'publish' ? ['— released here —'] : []),
    `${String(place + 1).padStart(width)} ${plain(onOneLine(step.sentence))}${sightWords(sight)}`,
  ]);
}

/** Line ends of a text that is quoted in a sentence, as spaces. */
function onOneLine(sentence: string): string {
  return sentence.replaceAll(/\s*\n\s*(?="$)/g, '').replaceAll(/\s*\n\s*/g, ' ');
}

/** What stands there, behind the sentence of a step; '' where there is nothing to say. */
function sightWords(sight: Sight): string {
  switch (sight.is) {
    case 'absent':
      return '';
    case 'same':
      return ` · there already: ${plain(sight.proof)}`;
    case 'passes':
      return ` · passes now: ${plain(sight.proof)}`;
    case 'skips':
      return ` · would skip itself: ${plain(sight.reason)}`;
    case 'waits':
      return ` · waits for ${plain(sight.for)}`;
    case 'refused':
    case 'taken':
      return ' · ❌ would be refused';
    case 'replaces':
      return ` · ⚠️ replaces ${sight.objects.map(({ address, sha256, version }) => plain(`${address} (${version || 'no version'}, ${shortDigest(sha256)})`)).join(', ')}`;
    case 'serves':
      return sight.channels
        .map(({ channel, version, pinned }) =>
          plain(` · ${channel} serves ${version || 'nothing'} now${pinned ? ' and is pinned there' : ''}`),
        )
        .join('');
    case 'asks':
      return asks(sight);
    case 'unknown':
      return ` · not known until ${sight.until} is done`;
    case 'not-run':
      return ' · its command was not run';
  }
}

function asks({ need, of, eachOf, people, requesterMayVote }: Extract<Sight, { is: 'asks' }>): string {
  const each = eachOf.length === 0 ? '' : `, one each of ${eachOf.join(', ')}`;
  const who = people.length === 0 ? 'nobody' : people.map(plain).join(', ');
  const own = requesterMayVote ? '' : ', and not who asks for it';
  return ` · asks ${need} of ${of.join(' or ')}${each}: ${who}${own}`;
}

/** What anybody sees afterwards, who is asked, what only writing shows, and the small print. */
function small({ steps, hash, changes, starters, confirm }: DryRun, plan: Plan): string[] {
  const gates = steps.filter(({ step }) => step.gate);
  const inside = plan.steps.filter((step) => step.public === 'no' && !step.gate);
  const isAllInside = plan.steps.every((step) => step.public === 'no');
  const but = inside.length === 0 ? '' : ` but ${inside.map((step) => step.id).join(', ')}`;
  const known = isAllInside ? 'nothing' : `all${but}`;
  const asked =
    gates.length === 0
      ? ' Nobody is asked.'
      : ` ${gates.length === 1 ? 'One question is' : `${gates.length} questions are`} asked.`;
  const writes = steps.some(({ step }) => step.kind === 'store' || step.kind === 'channel');
  const since = plan.previous === '' ? '' : ` since ${plan.previous}`;
  return [
    `Public afterwards: ${known}.${asked}`,
    ...(writes ? ['Whether the storage takes the write is known only by writing.'] : []),
    ...(starters.length === 0
      ? ['Nobody may start it.']
      : [
          `May be started by ${starters.map(plain).join(', ')}${confirm.length === 0 ? '' : `; a second person of ${confirm.join(' or ')} must agree`}.`,
        ]),
    [
      `plan ${shortSeal(hash)}`,
      `commit ${plan.commit.slice(0, 7)}`,
      ...(changes === undefined ? [] : [`${changes} change${changes === 1 ? '' : 's'}${since}`]),
    ].join(' · '),
  ];
}
