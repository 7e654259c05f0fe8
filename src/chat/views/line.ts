import { lineName, type LineState } from '../../release/line-state.js';
import { isRefusal } from '../../release/line-table.js';
import { instant } from './marks.js';
import { plain } from './plain.js';
import { refusal, stoppedWayOn } from './refusal.js';

/** A release line, what waits for its turn on it, and what left the queue: `kestrel 0.44.0 · open, newest 0.44.0rc2`. */
export function lineLines(project: string, target: string, state: LineState): string[] {
  const name = lineName(state).replaceAll('-', ' ');
  // Of a line without a candidate the version is only what it is on its way to.
  const isThere = state.candidate > 0 || state.settled === 'promoted';
  const newest = isThere ? `, newest ${state.version}` : '';
  const waiting = state.queue.map(
    (one, place) =>
      `  ✋ ${one.operation} · waiting, ${place + 1} in the queue, asked by ${plain(one.by.name)}`,
  );
  const on = isStopped(state)
    ? [`  ⚠️ its first run stopped before it was through. Next: ${stoppedWayOn(target, state)}`]
    : [];
  const { left } = state;
  const gone =
    left === undefined
      ? []
      : [
          `  ⚠️ ${left.operation} · asked by ${plain(left.by.name)}, not started ${instant(left.at)}: ${whyLeft(project, target, state, left.why)}`,
        ];
  return [`${project} ${target} · ${name}${newest}`, ...on, ...waiting, ...gone];
}

/** Whether a first run stopped on its way, and nothing goes on with it. */
export function isStopped({ settled, active }: LineState): boolean {
  return settled === 'stopped' && active === undefined;
}

/** Why something left the queue. It keeps a refusal by its code; people read its words. */
export function whyLeft(project: string, target: string, state: LineState, why: string): string {
  return isRefusal(why) ? (refusal(why, project, target, state, '')[0] ?? why) : plain(why);
}
