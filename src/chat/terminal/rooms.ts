import type { Records } from '../../engine/ports/records.js';
import { z } from 'zod';
import type { Posted, Rooms } from '../../services/rooms/rooms.js';

const Message = z.strictObject({ id: z.string(), marker: z.string(), text: z.string() });

/**
 * Rooms of a sandbox without a chat: each message is one create-only record, so that a second post of the same marker is
 * refused. The terminal that follows the run shows them.
 */
export function terminalRooms(records: Records): Rooms {
  const key = (room: string, marker: string): string => `rooms/${room}/${marker}.json`;
  const read = async (room: string, marker: string): Promise<Posted | undefined> => {
    const bytes = await records.read(key(room, marker));
    return bytes === undefined ? undefined : Message.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  };
  return {
    async search(room, marker) {
      const found = await read(room, marker);
      return found === undefined ? [] : [found];
    },
    async post(room, marker, text) {
      const message = { id: marker, marker, text };
      await records.create(key(room, marker), Buffer.from(JSON.stringify(message)));
      return (await read(room, marker)) ?? message;
    },
    remove: (room, id) => records.remove(key(room, id)),
  };
}
