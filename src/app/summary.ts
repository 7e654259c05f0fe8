import type {
  GateSummary,
  InstallationSummary,
  OperationSummary,
  ProcessSummary,
} from '../chat/views/validated.js';
import type { Operation } from '../process/process-file.js';
import { confirmersOf, peopleInRole, policyOf, startersOf } from './installation.js';
import type { Installation, Policy, Project } from './installation.js';
import { notEnforced } from './not-enforced.js';
import { seriesOf, unspoken } from './rule-checks.js';
import { isAsked } from './writes.js';

/** What of an operation cannot be run yet, by its name. */
export type GapsOf = (project: Pick<Project, 'process'>) => { operation: string; what: string }[];

/** An installation in short: what can be started, by whom, and who opens which gate. */
export function summaryOf(installation: Installation, gapsOf: GapsOf): InstallationSummary {
  const projects = Object.values(installation.projects).map((project): ProcessSummary => {
    const gaps = gapsOf(project);
    const policy = policyOf(installation, project);
    return {
      name: project.name,
      process: project.process.name,
      variants: Object.keys(project.process.variants),
      operations: Object.values(project.process.operations).map((operation) => ({
        ...shortOf(operation, gaps),
        starts: namesOf(installation, startersOf(policy, operation.name)),
        confirm: confirmersOf(policy, operation.name),
        // Who ticks what of a checklist is said by its items, unless the policy says more.
        gates: operation.steps
          .filter(
            (step) => isAsked(step) && (step.kind !== 'checklist' || Object.hasOwn(policy.gates, step.id)),
          )
          .map(({ id }) => gateOf(installation, project, policy, operation, id)),
      })),
    };
  });
  const { file, name, people } = installation;
  return { file, name, people: Object.keys(people).length, projects, notEnforced: notEnforced(installation) };
}

/** A process alone in short: nobody is known who may do anything. */
export function processSummary(process: Project['process'], gapsOf: GapsOf): ProcessSummary {
  const gaps = gapsOf({ process });
  return {
    name: process.name,
    process: process.name,
    variants: Object.keys(process.variants),
    operations: Object.values(process.operations).map((operation) => shortOf(operation, gaps)),
  };
}

function shortOf({ name, about, line, steps }: Operation, gaps: ReturnType<GapsOf>): OperationSummary {
  return {
    name,
    about,
    line,
    steps: steps.map(({ id }) => id),
    starts: [],
    confirm: [],
    gates: steps
      .filter(isAsked)
      .map(({ id }) => ({ step: id, rules: [], requesterMayVote: false, protects: [], nobody: [] })),
    gaps: [...new Set(gaps.filter((gap) => gap.operation === name).map(({ what }) => what))],
  };
}

function namesOf({ roles, people }: Installation, used: readonly string[]): string[] {
  const ids = new Set(used.flatMap((role) => peopleInRole(roles, role)));
  return [...ids].map((id) => people[id]?.name ?? id);
}

function gateOf(
  installation: Installation,
  project: Project,
  policy: Policy,
  operation: Operation,
  step: string,
): GateSummary {
  const gate = Object.hasOwn(policy.gates, step) ? policy.gates[step] : undefined;
  const rules = gate?.rules ?? [];
  const nobody = seriesOf(project)
    .filter(({ series }) => operation.series.includes(series))
    .flatMap(({ series, scheme }) => {
      const versions = unspoken(rules, series, [], scheme);
      return versions === undefined ? [] : [{ series, versions }];
    });
  return {
    step,
    rules: rules.map(({ versions, series, variant, need, of, eachOf }) => ({
      when: [
        ...(versions === undefined ? [] : [versions]),
        ...(series === undefined ? [] : [`series ${series}`]),
        ...(variant === undefined ? [] : [`variant ${variant}`]),
      ].join(', '),
      need,
      of,
      eachOf,
      people: namesOf(installation, of),
    })),
    requesterMayVote: gate?.requesterMayVote ?? false,
    protects: gate?.protects ?? [],
    nobody,
  };
}
