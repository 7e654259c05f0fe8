import type { z } from 'zod';
import type { Json } from '../release/plan.js';
import { StepHead } from './file-shape.js';
import { kindOf, kindList } from './kinds/index.js';
import type { Locator } from './position.js';
import type { Problem } from './problems.js';
import type { StepSpec } from './process-file.js';
import { fullId, isMap, locatorOf, ownId } from './raw-step.js';
import type { RawStage, RawStep } from './raw-step.js';
import { knownKeys, parseShape } from './shape.js';
import { didYouMean } from '../suggest.js';

/** Step kinds besides those of the catalogue, by name. The ones of the catalogue may be among them. */
export type StepKinds = ReadonlyMap<string, { config: z.ZodType }>;

/** A step with what only the loader needs. */
export interface StepDraft {
  spec: StepSpec;
  /** Tells what is wrong in its settings at the place where they were written. */
  locator: Locator;
  /** The id of its include; '' where it has none. */
  prefix: string;
}

const headKeys = Object.keys(StepHead.shape);
const forms = ['uses', 'run', 'shell'] as const;
// Steps that Slipway itself puts in; nobody writes them.
const inserted = new Set(['follow']);

/** Reads the steps of an operation. Everything that is wrong goes to `problems`; a wrong step is left out. */
export function readSteps(
  operation: string,
  stages: readonly RawStage[],
  kinds: StepKinds,
  problems: Problem[],
): StepDraft[] {
  return stages.flatMap(({ steps, atOnce }, stage) =>
    steps.flatMap((raw): StepDraft[] => {
      const spec = readStep(raw, stage, kinds, problems);
      if (spec === undefined) return [];
      const locator = locatorIn(operation, raw);
      if (raw.together && kindOf(spec.kind)?.alone === true)
        problems.push(locator.problem([], `"${spec.kind}" cannot stand in "together"`));
      return [
        { spec: { ...spec, ...(atOnce === undefined ? {} : { atOnce }) }, locator, prefix: raw.prefix },
      ];
    }),
  );
}

const inOperation = / \[in the operation "[^"]*"\]$/;

/** A part is proved in every operation that includes it, so what is wrong says in which. */
function locatorIn(operation: string, raw: RawStep): Locator {
  const locator = locatorOf(raw);
  if (!raw.included) return locator;
  return {
    problem: (path, message, at) => locator.problem(path, `${message} [in the operation "${operation}"]`, at),
  };
}

/** What is wrong with a part in several operations is wrong with the part, and told once. */
export function mergeOperations(problems: readonly Problem[]): Problem[] {
  const merged = new Map<string, Problem>();
  for (const problem of problems) {
    const message = problem.message.replace(inOperation, '');
    const key = `${problem.file}:${problem.line}:${problem.column}: ${message}`;
    const other = merged.get(key);
    const isSame = other === undefined || other.message === problem.message;
    merged.set(key, isSame ? problem : { ...problem, message });
  }
  return [...merged.values()];
}

function readStep(raw: RawStep, stage: number, kinds: StepKinds, problems: Problem[]): StepSpec | undefined {
  const locator = locatorOf(raw);
  const name = nameOfKind(raw, kinds, problems);
  const config = name === undefined ? undefined : configOf(name, kinds);
  if (name === undefined || config === undefined) return undefined;

  // `branch` and `tag` have a setting `name` of their own, which is then not the step's.
  const own = knownKeys(config);
  const head: Record<string, unknown> = {};
  const written: Record<string, unknown> = {};
  for (const [key, { value }] of raw.keys) {
    if (key === 'uses') continue;
    if (headKeys.includes(key) && !own.includes(key)) head[key] = value;
    else written[key] = value;
  }
  const common = parseShape(StepHead, head, locator, []);
  const settings = parseShape(config, written, locator, [], headKeys);
  if ('problems' in common) problems.push(...common.problems);
  if ('problems' in settings) problems.push(...settings.problems);
  if ('problems' in common || 'problems' in settings) return undefined;

  const { name: title, timeout, skip, once, always, 'runs-on': runsOn } = common.value;
  if (ownId(raw) === undefined) {
    problems.push(locator.problem([name], `a step with "${name}" needs an "id"`, 'key'));
    return undefined;
  }
  const label = raw.keys.has('runs-on') ? runsOn : raw.runsOn?.value;
  return {
    id: fullId(raw) ?? name,
    kind: name,
    ...(title === undefined ? {} : { name: title }),
    stage,
    settings: toJson(settings.value),
    timeoutMs: timeout,
    skippable: skip === 'with-reason',
    runsOn: typeof label === 'string' ? label : runsOn,
    ...(once ? { once } : {}),
    ...(always ? { always } : {}),
  };
}

function configOf(name: string, kinds: StepKinds): z.ZodType | undefined {
  return kindOf(name)?.config ?? kinds.get(name)?.config;
}

/** A change can give a step a second form, so it is looked at again here. */
function nameOfKind(raw: RawStep, kinds: StepKinds, problems: Problem[]): string | undefined {
  const locator = locatorOf(raw);
  const [form, second] = forms.filter((key) => raw.keys.has(key));
  if (form === undefined || second !== undefined) {
    const message = `a step has one of "uses", "run" and "shell", not ${form === undefined ? 'none' : 'several'}`;
    problems.push(locator.problem([], message));
    return undefined;
  }
  if (form !== 'uses') return form;
  const kind = raw.keys.get('uses')?.value;
  if (typeof kind !== 'string') {
    problems.push(locator.problem(['uses'], '"uses" needs the name of a step kind'));
    return undefined;
  }
  const known = [...new Set([...kindList.map(({ name }) => name), ...kinds.keys()])].filter(
    (name) => name !== 'run' && name !== 'shell' && !inserted.has(name),
  );
  if (known.includes(kind)) return kind;
  problems.push(locator.problem(['uses'], `unknown step "${kind}"${didYouMean(kind, known)}`));
  return undefined;
}

/** What a kind's schema returned as JSON; keys without a value are left out. */
function toJson(value: unknown): Json {
  if (
    value === null ||
    typeof value === 'boolean' ||
    typeof value === 'number' ||
    typeof value === 'string'
  ) {
    return value;
  }
  if (Array.isArray(value)) return value.map(toJson);
  if (!isMap(value)) return null;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, toJson(inner)]));
}
