import { own } from '../../release/own.js';
import { z } from 'zod';
import type { Plan } from '../../release/plan.js';
import type { StepState } from '../../release/run-state.js';
import { code, type Words } from '../compose.js';
import { clip } from './fit.js';
import { nameOf } from './marks.js';
import { listed } from './people.js';

const Moves = z.looseObject({ move: z.array(z.string()) });

/** The channels that a step moves, in its order; [] of other steps. */
export function movesOf(plan: Plan, step: string): string[] {
  const planned = plan.steps.find(({ id }) => id === step);
  return planned?.kind === 'channel' ? (Moves.safeParse(planned.config).data?.move ?? []) : [];
}

/** What people call a step: by its kind where its author gave it no name of its own, else by its id. */
export function stepName(
  { outline: { id, kind } }: { outline: Pick<StepState['outline'], 'id' | 'kind'> },
  plan: Plan,
): string {
  return clip(ownName(id, kind, plan), 40);
}

function ownName(id: string, kind: string, plan: Plan): string {
  if (kind === 'channel' && id === kind) {
    const moves = movesOf(plan, id);
    return moves.length === 0 ? 'Channel' : `Move ${listed(moves)}`;
  }
  if (kind === 'store' && id === kind) return 'Upload';
  if (kind === 'approve' && id === kind) return 'Approval';
  if (kind === 'follow') return 'Lock files';
  if (kind === 'commit' && id !== kind) return `${nameOf(id)} commit`;
  return nameOf(id);
}

/** A step's name in the middle of a sentence: `upload`. */
export function inSentence(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

/** What a finished step made, by its own name, where that is short: a branch, a commit, a tag. */
const made: Record<string, RegExp> = {
  branch: /^(\S+) stands at [0-9a-f]{7}/,
  commit: /(?: stands at|^commit) ([0-9a-f]{7})/,
  tag: /^(\S+) names [0-9a-f]{7}/,
};

/** A step's name with what it made: `Branch release/kestrel-v0.44.0`, `Bump commit 5d6e7f8`. */
export function nameAndMade(step: StepState, plan: Plan): Words[] {
  const name = stepName(step, plan);
  const pattern = own(made, step.outline.kind);
  const what = step.status === 'done' ? pattern?.exec(step.proof)?.[1] : undefined;
  return what === undefined ? [name] : [`${name} `, code(clip(what, 40))];
}
