import type { Json } from '../../release/plan.js';
import { plain } from './plain.js';

/** A value that is another now; undefined: the key was, or is, not there. */
export interface KeyChange {
  key: string;
  was: Json | undefined;
  now: Json | undefined;
}

/** What became of one step: `after` is the step that it stands behind now, '' for the first place. */
export type StepChange =
  | { change: 'added'; id: string; kind: string; after: string }
  | { change: 'removed'; id: string; kind: string }
  | { change: 'moved'; id: string; after: string }
  | ({ change: 'changed'; id: string } & KeyChange);

/** What became of one operation. */
export interface OperationChange {
  operation: string;
  is: 'added' | 'removed' | 'same' | 'changed';
  steps: StepChange[];
  /** Keys of the operation itself: `line`, `next`, `inputs`. */
  own: KeyChange[];
}

/** A project's process beside what it is made from. */
export interface ProcessDiff {
  project: string;
  /** The file or preset that it is compared with. */
  base: string;
  operations: OperationChange[];
  /** Artifacts, channels and other sections that differ, by `section.name`. */
  sections: KeyChange[];
  /** What each variant changes of the project's own process; only those operations that it changes. */
  variants: { variant: string; about: string; operations: OperationChange[]; problems: string[] }[];
}

/** The differences as lines, operation by operation, step by step. */
export function processDiffLines(diff: ProcessDiff): string[] {
  const { project, base, operations, sections, variants } = diff;
  const same = operations.filter(({ is }) => is === 'same').map(({ operation }) => operation);
  const other = operations.filter(({ is }) => is !== 'same');
  const isSame = other.length === 0 && sections.length === 0;
  return [
    `${project} beside ${base}${isSame ? ': no difference' : ''}`,
    ...sections.map(keyLine),
    ...other.flatMap(operationLines),
    ...(same.length === 0 || isSame ? [] : [`same: ${same.join(', ')}`]),
    ...variants.flatMap(({ variant, about, operations: changed, problems }) => [
      `variant ${variant}: ${plain(about)}`,
      ...problems.map((problem) => `  ❌ ${plain(problem)}`),
      ...changed.flatMap(operationLines).map((line) => `  ${line}`),
    ]),
  ];
}

function operationLines({ operation, is, steps, own }: OperationChange): string[] {
  if (is === 'added') return [`${operation}: new`];
  if (is === 'removed') return [`${operation}: removed`];
  return [operation, ...own.map((one) => `  ${keyLine(one)}`), ...steps.map((step) => `  ${stepLine(step)}`)];
}

function keyLine(change: KeyChange): string {
  return `~ ${changeText(change)}`;
}

function changeText({ key, was, now }: KeyChange): string {
  // As the author of a process writes it.
  return key === 'timeoutMs'
    ? `timeout: ${duration(was)} → ${duration(now)}`
    : `${key}: ${short(was)} → ${short(now)}`;
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
] as const;

/** Milliseconds in the largest unit that leaves no rest: `90m`. */
function duration(ms: Json | undefined): string {
  if (typeof ms !== 'number') return short(ms);
  const [unit, length] = units.find(([, long]) => ms >= long && ms % long === 0) ?? ['s', 1_000];
  return `${ms / length}${unit}`;
}

function stepLine(step: StepChange): string {
  switch (step.change) {
    case 'added':
      return `+ ${step.id} (${step.kind}), ${placeOf(step.after)}`;
    case 'removed':
      return `- ${step.id} (${step.kind})`;
    case 'moved':
      return `~ ${step.id}: stands ${placeOf(step.after)}`;
    case 'changed':
      return `~ ${step.id} · ${changeText(step)}`;
  }
}

function placeOf(after: string): string {
  return after === '' ? 'first' : `after ${after}`;
}

const longest = 80;

/** A value on one line, as JSON. */
function short(value: Json | undefined): string {
  if (value === undefined) return 'none';
  const text = plain(JSON.stringify(value));
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
