import type { OperationKind } from '../release/plan.js';

/** What an operation does to its release line: the states that it accepts, and the one that it leaves. */
export const lineChanges = [
  'new -> open',
  'new|open -> open',
  'new -> final',
  'new|open -> final',
  'open',
  'open -> final',
  'open -> abandoned',
  'final',
  'none',
] as const;
export type LineChange = (typeof lineChanges)[number];

/** The ways to make a version that are no name of a candidate. `declared` is the one that the version file says. */
export const bumps = ['final', 'patch', 'minor', 'major', 'year', 'declared'] as const;

/** How an operation makes its version from what is there: one of `bumps`, or the name of a candidate (`rc`). */
export type NextVersion = string;

/** The commit that an operation begins at, where it is not the one that follows from the state of the line. */
export const operationStarts = ['default-branch', 'last-final', 'line-branch', 'advisory-branch'] as const;
export type OperationStart = (typeof operationStarts)[number];

/** The part of an operation that says what it is to its line. */
export interface LineRule {
  line: LineChange;
  next: readonly NextVersion[];
  from: OperationStart | undefined;
}

/**
 * The kind of an operation in the table of the release line, asked of a line that exists (is open, promoted, …) or not.
 * Only `new|open -> …` and `new -> final` depend on that.
 */
export function kindOn(rule: LineRule, lineExists: boolean): OperationKind {
  switch (rule.line) {
    case 'new -> open':
      return rule.from === 'last-final' ? 'hotfix' : 'start';
    case 'new|open -> open':
      return lineExists ? onOpenLine(rule) : 'start';
    case 'new -> final':
    case 'new|open -> final':
      return lineExists ? 'publish' : 'start';
    case 'open':
      return onOpenLine(rule);
    case 'open -> final':
      return 'publish';
    case 'open -> abandoned':
      return 'end';
    case 'final':
      return 'final';
    case 'none':
      return 'none';
  }
}

function onOpenLine({ next }: LineRule): OperationKind {
  return next.length > 0 ? 'change' : 'work';
}

/** Whether an operation makes its line final: what it ships is approved before. */
export function makesFinal({ line }: Pick<LineRule, 'line'>): boolean {
  return line.endsWith('-> final');
}

/** Whether an operation may begin a line that does not exist. */
export function makesLine({ line }: Pick<LineRule, 'line'>): boolean {
  return line.startsWith('new');
}
