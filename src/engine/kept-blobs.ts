import type { Blobs } from './ports/blobs.js';

/** How many parsed blobs of one kind are kept, and how big each may be in bytes: at most 16 MB of text, usually far less. */
const most = 512;
const largest = 32 * 1024;

/**
 * Makes a reader of blobs that parses each once. A digest names the same bytes for ever, so nothing kept goes out of
 * date; the values are frozen, since they are shared. Each store has its own. What is kept hides that a blob was lost
 * meanwhile: whoever looks for damage reads the store itself.
 */
export function keptBlobs<T>(
  parse: (digest: string, text: string) => T,
): (blobs: Blobs, digest: string) => Promise<T> {
  const stores = new WeakMap<Blobs, Map<string, T>>();
  return async (blobs, digest) => {
    const kept = stores.get(blobs) ?? new Map<string, T>();
    stores.set(blobs, kept);
    const known = kept.get(digest);
    if (known !== undefined) {
      kept.delete(digest);
      kept.set(digest, known);
      return known;
    }
    const bytes = await blobs.get(digest);
    const value = parse(digest, Buffer.from(bytes).toString('utf8'));
    freeze(value);
    if (bytes.byteLength > largest) return value;
    kept.set(digest, value);
    const oldest = kept.keys().next();
    if (kept.size > most && !oldest.done) kept.delete(oldest.value);
    return value;
  };
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const one of Object.values(value)) freeze(one);
}
