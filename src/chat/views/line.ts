import { lineName, type LineState } from '../../release/line-state.js';
import { instant } from './marks.js';
import { plain } from './plain.js';

/** A release line, what waits for its turn on it, and what left the queue: `kestrel 0.44.0 · open, newest 0.44.0rc2`. */
export function lineLines(project: string, target: string, state: LineState): string[] {
  const name = lineName(state).replaceAll('-', ' ');
  const newest = state.version === '' ? '' : `, newest ${state.version}`;
  const waiting = state.queue.map(
    (one, place) =>
      `  ✋ ${one.operation} · waiting, ${place + 1} in the queue, asked by ${plain(one.by.name)}`,
  );
  const { left } = state;
  const gone =
    left === undefined
      ? []
      : [
          `  ⚠️ ${left.operation} · asked by ${plain(left.by.name)}, not started ${instant(left.at)}: ${plain(left.why)}`,
        ];
  return [`${project} ${target} · ${name}${newest}`, ...waiting, ...gone];
}
