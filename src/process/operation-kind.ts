import type { OperationKind } from '../release/plan.js';

/** What an operation does to its release line: the state that it accepts, and the one that it leaves. */
export const lineChanges = ['new -> open', 'open', 'open -> final', 'open -> abandoned'] as const;
export type LineChange = (typeof lineChanges)[number];

/** How an operation makes its version from what is there. */
export const nextVersions = ['rc', 'final', 'patch'] as const;
export type NextVersion = (typeof nextVersions)[number];

/** The part of an operation that says what it is to its line. */
export interface LineRule {
  line: LineChange;
  next: readonly NextVersion[];
  /** Begins at the tag of the last final version instead of the default branch. */
  from: 'last-final' | undefined;
}

/** The kind of an operation in the table of the release line. */
export function operationKind({ line, next, from }: LineRule): OperationKind {
  switch (line) {
    case 'new -> open':
      return from === 'last-final' ? 'hotfix' : 'start';
    case 'open':
      return next.length > 0 ? 'change' : 'work';
    case 'open -> final':
      return 'publish';
    case 'open -> abandoned':
      return 'end';
  }
}

const nextOf: Record<OperationKind, NextVersion | undefined> = {
  start: 'rc',
  change: 'rc',
  publish: 'final',
  hotfix: 'patch',
  end: undefined,
  work: undefined,
};

/** What is contradictory in `line`, `next` and `from`, with the key to look at. */
export function lineRuleProblems(rule: LineRule): { key: 'line' | 'next' | 'from'; message: string }[] {
  if (rule.from !== undefined && rule.line !== 'new -> open') {
    return [{ key: 'from', message: '"from: last-final" is only for "line: new -> open"' }];
  }
  const wanted = nextOf[operationKind(rule)];
  const only = rule.next.length === 1 ? rule.next[0] : undefined;
  if (wanted === undefined) {
    if (rule.next.length === 0) return [];
    return [{ key: 'next', message: `"line: ${rule.line}" makes no version and takes no "next"` }];
  }
  if (only === wanted) return [];
  const from = rule.from === undefined ? '' : ' with "from: last-final"';
  const message = `"line: ${rule.line}"${from} needs "next: [${wanted}]"`;
  return [{ key: rule.next.length === 0 ? 'line' : 'next', message }];
}
