import type { Path, YamlText } from '../process/position.js';
import type { Problem } from '../process/problems.js';
import { unknown } from '../process/prove-names.js';
import type { InstallationFile } from './installation-file.js';

/** The role of what starts an operation by itself; it can start, and never votes. */
export const triggerRole = 'slipway';

/** The most people of one gate: who may vote stands in the record of the question. */
const mostVoters = 200;
const mostNames = 300;

/** Every name that `slipway.yaml` uses for people and roles, and every account that is said to be two people. */
export function peopleProblems(file: InstallationFile, yaml: YamlText): Problem[] {
  const roles = Object.keys(file.roles);
  const problems = [...accountProblems(file, yaml), ...roleProblems(file, yaml)];
  // Who is in a room, anybody may be: that is for looking, not for acting.
  const acting = roles.filter((role) => !isRoom(file, role));
  const names = (used: readonly string[], path: Path, known: readonly string[] = acting): void => {
    for (const [index, name] of used.entries()) {
      const at = [...path, index];
      if (isRoom(file, name) && !known.includes(name)) {
        const message = `the role "${name}" is everybody in a room: it can only start what touches no release line`;
        problems.push(yaml.problem(at, message));
      } else problems.push(...unknown('role', name, known, at, yaml));
    }
  };
  for (const [name, policy] of Object.entries(file.policies)) {
    const at = ['policies', name];
    for (const [operation, { start, confirm }] of Object.entries(policy.operations)) {
      names(start, [...at, 'operations', operation, 'start'], [...roles, triggerRole]);
      names(confirm, [...at, 'operations', operation, 'confirm']);
    }
    for (const [gate, { rules, reject, escalate }] of Object.entries(policy.gates)) {
      for (const [index, rule] of rules.entries()) {
        const path = [...at, 'gates', gate, 'rules', index];
        names(rule.of, [...path, 'of']);
        names(rule['each-of'], [...path, 'each-of']);
        problems.push(...crowdProblems(file, rule, path, yaml));
      }
      names(reject, [...at, 'gates', gate, 'reject']);
      names(escalate?.to ?? [], [...at, 'gates', gate, 'escalate', 'to']);
    }
    for (const key of ['skip', 'force'] as const) {
      names(policy[key]?.who ?? [], [...at, key, 'who']);
      names(policy[key]?.second ?? [], [...at, key, 'second']);
    }
  }
  for (const key of ['who', 'second'] as const) names(file['break-glass']?.[key] ?? [], ['break-glass', key]);
  for (const [index, { except }] of file.freezes.entries()) names(except, ['freezes', index, 'except']);
  return problems;
}

/** What would not fit into the record of the question. */
function crowdProblems(
  file: InstallationFile,
  rule: { of: readonly string[]; 'each-of': readonly string[] },
  path: Path,
  yaml: YamlText,
): Problem[] {
  const voters = new Set(rule.of.flatMap((role) => membersOf(file, role)));
  const required = rule['each-of'].flatMap((role) => membersOf(file, role).filter((one) => voters.has(one)));
  const count = voters.size + required.length;
  if (voters.size > mostVoters)
    return [
      yaml.problem([...path, 'of'], `these are ${voters.size} people; a gate asks at most ${mostVoters}`),
    ];
  if (count <= mostNames) return [];
  const message = `with "of" these are ${count} names; the record of a question holds at most ${mostNames}`;
  return [yaml.problem([...path, 'each-of'], message)];
}

function isRoom(file: InstallationFile, role: string): boolean {
  const found = Object.hasOwn(file.roles, role) ? file.roles[role] : undefined;
  return found !== undefined && !Array.isArray(found) && 'room' in found;
}

function membersOf(file: InstallationFile, role: string): string[] {
  const found = Object.hasOwn(file.roles, role) ? file.roles[role] : undefined;
  return Array.isArray(found) ? found : [];
}

function roleProblems(file: InstallationFile, yaml: YamlText): Problem[] {
  const people = Object.keys(file.people);
  return Object.entries(file.roles).flatMap(([role, members]) => {
    const path = ['roles', role];
    const problems: Problem[] = [];
    if (role === triggerRole)
      problems.push(
        yaml.problem(path, `"${role}" is what starts by itself; give this role another name`, 'key'),
      );
    if (Array.isArray(members)) {
      for (const [index, name] of members.entries())
        problems.push(...unknown('person', name, people, [...path, index], yaml));
    } else if ('room' in members) {
      problems.push(...unknown('room', members.room, Object.keys(file.rooms), [...path, 'room'], yaml));
    }
    return problems;
  });
}

const accounts = ['slack', 'discord', 'github', 'asana', 'email'] as const;

/** One account in two people would be two votes of one person. */
function accountProblems(file: InstallationFile, yaml: YamlText): Problem[] {
  const problems: Problem[] = [];
  const taken = new Map<string, string>();
  for (const [name, person] of Object.entries(file.people)) {
    for (const kind of accounts) {
      // Names of GitHub and mail addresses are the same in any case.
      const account = person[kind]?.toLowerCase();
      if (account === undefined) continue;
      const other = taken.get(`${kind} ${account}`);
      if (other === undefined) taken.set(`${kind} ${account}`, name);
      else
        problems.push(
          yaml.problem(['people', name, kind], `"${other}" has this account already: who is it?`),
        );
    }
  }
  return problems;
}
