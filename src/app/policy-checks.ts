import { kindList } from '../process/kinds/index.js';
import type { Path, YamlText } from '../process/position.js';
import type { Problem } from '../process/problems.js';
import type { Operation } from '../process/process-file.js';
import { unknown } from '../process/prove-names.js';
import { didYouMean } from '../suggest.js';
import type { InstallationFile } from './installation-file.js';
import { governedVerbs, peopleInRole, startersOf } from './installation.js';
import type { Installation, Project } from './installation.js';
import { triggerRole } from './people-checks.js';
import { reachProblem } from './reach.js';
import { isPartOf } from './resolve-policies.js';
import { isDead, rangeProblem } from './rule-checks.js';
import { everyOperation } from './variants.js';
import { isAsked, writesOf } from './writes.js';

/** A policy as it is written, and the projects that it speaks of: its own, and those of the policies that extend it. */
interface Written {
  name: string;
  projects: Project[];
  /** Every operation of these projects, in every variant. */
  operations: Operation[];
}

/** Proves of every policy that its names mean something in the processes that use it, and that its gates can open. */
export function policyProblems(
  installation: Installation,
  file: InstallationFile,
  kinds: Iterable<string>,
  yaml: YamlText,
): Problem[] {
  const kindNames = [...new Set([...kindList.map((kind) => kind.name), ...kinds])];
  return Object.entries(file.policies).flatMap(([name, policy]) => {
    const projects = Object.values(installation.projects).filter((project) =>
      isPartOf(file.policies, name, project.policy),
    );
    const operations = projects.flatMap(({ process }) =>
      everyOperation(process).map(({ operation }) => operation),
    );
    const written: Written = { name, projects, operations };
    return [
      ...nameProblems(written, policy, yaml),
      ...roomRoleProblems(installation, written, policy, yaml),
      ...Object.keys(policy.gates).flatMap((gate) => [
        ...ruleProblems(installation, file, written, gate, yaml),
        ...protectsProblems(installation, written, gate, kindNames, yaml),
      ]),
    ];
  });
}

function nameProblems(
  { name, projects, operations }: Written,
  policy: InstallationFile['policies'][string],
  yaml: YamlText,
): Problem[] {
  if (projects.length === 0) return [];
  const at = ['policies', name];
  const known = ['default', ...governedVerbs, ...operations.map((operation) => operation.name)];
  const gates = operations.flatMap(({ steps }) => steps.filter(isAsked).map(({ id }) => id));
  return [
    ...Object.keys(policy.operations).flatMap((operation) =>
      unknown('operation', operation, known, [...at, 'operations', operation], yaml, 'key'),
    ),
    ...Object.keys(policy.gates).flatMap((gate) =>
      unknown('gate', gate, gates, [...at, 'gates', gate], yaml, 'key'),
    ),
  ];
}

/** Everybody of a room may start what touches no release line, and nothing else. */
function roomRoleProblems(
  { roles }: Installation,
  { name, operations }: Written,
  policy: InstallationFile['policies'][string],
  yaml: YamlText,
): Problem[] {
  return Object.entries(policy.operations).flatMap(([operation, { start }]) => {
    const meant = operations.filter((one) =>
      operation === 'default' ? !Object.hasOwn(policy.operations, one.name) : one.name === operation,
    );
    const isNamed = operation !== 'default' && !governedVerbs.includes(operation);
    if (isNamed && meant.every(({ line }) => line === 'none')) return [];
    return start.flatMap((role, index) => {
      const found = Object.hasOwn(roles, role) ? roles[role] : undefined;
      if (found === undefined || Array.isArray(found) || found.in !== 'room') return [];
      const message = `the role "${role}" is everybody in a room: it can only start what touches no release line`;
      return [yaml.problem(['policies', name, 'operations', operation, 'start', index], message)];
    });
  });
}

