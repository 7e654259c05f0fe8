import type { Actor } from '../release/actor.js';
import type { Message } from './message.js';

/** A message of ours that a room holds. */
export interface Sent {
  room: string;
  /** What it is found by: unique to what it is about, the same after a crash. */
  marker: string;
  /** The chat's own name of it. */
  id: string;
  /** Of the message as the chat shows it now, by `renderingOf`: an equal one needs no edit. */
  rendering: string;
}

/** What people put under a message: `✅`, `❌`, … without skin tones. */
export interface Reaction {
  by: Actor;
  emoji: string;
}

/**
 * A chat: Slack, Discord, or the local workspace. Rooms are named as in slipway.yaml. What was posted is found again by
 * its marker, since no chat has an idempotency key: search, then post, and afterwards only edit.
 */
export interface Chat {
  readonly name: 'local' | 'slack' | 'discord';
  /** Whether the room is in this chat. */
  has(room: string): Promise<boolean>;
  /** Our messages with this marker, oldest first. */
  search(room: string, marker: string): Promise<Sent[]>;
  /** Says it; `under` puts it into the thread of a message. Who sees an exception does not know whether it was said. */
  post(room: string, marker: string, message: Message, under?: Sent): Promise<Sent>;
  /** Replaces what it says. Pings nobody. */
  edit(sent: Sent, message: Message): Promise<Sent>;
  /** Takes a message of ours away: only twins. */
  remove(sent: Sent): Promise<void>;
  /** All reactions of people under it, as they are now. */
  reactions(sent: Sent): Promise<Reaction[]>;
  /** Says something to one person alone, once a marker. `person` is the name of slipway.yaml. */
  tell(person: string, marker: string, message: Message): Promise<void>;
}
