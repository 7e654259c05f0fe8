import type { Form, Message } from './message.js';

/** What somebody gets for what he said: a message for him alone, or a form. */
export type Answer = { is: 'message'; message: Message } | { is: 'form'; form: Form };

/**
 * What becomes of a line that was typed in a room. `words`: neither a command nor a mention, and nothing is answered.
 * `said`: a mention that was answered in its thread, for all to see.
 */
export type LineAnswer = Answer | { is: 'words' } | { is: 'said' };
