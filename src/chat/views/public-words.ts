import { own } from '../../release/own.js';
import type { Plan } from '../../release/plan.js';
import { publicSoFar } from '../../release/point-of-no-return.js';
import type { RunState, StepState } from '../../release/run-state.js';
import { line } from '../compose.js';
import type { Line } from '../message.js';
import { clip, oneLine } from './fit.js';
import { listed, names } from './people.js';
import type { RunFacts } from './run-facts.js';
import { inSentence, movesOf, stepName } from './step-words.js';

function namesOf(steps: readonly StepState[], plan: Plan): string[] {
  return steps.map((step) => inSentence(stepName(step, plan)));
}

function named(steps: readonly StepState[], plan: Plan): string {
  return names(namesOf(steps, plan), 8);
}

/** What anybody can see of a run, and what is still missing, by the names of its steps. */
export function publicWords(state: RunState, named: (steps: readonly StepState[]) => string): string {
  const { made, unknown, missing } = publicSoFar(state);
  const [open, found] = byLook(unknown);
  const parts = [
    made.length === 0 ? 'Public: nothing.' : `Public: ${named(made)}.`,
    open.length === 0 ? '' : `Perhaps public: ${named(open)}.`,
    found.length === 0 ? '' : `Perhaps public, looked up next: ${named(found)}.`,
    missing.length === 0 ? '' : `Not public: ${named(missing)}.`,
  ];
  return parts.filter(Boolean).join(' ');
}

/** What may be public: what nobody can look up, and what is looked up before anything else happens. */
function byLook(steps: readonly StepState[]): [StepState[], StepState[]] {
  const isOnce = ({ outline }: StepState): boolean => outline.effect === 'once';
  return [steps.filter(isOnce), steps.filter((step) => !isOnce(step))];
}

/** `Public: branch, bump commit. Not public: upload, tag.` */
export function publicLine({ state, plan }: Pick<RunFacts, 'state' | 'plan'>): Line {
  return line(publicNamed(state, plan));
}

/** The same as a sentence. */
export function publicNamed(state: RunState, plan: Plan): string {
  return publicWords(state, (steps) => named(steps, plan));
}

/** What stays when a run ends now: `Branch and bump commit stay public.` */
export function whatStays(state: RunState, plan: Plan): string {
  const { made, unknown } = publicSoFar(state);
  const [open, found] = byLook(unknown);
  const maybe = [
    open.length === 0 ? '' : ` Perhaps sent: ${named(open, plan)}.`,
    found.length === 0 ? '' : ` ${named(found, plan)}: sent, and looked up first.`,
  ].join('');
  if (made.length === 0) return `Nothing is public yet.${maybe}`;
  const all = made.length > 4 ? named(made, plan) : listed(namesOf(made, plan));
  return `${all.charAt(0).toUpperCase()}${all.slice(1)} ${made.length === 1 ? 'stays' : 'stay'} public.${maybe}`;
}

/** `stable serves 0.43.2, internal 0.44.0rc3.`, of the channels that this run would move; '' where none is known. */
export function serves({ state, plan, channels }: Pick<RunFacts, 'state' | 'plan' | 'channels'>): string {
  const moved = state.steps.flatMap(({ outline }) => movesOf(plan, outline.id));
  const known = channels.filter(({ channel }) => moved.includes(channel));
  // What users follow comes first.
  known.sort((a, b) => Number(isReleased(plan, b.channel)) - Number(isReleased(plan, a.channel)));
  const words = known
    .slice(0, 3)
    .map(({ channel, serves: version }, place) =>
      [clip(channel, 30), ...(place === 0 ? ['serves'] : []), oneLine(version) || 'nothing yet'].join(' '),
    );
  return words.length === 0 ? '' : `${words.join(', ')}.`;
}

/** Whether nothing but releases move the channel. */
export function isReleased(plan: Plan, channel: string): boolean {
  return own(plan.channels, channel)?.released === true;
}
