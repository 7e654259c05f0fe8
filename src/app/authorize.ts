import { SlipwayError } from '../error.js';
import type { Actor } from '../release/actor.js';
import type { Person } from '../release/votes.js';
import { policyOf, startersOf, type Installation, type Project } from './installation.js';
import { peopleOf, personOf } from './policies.js';

/** What somebody wants to do to a project; votes are counted at the gate by the same people and roles. */
export type Act = { act: 'start'; operation: string } | { act: 'skip'; second?: Actor } | { act: 'run' };

/**
 * The one place that says who may. An empty or unreadable policy denies. Everything that touches a run without starting
 * it (retry, answer, pause, cancel) may be done by whoever may start some operation of the project.
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
  switch (act.act) {
    case 'start':
      return requireRole(
        installation,
        person,
        startersOf(policy, act.operation),
        `Starting ${act.operation} of ${project.name}`,
      );
    case 'run': {
      const starters = Object.keys(project.process.operations).flatMap((operation) =>
        startersOf(policy, operation),
      );
      return requireRole(installation, person, starters, `Acting on runs of ${project.name}`);
    }
    case 'skip':
      return requireSkip(installation, project, person, act.second);
  }
}

function requireSkip(
  installation: Installation,
  project: Project,
  person: Person,
  second: Actor | undefined,
): Person {
  const { skip } = policyOf(installation, project);
  requireRole(installation, person, skip?.who ?? [], `Skipping a step of ${project.name}`);
  if (skip === undefined || skip.second.length === 0) return person;
  const other = second === undefined ? undefined : personOf(installation, project, second);
  if (other === undefined || other.id === person.id) {
    const can = peopleOf(installation).filter(
      (one) => one.id !== person.id && skip.second.some((role) => one.roles.includes(role)),
    );
    throw new SlipwayError('not-allowed', 'Skipping a step needs a second person.', {
      hint: `Nothing was changed. Name one with --second: ${can.map((one) => one.id).join(', ') || 'nobody has the role'}.`,
    });
  }
  requireRole(installation, other, skip.second, 'Agreeing to skip a step');
  return person;
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
