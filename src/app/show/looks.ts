import { progressEvery } from '../../chat/pace.js';
import type { RunFacts } from '../../chat/views/run-facts.js';
import { decide } from '../../release/decide.js';
import { withHalt } from '../../release/halt.js';
import { lineName } from '../../release/line-state.js';

/**
 * Whether nothing can change any more of what rooms show of a run. What another run that is on its way has taken from it
 * may come back, when that one is cancelled. Pure.
 */
export function isFinal({ state, line, isNewest }: RunFacts): boolean {
  if (state.finished === undefined) return false;
  if (line === undefined || ['promoted', 'abandoned'].includes(lineName(line))) return true;
  const others = [line.active, line.publish].filter(
    (one) => one !== undefined && one.run !== state.created.run,
  );
  return !isNewest && others.length === 0;
}

/**
 * When to look by ourselves, in ms: a worker that claims a step, and what it does there, wakes nobody. undefined: only
 * when something happens. Pure.
 */
export function nextLook({ state, halt, now }: RunFacts): number | undefined {
  if (state.finished !== undefined) return undefined;
  const { actions } = decide(withHalt(state, halt), now);
  if (actions.length === 0) return undefined;
  const running = state.steps.filter(({ status }) => status === 'claimed').map((step) => step.startedAt);
  return running.length === 0 ? progressEvery(0) : progressEvery(now - Math.max(...running));
}
