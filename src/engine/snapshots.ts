import { z } from 'zod';
import { canonical } from '../release/canonical.js';
import type { JournalKeys } from './keys.js';
import type { Records } from './ports/records.js';

/** Version of what a fold gives. A snapshot of another version is not read; the journal is folded from its start. */
export const foldVersion = 1;

const Snapshot = z.strictObject({
  v: z.literal(foldVersion),
  of: z.string(),
  seq: z.int().positive(),
  hash: z.string(),
  state: z.string(),
  signature: z.string(),
});

/** Snapshots of folded journals: a way to read less, never the truth. Only the bot writes them, signed. */
export interface Snapshots<State> {
  newest(id: string): Promise<{ state: State; seq: number; hash: string } | undefined>;
  /** Does nothing on a process without the journal key. */
  write(id: string, head: { state: State; seq: number; hash: string }): Promise<void>;
}

/** Snapshots beside the journals of one kind, under `snapshots/<folder>/<id>/<seq>.json`. */
export function makeSnapshots<State>(records: Records, keys: JournalKeys, folder: string): Snapshots<State> {
  const prefix = (id: string): string => `snapshots/${folder}/${id}/`;
  return {
    async newest(id) {
      const name = (await records.names(prefix(id))).at(-1);
      const bytes = name === undefined ? undefined : await records.read(prefix(id) + name);
      if (bytes === undefined) return undefined;
      const parsed = Snapshot.safeParse(parseJson(bytes));
      if (!parsed.success) return undefined;
      const { signature, ...unsigned } = parsed.data;
      // A snapshot that we did not sign could hold votes that nobody gave: fold from the start instead.
      if (unsigned.of !== `${folder}/${id}` || !keys.verify(canonical(unsigned), signature)) return undefined;
      const state: State = JSON.parse(unsigned.state);
      return { state, seq: unsigned.seq, hash: unsigned.hash };
    },
    async write(id, head) {
      if (keys.sign === undefined) return;
      const unsigned = {
        v: foldVersion,
        of: `${folder}/${id}`,
        seq: head.seq,
        hash: head.hash,
        state: canonical(head.state),
      };
      const text = canonical({ ...unsigned, signature: keys.sign(canonical(unsigned)) });
      await records.create(`${prefix(id)}${String(head.seq).padStart(8, '0')}.json`, Buffer.from(text));
    },
  };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
