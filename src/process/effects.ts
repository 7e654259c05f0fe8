import type { Path } from './position.js';
import type { StepDraft } from './read-steps.js';

// Kinds that only look, ask or wait. A kind that is not listed counts as one that writes: a new kind has to say so here.
const harmless = new Set(['check', 'checks', 'approve', 'wait']);

/** Whether the outside can see what a step does. */
export function writesOutside({ spec, written }: StepDraft): boolean {
  if (spec.kind === 'commit') return !waitsForGate(written);
  if (spec.kind === 'run') return written['find'] !== undefined || written['effect'] === 'once';
  return !harmless.has(spec.kind);
}

/** Whether a step makes a commit that a later `push` step publishes. */
export function commitsForLater({ spec, written }: StepDraft): boolean {
  return spec.kind === 'commit' && waitsForGate(written);
}

function waitsForGate(written: StepDraft['written']): boolean {
  return written['push'] === 'after-gate';
}

/** The names in a setting that is a list of names, with their places. */
export function namesIn(draft: StepDraft, key: string): { name: string; path: Path }[] {
  const list: unknown = draft.written[key];
  if (!Array.isArray(list)) return [];
  return list.flatMap((name: unknown, index) =>
    typeof name === 'string' ? [{ name, path: [...draft.path, key, index] }] : [],
  );
}

/** The artifacts that a step makes. */
export function produces(draft: StepDraft): { name: string; path: Path }[] {
  return draft.spec.kind === 'run' ? namesIn(draft, 'produces') : [];
}
