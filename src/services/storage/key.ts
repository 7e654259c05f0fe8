import { SlipwayError } from '../../error.js';

const word = /^[A-Za-z0-9._+-]{1,255}$/;

/** The folder of our own files in a folder storage; no key may begin with it, in any storage. */
export const ownFolder = '.slipway';

/**
 * Refuses what is no key: see the port; besides, `.` and `..` segments and more than 1,024 bytes (the limit of S3).
 * @throws SlipwayError internal
 */
export function checkStorageKey(key: string): void {
  const words = key.split('/');
  const good = words.every((each) => word.test(each) && each !== '.' && each !== '..');
  if (good && key.length <= 1024 && words[0] !== ownFolder) return;
  throw new SlipwayError('internal', `Not a key of a stored object: ${JSON.stringify(key.slice(0, 1100))}`);
}