function ruleProblems(
  installation: Installation,
  file: InstallationFile,
  { name, projects, operations }: Written,
  id: string,
  yaml: YamlText,
): Problem[] {
  const gate = installation.policies[name]?.gates[id];
  if (gate === undefined) return [];
  const path = ['policies', name, 'gates', id, 'rules'];
  const requesters = requestersOf(installation, file, name, operations, id);
  const series = ['main', ...projects.flatMap(({ process }) => Object.keys(process.series))];
  const variants = projects.flatMap(({ process }) => Object.keys(process.variants));
  return gate.rules.flatMap((rule, index) => {
    const at = [...path, index];
    const problems: Problem[] = [];
    if (isDead(gate.rules, index)) {
      const which = index === 1 ? 'the first rule' : 'a rule before it';
      problems.push(yaml.problem(at, `${which} always decides; this one never does`));
    }
    if (projects.length > 0) {
      if (rule.series !== undefined)
        problems.push(...unknown('series', rule.series, series, [...at, 'series'], yaml));
      if (rule.variant !== undefined)
        problems.push(...unknown('variant', rule.variant, variants, [...at, 'variant'], yaml));
    }
    const range = rangeProblem(rule, projects);
    if (range !== undefined) problems.push(yaml.problem([...at, 'versions'], range));
    if (problems.length > 0) return problems;
    // Of a group of somebody else it is not known here how many they are; a role that is not there is told by itself.
    const areKnown = [...rule.of, ...rule.eachOf].every((role) => isKnown(installation, role));
    if (!areKnown) return [];
    const voters = rule.of.flatMap((role) => peopleInRole(installation.roles, role));
    const required = rule.eachOf.map((role) => ({ role, people: peopleInRole(installation.roles, role) }));
    const wrong = reachProblem({
      need: rule.need,
      voters,
      required,
      requesters: gate.requesterMayVote ? [] : requesters,
      names: (person) => installation.people[person]?.name ?? person,
    });
    if (wrong === undefined) return [];
    return [yaml.problem([...at, wrong.at === 'need' ? 'need' : 'each-of'], wrong.message)];
  });
}

function isKnown({ roles }: Installation, role: string): boolean {
  return Object.hasOwn(roles, role) && Array.isArray(roles[role]);
}

/** Who could ask for a run with this gate: by every policy that takes the gate from this one. */
function requestersOf(
  installation: Installation,
  file: InstallationFile,
  name: string,
  operations: readonly Operation[],
  gate: string,
): string[] {
  const own = installation.policies[name]?.gates[gate];
  const withGate = operations.filter(({ steps }) => steps.some((step) => isAsked(step) && step.id === gate));
  const using = Object.entries(installation.policies).filter(
    ([other]) => other === name || takesGateFrom(file, other, name, gate),
  );
  const starts = using.flatMap(([, policy]) =>
    operations.length === 0
      ? Object.values(policy.operations).flatMap(({ start }) => start)
      : withGate.flatMap((operation) => startersOf(policy, operation.name)),
  );
  if (own === undefined) return [];
  return starts
    .filter((role) => role !== triggerRole)
    .flatMap((role) => peopleInRole(installation.roles, role));
}

function takesGateFrom({ policies }: InstallationFile, policy: string, from: string, gate: string): boolean {
  if (!isPartOf(policies, from, policy)) return false;
  const between = Object.keys(policies).filter(
    (one) => one !== from && isPartOf(policies, one, policy) && isPartOf(policies, from, one),
  );
  return between.every((one) => !Object.hasOwn(policies[one]?.gates ?? {}, gate));
}

function protectsProblems(
  installation: Installation,
  { name, projects }: Written,
  gate: string,
  kinds: readonly string[],
  yaml: YamlText,
): Problem[] {
  const rule = installation.policies[name]?.gates[gate];
  if (rule === undefined || projects.length === 0) return [];
  const channels = projects.flatMap(({ process }) => Object.keys(process.channels));
  const registries = Object.keys(installation.registries);
  const names = [...channels, ...registries, ...kinds];
  const written = projects.flatMap((project) =>
    everyOperation(project.process).flatMap(({ operation }) =>
      operation.steps.flatMap((step) => writesOf(step, operation, project, installation).things),
    ),
  );
  return rule.protects.flatMap((thing, index) => {
    const path: Path = ['policies', name, 'gates', gate, 'protects', index];
    if (names.includes(thing) || thing.startsWith('branch:')) return [];
    if (thing.includes(':')) {
      const addresses = [...new Set(written)].filter(
        (one) => one.includes(':') && !one.startsWith('branch:'),
      );
      const isWritten = projects.some((project) =>
        everyOperation(project.process).some(({ operation }) =>
          operation.steps.some((step) => writesOf(step, operation, project, installation).covers(thing)),
        ),
      );
      if (isWritten) return [];
      return [yaml.problem(path, `no step writes "${thing}"${didYouMean(thing, addresses)}`)];
    }
    const what = 'is neither a channel, a registry nor a step kind';
    return [yaml.problem(path, `"${thing}" ${what}${didYouMean(thing, names)}`)];
  });
}
