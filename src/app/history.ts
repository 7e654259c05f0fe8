import { closedLines } from '../engine/closed-index.js';
import { planOf } from '../engine/frozen-plan.js';
import { asSlipwayError } from '../error.js';
import { lineId } from '../release/run-id.js';
import type { RunState } from '../release/run-state.js';
import { own } from '../release/own.js';
import type { Opened } from './wire.js';

/** How many lines a page has. */
export const pageSize = 5;

/** How a release line ended. Times in ms. */
export interface Ended {
  target: string;
  outcome: 'released' | 'abandoned' | 'adopted' | 'unreadable';
  at: number;
  /** Who asked for it, or who took it over. */
  by: string;
  /** Who approved it. */
  approvals: string[];
  /** How long it waited for people and for time. */
  waitedMs: number;
  /** Why it was abandoned, or cannot be read; ''. */
  reason: string;
  run: string;
}

/** A page of the release lines that are over, newest first. Reads the journals of this page only. */
export async function historyPage(
  opened: Opened,
  project: string,
  page: number,
): Promise<{ ended: Ended[]; pages: number; all: number }> {
  const all = await closedLines(opened.records, project);
  const from = (page - 1) * pageSize;
  const ended: Ended[] = [];
  for (const { target, at } of all.slice(from, from + pageSize)) {
    try {
      ended.push(await endOf(opened, project, target, at));
    } catch (error) {
      const nobody = { by: '', approvals: [], waitedMs: 0, run: '' };
      ended.push({ target, at, outcome: 'unreadable', reason: asSlipwayError(error).message, ...nobody });
    }
  }
  return { ended, pages: Math.max(1, Math.ceil(all.length / pageSize)), all: all.length };
}

async function endOf({ engine }: Opened, project: string, target: string, at: number): Promise<Ended> {
  const line = await engine.lines.load(lineId(project, target));
  const last = line?.ended;
  if (line?.adopted !== undefined && last === undefined) {
    const { by } = line.adopted;
    return { target, outcome: 'adopted', at, by: by.name, approvals: [], waitedMs: 0, reason: '', run: '' };
  }
  const run = last?.run ?? '';
  const state = run === '' ? undefined : await engine.runs.load(run);
  const outcome = line?.settled === 'abandoned' ? 'abandoned' : 'released';
  return {
    target,
    outcome,
    at,
    by: last?.by.name ?? '',
    approvals: state === undefined ? [] : approvers(state),
    waitedMs: state === undefined ? 0 : waited(state),
    reason: state === undefined || outcome === 'released' ? '' : await reasonOf(engine, state),
    run,
  };
}

function approvers({ gates }: RunState): string[] {
  const decided = Object.values(gates).flatMap(({ decided: one }) =>
    one?.outcome === 'approved' ? one.by : [],
  );
  return [...new Set(decided.map(({ name }) => name))];
}

/** Gates from the question to the answer, and steps that wait. */
function waited({ gates, steps }: RunState): number {
  const atGates = Object.values(gates).map(({ openedAt, decided }) => (decided?.at ?? openedAt) - openedAt);
  const waits = steps.filter(({ outline }) => outline.kind === 'wait' && !outline.gate);
  const atWaits = waits.map(({ startedAt, endedAt }) => Math.max(0, endedAt - startedAt));
  return [...atGates, ...atWaits].reduce((sum, one) => sum + one, 0);
}

/** What was said when it was asked: the input `reason`, else the only one that there is. */
async function reasonOf(engine: Opened['engine'], state: RunState): Promise<string> {
  const { inputs } = await planOf(engine, state.created.plan);
  const given = Object.values(inputs);
  return own(inputs, 'reason') ?? (given.length === 1 ? (given[0] ?? '') : '');
}
