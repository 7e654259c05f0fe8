import type { Problem } from './problems.js';
import { below, fullId, isMap, ownId, writtenKeys } from './raw-step.js';
import type { Place, RawStage, RawStep } from './raw-step.js';

/** One entry of a patch. */
export interface Change {
  /** `build`, `here.build`, or `cut.build` for the operation `cut` only. */
  name: string;
  value: unknown;
  at: Place;
  /** Which file of the chain it was written in, the deepest first. */
  level: number;
  /** The operations that it is for; undefined: all. */
  only: readonly string[] | undefined;
}

/** The operation and the step that a change names. */
function targetOf({ name }: Change, operations: readonly string[]): { operation?: string; id: string } {
  const [first = '', ...rest] = name.split('.');
  return rest.length > 0 && operations.includes(first)
    ? { operation: first, id: rest.join('.') }
    : { id: name };
}

/**
 * The stages of one operation after a change, or `undefined` where the change does not touch it.
 * @param operations the names of all operations
 */
export function applyChange(
  change: Change,
  operation: string,
  stages: readonly RawStage[],
  operations: readonly string[],
  problems: Problem[],
): RawStage[] | undefined {
  const target = targetOf(change, operations);
  if (target.operation !== undefined && target.operation !== operation) return undefined;
  if (change.only !== undefined && !change.only.includes(operation)) return undefined;
  const isMeant = (step: RawStep): boolean => isNamed(step, target.id) && step.level <= change.level;
  const isThere = stages.some((stage) => stage.steps.some(isMeant));
  const { value } = change;
  if (!isMap(value)) return isThere ? mapSteps(stages, (step) => (isMeant(step) ? [] : [step])) : undefined;
  if (Object.hasOwn(value, 'after') || Object.hasOwn(value, 'before'))
    return insert(change, target.id, isThere, value, stages, problems);
  return isThere
    ? mapSteps(stages, (step) => (isMeant(step) ? [changed(step, value, change)] : [step]))
    : undefined;
}

/** Whether a change without an operation in its name means a step: by its id with or without that of its include. */
function isNamed(step: RawStep, id: string): boolean {
  return fullId(step) === id || ownId(step) === id;
}

function mapSteps(stages: readonly RawStage[], change: (step: RawStep) => RawStep[]): RawStage[] {
  return stages
    .map((stage) => ({ ...stage, steps: stage.steps.flatMap(change) }))
    .filter((stage) => stage.steps.length > 0);
}

const forms = ['uses', 'run', 'shell'];

/** Keys that are given replace keys. Another kind, or a command where there was none, makes it another step. */
function changed(step: RawStep, value: Record<string, unknown>, change: Change): RawStep {
  const given = writtenKeys(value, change.at);
  const form = forms.find((key) => given.has(key));
  const isAnother = form !== undefined && (form === 'uses' || !step.keys.has(form));
  const kept = isAnother ? idOnly(step, change) : step.keys;
  return { ...step, keys: new Map([...kept, ...given]), at: isAnother ? change.at : step.at };
}

function idOnly(step: RawStep, { at }: Change): RawStep['keys'] {
  return new Map([['id', step.keys.get('id') ?? { value: ownId(step), at }]]);
}

function insert(
  change: Change,
  id: string,
  isThere: boolean,
  value: Record<string, unknown>,
  stages: readonly RawStage[],
  problems: Problem[],
): RawStage[] | undefined {
  const { at, level } = change;
  const problem = (key: string, message: string): undefined => {
    const place = below(at, key);
    problems.push(place.yaml.problem(place.path, message, 'key'));
  };
  const { after, before } = value;
  const key = after === undefined ? 'before' : 'after';
  const anchor = after ?? before;
  if (after !== undefined && before !== undefined)
    problem('before', 'a new step has "after" or "before", not both');
  if (typeof anchor !== 'string') return undefined;
  const isAnchor = (step: RawStep): boolean => isNamed(step, anchor) && step.level <= level;
  if (!stages.some((stage) => stage.steps.some(isAnchor))) return undefined;
  if (isThere) problem(key, `"${key}" is for a new step, and "${id}" is there already`);

  const { after: _after, before: _before, ...rest } = value;
  const keys = new Map([['id', { value: id.split('.').at(-1), at }], ...writtenKeys(rest, at)]);
  return stages.flatMap((stage) => {
    const added = stage.steps.filter(isAnchor).map((step): RawStage => {
      const { prefix, runsOn } = step;
      const made: RawStep = { keys, at, prefix, runsOn, included: false, together: false, level };
      return { steps: [made], atOnce: undefined };
    });
    return key === 'after' ? [stage, ...added] : [...added, stage];
  });
}
