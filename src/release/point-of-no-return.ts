import { isOver, type RunState, type StepState } from './run-state.js';
import type { PlannedStep } from './plan.js';

/** The id of the first step whose effect is for ever: the plan draws the point of no return before it; undefined: there is none. */
export function pointOfNoReturn(steps: Pick<PlannedStep, 'id' | 'public'>[]): string | undefined {
  return steps.find((step) => step.public === 'for-ever')?.id;
}

/**
 * Whether something that can never be taken back exists already, or may exist because it was sent. A publish that has
 * taken its line and made nothing yet can still be cancelled: else a push by somebody else would hold the line for good.
 */
export function isPastPointOfNoReturn(state: RunState): boolean {
  return state.steps.some(
    (step) => step.outline.public === 'for-ever' && (step.status === 'done' || step.intentOpen),
  );
}

/** What anybody can see of this run already, what may be there, and what is still missing; for every message that stops. */
export function publicSoFar(state: RunState): {
  made: StepState[];
  unknown: StepState[];
  missing: StepState[];
} {
  const visible = state.steps.filter((step) => step.outline.public !== 'no');
  return {
    made: visible.filter((step) => step.status === 'done'),
    unknown: visible.filter((step) => !isOver(step) && step.intentOpen),
    missing: visible.filter((step) => !isOver(step) && !step.intentOpen),
  };
}
