import { listIn } from '../process/effects.js';
import type { StepSpec } from '../process/process-file.js';

/**
 * Steps without what they would announce in the room of the project itself: there the finished board says it. A step that
 * has nowhere else to say it is left out, unless it is all that there is to do.
 */
export function announceElsewhere(steps: readonly StepSpec[], room: string): StepSpec[] {
  const left = steps.flatMap((step) => {
    if (step.kind !== 'announce') return [step];
    const to = listIn(step.settings, 'to');
    const others = to.filter((one) => one !== room);
    if (others.length === to.length) return [step];
    return others.length === 0
      ? []
      : [{ ...step, settings: Object.assign({}, step.settings, { to: others }) }];
  });
  return left.length === 0 ? [...steps] : left;
}
