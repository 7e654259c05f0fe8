import { randomBytes } from 'node:crypto';
import { SlipwayError } from '../../error.js';
import type { Storage, Stored } from './storage.js';

/** A throw-away key. */
export function probeKey(): string {
  return `.probe-${randomBytes(8).toString('hex')}`;
}

/**
 * Tries with `key` whether a second create and an outdated replacement are refused.
 * `create` and `replace` name what refuses them: `If-None-Match`, `If-Match`. The caller removes the key.
 * @throws SlipwayError store-unsafe
 */
export async function probeConditions(
  storage: Pick<Storage, 'address' | 'create' | 'replace'>,
  key: string,
  features: { create: string; replace: string },
): Promise<void> {
  const first = stored(await storage.create(key, Buffer.from('first'), {}));
  if (first === undefined)
    throw unsafeStorage(storage, `says of a new key that it exists (${features.create}).`);
  if ((await storage.create(key, Buffer.from('second'), {})) !== 'exists') {
    throw unsafeStorage(storage, `ignores ${features.create}: it answered 200 to a second create.`);
  }
  const third = stored(await storage.replace(key, Buffer.from('third'), {}, first.etag));
  if (third === undefined)
    throw unsafeStorage(storage, `refuses ${features.replace} with the right version.`);
  if ((await storage.replace(key, Buffer.from('fourth'), {}, first.etag)) !== 'changed') {
    throw unsafeStorage(
      storage,
      `ignores ${features.replace}: it answered 200 to the replacement of an old version.`,
    );
  }
}

function stored(answer: Stored | 'exists' | 'changed'): Stored | undefined {
  return typeof answer === 'string' ? undefined : answer;
}

/** The error for a store that does not do what publishing needs. */
export function unsafeStorage(
  storage: Pick<Storage, 'address'>,
  fact: string,
  cause?: unknown,
): SlipwayError {
  return new SlipwayError('store-unsafe', `${storage.address} ${fact}`, {
    hint: 'Two releases could overwrite each other there. Use a store with conditional writes.',
    cause,
  });
}
