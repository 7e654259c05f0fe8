import { SlipwayError } from '../../error.js';

const word = /^[A-Za-z0-9._+-]{1,255}$/;

/**
 * The folder of our own files in a folder storage. No key may hold it, in any storage and at any place: a storage may lie
 * in a folder of another one, and its records say what its files are.
 */
export const ownFolder = '.slipway';

/**
 * Refuses what is no key: see the port; besides, `.` and `..` segments and more than 1,024 bytes (the limit of S3).
 * @throws SlipwayError internal
 */
export function checkStorageKey(key: string): void {
  const words = key.split('/');
  const good = words.every((each) => word.test(each) && each !== '.' && each !== '..' && !isOwn(each));
  if (good && key.length <= 1024) return;
  throw new SlipwayError('internal', `Not a key of a stored object: ${JSON.stringify(key.slice(0, 1100))}`);
}

/** Some file systems take `.Slipway` for the same folder. */
function isOwn(name: string): boolean {
  return name.toLowerCase() === ownFolder;
}
