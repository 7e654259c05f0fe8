import type { Message } from '../../chat/message.js';

/**
 * What tells how urgent an edit of a board is: another `decision` never waits, another `state` waits for the end of an
 * interval, everything else is progress.
 */
export interface Urgency {
  decision: string;
  state: string;
  /** When the step that runs has begun, ms; undefined: nothing runs. */
  since: number | undefined;
}

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
   * - `once`: a line that is said and stays.
   * - `if-there`: only changed where it was posted before: an answered question, a solved failure.
   */
  how: 'paced' | 'now' | 'once' | 'if-there';
  /** Of what is paced. */
  urgency?: Urgency;
}

/** Something that one person should be told alone, once. */
export interface Told {
  /** By the name of slipway.yaml. */
  person: string;
  marker: string;
  message: Message;
}
