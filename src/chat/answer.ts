import { line, lines } from './compose.js';
import type { Form, Message } from './message.js';

/** What somebody gets for what he said: a message for him alone, or a form. */
export type Answer = { is: 'message'; message: Message } | { is: 'form'; form: Form };

/** A short answer in sentences; the first one stands alone. */
export function shortAnswer(...sentences: string[]): Message {
  return {
    header: '',
    mood: 'plain',
    blocks: [lines(...sentences.map((one) => line(one)))],
    buttons: [],
    text: sentences.join(' '),
  };
}
