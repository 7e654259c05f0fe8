import { SlipwayError } from '../error.js';
import type { PlaceholderValues } from '../process/placeholders.js';
import type { Operation } from '../process/process-file.js';
import { fillSettings, lateTexts, shownLate } from '../process/settings.js';
import type { Plan, PlannedStep } from '../release/plan.js';
import type { AnyStepKind } from '../steps/step.js';

type Facts = Omit<Plan, 'steps' | 'inputs' | 'values'>;

/**
 * A step with its settings filled in, as far as that can be before the run, and what its kind says of it.
 * @throws SlipwayError command-invalid where an input is wrong, else config-invalid
 */
export function plannedStep(
  kinds: ReadonlyMap<string, AnyStepKind>,
  operation: Operation,
  spec: Operation['steps'][number],
  facts: Facts,
  values: PlaceholderValues,
): PlannedStep {
  const kind = kinds.get(spec.kind);
  if (kind === undefined) throw new SlipwayError('config-invalid', `${spec.kind} is no step kind.`);
  const config = fillSettings(spec.kind, spec.settings, operation.inputs, values);
  // As the author wrote it: what a person typed is never taken for a placeholder.
  const templates = lateTexts(spec.kind, spec.settings);
  return {
    id: spec.id,
    kind: spec.kind,
    sentence: spec.name ?? kind.plan(shownLate(config, templates, values), facts),
    stage: spec.stage,
    config,
    public: kind.public(config),
    effect: kind.effect(config),
    gate: kind.gate,
    skippable: spec.skippable && !kind.gate,
    templates,
    timeout: spec.timeoutMs,
    runsOn: spec.runsOn,
  };
}
