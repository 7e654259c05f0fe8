// @ts-check
/**
 * How each mark is written. The style sheet draws it, so that it looks the same without a font that has it; its twin word
 * stands in the line beside it.
 * @import { MarkName } from '../../chat/message.js'
 * @type {Record<MarkName, string>}
 */
export const marks = {
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
