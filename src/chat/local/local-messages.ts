import { z } from 'zod';
import type { Records } from '../../engine/ports/records.js';
import { Actor } from '../../release/actor.js';
import { Message } from '../message.js';
import type { Reaction } from '../chat.js';

const Kept = z.strictObject({
  v: z.literal(1),
  /** When it was posted, and when this edit was made; ms. */
  at: z.number(),
  editedAt: z.number(),
  /** Marker of the message in whose thread it stands, or ''. */
  under: z.string(),
  /** A person who said it; without one it is the bot's. */
  by: Actor.optional(),
  words: z.string(),
  message: Message.optional(),
});
type Kept = z.infer<typeof Kept>;

/** A message as the local workspace keeps it: of the bot, or words of a person. */
export interface LocalMessage extends Kept {
  marker: string;
  /** How often it was edited. */
  edit: number;
}

/** Where a message is kept: a room, or what is said to one person alone. */
export type Shelf = { room: string } | { person: string };

/**
 * Messages of the local workspace, in the journal's store: each edit is one create-only record under the message's
 * marker, the newest one counts, and the one before goes. So a second post of the same marker is refused.
 */
export interface LocalMessages {
  find(shelf: Shelf, marker: string): Promise<LocalMessage | undefined>;
  /** What a shelf holds, by marker, in no order. */
  markers(shelf: Shelf): Promise<string[]>;
  /** All messages of a shelf, oldest first. */
  all(shelf: Shelf): Promise<LocalMessage[]>;
  /** False: one of that marker stands there already, and stays. */
  add(shelf: Shelf, marker: string, kept: Omit<Kept, 'v'>): Promise<boolean>;
  /** False: somebody else has edited it meanwhile. */
  replace(shelf: Shelf, old: LocalMessage, message: Message, at: number): Promise<boolean>;
  remove(shelf: Shelf, marker: string): Promise<void>;
  reactions(shelf: Shelf, marker: string): Promise<Reaction[]>;
  react(shelf: Shelf, marker: string, reaction: Reaction, on: boolean): Promise<void>;
}

const numbered = (edit: number): string => `${String(edit).padStart(6, '0')}.json`;
/** undefined: it is damaged, or of another version. One such message must not hide the others; the bot says its own anew. */
function readable(bytes: Uint8Array): Kept | undefined {
  try {
    return Kept.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    return undefined;
  }
}
const hex = (text: string): string => Buffer.from(text, 'utf8').toString('hex');

/** The messages that these records hold, under `rooms/` and `direct/`. */
export function localMessages(records: Records): LocalMessages {
  const folder = (shelf: Shelf): string =>
    'room' in shelf ? `rooms/${shelf.room}` : `direct/${shelf.person}`;
  const newest = async (
    shelf: Shelf,
    marker: string,
  ): Promise<{ edit: number; kept: Kept | undefined } | undefined> => {
    // An edit that was read in the list may be gone by then: a newer one stands there.
    for (;;) {
      const last = (await records.names(`${folder(shelf)}/${marker}/edits/`)).toSorted().at(-1);
      if (last === undefined) return undefined;
      const bytes = await records.read(`${folder(shelf)}/${marker}/edits/${last}`);
      if (bytes !== undefined) return { edit: Number(last.slice(0, 6)), kept: readable(bytes) };
    }
  };
  const read = async (shelf: Shelf, marker: string): Promise<LocalMessage | undefined> => {
    const found = await newest(shelf, marker);
    return found?.kept && { ...found.kept, marker, edit: found.edit };
  };
  const write = (shelf: Shelf, marker: string, edit: number, kept: Kept): Promise<boolean> =>
    records.create(`${folder(shelf)}/${marker}/edits/${numbered(edit)}`, Buffer.from(JSON.stringify(kept)));
  return {
    find: read,
    markers: (shelf) => records.names(`${folder(shelf)}/`),
    async all(shelf) {
      const markers = await records.names(`${folder(shelf)}/`);
      const found = await Promise.all(markers.map((marker) => read(shelf, marker)));
      return found
        .filter((one) => one !== undefined)
        .toSorted((a, b) => a.at - b.at || (a.marker < b.marker ? -1 : 1));
    },
    async add(shelf, marker, kept) {
      // The first edit of a message that was edited is gone, so its absence alone proves nothing.
      const there = await newest(shelf, marker);
      if (there?.kept !== undefined) return false;
      return write(shelf, marker, (there?.edit ?? -1) + 1, { v: 1, ...kept });
    },
    async replace(shelf, old, message, at) {
      const { marker, edit, ...kept } = old;
      if (!(await write(shelf, marker, edit + 1, { ...kept, message, editedAt: at }))) return false;
      await records.remove(`${folder(shelf)}/${marker}/edits/${numbered(edit)}`);
      return true;
    },
    async remove(shelf, marker) {
      for (const edit of await records.names(`${folder(shelf)}/${marker}/edits/`))
        await records.remove(`${folder(shelf)}/${marker}/edits/${edit}`);
    },
    async reactions(shelf, marker) {
      const at = `${folder(shelf)}/${marker}/reactions/`;
      const found = await Promise.all((await records.names(at)).map((name) => records.read(`${at}${name}`)));
      return found
        .filter((bytes) => bytes !== undefined)
        .map((bytes) => ReactionKept.parse(JSON.parse(Buffer.from(bytes).toString('utf8'))));
    },
    async react(shelf, marker, reaction, on) {
      const key = `${folder(shelf)}/${marker}/reactions/${hex(reaction.emoji)}_${hex(reaction.by.user)}`;
      if (on) await records.create(key, Buffer.from(JSON.stringify(reaction)));
      else await records.remove(key);
    },
  };
}

const ReactionKept = z.strictObject({ by: Actor, emoji: z.string() });
