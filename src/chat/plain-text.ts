import type { Block, Button, Line, Message, Piece } from './message.js';
import { signs } from './signs.js';
import { instant } from './views/marks.js';
import { plain } from './views/plain.js';

/** How a place without formatting writes what depends on it. */
export interface Tongue {
  /** `slipway release fixup`, or `/release fixup`. */
  command(verb: string, rest: string): string;
  /** A moment, ms since the epoch. */
  time(at: number, show: 'time' | 'date-and-time'): string;
}

/** As the command line writes: whole commands, and times with date and zone. */
export const terminalTongue: Tongue = {
  command: (verb, rest) => `slipway ${[verb, rest].filter(Boolean).join(' ')}`,
  time: (at) => instant(at),
};

/** As a chat writes where it can draw nothing: `/release fixup`. */
export const chatTongue: Tongue = {
  command: (verb, rest) => `/release ${[verb === 'release' ? '' : verb, rest].filter(Boolean).join(' ')}`,
  time: (at) => instant(at),
};

/** A message as lines of plain text, without its buttons. Foreign control characters are escaped. */
export function plainLines(message: Message, tongue: Tongue = terminalTongue): string[] {
  return [
    ...(message.header === '' ? [] : [plain(message.header)]),
    ...message.blocks.flatMap((block) => blockLines(block, tongue)),
  ];
}

/** One line as plain text. */
export function plainLine(line: Line, tongue: Tongue = terminalTongue): string {
  const words = line.pieces.map((piece) => plainPiece(piece, tongue)).join('');
  return line.mark === undefined ? words : `${signs[line.mark]} ${words}`;
}

/** The buttons as ROOM writes them: `[Approve and promote]+ [Reject…]`. For snapshots and for what can draw no buttons. */
export function plainButtons(buttons: readonly Button[]): string {
  return buttons
    .map(({ label, style, does }) => {
      const leads = does.is === 'go' ? '→' : '';
      return `[${label}${leads}]${{ default: '', primary: '+', danger: '!' }[style]}`;
    })
    .join(' ');
}

function blockLines(block: Block, tongue: Tongue): string[] {
  switch (block.is) {
    case 'lines':
    case 'small':
      return block.lines.map((one) => plainLine(one, tongue));
    case 'code':
      return block.lines.map((one) => `  ${plain(one)}`);
    case 'table':
      return [block.caption, block.columns.join(' | '), ...block.rows.map((row) => row.join(' | '))].map(
        plain,
      );
  }
}

function plainPiece(piece: Piece, tongue: Tongue): string {
  switch (piece.is) {
    case 'text':
    case 'bold':
    case 'code':
    case 'link':
      return plain(piece.text);
    case 'person':
      return plain(piece.ping ? `@${piece.name}` : piece.name);
    case 'time':
      return tongue.time(piece.at, piece.show);
    case 'command':
      return tongue.command(piece.verb, plain(piece.rest));
  }
}
