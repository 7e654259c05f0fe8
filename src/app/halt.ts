import { asSlipwayError, SlipwayError } from '../error.js';
import type { Actor } from '../release/actor.js';
import { isActive, type RunState } from '../release/run-state.js';
import { openIndex } from '../engine/open-index.js';
import type { Halt } from '../release/halt.js';
import { own } from '../release/own.js';
import type { Place } from './act.js';
import { authorize } from './authorize.js';
import type { Installation } from './installation.js';
import { projectOfRun } from './talk/runs.js';
import { seesProject } from './visible.js';
import type { Opened } from './wire.js';

/** Who may stop everything: whoever may start some operation of some project. @throws SlipwayError not-allowed */
export function authorizeHalt(installation: Installation, by: Actor): Actor {
  let refusal: unknown;
  for (const project of Object.values(installation.projects)) {
    try {
      return { ...by, name: authorize(installation, project, by, { act: 'run' }).name };
    } catch (error) {
      refusal ??= error;
    }
  }
  throw refusal ?? new SlipwayError('not-allowed', 'There is no project.', { hint: 'Nothing was changed.' });
}

/** What a halt finds, of what who asks may know of: runs with steps that a worker had begun, and runs that are held. */
export interface Held {
  halt: Halt;
  /** How many more are open. */
  elsewhere: number;
  running: { state: RunState; steps: string[] }[];
  held: RunState[];
  /** Runs whose journal cannot be read; nothing of them starts anyway. */
  unreadable: string[];
}

/** Whether somebody who asks from there may know of a run. */
export function seesRun(installation: Installation, run: string, place: Place | undefined): boolean {
  const project = own(installation.projects, projectOfRun(run));
  return project === undefined ? place === undefined : seesProject(installation, project, place);
}

/** What is open, after the halt was recorded: every step that was begun before it is seen here. */
export async function heldBy(opened: Opened, halt: Halt, place: Place | undefined): Promise<Held> {
  const found: Held = { halt, elsewhere: 0, running: [], held: [], unreadable: [] };
  const installation = await opened.installation();
  for (const run of await openIndex(opened.records).list('runs')) {
    try {
      const state = await opened.engine.runs.load(run);
      if (state === undefined || state.finished !== undefined) continue;
      if (!seesRun(installation, run, place)) {
        found.elsewhere += 1;
        continue;
      }
      const steps = state.steps.filter(isActive).map((step) => step.outline.id);
      if (steps.length > 0) found.running.push({ state, steps });
      else found.held.push(state);
    } catch (error) {
      if (seesRun(installation, run, place))
        found.unreadable.push(`${run}: ${asSlipwayError(error).message}`);
    }
  }
  return found;
}
