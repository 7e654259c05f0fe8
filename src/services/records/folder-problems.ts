import { randomBytes } from 'node:crypto';
import type { Records } from '../../engine/ports/records.js';
import { SlipwayError } from '../../error.js';
import { diskProblem, isHardLinkError } from '../durable-files.js';

/**
 * Tries whether `link` exists and refuses a name that is taken: some network and FUSE folders have no hard links.
 * @throws SlipwayError store-unsafe
 */
export async function probeFolder(records: Records): Promise<void> {
  const key = `.probe-${randomBytes(8).toString('hex')}`;
  const unsafe = (fact: string, cause?: unknown): SlipwayError =>
    new SlipwayError('store-unsafe', `${records.place} ${fact}`, {
      hint: 'Keep the journal on a local disk (ext4, xfs, APFS, …), or in a bucket with conditional writes.',
      cause,
    });
  try {
    if (!(await records.create(key, Buffer.from('first')))) throw unsafe('says that a new file exists.');
    const second = await records.create(key, Buffer.from('second'));
    const left = Buffer.from((await records.read(key)) ?? []).toString();
    if (second || left !== 'first') throw unsafe('replaces a file where link() must refuse.');
  } catch (error) {
    if (isHardLinkError(error)) throw unsafe('has no hard links, so link() cannot create.', error);
    throw error;
  } finally {
    await records.remove(key).catch(() => undefined);
  }
}

/** A failed call to the disk as our error: journal-full or journal-unreachable. */
export function asFolderError(error: unknown, place: string): SlipwayError {
  if (error instanceof SlipwayError) return error;
  const { full, retryable, text } = diskProblem(error);
  if (full) {
    return new SlipwayError('journal-full', `No space left for the journal in ${place}: ${text}`, {
      hint: 'Free space on that disk. What was recorded before is whole, and work can go on as soon as there is space.',
      cause: error,
    });
  }
  return new SlipwayError('journal-unreachable', `The journal in ${place} cannot be used: ${text}`, {
    hint: 'Check that the folder exists, that its disk is mounted and healthy, and that this user may write there.',
    retryable,
    cause: error,
  });
}
