import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { readdir, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Records } from '../../engine/ports/records.js';
import { SlipwayError } from '../../error.js';
import { durableFolders, errnoOf, linkNewFile, removeFile, writeNewFile } from '../durable-files.js';
import { asFolderError, probeFolder } from './folder-problems.js';
import { checkKey, checkPrefix, inByteOrder, unfinished } from './key.js';

const readFile = promisify(fs.readFile);

const leftoverAfterMs = 60 * 60 * 1000;
const absent = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);
/** The index is emptied and filled again all the time; a folder made anew costs the next record two more fsyncs. */
const lasting = /^open\/[^/]+$/;

/**
 * Records in a folder of one machine. A record is written and fsynced under a temporary name, then linked to its
 * own: `link` refuses a name that exists, and a name that exists is a whole record. Any number of processes may
 * write at once. The folder is made by the first `create`; reading makes nothing.
 */
export function folderRecords(rootFolder: string): Records {
  const root = path.resolve(rootFolder);
  const place = `folder ${rootFolder}`;
  const temporary = path.join(root, unfinished);
  const owner = `${process.pid}-${randomBytes(8).toString('hex')}`;
  const folders = durableFolders(root);
  const holding = new Set<string>();
  let opened: Promise<void> | undefined;
  let count = 0;

  async function open(): Promise<void> {
    await folders.ensure(temporary);
    await removeLeftovers(temporary);
  }

  async function ready(): Promise<void> {
    opened ??= open();
    try {
      await opened;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  }

  /** Whether the record is ours now; false: the name is taken. */
  async function linkTo(temp: string, final: string): Promise<boolean> {
    const folder = path.dirname(final);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const isOurs = await linkNewFile(temp, final);
        if (isOurs || !(await stat(final)).isDirectory()) return isOurs;
        throw new SlipwayError('internal', `A record cannot have the name of a folder: ${final}`);
      } catch (error) {
        // The folder is new, or was empty and `remove` of another process has just taken it away.
        if (errnoOf(error) !== 'ENOENT' || attempt > 10) throw error;
        folders.forget(folder);
        await folders.ensure(folder);
      }
    }
  }

  async function create(key: string, body: Uint8Array): Promise<boolean> {
    await ready();
    const final = path.join(root, key);
    const folder = path.dirname(final);
    count += 1;
    const temp = path.join(temporary, `${owner}-${count}`);
    await writeNewFile(temp, body, 0o600);
    let isOurs: boolean;
    try {
      isOurs = await linkTo(temp, final);
    } catch (error) {
      await removeFile(temp).catch(() => undefined);
      throw error;
    }
    // Also for somebody else's record: who is told that it exists may build on it, so it must not vanish either.
    // A temporary file that stays does no harm and is removed at the next open.
    await Promise.all([
      folders.settle(folder),
      folders.sync(folder),
      removeFile(temp).catch(() => undefined),
    ]);
    return isOurs;
  }

  async function read(key: string): Promise<Uint8Array | undefined> {
    const file = path.join(root, key);
    try {
      // The end of a journal is looked for all the time. That there is nothing is known at once; on the thread pool the
      // question would wait behind the fsyncs of others.
      if (fs.statSync(file, { throwIfNoEntry: false }) === undefined) return undefined;
      return await readFile(file);
    } catch (error) {
      if (absent.has(errnoOf(error))) return undefined;
      throw error;
    }
  }

  /** The entries of a folder, given as a prefix; none where there is no such folder. */
  async function entries(prefix: string): Promise<fs.Dirent[]> {
    try {
      const all = await readdir(path.join(root, prefix), { withFileTypes: true });
      return prefix === '' ? all.filter((entry) => entry.name !== unfinished) : all;
    } catch (error) {
      if (absent.has(errnoOf(error))) return [];
      throw error;
    }
  }

  async function walk(prefix: string, after: string): Promise<string[]> {
    const found = (await entries(prefix)).map(async (entry) => {
      const key = prefix + entry.name;
      if (!entry.isDirectory()) return key > after ? [key] : [];
      const below = `${key}/`;
      const isBehind = after > below && !after.startsWith(below);
      return isBehind ? [] : await walk(below, after);
    });
    return (await Promise.all(found)).flat();
  }

  /**
   * Whether there is a record below. A folder without one is left by a process that died between making it and
   * linking into it; a bucket knows no empty folders, so nobody may see it. Remembered, since it cannot come back.
   */
  async function holds(prefix: string): Promise<boolean> {
    if (holding.has(prefix)) return true;
    for (const entry of await entries(prefix)) {
      if (entry.isDirectory() && !(await holds(`${prefix}${entry.name}/`))) continue;
      holding.add(prefix);
      return true;
    }
    return false;
  }

  async function names(prefix: string): Promise<string[]> {
    const all = await Promise.all(
      (await entries(prefix)).map(async (entry) =>
        !entry.isDirectory() || (await holds(`${prefix}${entry.name}/`)) ? [entry.name] : [],
      ),
    );
    return inByteOrder(all.flat());
  }

  async function remove(key: string): Promise<void> {
    const file = path.join(root, key);
    await removeFile(file);
    for (let folder = path.dirname(file); folder !== root; folder = path.dirname(folder)) {
      if (lasting.test(path.relative(root, folder).replaceAll(path.sep, '/'))) {
        holding.delete(`${path.relative(root, folder)}/`);
        holding.delete('open/');
        return;
      }
      folders.forget(folder);
      holding.delete(`${path.relative(root, folder)}/`);
      try {
        await rmdir(folder);
      } catch {
        return; // not empty, or gone
      }
    }
  }

  async function guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw asFolderError(error, place);
    }
  }

  const records: Records = {
    place,
    async create(key, body) {
      checkKey(key);
      return await guard(() => create(key, body));
    },
    async read(key) {
      checkKey(key);
      return await guard(() => read(key));
    },
    async list(prefix, after = '') {
      checkPrefix(prefix);
      return inByteOrder(await guard(() => walk(prefix, after)));
    },
    async names(prefix) {
      checkPrefix(prefix);
      return await guard(() => names(prefix));
    },
    async remove(key) {
      checkKey(key);
      await guard(() => remove(key));
    },
    async probe() {
      await guard(() => probeFolder(records));
    },
  };
  return records;
}

async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const age = await stat(file).then(
      (found) => Date.now() - found.mtimeMs,
      () => 0, // another process has just removed it
    );
    if (age > leftoverAfterMs) await removeFile(file);
  }
}
