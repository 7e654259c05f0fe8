import { SlipwayError } from '../error.js';
import { sha256 } from '../release/canonical.js';
import { pinWords, type Pin } from '../release/project-state.js';
import type { Storage, Stored } from '../services/storage/storage.js';

/** What an object of a pinned channel is left at, or put back to. */
export interface PinnedAim {
  wanted: string;
  ours: false;
  sha256: '';
  commit: '';
  note: string;
  pin: Pin;
}

/**
 * A pinned channel stays where it is, whoever moved it there. Only where this very run has moved it in the moment that
 * the pin was written it is put back, for who pinned it has read it before.
 */
export function pinnedAim(pin: Pin, artifact: string, there: Stored | undefined, run: string): PinnedAim {
  const file = pin.files.find((one) => one.artifact === artifact);
  const isOurMove = file !== undefined && there?.metadata['run'] === run && there.sha256 !== file.sha256;
  const wanted = isOurMove ? pin.version : (there?.metadata['version'] ?? '');
  return { wanted, ours: false, sha256: '', commit: '', note: `(${pinWords(pin)})`, pin };
}

/** The archived bytes that a channel is pinned to. @throws SlipwayError storage-failed when the archive has them no more */
export async function pinnedBytes(
  pin: Pin,
  artifact: string,
  storage: (name: string) => Promise<Storage>,
): Promise<Uint8Array> {
  const file = pin.files.find((one) => one.artifact === artifact);
  const bytes = file === undefined ? undefined : await (await storage(file.from.storage)).read(file.from.key);
  if (bytes !== undefined && sha256(bytes) === file?.sha256) return bytes;
  throw new SlipwayError(
    'storage-failed',
    `${pin.channel} is pinned to ${pin.version}, and its archive is gone.`,
    {
      hint: `Put the archive back, then retry; or lift the pin: slipway unpoint ${pin.channel}`,
    },
  );
}
