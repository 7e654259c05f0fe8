import { closedLines } from '../../engine/closed-index.js';
import { openIndex } from '../../engine/open-index.js';
import { lineId, partsOfLine, runId } from '../../release/run-id.js';
import { own } from '../../release/own.js';
import type { RunState } from '../../release/run-state.js';
import type { Opened } from '../wire.js';

/** How many runs the median is of, and how many lines are looked at for them at most. */
const wanted = 8;
const lookedAt = 24;

/**
 * How long each step of an operation usually takes: the median of its last 8 runs that were done, in ms, by the step's
 * id. Reads the newest lines of the project only. What was never run is missing.
 * @param except the run that is compared with what is usual
 */
export async function usualTimes(
  opened: Opened,
  project: string,
  operation: string,
  except = '',
): Promise<Record<string, number>> {
  const open = (await openIndex(opened.records).list('lines')).map(partsOfLine);
  const targets = [
    ...open.filter((one) => one.project === project).map(({ target }) => target),
    ...(await closedLines(opened.records, project)).map(({ target }) => target),
  ];
  const done: RunState[] = [];
  for (const target of [...new Set(targets)].slice(0, lookedAt)) {
    const line = await opened.engine.lines.load(lineId(project, target));
    for (let n = own(line?.runs ?? {}, operation) ?? 0; n > 0 && done.length < wanted; n -= 1) {
      const run = runId(project, target, operation, n);
      const state = run === except ? undefined : await opened.engine.runs.load(run);
      if (state?.finished?.outcome === 'done') done.push(state);
    }
    if (done.length >= wanted) break;
  }
  return medians(done);
}

/** The median of each step's last attempt. What was adopted or skipped took no time of its own. */
export function medians(runs: readonly RunState[]): Record<string, number> {
  const times = new Map<string, number[]>();
  for (const { steps } of runs) {
    for (const { outline, status, adopted, startedAt, endedAt } of steps) {
      if (status !== 'done' || adopted || startedAt === 0 || endedAt === 0) continue;
      times.set(outline.id, [...(times.get(outline.id) ?? []), endedAt - startedAt]);
    }
  }
  return Object.fromEntries([...times].map(([step, all]) => [step, median(all)]));
}

function median(all: readonly number[]): number {
  const ordered = all.toSorted((a, b) => a - b);
  const middle = Math.floor(ordered.length / 2);
  const [below = 0, above = 0] = [ordered[middle - 1], ordered[middle]];
  return ordered.length % 2 === 1 ? above : (below + above) / 2;
}
