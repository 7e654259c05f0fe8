import { readFile } from 'node:fs/promises';
import type { KeyChange, OperationChange, ProcessDiff, StepChange } from '../chat/views/process-diff.js';
import { SlipwayError } from '../error.js';
import { loadProcess } from '../process/load-process.js';
import type { Operation, Process, StepSpec } from '../process/process-file.js';
import type { StepKinds } from '../process/read-steps.js';
import { readSources } from '../process/sources.js';
import { canonical } from '../release/canonical.js';
import type { Json } from '../release/plan.js';
import type { Project } from './installation.js';
import { processSources } from './load-project.js';
import { readPresets } from './preset-files.js';

/**
 * What the patches of a project, those of its process file and of slipway.yaml, change beside the process that it is made
 * from in the end, and what each of its variants changes. A patch by bare id hits every operation: here that is seen.
 * @throws SlipwayError config-invalid where the file of the process was changed and is wrong now
 */
export async function processDiff(project: Project, kinds: StepKinds): Promise<ProcessDiff> {
  const base = await baseOf(project, kinds);
  const { process } = project;
  return {
    project: project.name,
    base: base.file,
    operations: operationChanges(base.process.operations, process.operations),
    sections: sectionsThatDiffer(base.process, process),
    variants: Object.values(process.variants).map(({ name, about }) => {
      const changed = process.withVariants([name]);
      if ('problems' in changed) return { variant: name, about, operations: [], problems: changed.problems };
      const operations = operationChanges(process.operations, changed.operations);
      return { variant: name, about, operations: operations.filter(({ is }) => is !== 'same'), problems: [] };
    }),
  };
}

/** The deepest file of the chain, alone. Its names are not looked up in slipway.yaml: a patch may have changed them. */
async function baseOf(project: Project, kinds: StepKinds): Promise<{ file: string; process: Process }> {
  const preset = [...(await readPresets()).values()].find(({ path }) => path === project.processFile);
  const file = preset?.file ?? project.processFile;
  const text = preset?.text ?? (await readText(project.processFile));
  const options = await processSources();
  const read = readSources({ file, text }, options);
  if ('problems' in read) {
    // Says what is wrong, as at every other place.
    return { file, process: loadProcess(file, text, kinds, {}, options) };
  }
  const [deepest] = read.sources;
  if (deepest === undefined) return { file, process: project.process };
  const name = deepest.yaml.file;
  return { file: name, process: loadProcess(name, deepest.text, kinds, {}, options) };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new SlipwayError('config-invalid', `${file}: cannot be read`, {
      hint: 'Nothing was changed. Put the file back.',
      cause: error,
    });
  }
}

type Operations = Readonly<Record<string, Operation>>;

/** Every operation of either, those of the base first. Pure. */
export function operationChanges(base: Operations, now: Operations): OperationChange[] {
  const names = [...new Set([...Object.keys(base), ...Object.keys(now)])];
  return names.map((name): OperationChange => {
    const [before, after] = [base[name], now[name]];
    if (before === undefined) return { operation: name, is: 'added', steps: [], own: [] };
    if (after === undefined) return { operation: name, is: 'removed', steps: [], own: [] };
    const { steps: _before, ...headBefore } = before;
    const { steps: _after, ...headAfter } = after;
    const own = keyChanges(asJson(headBefore), asJson(headAfter));
    const steps = stepChanges(before.steps, after.steps);
    return { operation: name, is: own.length + steps.length === 0 ? 'same' : 'changed', steps, own };
  });
}

function stepChanges(base: readonly StepSpec[], now: readonly StepSpec[]): StepChange[] {
  const before = new Map(base.map((step) => [step.id, step]));
  const after = new Map(now.map((step) => [step.id, step]));
  const removed = base.filter(({ id }) => !after.has(id));
  const kept = base.map(({ id }) => id).filter((id) => after.has(id));
  const order = now.map(({ id }) => id).filter((id) => before.has(id));
  const stayed = new Set(longestInOrder(order, kept));
  const changes: StepChange[] = removed.map(({ id, kind }) => ({ change: 'removed', id, kind }));
  now.forEach((step, place) => {
    const was = before.get(step.id);
    const behind = now[place - 1]?.id ?? '';
    if (was === undefined) {
      changes.push({ change: 'added', id: step.id, kind: step.kind, after: behind });
      return;
    }
    if (!stayed.has(step.id)) changes.push({ change: 'moved', id: step.id, after: behind });
    for (const { key, was: old, now: value } of keyChanges(valuesOf(was), valuesOf(step)))
      changes.push({ change: 'changed', id: step.id, key, was: old, now: value });
  });
  return changes;
}

/** The most names of `order` that follow each other as they do in `kept`, which has the same names. */
function longestInOrder(order: readonly string[], kept: readonly string[]): string[] {
  const best: string[][] = [];
  order.forEach((id, at) => {
    const before = order
      .slice(0, at)
      .map((other, place) => (kept.indexOf(other) < kept.indexOf(id) ? (best[place] ?? []) : []))
      .reduce((a, b) => (b.length > a.length ? b : a), []);
    best.push([...before, id]);
  });
  return best.reduce((a, b) => (b.length > a.length ? b : a), []);
}

/** The settings of a step beside what every step has. Its stage follows from its place. */
function valuesOf({ id: _id, stage: _stage, settings, ...head }: StepSpec): { [key: string]: Json } {
  return { ...asJson(head), ...asJson(settings) };
}

function keyChanges(base: { [key: string]: Json }, now: { [key: string]: Json }): KeyChange[] {
  return [...new Set([...Object.keys(base), ...Object.keys(now)])].flatMap((key) => {
    const [was, value] = [base[key], now[key]];
    return canonical(was) === canonical(value) ? [] : [{ key, was, now: value }];
  });
}

const sections = ['version', 'series', 'artifacts', 'channels', 'metrics'] as const;

function sectionsThatDiffer(base: Process, now: Process): KeyChange[] {
  return sections.flatMap((section) => {
    const changed = keyChanges(asJson(base[section]), asJson(now[section]));
    return changed.map(({ key, ...values }) => ({ key: `${section}.${key}`, ...values }));
  });
}

/** Members that are not given are left out. */
function asJson(value: unknown): { [key: string]: Json } {
  const text = canonical(value);
  const parsed: { [key: string]: Json } = text.startsWith('{') ? JSON.parse(text) : {};
  return parsed;
}
