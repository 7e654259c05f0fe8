import { flatten, maxSteps } from './flatten.js';
import type { Includes, StepCount } from './flatten.js';
import { insertFollow } from './insert-follow.js';
import { kindOn } from './operation-kind.js';
import type { OperationDraft } from './operation-draft.js';
import { applyChange } from './patch.js';
import type { Change } from './patch.js';
import type { Operation } from './process-file.js';
import type { Problem } from './problems.js';
import { fileProblems } from './prove-file.js';
import { gateProblems } from './prove-gates.js';
import { candidatesOf, operationProblems, seriesOf } from './prove-line.js';
import { stepProblems } from './prove-names.js';
import type { Surroundings } from './prove-names.js';
import { orderProblems } from './prove-order.js';
import { targetProblems } from './prove-targets.js';
import { below, fullId, isMap } from './raw-step.js';
import type { RawStage } from './raw-step.js';
import { mergeOperations, readSteps } from './read-steps.js';
import type { StepKinds } from './read-steps.js';
import { evidenceNames, withFullIds } from './step-references.js';
import { didYouMean, nearest } from '../suggest.js';
import { levelOf } from './world.js';
import type { World } from './world.js';

/** What a process is resolved against. */
export interface Given {
  kinds: StepKinds;
  around: Surroundings;
}

/** The operations of a world with all its changes made, and everything that is wrong. */
export interface Resolved {
  operations: OperationDraft[];
  problems: Problem[];
}

/** Makes all changes, reads every step and proves everything. Proofs follow only where every step could be read. */
export function resolve(world: World, { kinds, around }: Given): Resolved {
  const problems: Problem[] = [];
  const stages = flattenAll(world, problems);
  applyChanges(world, stages, problems);
  const operations: OperationDraft[] = [];
  for (const [name, { value, at }] of world.operations) {
    const steps = readSteps(name, stages.get(name) ?? [], kinds, problems);
    operations.push({ name, value, at, steps });
  }
  readUnusedParts(world, kinds, problems);
  if (problems.length > 0) return { operations, problems };

  problems.push(...fileProblems(world, around));
  const names = { world, around, evidence: evidenceNames(operations) };
  for (const operation of operations) {
    const { at, steps, value } = operation;
    if (steps.length === 0) problems.push(at.yaml.problem([...at.path, 'steps'], 'no step is left', 'key'));
    problems.push(...operationProblems(operation, world), ...stepProblems(steps, value.inputs, names));
    problems.push(
      ...orderProblems(operation, world),
      ...gateProblems(operation, candidatesOf(operation, world)),
    );
  }
  if (problems.length === 0) {
    for (const operation of operations) problems.push(...targetProblems(operation, world));
  }
  return { operations, problems: mergeOperations(problems) };
}

function includesOf({ parts, operations }: World): Includes {
  return {
    find(name) {
      const part = parts.get(name);
      if (part !== undefined) return { steps: part.value, at: part.at, level: part.level };
      const operation = operations.get(name);
      if (operation === undefined) return undefined;
      const { value, at, level } = operation;
      return { steps: value.steps, at: below(at, 'steps'), level };
    },
    names: () => [...parts.keys(), ...operations.keys()],
  };
}

function flattenAll(world: World, problems: Problem[]): Map<string, RawStage[]> {
  const includes = includesOf(world);
  const stages = new Map<string, RawStage[]>();
  const count: StepCount = { now: 0 };
  for (const [name, { value, at, level }] of world.operations) {
    const list = { steps: value.steps, at: below(at, 'steps'), level };
    stages.set(name, flatten(name, list, includes, problems, count));
    if (count.now <= maxSteps) continue;
    problems.push(at.yaml.problem(at.path, `with this the process has more than ${maxSteps} steps`, 'key'));
    break;
  }
  return stages;
}

/** A part that nothing includes any more is still read: what is wrong in it would be found on the day that it is used. */
function readUnusedParts(world: World, kinds: StepKinds, problems: Problem[]): void {
  const includes = includesOf(world);
  for (const [name, { value, at, level }] of world.parts) {
    readSteps(name, flatten(name, { steps: value, at, level }, includes, problems), kinds, problems);
  }
}

function applyChanges(world: World, stages: Map<string, RawStage[]>, problems: Problem[]): void {
  const names = [...world.operations.keys()];
  const level = levelOf(world);
  for (const change of world.changes) {
    const known = [...stages.values()].flatMap(idsOf);
    let isIdle = true;
    for (const name of names) {
      const after = applyChange(change, name, stages.get(name) ?? [], names, problems);
      if (after === undefined) continue;
      stages.set(name, after);
      isIdle = false;
    }
    // A change from below did touch something before a file above took that away.
    if (isIdle && change.level === level) problems.push(idleProblem(change, names, known));
  }
}

/** Whether some of the changes touch an operation. Nothing is proved. */
export function areTouching(changes: readonly Change[], operation: string, world: World): boolean {
  const entry = world.operations.get(operation);
  if (entry === undefined) return false;
  const names = [...world.operations.keys()];
  const list = { steps: entry.value.steps, at: below(entry.at, 'steps'), level: entry.level };
  const make = (stages: RawStage[], change: Change): RawStage[] | undefined =>
    applyChange(change, operation, stages, names, []);
  let stages = flatten(operation, list, includesOf(world), []);
  for (const change of world.changes) stages = make(stages, change) ?? stages;
  return changes.some((change) => {
    const after = make(stages, change);
    stages = after ?? stages;
    return after !== undefined;
  });
}

function idsOf(stages: RawStage[]): string[] {
  return stages.flatMap(({ steps }) => steps.flatMap((step) => fullId(step) ?? []));
}

/** A change without effect is a mistake: a step was renamed, or the name has a slip. */
function idleProblem({ name, value, at, only }: Change, operations: string[], known: string[]): Problem {
  const key = isMap(value) ? ['after', 'before'].find((it) => Object.hasOwn(value, it)) : undefined;
  const anchor = key !== undefined && isMap(value) ? String(value[key]) : name;
  const [first = '', ...inner] = anchor.split('.');
  const isOperation = operations.includes(first);
  const meant = nearest(first, operations);
  // The operation has the slip: its step was not even looked for.
  const isSlip = inner.length > 0 && !isOperation && meant !== undefined;
  const hint = isSlip
    ? `; did you mean "${[meant, ...inner].join('.')}"?`
    : didYouMean(isOperation ? inner.join('.') : anchor, known);
  const where = only === undefined ? '' : ` in ${only.join(', ')}`;
  const isWhole = key === undefined && isMap(value) && ['uses', 'run', 'shell'].some((it) => it in value);
  const place = isWhole ? `${hint === '' ? '; a' : ' A'} new one says "after" or "before"` : '';
  const message = `there is no step "${anchor}"${where}${hint}${place}`;
  return key === undefined
    ? at.yaml.problem(at.path, message, 'key')
    : at.yaml.problem([...at.path, key], message);
}

/** An operation that is right as the rest of Slipway sees it. */
export function operationOf(draft: OperationDraft, world: World): Operation {
  const { name, value, steps } = draft;
  const { about, line, next, from, inputs, on } = value;
  const specs = steps.map((step) => ({ ...step.spec, settings: withFullIds(step, steps) }));
  return {
    name,
    about,
    kind: kindOn({ line, next, from }, false),
    line,
    next,
    from,
    series: seriesOf(draft),
    privateUntil: value['private-until'],
    on,
    inputs,
    steps: [...insertFollow(specs, world.version?.value.follow ?? [])],
  };
}
