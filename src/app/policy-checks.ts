import type { Path, YamlText } from '../process/position.js';
import type { Problem } from '../process/problems.js';
import type { Operation, StepSpec } from '../process/process-file.js';
import { unknown } from '../process/prove-names.js';
import { didYouMean } from '../process/suggest.js';
import type { InstallationFile } from './installation-file.js';
import { startersOf } from './installation.js';
import type { GateRule, Installation, Policy } from './installation.js';

/** Every name that `slipway.yaml` uses for people and roles. */
export function peopleProblems(file: InstallationFile, yaml: YamlText): Problem[] {
  const problems: Problem[] = [];
  const people = Object.keys(file.people);
  const names = (what: string, known: Iterable<string>, used: readonly string[], path: Path): void => {
    for (const [index, name] of used.entries()) {
      problems.push(...unknown(what, name, known, [...path, index], yaml));
    }
  };
  for (const [role, members] of Object.entries(file.roles)) names('person', people, members, ['roles', role]);
  const roles = Object.keys(file.roles);
  for (const [name, policy] of Object.entries(file.policies)) {
    const at = ['policies', name];
    for (const [operation, { start }] of Object.entries(policy.operations)) {
      names('role', roles, start, [...at, 'operations', operation, 'start']);
    }
    for (const [gate, { rules, reject }] of Object.entries(policy.gates)) {
      for (const [index, rule] of rules.entries()) {
        names('role', roles, rule.of, [...at, 'gates', gate, 'rules', index, 'of']);
      }
      names('role', roles, reject, [...at, 'gates', gate, 'reject']);
    }
    names('role', roles, policy.skip?.who ?? [], [...at, 'skip', 'who']);
    names('role', roles, policy.skip?.second ?? [], [...at, 'skip', 'second']);
  }
  return problems;
}

/** Proves of every policy that its names mean something in the processes that use it, and that its gates can open. */
export function policyProblems(
  installation: Installation,
  kinds: Iterable<string>,
  yaml: YamlText,
): Problem[] {
  const kindNames = [...kinds];
  return Object.entries(installation.policies).flatMap(([name, policy]) => {
    const projects = Object.values(installation.projects).filter((project) => project.policy === name);
    const operations = projects.flatMap(({ process }) => Object.values(process.operations));
    const channels = projects.flatMap(({ process }) => Object.keys(process.channels));
    const at = ['policies', name];
    const problems: Problem[] = [];
    if (projects.length > 0) {
      const known = ['default', ...operations.map((operation) => operation.name)];
      for (const operation of Object.keys(policy.operations)) {
        problems.push(
          ...unknown('operation', operation, known, [...at, 'operations', operation], yaml, 'key'),
        );
      }
      const gates = operations.flatMap(({ steps }) => steps.filter(isGate).map(({ id }) => id));
      for (const gate of Object.keys(policy.gates)) {
        problems.push(...unknown('gate', gate, gates, [...at, 'gates', gate], yaml, 'key'));
      }
    }
    for (const [id, gate] of Object.entries(policy.gates)) {
      const path = [...at, 'gates', id];
      problems.push(...reachProblems(installation, policy, operations, id, gate, path, yaml));
      for (const [index, thing] of projects.length > 0 ? gate.protects.entries() : []) {
        if (channels.includes(thing) || kindNames.includes(thing)) continue;
        const message = `"${thing}" is neither a channel nor a step kind${didYouMean(thing, [...channels, ...kindNames])}`;
        problems.push(yaml.problem([...path, 'protects', index], message));
      }
    }
    return problems;
  });
}

function isGate(step: StepSpec): boolean {
  return step.kind === 'approve';
}

/** A number that cannot be reached would be noticed on the day of the release. */
function reachProblems(
  { roles }: Installation,
  policy: Policy,
  operations: Operation[],
  id: string,
  gate: GateRule,
  path: Path,
  yaml: YamlText,
): Problem[] {
  const peopleOf = (names: string[]): Set<string> => new Set(names.flatMap((role) => roles[role] ?? []));
  const withGate = operations.filter(({ steps }) => steps.some((step) => isGate(step) && step.id === id));
  const starts =
    operations.length === 0
      ? Object.values(policy.operations).flatMap(({ start }) => start)
      : withGate.flatMap((operation) => startersOf(policy, operation.name));
  const requesters = peopleOf(starts);
  return gate.rules.flatMap(({ need, of }, index) => {
    if (index > 0)
      return [yaml.problem([...path, 'rules', index], 'the first rule always decides; this one never does')];
    const voters = peopleOf(of);
    const at = [...path, 'rules', index, 'need'];
    const count = `${need} of ${voters.size} ${voters.size === 1 ? 'person' : 'people'}`;
    if (need > voters.size) return [yaml.problem(at, `${count}: this number cannot be reached`)];
    if (gate.requesterMayVote || need < voters.size || ![...voters].some((it) => requesters.has(it)))
      return [];
    const when = voters.size === 1 ? 'this one asks' : 'one of them asks';
    return [yaml.problem(at, `${count}, and the requester may not vote: when ${when}, nobody can decide`)];
  });
}

/** Proves that a protected thing is never written before the gate that protects it, and no key used before its gate. */
export function protectionProblems(installation: Installation, yaml: YamlText): Problem[] {
  const problems: Problem[] = [];
  for (const { name, process, policy, secrets } of Object.values(installation.projects)) {
    const operations = Object.values(process.operations);
    for (const [gate, { protects }] of Object.entries(installation.policies[policy]?.gates ?? {})) {
      for (const { name: operation, steps } of operations) {
        for (const step of steps.filter((it) => !comesAfterGate(it, gate, steps))) {
          const thing = protects.find((it) => writes(step, it));
          if (thing === undefined) continue;
          const message = `${operation}: step "${step.id}" writes ${thing}, which is protected by the gate "${gate}", and no such gate comes before it`;
          problems.push(yaml.problem(['projects', name, 'process'], message));
        }
      }
    }
    for (const [secret, { steps: granted, after }] of Object.entries(secrets)) {
      const path = ['projects', name, 'secrets', secret];
      const ids = operations.flatMap(({ steps }) => steps.map(({ id }) => id));
      for (const [index, id] of granted.entries()) {
        problems.push(...unknown('step', id, ids, [...path, 'steps', index], yaml));
      }
      if (after === undefined) continue;
      for (const { name: operation, steps } of operations) {
        for (const step of steps) {
          if (!granted.includes(step.id) || comesAfterGate(step, after, steps)) continue;
          const message = `${operation}: no gate "${after}" comes before the step "${step.id}", which may see this secret`;
          problems.push(yaml.problem([...path, 'after'], message));
        }
      }
    }
  }
  return problems;
}

function comesAfterGate(step: StepSpec, gate: string, steps: StepSpec[]): boolean {
  return steps.some((other) => isGate(other) && other.id === gate && other.stage < step.stage);
}

function writes({ kind, settings }: StepSpec, thing: string): boolean {
  if (kind === thing) return true;
  if (kind !== 'channel' || typeof settings !== 'object' || settings === null || Array.isArray(settings))
    return false;
  const move = settings['move'];
  return Array.isArray(move) && move.includes(thing);
}
