import { currentStage, type RunState, type StepState } from './run-state.js';

/** An event that the journal may not hold here, and why; kebab-case. */
export interface NotLegal {
  illegal: string;
}

/** What a fold step gives: the next state, or the reason why the event cannot stand here. */
export type Folded = RunState | NotLegal;

/** Type guard for the reason. */
export function isNotLegal<T extends object>(folded: T | NotLegal): folded is NotLegal {
  return 'illegal' in folded;
}

/** Says why not. */
export function no(illegal: string): NotLegal {
  return { illegal };
}

/** Stages follow each other; all that stands before is over. */
export function isItsTurn(state: RunState, step: StepState): boolean {
  return currentStage(state).some((one) => one.outline.id === step.outline.id);
}

/** Forgets what belonged to the last status. */
export function over(step: StepState, endedAt: number): StepState {
  const { failure: _f, waiting: _w, question: _q, skip: _s, ...rest } = step;
  return { ...rest, endedAt };
}

/** The state with that step in the place of the one of its id. */
export function replaceStep(state: RunState, step: StepState): RunState {
  return { ...state, steps: state.steps.map((one) => (one.outline.id === step.outline.id ? step : one)) };
}
