import type { LocalMessage, LocalMessages, Shelf } from '../chat/local/local-messages.js';
import type { MessageView } from './api.js';

/** A message as the browser gets it, with its reactions. */
export async function messageView(
  messages: LocalMessages,
  shelf: Shelf,
  one: LocalMessage,
): Promise<MessageView> {
  const reactions = await messages.reactions(shelf, one.marker);
  const emojis = [...new Set(reactions.map(({ emoji }) => emoji))].toSorted();
  return {
    room: 'room' in shelf ? shelf.room : '',
    marker: one.marker,
    at: one.at,
    editedAt: one.editedAt,
    under: one.under,
    to: 'person' in shelf ? shelf.person : '',
    by: one.by === undefined ? { is: 'slipway' } : { is: 'person', id: one.by.user, name: one.by.name },
    message: one.message ?? null,
    words: one.words,
    reactions: emojis.map((emoji) => ({
      emoji,
      people: reactions
        .filter((reaction) => reaction.emoji === emoji)
        .map(({ by }) => ({ id: by.user, name: by.name })),
    })),
  };
}

/** All messages of a shelf as the browser gets them, oldest first. */
export async function shelfView(messages: LocalMessages, shelf: Shelf): Promise<MessageView[]> {
  const all = await messages.all(shelf);
  return Promise.all(all.map((one) => messageView(messages, shelf, one)));
}
