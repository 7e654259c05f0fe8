import { openIndex } from '../../engine/open-index.js';
import { asSlipwayError } from '../../error.js';
import { lineOfRun, partsOfLine } from '../../release/run-id.js';
import type { RunState } from '../../release/run-state.js';
import type { Opened } from '../wire.js';

/** The project in a run's name; '' where it is no name of a run. */
export function projectOfRun(run: string): string {
  const line = lineOfRun(run);
  return line === '' ? '' : partsOfLine(line).project;
}

/** The run whose board, question or note this is; undefined: no message of a run. */
export async function runOfMessage(opened: Opened, marker: string): Promise<string | undefined> {
  // `kestrel_0.44.0_cut_1_board`: the run is what stands in front, and names of steps hold no `_`.
  const parts = marker.split('_');
  for (let count = parts.length - 1; count >= 4; count -= 1) {
    const run = parts.slice(0, count).join('_');
    if (lineOfRun(run) !== '' && (await stateOf(opened, run)) !== undefined) return run;
  }
  return undefined;
}

/** The open runs of these projects. */
export async function openRunsOf(opened: Opened, projects: readonly string[]): Promise<string[]> {
  const named = (await openIndex(opened.records).list('runs')).filter((run) =>
    projects.includes(projectOfRun(run)),
  );
  const states = await Promise.all(named.map((run) => stateOf(opened, run)));
  return named.filter((_, place) => states[place] !== undefined && states[place]?.finished === undefined);
}

/** A run as it stands; what cannot be read to its end is what can be read of it. */
export async function stateOf({ engine }: Opened, run: string): Promise<RunState | undefined> {
  try {
    return await engine.runs.load(run);
  } catch (error) {
    if (asSlipwayError(error).retryable) throw error;
    return (await engine.runs.beginning(run)).state;
  }
}
