import { foldLine } from '../release/fold-line.js';
import { foldRun } from '../release/fold-run.js';
import { LineEvent, type LineState } from '../release/line-state.js';
import { needsSignature, RunEvent } from '../release/run-events.js';
import type { RunState } from '../release/run-state.js';
import type { JournalKeys } from './keys.js';
import { openJournal, type Journal } from './journal.js';
import type { Clock } from './ports/clock.js';
import type { Records } from './ports/records.js';

interface Deps {
  records: Records;
  keys: JournalKeys;
  clock: Clock;
}

/** The journals of runs, under `runs/<run>/`. */
export function runJournal(deps: Deps): Journal<RunState, RunEvent> {
  return openJournal<RunState, RunEvent>(
    {
      folder: 'runs',
      schema: RunEvent,
      fold: foldRun,
      signed: needsSignature,
    },
    deps,
  );
}

/** The journals of release lines, under `lines/<project>_<target>/`; all of it is signed. */
export function lineJournal(deps: Deps): Journal<LineState, LineEvent> {
  return openJournal<LineState, LineEvent>(
    {
      folder: 'lines',
      schema: LineEvent,
      fold: foldLine,
      signed: () => true,
    },
    deps,
  );
}
