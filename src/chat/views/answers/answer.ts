import { line, lines, small } from '../../compose.js';
import type { Button, Line, Message, Mood, Piece } from '../../message.js';
import { clip } from '../fit.js';
import { plain } from '../plain.js';
import { inSentences } from '../sentences.js';
import { chatLine, isForChat } from './tongue.js';

/** What an answer to one person is made of. */
interface Parts {
  header?: string;
  mood?: Mood;
  lines: readonly Line[];
  small?: readonly Line[];
  buttons?: readonly Button[];
}

/** How many lines an answer has at most: it stands over what people read. */
const mostLines = 12;
/** How long a line of an answer is at most: an error says all that it has to say, and a stranger's text not more. */
const longestLine = 500;

/** An answer for who asked. */
export function answer({
  header = '',
  mood = 'plain',
  lines: all,
  small: print = [],
  buttons = [],
}: Parts): Message {
  const blocks = [
    ...(all.length === 0 ? [] : [lines(...all.map(bounded))]),
    ...(print.length === 0 ? [] : [small(...print.map(bounded))]),
  ];
  return { header, mood, blocks, buttons: [...buttons], text: inSentences(header, blocks, buttons) };
}

/** What was refused or went wrong, in sentences of the command line. */
export function refusedAnswer(sentences: readonly string[], buttons: readonly Button[] = []): Message {
  return answer({ lines: sentences.map((one) => chatLine(one)), buttons });
}

/**
 * Sentences of a verb as a chat answers them, at most `mostLines` from line `from` on. `more`: the button that shows the
 * rest, where there is one.
 */
export function sentencesAnswer(
  sentences: readonly string[],
  { from = 0, more }: { from?: number; more?: (from: number) => Button } = {},
): Message {
  // A log may have a million lines, of any length: what is not shown is only counted.
  const left = sentences.filter(isForChat).slice(from);
  const drawn = (some: readonly string[]): Line[] => some.map((one) => chatLine(clip(one, 2 * longestLine)));
  if (left.length <= mostLines) return answer({ lines: drawn(left) });
  const shown = drawn(left.slice(0, mostLines - 1));
  const rest = left.length - shown.length;
  return answer({
    lines: [...shown, line(`And ${rest} more line${rest === 1 ? '' : 's'}.`)],
    buttons: more === undefined ? [] : [more(from + shown.length)],
  });
}

function bounded(one: Line): Line {
  let left = longestLine;
  const pieces = one.pieces.flatMap((piece): Piece[] => {
    if (!('text' in piece)) return [piece];
    const text = clip(plain(piece.text), left);
    left -= text.length;
    return text === '' ? [] : [{ ...piece, text }];
  });
  return { ...one, pieces };
}
