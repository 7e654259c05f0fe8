import { SlipwayError } from '../error.js';
import type { Rooms } from '../services/rooms/rooms.js';
import type { Chat, Sent } from './chat.js';
import { announcement } from './views/announcement.js';

/**
 * Announcements in every chat that a room is in. One announcement is one message in each of them: it counts as said only
 * where all have it, so that a crash in between says the missing one.
 */
export function roomsOf(chats: readonly Chat[]): Rooms {
  const holding = async (room: string): Promise<Chat[]> => {
    const has = await Promise.all(chats.map((chat) => chat.has(room)));
    const found = chats.filter((_, place) => has[place]);
    if (found.length > 0) return found;
    throw new SlipwayError('config-invalid', `No chat has the room "${room}".`, {
      hint: 'Nothing was said there. Name it under rooms: in slipway.yaml.',
    });
  };
  const said = async (room: string, marker: string): Promise<{ chat: Chat; sent: Sent[] }[]> => {
    const all = await holding(room);
    return Promise.all(all.map(async (chat) => ({ chat, sent: await chat.search(room, marker) })));
  };
  return {
    async search(room, marker) {
      const found = await said(room, marker);
      if (found.some(({ sent }) => sent.length === 0)) return [];
      const most = Math.max(...found.map(({ sent }) => sent.length));
      return Array.from({ length: most }, (_, place) => ({
        id: canonicalId(found.map(({ chat, sent }) => [chat.name, sent[place]?.id ?? ''])),
        marker,
      }));
    },
    async post(room, marker, text) {
      const message = announcement(text);
      const found = await said(room, marker);
      const posted: [string, string][] = [];
      for (const { chat, sent } of found) {
        const one = sent[0] ?? (await chat.post(room, marker, message));
        posted.push([chat.name, one.id]);
      }
      return { id: canonicalId(posted), marker };
    },
    async remove(room, id) {
      const ids = new Map(
        id.split(' ').map((one) => [one.slice(0, one.indexOf(':')), one.slice(one.indexOf(':') + 1)]),
      );
      for (const chat of await holding(room)) {
        const own = ids.get(chat.name) ?? '';
        if (own !== '') await chat.remove({ room, marker: '', id: own, rendering: '' });
      }
    },
  };
}

/** `local:run_announce slack:1700000.0001` */
function canonicalId(ids: [string, string][]): string {
  return ids.map(([chat, id]) => `${chat}:${id}`).join(' ');
}
