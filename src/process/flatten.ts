import { Name, StepId } from './names.js';
import type { Problem } from './problems.js';
import { below, isMap, stepForms, writtenKeys } from './raw-step.js';
import type { Place, RawStage, RawStep, Written } from './raw-step.js';
import { didYouMean } from '../suggest.js';

/** A list of steps with where it was written. */
export interface StepList {
  steps: readonly unknown[];
  at: Place;
  level: number;
}

/** Finds the steps of a part or an operation by its name, and knows all those names. */
export interface Includes {
  find(name: string): StepList | undefined;
  names(): string[];
}

/** Where a list is flattened to. */
interface Inclusion {
  prefix: string;
  runsOn: Written | undefined;
  /** The names that were included to get here. */
  trail: readonly string[];
  count: StepCount;
}

/** How many steps and includes there were so far. */
export interface StepCount {
  now: number;
}

/** The most steps that a process may have, in all its operations. Every include may double them: a few lines could become millions. */
export const maxSteps = 2_000;

/**
 * The steps of a list in stages, with the steps of parts and operations in the place of their includes. What is wrong
 * goes to `problems`; a wrong step is left out.
 * @param name of the operation or part that the list belongs to
 * @param count goes on over the operations of a process
 */
export function flatten(
  name: string,
  list: StepList,
  includes: Includes,
  problems: Problem[],
  count: StepCount = { now: 0 },
): RawStage[] {
  return stagesOf(list, { prefix: '', runsOn: undefined, trail: [name], count }, includes, problems);
}

function stagesOf(list: StepList, inclusion: Inclusion, includes: Includes, problems: Problem[]): RawStage[] {
  return list.steps.flatMap((step, index): RawStage[] => {
    const at = below(list.at, index);
    if (!isMap(step)) {
      problems.push(
        at.yaml.problem(at.path, 'a step is a map with "uses", "run", "shell", "include" or "together"'),
      );
      return [];
    }
    if (!hasOneForm(step, at, problems)) return [];
    if (Object.hasOwn(step, 'include')) return included(step, at, inclusion, includes, problems);
    if (Object.hasOwn(step, 'together')) {
      const stage = together(step, at, list.level, inclusion, problems);
      return stage.steps.length === 0 ? [] : [stage];
    }
    return [{ steps: [rawStep(step, at, list.level, inclusion, false)], atOnce: undefined }];
  });
}

/** Whether a step has exactly one form. */
function hasOneForm(step: Record<string, unknown>, at: Place, problems: Problem[]): boolean {
  const found = stepForms.filter((form) => Object.hasOwn(step, form));
  if (found.length === 1) return true;
  const guess =
    Object.keys(step)
      .map((key) => didYouMean(key, stepForms))
      .find((hint) => hint !== '') ?? '';
  const message =
    found.length === 0
      ? `a step needs one of "uses", "run", "shell", "include" and "together"${guess}`
      : 'a step has one of "uses", "run", "shell", "include" and "together", not several';
  problems.push(at.yaml.problem(at.path, message));
  return false;
}

function rawStep(
  step: Record<string, unknown>,
  at: Place,
  level: number,
  { prefix, runsOn, trail, count }: Inclusion,
  together: boolean,
): RawStep {
  count.now += 1;
  const keys = writtenKeys(step, at);
  return { keys, at, prefix, runsOn, included: trail.length > 1, together, level };
}

function together(
  step: Record<string, unknown>,
  at: Place,
  level: number,
  inclusion: Inclusion,
  problems: Problem[],
): RawStage {
  const problem = (path: (string | number)[], message: string, where: 'key' | 'value' = 'value'): void => {
    problems.push(at.yaml.problem([...at.path, ...path], message, where));
  };
  for (const key of Object.keys(step).filter((it) => it !== 'together' && it !== 'at-once')) {
    const hint = didYouMean(key, ['at-once']);
    problem([key], `"together" stands alone; "${key}" belongs to a step in it${hint}`, 'key');
  }
  const atOnce = step['at-once'];
  const isCount = typeof atOnce === 'number' && Number.isInteger(atOnce) && atOnce >= 1 && atOnce <= 64;
  if (atOnce !== undefined && !isCount) problem(['at-once'], 'must be a whole number from 1 to 64');
  const list = step['together'];
  if (!Array.isArray(list) || list.length === 0) {
    problem(['together'], '"together" needs a list of steps');
    return { steps: [], atOnce: undefined };
  }
  const steps = list.flatMap((member: unknown, index): RawStep[] => {
    const place = below(at, 'together', index);
    if (!isMap(member)) {
      problem(['together', index], 'a step in "together" is a map with "uses", "run" or "shell"');
      return [];
    }
    const nested = ['together', 'include'].find((form) => Object.hasOwn(member, form));
    if (nested !== undefined) {
      problem(['together', index], `"${nested}" cannot stand in "together"`);
      return [];
    }
    return hasOneForm(member, place, problems) ? [rawStep(member, place, level, inclusion, true)] : [];
  });
  return { steps, atOnce: isCount ? atOnce : undefined };
}

const includeKeys = ['include', 'id', 'runs-on'];

function included(
  step: Record<string, unknown>,
  at: Place,
  inclusion: Inclusion,
  includes: Includes,
  problems: Problem[],
): RawStage[] {
  const problem = (key: string, message: string, where: 'key' | 'value' = 'value'): RawStage[] => {
    problems.push(at.yaml.problem([...at.path, key], message, where));
    return [];
  };
  for (const key of Object.keys(step).filter((it) => !includeKeys.includes(it))) {
    const hint = didYouMean(key, includeKeys);
    problem(key, `"include" takes "id" and "runs-on" only, not "${key}"${hint}`, 'key');
  }
  const { include: name, id, 'runs-on': runsOn } = step;
  for (const [key, value, schema] of [['id', id, StepId] as const, ['runs-on', runsOn, Name] as const]) {
    const parsed = schema.optional().safeParse(value);
    if (!parsed.success) problem(key, parsed.error.issues[0]?.message ?? 'is wrong');
  }
  if (typeof name !== 'string')
    return problem('include', '"include" needs the name of a part or an operation');
  const list = includes.find(name);
  if (list === undefined) {
    const hint = didYouMean(name, includes.names());
    return problem('include', `there is no part and no operation "${name}"${hint}`);
  }
  if (inclusion.trail.includes(name)) {
    const way = [...inclusion.trail.slice(inclusion.trail.indexOf(name)), name].join(' -> ');
    return problem('include', `"${name}" includes itself: ${way}`);
  }
  inclusion.count.now += 1;
  if (inclusion.count.now > maxSteps)
    return problem('include', `with this the process has more than ${maxSteps} steps`);
  const prefix = [inclusion.prefix, typeof id === 'string' ? id : ''].filter((part) => part !== '').join('.');
  const label = runsOn === undefined ? inclusion.runsOn : { value: runsOn, at: below(at, 'runs-on') };
  const { count, trail } = inclusion;
  return stagesOf(list, { prefix, runsOn: label, trail: [...trail, name], count }, includes, problems);
}
