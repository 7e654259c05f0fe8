import { SlipwayError } from '../error.js';
import type { Actor } from '../release/actor.js';
import type { Person } from '../release/votes.js';
import { authorize } from './authorize.js';
import { policyOf, type Installation, type Project } from './installation.js';
import { personOf } from './policies.js';

/** Who does it, and who agrees, both with the names that slipway.yaml gives them. */
export interface Agreed {
  by: Actor;
  second?: Actor;
}

/**
 * Who may do what the bot itself does by a policy (`point`, `freeze`): who the policy names for it. There is no default:
 * without a rule nobody may.
 * @throws SlipwayError not-allowed
 */
export function authorizeGoverned(
  installation: Installation,
  project: Project,
  verb: 'point' | 'freeze',
  ask: { by: Actor; second: string | undefined },
): { agreed: Agreed; person: Person } {
  const { by } = ask;
  const { operations } = policyOf(installation, project);
  if (!Object.hasOwn(operations, verb)) {
    const what = verb === 'point' ? `point channels of ${project.name}` : `freeze ${project.name}`;
    throw new SlipwayError('not-allowed', `Nobody may ${what}.`, {
      hint: `Nothing was changed. The operator names who may in slipway.yaml: operations: { ${verb}: { start: […] } }.`,
    });
  }
  const second = ask.second === undefined ? undefined : { ...by, user: ask.second, name: ask.second };
  const person = authorize(installation, project, by, {
    act: 'start',
    operation: verb,
    ...(second && { second }),
  });
  const agrees = second && personOf(installation, project, second);
  const named = { ...by, name: person.name };
  const agreed = second && agrees ? { by: named, second: { ...second, name: agrees.name } } : { by: named };
  return { agreed, person };
}
