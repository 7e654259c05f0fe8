import { createHash } from 'node:crypto';
import { attribute } from './attribute.js';
import { ProjectPatch } from './file-shape.js';
import { flatten } from './flatten.js';
import { toDictionary } from './names.js';
import type { OperationDraft } from './operation-draft.js';
import type { YamlText } from './position.js';
import { describeProblems, problemsError } from './problems.js';
import type { Path, Problem } from './problems.js';
import type { Operation, Process, Variant } from './process-file.js';
import type { Surroundings } from './prove-names.js';
import { below, isMap } from './raw-step.js';
import { readSteps } from './read-steps.js';
import type { StepKinds } from './read-steps.js';
import { areTouching, operationOf, resolve } from './resolve.js';
import type { Given } from './resolve.js';
import { parseShape } from './shape.js';
import { readSources } from './sources.js';
import type { Source, SourceOptions } from './sources.js';
import { build, changeUnit, emptyWorld, levelOf, patchUnits, unitsOf, variantChanges } from './world.js';
import type { Unit, World } from './world.js';

export { engineGaps, triggerGaps } from './engine-gaps.js';
export { resolveOperation } from './resolve-operation.js';

/** What a process is made from besides its own file. */
export interface ProcessOptions extends SourceOptions {
  /** The map in `slipway.yaml` that holds the project's own `patch` and `variants`; what is wrong there is told there. */
  patch?: { yaml: YamlText; path: Path };
}

/**
 * Loads a process file. `file` is its name in messages.
 * @throws SlipwayError config-invalid, its message all problems, a line each, in the order of their places
 */
export function loadProcess(
  file: string,
  text: string,
  kinds: StepKinds,
  around: Surroundings = {},
  options: ProcessOptions = {},
): Process {
  const result = readProcess(file, text, kinds, around, options);
  if ('problems' in result) throw problemsError(result.problems);
  return result.process;
}

/**
 * Loads a process file; the problems are data, so that those of several files can be told together. Every file of the
 * chain is proved before the next one is laid over it, so that what is wrong then was made so by that one.
 */
export function readProcess(
  file: string,
  text: string,
  kinds: StepKinds,
  around: Surroundings = {},
  options: ProcessOptions = {},
): { process: Process } | { problems: Problem[] } {
  const read = readSources({ file, text }, options);
  if ('problems' in read) {
    const { yaml } = read;
    return { problems: [...read.problems, ...(yaml === undefined ? [] : otherProblems(yaml, kinds))] };
  }
  const { sources } = read;
  const layers = sources.map(({ file: content, yaml }, level) => unitsOf(content, yaml, level));
  const own = projectUnits(options.patch, layers.length);
  if ('problems' in own) return own;
  if (own.units.length > 0) layers.push(own.units);

  const problems = sources.slice(0, 1).flatMap(({ yaml }) => incomplete(yaml));
  if (problems.length > 0) return { problems };
  let world = emptyWorld;
  for (const [level, units] of layers.entries()) {
    // What is around counts for what is left at the end: a patch may take away what a preset asks for.
    const isTop = level === layers.length - 1;
    const wrong = layOver(world, units, { kinds, around: isTop ? around : {} });
    if (wrong.length > 0) return { problems: wrong };
    world = build(world, units);
  }
  return processOf(world, sources, own.text, { kinds, around });
}

/** What is wrong once a file is laid over those below it, and in any of its variants. */
function layOver(base: World, units: readonly Unit[], given: Given): Problem[] {
  const prove = (world: World): Problem[] => resolve(world, given).problems;
  const world = build(base, units);
  const found = attribute(base, units, prove(world), prove);
  if (found.length > 0) return found;
  return [...world.variants].flatMap(([name, { value, at, level }]) => {
    const withVariant = (changed: World): World =>
      build(changed, variantChanges(changed, [name]).map(changeUnit));
    // A variant from below was right before this file: what is wrong with it now, this file has done.
    if (level < levelOf(world)) {
      const proveIt = (changed: World): Problem[] => prove(withVariant(changed));
      return attribute(base, units, proveIt(world), proveIt).map((problem) => ({
        ...problem,
        message: `${problem.message} [with the variant "${name}"]`,
      }));
    }
    const changes = variantChanges(world, [name]);
    if (changes.length === 0)
      return [at.yaml.problem([...at.path, 'patch'], 'this variant changes nothing', 'key')];
    const wrong = attribute(world, changes.map(changeUnit), prove(withVariant(world)), prove);
    if (wrong.length > 0) return wrong;
    return (value.for ?? []).flatMap((operation, index) =>
      areTouching(changes, operation, world)
        ? []
        : [at.yaml.problem([...at.path, 'for', index], `this variant changes nothing in "${operation}"`)],
    );
  });
}

