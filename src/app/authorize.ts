import { SlipwayError } from '../error.js';
import type { Actor } from '../release/actor.js';
import type { Person } from '../release/votes.js';
import { confirmersOf, policyOf, startersOf } from './installation.js';
import type { Exception, Installation, Project } from './installation.js';
import { peopleOf, personOf } from './policies.js';

/**
 * What somebody wants to do to a project; votes are counted at the gate by the same people and roles. `second` is who
 * agrees: a start needs one where the policy says `confirm`, an exception where it says `second`.
 */
export type Act =
  | { act: 'start'; operation: string; second?: Actor }
  | { act: 'skip'; second?: Actor }
  | { act: 'force'; second?: Actor }
  | { act: 'run' };

/**
 * The one place that says who may. An empty or unreadable policy denies. Everything that touches a run without starting
 * it (retry, answer, pause, cancel) may be done by whoever may start some operation of the project. Who may force may
 * not start by that: both are asked.
 * @throws SlipwayError not-allowed, which names who could
 */
export function authorize(installation: Installation, project: Project, actor: Actor, act: Act): Person {
  const person = personOf(installation, project, actor);
  if (person === undefined) {
    const why = project.sandbox
      ? `"${actor.user}" is nobody of slipway.yaml.`
      : `${project.name} is no sandbox project: people of this machine are authenticated by nobody, so they cannot act in it.`;
    const known = project.sandbox ? ` People: ${Object.keys(installation.people).join(', ')}.` : '';
    throw new SlipwayError('not-allowed', why, { hint: `Nothing was started.${known}` });
  }
  const policy = policyOf(installation, project);
  const by = { installation, project, person };
  switch (act.act) {
    case 'start': {
      const what = `Starting ${act.operation} of ${project.name}`;
      requireRole(installation, person, startersOf(policy, act.operation), what);
      requireSecond(by, confirmersOf(policy, act.operation), act.second, what, 'started');
      return person;
    }
    case 'run': {
      const starters = Object.keys(project.process.operations).flatMap((operation) =>
        startersOf(policy, operation),
      );
      return requireRole(installation, person, starters, `Acting on runs of ${project.name}`);
    }
    case 'skip':
      return requireException(by, policy.skip, act.second, 'Skipping a step', 'changed');
    case 'force':
      return requireException(by, policy.force, act.second, 'Replacing what is published', 'started');
  }
}

interface Asking {
  installation: Installation;
  project: Project;
  person: Person;
}

function requireException(
  by: Asking,
  exception: Exception | undefined,
  second: Actor | undefined,
  what: string,
  spared: 'changed' | 'started',
): Person {
  requireRole(by.installation, by.person, exception?.who ?? [], `${what} of ${by.project.name}`);
  requireSecond(by, exception?.second ?? [], second, what, spared);
  return by.person;
}

/** Somebody else who has one of the roles agrees; without roles nobody has to. */
function requireSecond(
  { installation, project, person }: Asking,
  roles: string[],
  second: Actor | undefined,
  what: string,
  spared: 'changed' | 'started',
): void {
  if (roles.length === 0) return;
  const other = second === undefined ? undefined : personOf(installation, project, second);
  if (other === undefined || other.id === person.id) {
    const can = peopleOf(installation).filter(
      (one) => one.id !== person.id && roles.some((role) => one.roles.includes(role)),
    );
    throw new SlipwayError('not-allowed', `${what} needs a second person.`, {
      hint: `Nothing was ${spared}. Name one with --second: ${can.map((one) => one.id).join(', ') || 'nobody has the role'}.`,
    });
  }
  requireRole(installation, other, roles, `Agreeing: ${what.charAt(0).toLowerCase()}${what.slice(1)}`);
}

function requireRole(installation: Installation, person: Person, roles: string[], what: string): Person {
  if (roles.some((role) => person.roles.includes(role))) return person;
  const can = peopleOf(installation).filter((one) => roles.some((role) => one.roles.includes(role)));
  const who =
    can.length === 0
      ? 'Nobody has it.'
      : `${can.map((one) => one.name).join(' and ')} ${can.length === 1 ? 'has' : 'have'} it.`;
  throw new SlipwayError(
    'not-allowed',
    `${what} needs the role ${[...new Set(roles)].join(' or ') || '(none is declared)'}. ${who}`,
    {
      hint: 'Nothing was started.',
    },
  );
}
