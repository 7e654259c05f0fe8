import { foldLine } from '../release/fold-line.js';
import { foldProject } from '../release/fold-project.js';
import { foldRun } from '../release/fold-run.js';
import { foldHalt, HaltEvent, type HaltState } from '../release/halt.js';
import { LineEvent, type LineState } from '../release/line-state.js';
import { ProjectEvent, type ProjectState } from '../release/project-state.js';
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

/** The journals of projects, under `projects/<project>/`: what people do outside of release lines. All of it is signed. */
export function projectJournal(deps: Deps): Journal<ProjectState, ProjectEvent> {
  return openJournal<ProjectState, ProjectEvent>(
    { folder: 'projects', schema: ProjectEvent, fold: foldProject, signed: () => true },
    deps,
  );
}

/** The journal of the whole installation, under `installation/all/`. All of it is signed. */
export function haltJournal(deps: Deps): Journal<HaltState, HaltEvent> {
  return openJournal<HaltState, HaltEvent>(
    { folder: 'installation', schema: HaltEvent, fold: foldHalt, signed: () => true },
    deps,
  );
}
