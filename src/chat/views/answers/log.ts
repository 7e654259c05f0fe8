import { fence, goes, line, lines } from '../../compose.js';
import type { Message } from '../../message.js';
import { logText } from '../log-text.js';
import { told } from '../sentences.js';

/** How many lines of a log an answer shows. */
const mostLines = 10;

/** The end of a step's log, with the way to the whole of it. `text`: of the newest attempt; '' if there is none. */
export function logAnswer(of: { run: string; step: string; version: string }, text: string): Message {
  const { run, step, version } = of;
  const all = logText(text).trimEnd().split('\n');
  const shown = all.slice(-mostLines);
  const isEmpty = text.trim() === '';
  const last = shown.length < all.length ? `, the last ${mostLines} lines` : '';
  const what = isEmpty ? `${step} of ${version} has written no log.` : `Log of ${step}, ${version}${last}:`;
  return told({
    header: '',
    mood: 'plain',
    blocks: [lines(line(what)), ...(isEmpty ? [] : [fence(...shown)])],
    buttons: [goes('run', 'Open the whole log', { to: 'run', run })],
  });
}
