import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, constants, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { SlipwayError } from '../../error.js';
import {
  diskProblem,
  durableFolders,
  errnoOf,
  isHardLinkError,
  linkNewFile,
  removeFile,
} from '../durable-files.js';
import { generations, type Generation } from './generations.js';
import { checkStorageKey } from './key.js';
import { probeConditions, probeKey, unsafeStorage } from './probe.js';
import type { Storage, Stored } from './storage.js';

/** How often a look is repeated because a writer came in between. */
const mostLooks = 1000;

interface Content {
  sha256: string;
  size: number;
}

/** What stands at a key: the newest version of ours, and the file that people get. Either may be missing. */
interface Standing {
  generation: Generation | undefined;
  content: Content | undefined;
}

/**
 * A folder whose files people open at `<root>/<key>`. Our records of them are in `<root>/.slipway/`.
 *
 * A write stores bytes and a version record (see `Generations`), which decides who wins, then moves the bytes to the
 * public place. Whoever comes after a crash between the two makes the move first. The bytes' private name is the
 * permission to move them: it vanishes with the move, so a process that was stopped for long cannot bring an old
 * version back over a newer one. Once the private name is gone, a difference between record and file is a person's
 * doing: it is reported as it is (its own sha256, no metadata, another etag) and never repaired.
 */
export function folderStorage(rootFolder: string, address: string = rootFolder): Storage {
  const root = path.resolve(rootFolder);
  const folders = durableFolders(root);
  const versions = generations(root, folders);

  const publicFile = (key: string): string => path.join(root, key);

  /** Moves the bytes of a version to their public place unless that was done already. */
  async function settle(key: string, generation: Generation): Promise<void> {
    const bytes = path.join(versions.folder(key), generation.bytes);
    const file = publicFile(key);
    const folder = path.dirname(file);
    for (let attempt = 1; await exists(bytes); attempt += 1) {
      try {
        await folders.ensure(folder);
        // A file that a person put here meanwhile stays: `link` refuses.
        if (generation.isFresh) await linkNewFile(bytes, file);
        else await rename(bytes, file);
        await folders.sync(folder);
        // Also after a rename, which does nothing where both names are the same file.
        await removeFile(bytes);
        return;
      } catch (error) {
        // Somebody has moved the bytes, or removed the public folder.
        if (errnoOf(error) !== 'ENOENT' || attempt > 10) throw error;
        folders.forget(folder);
      }
    }
  }

  /** Version and file that belong together: no version came while the file was read. */
  async function look(key: string): Promise<Standing> {
    for (let attempt = 1; attempt <= mostLooks; attempt += 1) {
      const generation = await versions.newest(key);
      if (generation !== undefined) await settle(key, generation);
      const content = await fingerprint(publicFile(key));
      if ((await versions.newest(key))?.n === generation?.n) return { generation, content };
    }
    throw new SlipwayError('storage-failed', `${address}/${key} changes faster than it can be read.`, {
      retryable: true,
    });
  }

  /** Writes over what was seen; undefined: another was first. */
  async function write(
    key: string,
    seen: Standing,
    body: Uint8Array,
    metadata: Record<string, string>,
  ): Promise<Generation | undefined> {
    const n = (seen.generation?.n ?? 0) + 1;
    const generation = await versions.add(key, n, body, { metadata, isFresh: seen.content === undefined });
    if (generation === undefined) return undefined;
    await settle(key, generation);
    await versions.clean(key, n);
    return generation;
  }

  async function create(
    key: string,
    body: Uint8Array,
    metadata: Record<string, string>,
  ): Promise<Stored | 'exists'> {
    const seen = await look(key);
    if (seen.content !== undefined) return 'exists';
    const generation = await write(key, seen, body, metadata);
    if (generation === undefined) return 'exists';
    const now = await look(key);
    const isOurs = now.generation?.n !== generation.n || now.content?.sha256 === generation.sha256;
    return isOurs ? asStored({ generation, content: generation }) : 'exists';
  }

  async function replace(
    key: string,
    body: Uint8Array,
    metadata: Record<string, string>,
    ifMatch: string,
  ): Promise<Stored | 'changed'> {
    const seen = await look(key);
    if (describe(seen)?.etag !== ifMatch) return 'changed';
    const generation = await write(key, seen, body, metadata);
    return generation === undefined ? 'changed' : asStored({ generation, content: generation });
  }

  async function read(key: string): Promise<Uint8Array | undefined> {
    const generation = await versions.newest(key);
    if (generation !== undefined) await settle(key, generation);
    try {
      return await readFile(publicFile(key));
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  async function probe(): Promise<void> {
    const key = probeKey();
    try {
      await probeConditions(storage, key, { create: 'link()', replace: 'link()' });
    } catch (error) {
      if (isHardLinkError(error))
        throw unsafeStorage(storage, 'has no hard links, so link() cannot create.', error);
      throw error;
    } finally {
      await rm(publicFile(key), { force: true });
      await rm(versions.folder(key), { force: true, recursive: true });
    }
  }

  async function guard<T>(key: string, work: () => Promise<T>): Promise<T> {
    checkStorageKey(key);
    try {
      return await work();
    } catch (error) {
      throw asStorageError(await realCause(root, error), address);
    }
  }

  const storage: Storage = {
    address,
    head: async (key) => await guard(key, async () => describe(await look(key))),
    read: async (key) => await guard(key, () => read(key)),
    create: async (key, body, metadata) => await guard(key, () => create(key, body, metadata)),
    replace: async (key, body, metadata, ifMatch) =>
      await guard(key, () => replace(key, body, metadata, ifMatch)),
    probe,
  };
  return storage;
}

function describe({ generation, content }: Standing): Stored | undefined {
  return content === undefined ? undefined : asStored({ generation, content });
}

function asStored({ generation, content }: { generation: Generation | undefined; content: Content }): Stored {
  const { sha256, size } = content;
  const isOurs = generation?.sha256 === sha256;
  return {
    etag: `${generation?.n ?? 0}-${sha256.slice(0, 16)}`,
    size,
    sha256,
    metadata: isOurs ? generation.metadata : {},
  };
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errnoOf(error));
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** In a stream: an archive may be larger than the memory that we want to use. */
async function fingerprint(file: string): Promise<Content | undefined> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const part of createReadStream(file)) {
      hash.update(part);
      size += part.length;
    }
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
  return { sha256: hash.digest('hex'), size };
}

/** Where nothing may be written, making a folder fails as if its parent were missing: the parent itself tells. */
async function realCause(root: string, error: unknown): Promise<unknown> {
  if (errnoOf(error) !== 'ENOENT') return error;
  return await access(root, constants.W_OK).then(
    () => error,
    (cause: unknown) => cause,
  );
}

function asStorageError(error: unknown, address: string): SlipwayError {
  if (error instanceof SlipwayError) return error;
  const { full, retryable, text } = diskProblem(error);
  const isForbidden = ['EACCES', 'EPERM', 'EROFS'].includes(errnoOf(error));
  const [fact, hint] = full
    ? ['No space left in', 'Free space on that disk, then retry. What was published before is whole.']
    : isForbidden
      ? ['Not allowed to use', `Fix first: let the user of the worker read and write ${address}.`]
      : ['Cannot use', 'Check that the disk is mounted and healthy, and that this user may write there.'];
  return new SlipwayError('storage-failed', `${fact} ${address}: ${text}`, { hint, retryable, cause: error });
}
