import { SlipwayError } from '../error.js';
import { sha256 } from '../release/canonical.js';
import type { Blobs } from './ports/blobs.js';
import type { Records } from './ports/records.js';

/** Blobs under `blobs/sha256/<digest>`. */
export function openBlobs(records: Records): Blobs {
  const key = (digest: string): string => `blobs/sha256/${digest}`;
  return {
    async put(bytes) {
      const digest = sha256(bytes);
      if (await records.create(key(digest), bytes)) return digest;
      // Whoever can write here could have taken the name: what stands there is what everybody would read.
      const there = await records.read(key(digest));
      if (there === undefined || sha256(there) !== digest) {
        throw new SlipwayError(
          'blob-missing',
          `Something else stands where the blob sha256:${digest} belongs in ${records.place}.`,
          {
            hint: 'Remove it, find out who wrote it, then retry.',
          },
        );
      }
      return digest;
    },
    async get(digest) {
      const bytes = await records.read(key(digest));
      if (bytes !== undefined && sha256(bytes) === digest) return bytes;
      const what = bytes === undefined ? 'is missing' : 'is damaged (its bytes have another digest)';
      throw new SlipwayError('blob-missing', `The blob sha256:${digest} ${what} in ${records.place}.`, {
        hint: 'Restore it from a backup (slipway restore), then retry the step.',
      });
    },
  };
}
