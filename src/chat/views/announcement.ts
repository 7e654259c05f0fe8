import { bold, line, lines } from '../compose.js';
import { MarkName, type Line, type Message } from '../message.js';
import { signs } from '../signs.js';

/** What a process announces, in its own words: the first line stands out, warnings keep their mark. */
export function announcement(text: string): Message {
  const [first = '', ...more] = text.trimEnd().split('\n');
  return {
    header: '',
    mood: 'done',
    blocks: [lines(line(bold(first)), ...more.map(lineOf))],
    buttons: [],
    text: text.trimEnd().replaceAll(/^⚠️ /gm, 'Warning: '),
  };
}

function lineOf(text: string): Line {
  const mark = MarkName.options.find((name) => text.startsWith(`${signs[name]} `));
  return mark === undefined ? line(text) : { mark, ...line(text.slice(signs[mark].length + 1)) };
}
