import { code, command } from '../../compose.js';
import { MarkName, type Line, type Piece } from '../../message.js';
import { signs } from '../../signs.js';

/** Every verb that can be said in a chat; other words behind our name are somebody's own. A test compares it with commands/. */
export const sayable: ReadonlySet<string> = new Set(
  [
    'release plan status approve withdraw reject hold unhold retry answer skip pause resume cancel leave-queue',
    'not-now not-me-today stop-everything resume-everything point unpoint freeze unfreeze adopt where history version log',
    'verify help',
  ].flatMap((some) => some.split(' ')),
);

/** Commands of the machine that the bot runs on: nobody can say them in a chat. */
const operators: ReadonlySet<string> = new Set(
  'start worker validate backup restore demo open practice'.split(' '),
);

/** Words behind a verb that belong to the command: an option, a quote, a place holder, a name with a digit or `_`. */
const partOfCommand = /^(?:--[a-z-]+|"[^"]*"|<[^>]+>|[\w.-]*[_\d][\w.-]*)$/;
/** Verbs whose next word is a name, whatever it looks like. */
const named = new Set(['release', 'point', 'unpoint', 'plan']);

/**
 * A sentence that was written for the command line, as a chat says it: `slipway release cut` becomes a command of the
 * chat, hints that only a terminal can follow go. The one place that knows both ways of speaking. Pure.
 */
export function chatLine(sentence: string): Line {
  const { mark, rest } = markOf(sentence);
  return { ...(mark && { mark }), pieces: chatPieces(rest) };
}

/** Whether something of the sentence is left in a chat. */
export function isForChat(sentence: string): boolean {
  return withoutTerminal(sentence) !== '';
}

function markOf(sentence: string): { mark: MarkName | undefined; rest: string } {
  for (const name of MarkName.options) {
    if (sentence.startsWith(`${signs[name]} `))
      return { mark: name, rest: sentence.slice(signs[name].length + 1) };
  }
  return { mark: undefined, rest: sentence };
}

function chatPieces(sentence: string): Piece[] {
  const pieces: Piece[] = [];
  const add = (text: string): void => {
    const last = pieces.at(-1);
    if (text === '') return;
    if (last?.is === 'text') pieces[pieces.length - 1] = { is: 'text', text: last.text + text };
    else pieces.push({ is: 'text', text });
  };
  let left = withoutTerminal(sentence);
  for (;;) {
    const found = /(?<![\w/.-])slipway ([a-z][a-z-]*)/.exec(left);
    if (found === null) break;
    add(left.slice(0, found.index));
    const verb = found[1] ?? '';
    left = left.slice(found.index + found[0].length);
    if (operators.has(verb)) {
      add("the operator's ");
      pieces.push(code(verb));
      continue;
    }
    if (!sayable.has(verb)) {
      add(found[0]);
      continue;
    }
    const behind = restOf(verb, left);
    left = left.slice(behind.length);
    pieces.push(command(verb, behind.trim()));
  }
  add(left);
  return pieces;
}

/** How much of what stands behind a verb still belongs to the command. */
function restOf(verb: string, text: string): string {
  let taken = '';
  let isNamed = named.has(verb);
  for (;;) {
    const next = /^ ("[^"]*"|[^\s,;)"]+)/.exec(text.slice(taken.length));
    const word = next?.[1]?.replace(/[.:]$/, '') ?? '';
    if (word === '' || !(isNamed || partOfCommand.test(word))) return taken;
    taken += ` ${word}`;
    isNamed = /^--(?:project|open|confirm|seal|page|second)$/.test(word);
  }
}

/** Without what only somebody at a terminal can do. */
function withoutTerminal(sentence: string): string {
  return sentence
    .replaceAll(/ ?Add --as <person>(?:, in a sandbox project)?\./g, '')
    .replaceAll(' --as <person>', '')
    .replaceAll('slipway --help', 'slipway help')
    .replaceAll('Add --help to see how it is written.', 'slipway help says what you can say.');
}
