import { SlipwayError } from '../../error.js';
import type { Actor } from '../../release/actor.js';
import type { Person } from '../../release/votes.js';
import { authorize } from '../authorize.js';
import { startersOf, policyOf, type Installation, type Project } from '../installation.js';
import { peopleOf, personOf } from '../policies.js';

/** Whether somebody may act on runs of a project, as `authorize` decides. */
export function mayActOnRuns(installation: Installation, project: Project, by: Actor): boolean {
  try {
    authorize(installation, project, by, { act: 'run' });
    return true;
  } catch (error) {
    if (error instanceof SlipwayError) return false;
    throw error;
  }
}

/** An operation, and who may start it: somebody himself, or the names of those who may. */
export interface OperationFor {
  name: string;
  about: string;
  yours: boolean;
  others: string[];
}

/** The operations of a project, as somebody may start them. */
export function operationsFor(installation: Installation, project: Project, by: Actor): OperationFor[] {
  const policy = policyOf(installation, project);
  const person = personOf(installation, project, by);
  return Object.values(project.process.operations).map(({ name, about }) => {
    const roles = startersOf(policy, name);
    const has = (one: Pick<Person, 'roles'>): boolean => one.roles.some((role) => roles.includes(role));
    const others = peopleOf(installation).filter(has);
    return { name, about, yours: person !== undefined && has(person), others: others.map((one) => one.name) };
  });
}
