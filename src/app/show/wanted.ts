import type { Message } from '../../chat/message.js';

/** One message that a room should show now, as the journal stands. */
export interface Wanted {
  room: string;
  /** What it is found by; the same for the same thing, whoever asks and whenever. */
  marker: string;
  message: Message;
  /** Marker of the message in whose thread it stands. */
  under?: string;
  /**
   * - `paced`: a board; edits are coalesced by the rule of chat/pace.ts.
   * - `now`: a question or an announcement; an edit never waits.
   * - `if-there`: only changed where it was posted before: an answered question, a solved failure.
   */
  how: 'paced' | 'now' | 'if-there';
}
