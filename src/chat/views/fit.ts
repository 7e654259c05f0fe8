import type { Block, Line, Piece } from '../message.js';
import { signs } from '../signs.js';
import { plain } from './plain.js';

/** Columns of a fence, and characters of a line with a mark, of one without, and of a header: what a phone shows well. */
const fenceWidth = 60;
const markedWidth = 100;
const lineWidth = 160;
const headerWidth = 60;

/** At most so many characters; what is left out is an ellipsis. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, Math.max(0, most - 1));
  // Half of a character outside of the basic plane is none.
  const whole = /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
  return `${whole.trimEnd()}…`;
}

/** Foreign text on one line, with what could hide or turn words around in sight. */
export function oneLine(text: string): string {
  return onOneLine(text).trim();
}

/** A person's reason in quotes, on one line. */
export function quoted(reason: string, most = 60): string {
  return `"${clip(oneLine(reason), most)}"`;
}

/** Our marks taken out of a text that must show none. */
export function unmarked(text: string): string {
  const all = Object.values(signs).map((sign) => sign.replace('\uFE0F', ''));
  return text.replaceAll(new RegExp(`(?:${all.join('|')})\\uFE0F?`, 'gu'), '');
}

/** A header: the name gives way before the state does. */
export function headline(name: string, state: string): string {
  const end = clip(oneLine(unmarked(state)), headerWidth - 14);
  const room = headerWidth - 2 - end.length;
  return `${clip(oneLine(unmarked(name)), room)}: ${end}`;
}

/** A header that is no name and state: the first of these that fits, or the last one clipped. */
export function firstThatFits(...headers: string[]): string {
  const clean = headers.map((one) => oneLine(unmarked(one)));
  return clean.find((one) => one.length <= headerWidth) ?? clip(clean.at(-1) ?? '', headerWidth);
}

/** A line no longer than a phone shows; names of people and commands stay whole. */
export function fitLine(line: Line): Line {
  let left = line.mark === undefined ? lineWidth : markedWidth;
  const pieces = line.pieces.flatMap((piece): Piece[] => {
    switch (piece.is) {
      case 'text':
      case 'bold':
      case 'code':
      case 'link': {
        const text = clip(onOneLine(piece.text), left);
        left -= text.length;
        return text === '' || (text === '…' && piece.text !== text) ? [] : [{ ...piece, text }];
      }
      case 'person':
        left = Math.max(0, left - piece.name.length);
        return [piece];
      case 'time':
      case 'command':
        left = Math.max(0, left - 12);
        return [piece];
    }
  });
  return { ...line, pieces };
}

/** As `oneLine`, with the spaces at its ends: it is a part of a line. */
function onOneLine(text: string): string {
  return plain(text.replaceAll(/[\s\u0085\u2028\u2029]+/gu, ' '));
}

/** A block with lines and fences as wide as a phone shows them. */
export function fitBlock(block: Block): Block {
  switch (block.is) {
    case 'lines':
    case 'small':
      return { ...block, lines: block.lines.map(fitLine) };
    case 'code':
      return {
        ...block,
        lines: block.lines.map((one) => clip(plain(one.replaceAll('\t', '  ')), fenceWidth)),
      };
    case 'table':
      return block;
  }
}
