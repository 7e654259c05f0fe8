import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { SlipwayError } from '../../error.js';
import { errnoOf, linkNewFile, removeFile, writeNewFile, type DurableFolders } from '../durable-files.js';
import { ownFolder } from './key.js';

const generationShape = z.object({
  n: z.number().int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size: z.number().int().nonnegative(),
  metadata: z.record(z.string(), z.string()),
  /** The file that holds the bytes until they stand at their public place; it is gone from then on. */
  bytes: z.string().regex(/^\d+\.[0-9a-f]+\.bytes$/),
  /** Nothing stood at the public place when this was written, so nothing may be replaced there. */
  isFresh: z.boolean(),
});

/** One version of one key. */
export type Generation = z.infer<typeof generationShape>;

/**
 * The versions of every key of a folder storage: `<root>/.slipway/generations/<key>/<n>.json`.
 * Creating number n + 1 is the compare-and-swap: `link` lets one caller do it, in any process. Records stay for ever,
 * because a process that was stopped for long must still find its number taken.
 */
export interface Generations {
  /** Where the files of a key are. */
  folder(key: string): string;
  /** The newest version, or undefined. */
  newest(key: string): Promise<Generation | undefined>;
  /** Stores bytes and record durably; undefined: that number was taken by another. */
  add(
    key: string,
    n: number,
    body: Uint8Array,
    facts: { metadata: Record<string, string>; isFresh: boolean },
  ): Promise<Generation | undefined>;
  /** Removes what writers that lost, or died, left behind up to number `n`, which must stand at its public place. */
  clean(key: string, n: number): Promise<void>;
}

/** The versions below `root`, an absolute path. */
export function generations(root: string, folders: DurableFolders): Generations {
  function folder(key: string): string {
    const encoded = encodeURIComponent(key);
    const name = encoded.length <= 200 ? encoded : `=${createHash('sha256').update(key).digest('hex')}`;
    return path.join(root, ownFolder, 'generations', name);
  }

  async function names(key: string): Promise<string[]> {
    try {
      return await readdir(folder(key));
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return [];
      throw error;
    }
  }

  async function newest(key: string): Promise<Generation | undefined> {
    const numbers = (await names(key)).map((name) => Number(/^(\d+)\.json$/.exec(name)?.[1] ?? 0));
    const n = numbers.reduce((a, b) => Math.max(a, b), 0);
    return n === 0 ? undefined : parse(path.join(folder(key), `${n}.json`));
  }

  async function parse(file: string): Promise<Generation> {
    const text = await readFile(file, 'utf8');
    try {
      return generationShape.parse(JSON.parse(text));
    } catch (error) {
      throw new SlipwayError('storage-failed', `Not a record of a version: ${file}`, {
        hint: 'The file was damaged or written by a newer Slipway. Restore it from a backup.',
        cause: error,
      });
    }
  }

  async function add(
    key: string,
    n: number,
    body: Uint8Array,
    facts: { metadata: Record<string, string>; isFresh: boolean },
  ): Promise<Generation | undefined> {
    const inside = folder(key);
    const stem = `${n}.${randomBytes(8).toString('hex')}`;
    const sha256 = createHash('sha256').update(body).digest('hex');
    const generation = { n, sha256, size: body.byteLength, bytes: `${stem}.bytes`, ...facts };
    const bytes = path.join(inside, generation.bytes);
    const draft = path.join(inside, `${stem}.tmp`);
    await folders.ensure(inside);
    try {
      await writeNewFile(bytes, body, 0o666);
      await writeNewFile(draft, Buffer.from(JSON.stringify(generation)), 0o666);
    } catch (error) {
      await removeFile(bytes).catch(() => undefined);
      throw error;
    }
    try {
      await folders.sync(inside);
      const isOurs = await linkRecord(draft, path.join(inside, `${n}.json`));
      await folders.sync(inside);
      if (!isOurs) await removeFile(bytes);
      return isOurs ? generation : undefined;
    } finally {
      // The bytes stay after an error: it is not known here whether the record stands. `clean` removes them.
      await removeFile(draft).catch(() => undefined);
    }
  }

  async function clean(key: string, n: number): Promise<void> {
    for (const name of await names(key)) {
      const number = /^(\d+)\.[0-9a-f]+\.(bytes|tmp)$/.exec(name)?.[1];
      if (number !== undefined && Number(number) <= n) await removeFile(path.join(folder(key), name));
    }
  }

  return { folder, newest, add, clean };
}

async function linkRecord(draft: string, record: string): Promise<boolean> {
  try {
    return await linkNewFile(draft, record);
  } catch (error) {
    // Whoever won this number has cleaned up after us already.
    const isLost = errnoOf(error) === 'ENOENT' && (await readFile(record).then(Boolean, () => false));
    if (isLost) return false;
    throw error;
  }
}
