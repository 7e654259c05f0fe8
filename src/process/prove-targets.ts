import { schemeProblem } from '../release/versions/index.js';
import type { Place } from '../release/versions/scheme.js';
import { settingOf } from './effects.js';
import type { OperationDraft } from './operation-draft.js';
import type { Problem } from './problems.js';
import { rulesOf } from './prove-line.js';
import type { StepDraft } from './read-steps.js';
import { schemeRuleOf } from './version-rule.js';
import type { World } from './world.js';

/** Proves that the versions of a process can be written wherever it publishes them. */
export function targetProblems(operation: OperationDraft, world: World): Problem[] {
  const rules = rulesOf(operation, world);
  return operation.steps.flatMap((draft) =>
    targetsOf(draft).flatMap(({ place, key }) =>
      rules.flatMap((rule) => {
        const problem = schemeProblem(schemeRuleOf(rule), place);
        return problem === undefined ? [] : [draft.locator.problem([key], problem)];
      }),
    ),
  );
}

/** Where a step writes the version. A registry is known by its usual name. */
function targetsOf({ spec: { kind, settings } }: StepDraft): { place: Place; key: string }[] {
  const holds = (key: string, names: string[]): boolean => {
    const text = settingOf(settings, key);
    return typeof text === 'string' && names.some((name) => text.includes(`{${name}}`));
  };
  if (kind === 'package') {
    const to = settingOf(settings, 'to');
    return to === 'pypi' || to === 'npm' ? [{ place: to, key: 'to' }] : [];
  }
  if (kind === 'image') return holds('tag', ['version', 'tag']) ? [{ place: 'docker', key: 'tag' }] : [];
  if (kind === 'chart') return holds('version', ['version']) ? [{ place: 'helm', key: 'version' }] : [];
  return [];
}
