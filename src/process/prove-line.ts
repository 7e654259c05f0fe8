import { inputRuleProblems } from './inputs.js';
import { bumps, kindOn, makesFinal, makesLine } from './operation-kind.js';
import { placeProblem } from './words.js';
import { placeholdersIn } from './placeholders.js';
import type { Problem } from './problems.js';
import type { OperationDraft } from './operation-draft.js';
import { unknown } from './prove-names.js';
import { didYouMean } from '../suggest.js';
import type { SeriesRule, VersionRule } from './version-rule.js';
import type { World } from './world.js';

/** What is contradictory in what an operation says of itself, its steps aside. */
export function operationProblems(operation: OperationDraft, world: World): Problem[] {
  const { value, at } = operation;
  const problem = (key: string, message: string): Problem => at.yaml.problem([...at.path, key], message);
  const problems = seriesProblems(operation, world);
  // Of a series that does not exist nothing is known.
  if (problems.length === 0)
    problems.push(...lineProblems(operation, world).map(({ key, message }) => problem(key, message)));
  for (const [name, input] of Object.entries(value.inputs)) {
    for (const { key, message } of inputRuleProblems(input))
      problems.push(at.yaml.problem([...at.path, 'inputs', name, key], message));
  }
  for (const [key, pattern] of Object.entries(value.on ?? {})) {
    if (key === 'schedule' || key === 'then' || typeof pattern !== 'string') continue;
    const wrong =
      placeholdersIn(pattern).length > 0
        ? 'takes no placeholder: write "release/*"'
        : placeProblem(pattern.replaceAll('*', 'x'), 'ref');
    if (wrong !== undefined) problems.push(at.yaml.problem([...at.path, 'on', key], `"${pattern}" ${wrong}`));
  }
  const until = value['private-until'];
  if (until !== undefined) {
    const ids = operation.steps.map(({ spec }) => spec.id);
    problems.push(...unknown('step', until, ids, [...at.path, 'private-until'], at.yaml));
  }
  return problems;
}

/** The names of the series of an operation. */
export function seriesOf({ value }: Pick<OperationDraft, 'value'>): string[] {
  const { series } = value;
  if (series === undefined) return ['main'];
  return typeof series === 'string' ? [series] : series;
}

function seriesProblems({ value, at }: OperationDraft, { series }: World): Problem[] {
  const known = ['main', ...series.keys()];
  const listed = Array.isArray(value.series);
  return seriesOf({ value }).flatMap((name, index) =>
    unknown('series', name, known, [...at.path, 'series', ...(listed ? [index] : [])], at.yaml),
  );
}

/** The rules of the series of an operation. */
export function rulesOf(
  operation: Pick<OperationDraft, 'value'>,
  world: World,
): (VersionRule | SeriesRule)[] {
  return seriesOf(operation).flatMap((name) => {
    const rule = name === 'main' ? world.version?.value : world.series.get(name)?.value;
    return rule === undefined ? [] : [rule];
  });
}

interface LineProblem {
  key: 'line' | 'next' | 'from';
  message: string;
}

/** The names of candidates that an operation can make by the schemes of its series. */
export function candidatesOf(operation: OperationDraft, world: World): string[] {
  return [...new Set(rulesOf(operation, world).flatMap(({ candidate }) => candidate))];
}

function lineProblems(operation: OperationDraft, world: World): LineProblem[] {
  const { line, next, from } = operation.value;
  const problems: LineProblem[] = [];
  if (from !== undefined && from !== 'default-branch' && !makesLine({ line }))
    problems.push({ key: 'from', message: `"from: ${from}" is only for an operation that makes a new line` });
  const rules = rulesOf(operation, world);
  const candidates = candidatesOf(operation, world);
  const known = [...bumps, ...candidates];
  const unknownWord = next.find((word) => !known.includes(word));
  if (unknownWord !== undefined) {
    const message = `"next" knows ${known.join(', ')}, not "${unknownWord}"${didYouMean(unknownWord, known)}`;
    return [...problems, { key: 'next', message }];
  }
  return [...problems, ...nextProblems(operation, rules, candidates)];
}

function nextProblems(
  { value: { line, next, from } }: OperationDraft,
  rules: (VersionRule | SeriesRule)[],
  candidates: string[],
): LineProblem[] {
  const opened = from === undefined ? '' : ` with "from: ${from}"`;
  /** The words that `next` may hold here. */
  const takes = (words: readonly string[]): LineProblem[] => {
    const wrong = next.find((word) => !words.includes(word));
    if (wrong === undefined) return [];
    const needed = words.length === 1 ? `needs "next: [${words[0]}]"` : `takes ${words.join(', ')} in "next"`;
    return [{ key: 'next', message: `"line: ${line}"${opened} ${needed}, not "${wrong}"` }];
  };
  const needs = (words: readonly string[]): LineProblem[] =>
    next.length > 0
      ? takes(words)
      : [{ key: 'line', message: `"line: ${line}"${opened} needs "next: [${words.join(' or ')}]"` }];
  const steps = bumps.filter((word) => word !== 'final');
  const hasClock = rules.length > 0 && rules.every(({ scheme }) => scheme === 'calver');

  switch (kindOn({ line, next, from }, false)) {
    case 'hotfix':
      return needs(['patch']);
    case 'start':
      if (hasClock) return takes([]).length === 0 ? [] : [clock(next)];
      // A candidate of the line that the version file declares, or a step up from what was released.
      return needs(makesFinal({ line }) ? steps : [...candidates, ...steps]);
    case 'change':
    case 'work':
      return next.length === 0 ? [] : takes(candidates);
    case 'publish':
      return next.length === 0 && hasClock ? [] : needs(['final']);
    default:
      return next.length === 0
        ? []
        : [{ key: 'next', message: `"line: ${line}" makes no version and takes no "next"` }];
  }
}

function clock(next: readonly string[]): LineProblem {
  return {
    key: 'next',
    message: `a calendar version comes from the clock, not from "next: [${next.join(', ')}]"`,
  };
}
