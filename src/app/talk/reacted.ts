import { z } from 'zod';
import type { Reaction } from '../../chat/chat.js';
import type { Records } from '../../engine/ports/records.js';
import { Actor } from '../../release/actor.js';

/**
 * Which reactions were heard under a question, and count as they stand there: one that is gone after a start is taken
 * back. A hint beside the journal, which does not say how somebody voted.
 */
export interface Reacted {
  /** It counts now, or does no more. */
  note(marker: string, reaction: Reaction, on: boolean): Promise<void>;
  /** What counts under a question. */
  under(marker: string): Promise<Reaction[]>;
}

const Kept = z.strictObject({ by: Actor, emoji: z.string() });

const hex = (text: string): string => Buffer.from(text, 'utf8').toString('hex');

/** The notes that these records hold, under `reacted/`. */
export function openReacted(records: Records): Reacted {
  return {
    async note(marker, { by, emoji }, on) {
      const key = `reacted/${marker}/${by.issuer}_${hex(by.user)}_${hex(emoji)}`;
      if (on) await records.create(key, Buffer.from(JSON.stringify({ by, emoji })));
      else await records.remove(key);
    },
    async under(marker) {
      const place = `reacted/${marker}/`;
      const found = await Promise.all((await records.names(place)).map((name) => records.read(place + name)));
      return found.flatMap((bytes) =>
        bytes === undefined ? [] : [Kept.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))],
      );
    },
  };
}
