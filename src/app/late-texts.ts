import { inputTypes } from '../process/inputs.js';
import { fillLate } from '../process/settings.js';
import type { Json, Plan, PlannedStep } from '../release/plan.js';

/** Fills in the texts of a planned step that name what only its run knows; every value is checked for its place. */
export function fillLateTexts(
  plan: Pick<Plan, 'declared' | 'values'>,
  step: PlannedStep,
  late: Readonly<Record<string, string>>,
): Json {
  if (step.templates.length === 0) return step.config;
  const inputs = Object.fromEntries(
    Object.entries(plan.declared ?? {}).flatMap(([name, { type, optional }]) => {
      const known = inputTypes.find((one) => one === type);
      return known === undefined ? [] : [[name, { type: known, optional }]];
    }),
  );
  return fillLate(step.kind, step.config, step.templates, inputs, plan.values, late);
}
