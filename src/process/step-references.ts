import type { Json } from '../release/plan.js';
import { kindOf } from './kinds/index.js';
import { lookUp } from './kinds/kind.js';
import type { StepDraft } from './read-steps.js';
import { mapTexts } from './settings.js';

/**
 * The step before another that an id means there: first one of the same include, then one of the operation. undefined:
 * there is none, or it does not come before.
 */
export function stepNamed(
  id: string,
  { spec, prefix }: StepDraft,
  steps: readonly StepDraft[],
): StepDraft | undefined {
  const before = steps.filter((other) => other.spec.stage < spec.stage);
  const scoped = prefix === '' ? undefined : before.find((other) => other.spec.id === `${prefix}.${id}`);
  return scoped ?? before.find((other) => other.spec.id === id);
}

/** The settings of a step with every id of another step written in full, so that they mean the same without its include. */
export function withFullIds(draft: StepDraft, steps: readonly StepDraft[]): Json {
  const { kind, settings } = draft.spec;
  if (draft.prefix === '') return settings;
  const names = kindOf(kind)?.names ?? {};
  const full = (id: string): string => stepNamed(id, draft, steps)?.spec.id ?? id;
  return mapTexts(settings, (text, path) => {
    if (lookUp(names, path)?.startsWith('step') === true) return full(text);
    return text.replaceAll(
      /\{steps\.([^{}]+)\.([^{}.]+)\}/g,
      (_, id: string, output: string) => `{steps.${full(id)}.${output}}`,
    );
  });
}

/** The names by which `require` can ask for steps: ids with and without that of their include, also behind their operation. */
export function evidenceNames(
  operations: readonly { name: string; steps: readonly StepDraft[] }[],
): Set<string> {
  const names = new Set<string>();
  for (const { name, steps } of operations) {
    for (const { spec, prefix } of steps) {
      const own = prefix === '' ? spec.id : spec.id.slice(prefix.length + 1);
      for (const id of [spec.id, own, ...(prefix === '' ? [] : [prefix])]) names.add(id).add(`${name}.${id}`);
    }
  }
  return names;
}
