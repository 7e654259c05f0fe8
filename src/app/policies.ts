import type { Engine, Policies } from '../engine/engine.js';
import { SlipwayError } from '../error.js';
import type { Actor } from '../release/actor.js';
import { canonical, sha256 } from '../release/canonical.js';
import { ruleFor } from '../release/vote-rule.js';
import type { GatePolicy, Person } from '../release/votes.js';
import { peopleInRole, policyOf, type Installation, type Project } from './installation.js';
import { heldUntil } from './said-freezes.js';

/** The project of that name. @throws SlipwayError not-found */
export function projectOf(installation: Installation, name: string): Project {
  const project = Object.hasOwn(installation.projects, name) ? installation.projects[name] : undefined;
  if (project !== undefined) return project;
  const known = Object.keys(installation.projects).join(', ');
  throw new SlipwayError('not-found', `There is no project "${name}".`, { hint: `Projects: ${known}.` });
}

/** The people of the installation with their roles. */
export function peopleOf(installation: Installation): Person[] {
  return Object.entries(installation.people).map(([id, { name }]) => ({
    id,
    name,
    roles: Object.keys(installation.roles).filter((role) =>
      peopleInRole(installation.roles, role).includes(id),
    ),
  }));
}

/** What people may do at gates, read from `slipway.yaml` as it is now. What it does not say is denied. */
export function policiesOf(current: () => Promise<Installation>, projects: Engine['projects']): Policies {
  return {
    async gate(project, step, about): Promise<GatePolicy> {
      const installation = await current();
      const policy = policyOf(installation, projectOf(installation, project));
      const rule = Object.hasOwn(policy.gates, step) ? policy.gates[step] : undefined;
      const hash = sha256(canonical({ policy, people: installation.people, roles: installation.roles }));
      // Without a rule nobody can approve, and the question stands for a day.
      if (rule === undefined)
        return {
          rule: undefined,
          requesterMayVote: false,
          reject: [],
          expiresMs: 24 * 3_600_000,
          remindMs: [],
          hash,
        };
      const { rules, requesterMayVote, reject, expiresMs, remindMs } = rule;
      return { rule: ruleFor(rules, about), requesterMayVote, reject, expiresMs, remindMs, hash };
    },
    people: async () => peopleOf(await current()),
    async resolve(project, actor) {
      const installation = await current();
      return personOf(installation, projectOf(installation, project), actor);
    },
    async heldUntil(ask, nowMs) {
      const installation = await current();
      const project = projectOf(installation, ask.project);
      const person = personOf(installation, project, ask.by);
      return heldUntil({ projects }, installation, project, ask, person, nowMs);
    },
  };
}

/**
 * Who an account is. People of the local workspace are authenticated by nobody, so they exist in sandbox projects only.
 */
export function personOf(installation: Installation, project: Project, actor: Actor): Person | undefined {
  if (actor.issuer !== 'local' || !project.sandbox || actor.workspace !== installation.name) return undefined;
  return peopleOf(installation).find((person) => person.id === actor.user);
}
