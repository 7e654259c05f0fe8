import type { LineState } from '../../release/line-state.js';
import type { RunState } from '../../release/run-state.js';
import { shortVersion } from './run-words.js';

/** The run that superseded this one; undefined: something else voided the question. */
export function supersededBy(changed: string): string | undefined {
  return /^(?:superseded )?by (\S+_\d+)$/.exec(changed)?.[1];
}

/** The candidate that came instead, as long as the line still tells; else ''. */
export function instead(own: LineState | undefined, by: string | undefined): string {
  if (by === undefined || own === undefined) return '';
  if (own.active?.run === by) return own.active.kind === 'change' ? own.active.version : '';
  return own.reached === by && own.candidate > 0 && own.settled !== 'abandoned' ? own.version : '';
}

/** What came instead of a run, as people call it: `rc2`, `the fixup`. */
export function successor(own: LineState | undefined, by: string, { created }: RunState): string {
  const after = instead(own, by);
  if (after !== '') return shortVersion(after, created.target);
  const operation = operationOf(by);
  return operation === '' ? 'another run' : `the ${operation}`;
}

/** The operation of a run, by its id; '' where it is no id of a run. */
export function operationOf(run: string): string {
  return /_([^_]+)_\d+$/.exec(run)?.[1] ?? '';
}
