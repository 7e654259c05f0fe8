import { SlipwayError } from '../error.js';
import type { Actor } from '../release/actor.js';
import { asSlipwayError } from '../error.js';
import { isActive, type RunState } from '../release/run-state.js';
import { openIndex } from '../engine/open-index.js';
import type { Halt } from '../release/halt.js';
import { authorize } from './authorize.js';
import type { Installation } from './installation.js';
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

/** What a halt finds: runs with steps that a worker had begun, and runs that are held. */
export interface Held {
  halt: Halt;
  running: { state: RunState; steps: string[] }[];
  held: RunState[];
  /** Runs whose journal cannot be read; nothing of them starts anyway. */
  unreadable: string[];
}

/** What is open, after the halt was recorded: every step that was begun before it is seen here. */
export async function heldBy(opened: Opened, halt: Halt): Promise<Held> {
  const found: Held = { halt, running: [], held: [], unreadable: [] };
  for (const run of await openIndex(opened.records).list('runs')) {
    try {
      const state = await opened.engine.runs.load(run);
      if (state === undefined || state.finished !== undefined) continue;
      const steps = state.steps.filter(isActive).map((step) => step.outline.id);
      if (steps.length > 0) found.running.push({ state, steps });
      else found.held.push(state);
    } catch (error) {
      found.unreadable.push(`${run}: ${asSlipwayError(error).message}`);
    }
  }
  return found;
}
