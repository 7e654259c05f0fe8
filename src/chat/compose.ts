import type { Block, Button, Confirm, Form, Line, MarkName, Piece, Saying, Target } from './message.js';

/** Words that build messages. A bare string is literal text. */
export type Words = string | Piece;

export const bold = (text: string): Piece => ({ is: 'bold', text });
export const code = (text: string): Piece => ({ is: 'code', text });
export const link = (text: string, target: Target): Piece => ({ is: 'link', text, target });
/** A person by name; nobody is told. */
export const named = (id: string, name: string): Piece => ({ is: 'person', id, name, ping: false });
/** A person who is told. Only in questions and reminders. */
export const ping = (id: string, name: string): Piece => ({ is: 'person', id, name, ping: true });
/** A moment, ms since the epoch; without its date if that is today's. */
export const time = (at: number): Piece => ({ is: 'time', at, show: 'time' });
/** A moment with its date. */
export const moment = (at: number): Piece => ({ is: 'time', at, show: 'date-and-time' });
/** Something to say to the bot: `command('release', 'fixup')`, `command('status')`. */
export const command = (verb: string, rest = ''): Piece => ({ is: 'command', verb, rest });

const pieces = (words: readonly Words[]): Piece[] =>
  words.map((one) => (typeof one === 'string' ? { is: 'text', text: one } : one));

/** A line without a mark. */
export const line = (...words: Words[]): Line => ({ pieces: pieces(words) });
/** A line with its mark; its twin word must stand in it. */
export const marked = (mark: MarkName, ...words: Words[]): Line => ({ mark, pieces: pieces(words) });

export const lines = (...all: Line[]): Block => ({ is: 'lines', lines: all });
export const small = (...all: Line[]): Block => ({ is: 'small', lines: all });
export const fence = (...all: string[]): Block => ({ is: 'code', lines: all });

/** How a button looks and what it asks before it acts. */
export interface Look {
  /** The whole sense, for screen readers; the label if that says it all. */
  about?: string;
  style?: 'primary' | 'danger';
  confirm?: Confirm;
}

const button = (id: string, label: string, does: Button['does'], look: Look): Button => ({
  id,
  label,
  about: look.about ?? label,
  style: look.style ?? 'default',
  ...(look.confirm && { confirm: look.confirm }),
  does,
});

/** A button that says something to the bot. */
export const says = (id: string, label: string, say: Saying, look: Look = {}): Button =>
  button(id, label, { is: 'say', say }, look);
/** A button that opens a form. */
export const opens = (id: string, label: string, form: Form, look: Look = {}): Button =>
  button(id, label, { is: 'form', form }, look);
/** A button that leads somewhere. */
export const goes = (id: string, label: string, target: Target, look: Look = {}): Button =>
  button(id, label, { is: 'go', target }, look);
