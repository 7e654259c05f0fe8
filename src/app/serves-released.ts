import { settingOf } from '../process/effects.js';
import { makesFinal } from '../process/operation-kind.js';
import type { Process } from '../process/process-file.js';
import { everyOperation } from './variants.js';

/**
 * Whether a channel serves what was released: it is called stable, or nothing but operations that make a line final moves
 * it (`production`). Any other channel serves the newest candidate where that is above what was released.
 */
export function servesReleased(process: Process, channel: string): boolean {
  if (channel === 'stable') return true;
  const moving = everyOperation(process).filter(({ operation }) =>
    operation.steps.some(({ kind, settings }) => {
      const move = settingOf(settings, 'move');
      return kind === 'channel' && Array.isArray(move) && move.includes(channel);
    }),
  );
  // What gives a line up moves a channel back; that says nothing of what it serves.
  const forward = moving.filter(({ operation }) => operation.line !== 'open -> abandoned');
  return forward.length > 0 && forward.every(({ operation }) => makesFinal(operation));
}
