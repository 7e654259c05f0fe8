import type { Records } from '../../engine/ports/records.js';
import { SlipwayError } from '../../error.js';
import { sameActor, type Actor } from '../../release/actor.js';
import type { Chat, Reaction, Sent } from '../chat.js';
import type { Message } from '../message.js';
import { plainEmoji } from '../plain-emoji.js';
import { renderingOf } from '../rendering.js';
import { localMessages, type LocalMessage, type LocalMessages, type Shelf } from './local-messages.js';

/** Something of the local workspace that is new or changed in this process. */
export interface LocalChange {
  shelf: Shelf;
  marker: string;
}

/** The local workspace: a chat of this machine, kept in the journal's store. */
export interface LocalChat extends Chat {
  readonly messages: LocalMessages;
  /**
   * Words that a person typed. The same request twice is said once.
   * @throws SlipwayError refused where something else was said under it
   */
  say(room: string, by: Actor, words: string, request: string, under?: string): Promise<void>;
  react(room: string, marker: string, reaction: Reaction, on: boolean): Promise<void>;
  /** Calls back after every change that this process has made. Returns how to stop it. */
  watch(changed: (change: LocalChange) => void): () => void;
}

/** Opens the local workspace. `rooms`: the rooms of slipway.yaml that it shows; `now` in ms. */
export function localChat(
  records: Records,
  rooms: () => Promise<readonly string[]>,
  now: () => number,
): LocalChat {
  const messages = localMessages(records);
  const watchers = new Set<(change: LocalChange) => void>();
  const tell = (shelf: Shelf, marker: string): void => {
    for (const watcher of watchers) watcher({ shelf, marker });
  };
  const sentOf = (room: string, one: LocalMessage): Sent => ({
    room,
    marker: one.marker,
    id: one.marker,
    rendering: one.message === undefined ? '' : renderingOf(one.message),
  });
  const search = async (room: string, marker: string): Promise<Sent[]> => {
    const found = await messages.find({ room }, marker);
    return found === undefined ? [] : [sentOf(room, found)];
  };
  const add = async (shelf: Shelf, marker: string, message: Message, under: string): Promise<void> => {
    const at = now();
    await messages.add(shelf, marker, { at, editedAt: 0, under, words: '', message });
    tell(shelf, marker);
  };
  return {
    name: 'local',
    messages,
    has: async (room) => (await rooms()).includes(room),
    search,
    async post(room, marker, message, under) {
      await add({ room }, marker, message, under?.marker ?? '');
      const [sent] = await search(room, marker);
      if (sent === undefined) throw new SlipwayError('network-failed', `${room} does not show the message.`);
      return sent;
    },
    async edit(sent, message) {
      const shelf = { room: sent.room };
      for (;;) {
        const old = await messages.find(shelf, sent.marker);
        if (old === undefined)
          throw new SlipwayError('not-found', `The message ${sent.marker} is not in ${sent.room}.`);
        if (await messages.replace(shelf, old, message, now())) break;
      }
      tell(shelf, sent.marker);
      return { ...sent, rendering: renderingOf(message) };
    },
    async remove({ room, id }) {
      await messages.remove({ room }, id);
      tell({ room }, id);
    },
    reactions: ({ room, marker }) => messages.reactions({ room }, marker),
    tell: (person, marker, message) => add({ person }, marker, message, ''),
    async say(room, by, words, request, under = '') {
      const marker = `said-${request}`;
      if (await messages.add({ room }, marker, { at: now(), editedAt: 0, under, by, words }))
        return tell({ room }, marker);
      const before = await messages.find({ room }, marker);
      const isSame = before?.by !== undefined && sameActor(before.by, by) && before.under === under;
      if (isSame && before.words === words) return;
      throw new SlipwayError('refused', 'Something else was said under this request before.', {
        hint: 'Nothing was done.',
      });
    },
    async react(room, marker, { by, emoji }, on) {
      await messages.react({ room }, marker, { by, emoji: plainEmoji(emoji) }, on);
      tell({ room }, marker);
    },
    watch(changed) {
      watchers.add(changed);
      return () => void watchers.delete(changed);
    },
  };
}
