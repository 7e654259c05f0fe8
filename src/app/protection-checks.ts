import type { YamlText } from '../process/position.js';
import type { Problem } from '../process/problems.js';
import type { Operation, StepSpec } from '../process/process-file.js';
import { unknown } from '../process/prove-names.js';
import { policyOf, type Installation, type Project } from './installation.js';
import { everyOperation, mostVariants } from './variants.js';
import { isGate, writesOf } from './writes.js';

/**
 * Proves that a protected thing is never written before the gate that protects it, and no key used before its gate: in
 * every operation, after all patches, in every variant and combination of variants.
 */
export function protectionProblems(installation: Installation, yaml: YamlText): Problem[] {
  return Object.values(installation.projects).flatMap((project) => [
    ...variantProblems(project, yaml),
    ...gateProblems(installation, project, yaml),
    ...Object.keys(project.secrets).flatMap((secret) => secretProblems(project, secret, yaml)),
  ]);
}

/** What cannot be looked at in all combinations is not proved. */
function variantProblems({ name, process }: Project, yaml: YamlText): Problem[] {
  const count = Object.keys(process.variants).length;
  if (count <= mostVariants) return [];
  const message = `${count} variants have too many combinations to prove what is protected; at most ${mostVariants}`;
  return [yaml.problem(['projects', name, 'process'], message)];
}

function gateProblems(installation: Installation, project: Project, yaml: YamlText): Problem[] {
  const messages = new Map<string, string>();
  for (const { operation, variants } of everyOperation(project.process)) {
    for (const broken of unprotected(installation, project, operation)) {
      const { step, thing, gate } = broken;
      // Said once, for the fewest variants that it takes.
      const key = JSON.stringify([operation.name, step.id, thing, gate]);
      if (messages.has(key)) continue;
      messages.set(
        key,
        `${operation.name}${withVariants(variants)}: step "${step.id}" writes ${thing}, which is protected by the gate "${gate}", and no such gate comes before it`,
      );
    }
  }
  return [...messages.values()].map((message) =>
    yaml.problem(['projects', project.name, 'process'], message),
  );
}

function withVariants(variants: readonly string[]): string {
  return variants.length === 0 ? '' : ` (${variants.join(', ')})`;
}

/** The steps of an operation that write what is protected, before the gate that protects it. Pure. */
export function unprotected(
  installation: Pick<Installation, 'policies' | 'registries' | 'storage'>,
  project: Pick<Project, 'name' | 'process' | 'policy'>,
  operation: Operation,
): { step: StepSpec; thing: string; gate: string }[] {
  return Object.entries(policyOf(installation, project).gates).flatMap(([gate, { protects }]) =>
    operation.steps
      .filter((step) => !comesAfterGate(step, gate, operation.steps))
      .flatMap((step) => {
        const writes = writesOf(step, operation, project, installation);
        const thing = protects.find((one) => writes.covers(one));
        return thing === undefined ? [] : [{ step, thing, gate }];
      }),
  );
}

function secretProblems({ name, process, secrets }: Project, secret: string, yaml: YamlText): Problem[] {
  const grant = secrets[secret];
  if (grant === undefined) return [];
  const path = ['projects', name, 'secrets', secret];
  const all = everyOperation(process);
  const ids = all.flatMap(({ operation }) => operation.steps.map(({ id }) => id));
  const problems = grant.steps.flatMap((id, index) =>
    unknown('step', id, ids, [...path, 'steps', index], yaml),
  );
  for (const [index, operation] of (grant.operations ?? []).entries()) {
    const known = Object.keys(process.operations);
    problems.push(...unknown('operation', operation, known, [...path, 'operations', index], yaml));
  }
  const { after } = grant;
  for (const { operation, variants } of all) {
    const granted = operation.steps.filter(({ id }) => grant.steps.includes(id));
    const where = `${operation.name}${withVariants(variants)}`;
    if (grant.operations?.includes(operation.name) === false) {
      for (const step of granted.filter((one) => asksFor(one, secret))) {
        const message = `${where}: the step "${step.id}" asks for this secret, which is granted in other operations only`;
        problems.push(yaml.problem([...path, 'operations'], message));
      }
      continue;
    }
    for (const step of after === undefined ? [] : granted) {
      if (after === undefined || comesAfterGate(step, after, operation.steps)) continue;
      const message = `${where}: no gate "${after}" comes before the step "${step.id}", which may see this secret`;
      problems.push(yaml.problem([...path, 'after'], message));
    }
  }
  return problems;
}

function asksFor({ settings }: StepSpec, secret: string): boolean {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) return false;
  const { secrets } = settings;
  return Array.isArray(secrets) && secrets.includes(secret);
}

/** A step that cleans up runs also where the gate said no. */
function comesAfterGate(step: StepSpec, gate: string, steps: readonly StepSpec[]): boolean {
  if (step.always === true) return false;
  return steps.some((other) => isGate(other) && other.id === gate && other.stage < step.stage);
}