/** What a file leaves out though it extends nothing, seen even where its shape is wrong. */
function incomplete({ data, problem }: YamlText): Problem[] {
  if (!isMap(data) || Object.hasOwn(data, 'extends')) return [];
  const problems = ['about', 'version']
    .filter((key) => !Object.hasOwn(data, key))
    .map((key) => problem([], `"${key}" is missing`));
  const operations = data['operations'];
  if (operations === undefined || (isMap(operations) && Object.keys(operations).length === 0))
    problems.push(problem(['operations'], 'a process needs an operation', 'key'));
  if (Object.hasOwn(data, 'patch'))
    problems.push(problem(['patch'], '"patch" is for a file that extends another one', 'key'));
  return problems;
}

function projectUnits(
  patch: ProcessOptions['patch'],
  level: number,
): { units: Unit[]; text: string } | { problems: Problem[] } {
  if (patch === undefined) return { units: [], text: '' };
  const { yaml, path } = patch;
  const data = path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    yaml.data,
  );
  const shape = parseShape(ProjectPatch, data, yaml, path);
  if ('problems' in shape) return shape;
  const { patch: changes, variants } = shape.value;
  return {
    units: patchUnits({ patch: changes, variants }, { yaml, path }, level),
    text: JSON.stringify([changes, variants]),
  };
}

/** Where the shape of a file is wrong the rest is looked at all the same, so that everything is told at once. */
function otherProblems(yaml: YamlText, kinds: StepKinds): Problem[] {
  const problems = incomplete(yaml);
  const top = isMap(yaml.data) ? yaml.data : {};
  const operations = isMap(top['operations']) ? top['operations'] : {};
  for (const [name, operation] of Object.entries(operations)) {
    const steps = isMap(operation) ? operation['steps'] : undefined;
    if (!Array.isArray(steps)) continue;
    const at = below({ yaml, path: [] }, 'operations', name, 'steps');
    // What is included may be in what is wrong.
    const anything = { find: () => ({ steps: [], at, level: 0 }), names: () => [] };
    readSteps(name, flatten(name, { steps, at, level: 0 }, anything, problems), kinds, problems);
  }
  return problems;
}

function processOf(
  world: World,
  sources: readonly Source[],
  patch: string,
  given: Given,
): { process: Process } | { problems: Problem[] } {
  const { operations: drafts, problems } = resolve(world, given);
  const top = sources.at(-1);
  const { version } = world;
  if (top === undefined || version === undefined || problems.length > 0) return { problems };
  const texts = [...sources.map(({ text }) => text), ...(patch === '' ? [] : [patch])];
  const [only] = texts;
  const hashed = texts.length === 1 && only !== undefined ? only : JSON.stringify(texts);
  const operationsOf = (resolved: readonly OperationDraft[]): Record<string, Operation> =>
    toDictionary(Object.fromEntries(resolved.map((it) => [it.name, operationOf(it, world)])));
  const process: Process = {
    name: top.file.process,
    about: sources.findLast(({ file }) => file.about !== undefined)?.file.about ?? '',
    hash: createHash('sha256').update(hashed).digest('hex'),
    version: version.value,
    series: valuesOf(world.series),
    artifacts: valuesOf(world.artifacts),
    channels: valuesOf(world.channels),
    metrics: valuesOf(world.metrics),
    operations: operationsOf(drafts),
    variants: toDictionary(Object.fromEntries(variantsOf(world).map((it) => [it.name, it]))),
    withVariants(names) {
      const changed = resolve(build(world, variantChanges(world, names).map(changeUnit)), given);
      return changed.problems.length > 0
        ? { problems: describeProblems(changed.problems) }
        : { operations: operationsOf(changed.operations) };
    },
  };
  return { process };
}

function variantsOf(world: World): Variant[] {
  return [...world.variants].map(([name, { value }]) => ({
    name,
    about: value.about,
    for:
      value.for ??
      [...world.operations.keys()].filter((it) => areTouching(variantChanges(world, [name]), it, world)),
  }));
}

function valuesOf<T>(section: ReadonlyMap<string, { value: T }>): Record<string, T> {
  return toDictionary(Object.fromEntries([...section].map(([name, { value }]) => [name, value])));
}
