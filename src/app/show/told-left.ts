import { whyLeft } from '../../chat/views/line.js';
import { leftQueue } from '../../chat/views/queue.js';
import type { LineState } from '../../release/line-state.js';
import { partsOfLine } from '../../release/run-id.js';
import { takenOut } from '../leave-queue.js';
import { leftMarker } from '../../chat/markers.js';
import type { Told } from './wanted.js';

/**
 * Who is told alone that what he asked for left its queue and was not started: he was told that it starts by itself. Who
 * has taken it out knows. `person`: by the name of slipway.yaml. Pure.
 */
export function toldLeft(id: string, state: LineState, person: string): Told[] {
  const { left } = state;
  if (left === undefined || left.why === takenOut(left.by)) return [];
  const { project, target } = partsOfLine(id);
  const why = whyLeft(project, target, state, left.why);
  const message = leftQueue({ project, line: target, operation: left.operation, why });
  return [{ person, marker: leftMarker(id, left.at), message }];
}
