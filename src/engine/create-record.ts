import { SlipwayError } from '../error.js';
import type { Records } from './ports/records.js';

/**
 * Creates a record; false: another one has its name. A store that did not answer may have written all the same, and a
 * store that answered "exists" may mean our own first try: what stands there decides.
 * @throws SlipwayError journal-full | journal-unreachable
 */
export async function createOrFindOurs(records: Records, at: string, bytes: Uint8Array): Promise<boolean> {
  let failure: unknown;
  try {
    if (await records.create(at, bytes)) return true;
  } catch (error) {
    failure = error;
  }
  const there = await records.read(at);
  if (there !== undefined) return Buffer.compare(there, bytes) === 0;
  throw (
    failure ??
    new SlipwayError('journal-unreachable', `The journal says that ${at} exists and does not show it.`, {
      retryable: true,
    })
  );
}
