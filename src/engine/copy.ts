import { SlipwayError } from '../error.js';
import type { Records } from './ports/records.js';

/** What belongs to this machine only, or can be derived again. */
const left = ['owner/'];

/**
 * Copies every record from one store to another, which must hold none: journals, inbox, blobs, logs, snapshots, index.
 * Copying again after a crash goes on. Records are never changed, so a copy of a live journal is whole up to some event
 * of each run. `each` is told how many were copied.
 * @throws SlipwayError refused when the target holds something else
 */
export async function copyRecords(
  from: Records,
  to: Records,
  each: (copied: number, all: number) => void,
): Promise<number> {
  const others = (await from.list('')).filter(
    (key) => ![...left, 'blobs/'].some((prefix) => key.startsWith(prefix)),
  );
  // Blobs are listed last: whatever blob an event above names was there before the event.
  const keys = [...(await from.list('blobs/')), ...others];
  const known = new Set(keys);
  const strange = (await to.list('')).find(
    (key) => !known.has(key) && !left.some((prefix) => key.startsWith(prefix)),
  );
  if (strange !== undefined) {
    throw new SlipwayError(
      'refused',
      `${to.place} is not empty: it holds ${strange}, which the other has not.`,
      { hint: 'Nothing was copied. Name an empty one.' },
    );
  }
  let copied = 0;
  for (const key of keys) {
    const bytes = await from.read(key);
    // The index of open runs is the only thing that is ever removed.
    if (bytes !== undefined && !(await to.create(key, bytes))) await requireSame(to, key, bytes);
    copied += 1;
    each(copied, keys.length);
  }
  return copied;
}

async function requireSame(to: Records, key: string, bytes: Uint8Array): Promise<void> {
  const there = await to.read(key);
  if (there !== undefined && Buffer.compare(there, bytes) === 0) return;
  throw new SlipwayError('refused', `${to.place} holds another ${key}.`, {
    hint: 'It was left as it is. Name an empty one.',
  });
}
