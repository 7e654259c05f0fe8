import { createLogUpdate } from 'log-update';
import { setTimeout as pause } from 'node:timers/promises';
import { decide } from '../../release/decide.js';
import { isActive, type RunState } from '../../release/run-state.js';
import { board, boardHeader, stepLine } from '../views/board.js';

/** Where a run is shown. */
export interface Screen {
  stream: NodeJS.WriteStream;
  /** A live board that is redrawn; else one line a change. */
  live: boolean;
}

/** How often the journal is read on, in ms. */
const lookMs = 60;

/** Whether a run goes nowhere by itself: it is over, or waits for people. */
export function isAtRest(state: RunState): boolean {
  if (state.finished !== undefined) return true;
  if (state.steps.some(isActive)) return false;
  // What a line is told and housekeeping come again and again, and change nothing that is shown.
  const actions = decide(state, state.at).actions.filter(
    ({ do: what }) => what !== 'reach' && what !== 'settle',
  );
  const waits =
    state.steps.some((step) => step.status === 'failed' && (step.failure?.retryAt ?? 0) > 0) ||
    state.steps.some((step) => step.status === 'waiting' && !step.outline.gate);
  // What is paused waits for a person, whatever it would have waited for.
  return actions.length === 0 && (!waits || state.paused !== undefined);
}

/**
 * Shows a run until it is over or waits for people; reads the journal only. `each` sees every new state, and ends the
 * showing by returning true. Returns the last state.
 */
export async function follow(
  load: () => Promise<RunState | undefined>,
  screen: Screen,
  each: (state: RunState) => Promise<boolean> | boolean = isAtRest,
): Promise<RunState | undefined> {
  const draw = createLogUpdate(screen.stream);
  const shown = new Map<string, string>();
  let header = '';
  let seq = 0;
  for (;;) {
    const state = await load();
    if (state !== undefined && state.seq !== seq) {
      seq = state.seq;
      if (screen.live) draw(board(state).join('\n'));
      else header = printChanges(state, shown, header, screen.stream);
      if (await each(state)) {
        if (screen.live) draw.done();
        return state;
      }
    }
    await pause(lookMs);
  }
}

function printChanges(
  state: RunState,
  shown: Map<string, string>,
  header: string,
  stream: NodeJS.WriteStream,
): string {
  const isNew = header === '';
  const title = isNew || state.finished !== undefined ? boardHeader(state) : header;
  if (isNew) stream.write(`${title}\n`);
  for (const step of state.steps) {
    const line = stepLine(step);
    if (shown.get(step.outline.id) !== line && step.status !== 'todo') stream.write(`  ${line}\n`);
    shown.set(step.outline.id, line);
  }
  if (!isNew && state.finished !== undefined) stream.write(`${title}\n`);
  return title;
}
