import type { MarkName } from './message.js';

/** How each mark is drawn. Its twin word stands in the line beside it, so that nothing is told by the mark alone. */
export const signs: Record<MarkName, string> = {
  done: '✅',
  running: '⏳',
  'to-do': '▫️',
  waiting: '✋',
  failed: '❌',
  skipped: '⏭️',
  warning: '⚠️',
  paused: '⏸️',
  locked: '🔒',
  void: '🚫',
};
