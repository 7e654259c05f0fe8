import type { OperationKind } from '../../release/plan.js';
import { isActive, isOver, type GateState, type RunState, type StepState } from '../../release/run-state.js';
import type { RunFacts } from './run-facts.js';

/** What a run is doing, and what it is called. */
interface Doing {
  doing: string;
  noun: string;
}

const words: Partial<Record<OperationKind, string>> = {
  start: 'cutting',
  change: 'fixing up',
  publish: 'promoting',
  hotfix: 'opening',
  end: 'abandoning',
};

/** `cutting` and `cut`, `promoting` and `promotion`; other operations by their own name. */
export function doingOf({ created: { kind, operation } }: RunState): Doing {
  return { doing: words[kind] ?? operation, noun: kind === 'publish' ? 'promotion' : operation };
}

/** `kestrel 0.44.0rc1` */
export function nameOfRun({ created: { project, version } }: RunState): string {
  return `${project} ${version}`;
}

/** `rc2` of 0.44.0rc2 on the line 0.44.0; the whole version where it does not begin with its line. */
export function shortVersion(version: string, target: string): string {
  const rest = version.startsWith(target) ? version.slice(target.length).replace(/^[-.]/, '') : '';
  return rest === '' ? version : rest;
}

/** The step that everything waits for: what failed, then what asks, then what runs, then the next one. */
export function placeOf(state: RunState): { step: StepState | undefined; words: string } {
  const { steps } = state;
  const open = steps.filter((step) => !isOver(step));
  const step =
    open.find(isStuck) ??
    open.find(({ status }) => status === 'unknown') ??
    open.find(isActive) ??
    open.find(({ status }) => status !== 'todo') ??
    open[0];
  const at = step === undefined ? steps.length : steps.indexOf(step) + 1;
  return { step, words: `step ${at} of ${steps.length}` };
}

/** Whether a step failed and is not tried again by itself. */
export function isStuck({ status, failure }: StepState): boolean {
  return status === 'failed' && (failure?.retryAt ?? 0) === 0;
}

/** The question that is open now. */
export function openGate({ gates, finished, cancelled }: RunState): GateState | undefined {
  if (finished !== undefined || cancelled !== undefined) return undefined;
  return Object.values(gates).find(({ decided }) => decided === undefined);
}

/** Where a run stands, in the one word that its board is drawn by. */
export type Standing = 'over' | 'cancelled' | 'failed' | 'unknown' | 'asking' | 'paused' | 'held' | 'running';

/** A person who must act comes before a person who has stopped it. */
export function standingOf({ state, halt }: Pick<RunFacts, 'state' | 'halt'>): Standing {
  if (state.finished !== undefined) return 'over';
  if (state.cancelled !== undefined) return 'cancelled';
  if (state.steps.some(isStuck)) return 'failed';
  if (state.steps.some(({ status }) => status === 'unknown')) return 'unknown';
  if (state.paused !== undefined) return 'paused';
  if (halt !== undefined && !state.steps.some(isActive)) return 'held';
  return openGate(state) === undefined ? 'running' : 'asking';
}
