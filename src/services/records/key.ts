import { SlipwayError } from '../../error.js';

const word = /^[A-Za-z0-9._-]{1,255}$/;

/** The folder of unfinished records; no key may begin with it, in any place, so that records can move between places. */
export const unfinished = '.tmp';

/**
 * Refuses what is no key: see the port. Besides, no word is longer than 255 bytes, because a folder could not hold it.
 * @throws SlipwayError internal
 */
export function checkKey(key: string): void {
  const words = key.split('/');
  const good = words.every((each) => word.test(each) && each !== '.' && each !== '..');
  if (good && key.length <= 512 && words[0] !== unfinished) return;
  throw new SlipwayError('internal', `Not a key of a record: ${JSON.stringify(key.slice(0, 600))}`);
}

/**
 * Refuses what is no prefix: nothing, or a key and a slash.
 * @throws SlipwayError internal
 */
export function checkPrefix(prefix: string): void {
  if (prefix === '') return;
  if (!prefix.endsWith('/')) {
    throw new SlipwayError('internal', `A prefix ends in "/": ${JSON.stringify(prefix.slice(0, 600))}`);
  }
  checkKey(prefix.slice(0, -1));
}

/** Byte order; keys are ASCII, so comparing code units is comparing bytes. */
export function inByteOrder(keys: Iterable<string>): string[] {
  return [...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
