import fs from 'node:fs';
import { stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

// Callbacks, not fs/promises: a FileHandle per file halves the rate of the journal, the hot path of the engine.
const open = promisify(fs.open);
const write = promisify(fs.write);
const fsync = promisify(fs.fsync);
const mkdir = promisify(fs.mkdir);
const unlink = promisify(fs.unlink);
const link = promisify(fs.link);

/** What is written without a thread of the pool, in bytes. */
const smallBytes = 32 * 1024;

/**
 * At once rather than on the thread pool, where it would wait behind the fsyncs of others: after an fsync there is
 * nothing left that it could wait for or report.
 */
function close(handle: number): void {
  try {
    fs.closeSync(handle);
  } catch {
    // What was written is on the disk already, or its failure is being reported.
  }
}

/** The system's name of an error (`ENOSPC`), or '' where it has none. */
export function errnoOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  // libuv has no name for EDQUOT and says "Unknown system error -122".
  if ('errno' in error && error.errno === -os.constants.errno.EDQUOT) return 'EDQUOT';
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const fullErrors = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const passingErrors = new Set([
  'EAGAIN',
  'EBUSY',
  'EINTR',
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'ESTALE',
  'ETIMEDOUT',
]);

const hardLinkErrors = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'EXDEV']);

/** Whether an error, or the one that caused it, is how a disk without hard links answers `link`. */
export function isHardLinkError(error: unknown): boolean {
  const cause = error instanceof Error && errnoOf(error) === '' ? error.cause : error;
  return hardLinkErrors.has(errnoOf(cause));
}

/** What a failed call to the disk means: no space, something that passes by itself, or neither. */
export function diskProblem(error: unknown): { full: boolean; retryable: boolean; text: string } {
  const errno = errnoOf(error);
  const text = error instanceof Error ? error.message : String(error);
  return { full: fullErrors.has(errno), retryable: passingErrors.has(errno), text };
}

/**
 * Writes a new file whose bytes are on the disk when this returns; its name is not yet, see `DurableFolders.sync`.
 * After a failure the file is gone again, as far as the disk allows. The umask takes from `mode`.
 */
export async function writeNewFile(file: string, body: Uint8Array, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    // Only into memory, and a record is small: at once, see `close`.
    let written = body.byteLength <= smallBytes ? fs.writeSync(handle, body) : 0;
    while (written < body.byteLength) {
      written += (await write(handle, body, written, body.byteLength - written)).bytesWritten;
    }
    await fsync(handle);
  } catch (error) {
    close(handle);
    await unlink(file).catch(() => undefined);
    throw error;
  }
  close(handle);
}

/**
 * Gives a finished file its own name. false: the name is taken, and whatever has it is unchanged.
 * Of any number of simultaneous callers, in any processes, one gets true.
 */
export async function linkNewFile(file: string, name: string): Promise<boolean> {
  try {
    await link(file, name);
    return true;
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    // A network folder may repeat a `link` that had succeeded and answer EEXIST; the number of names tells.
    return (await stat(file)).nlink > 1;
  }
}

/** Removes a file; that it is gone already is no error. */
export async function removeFile(file: string): Promise<void> {
  await unlink(file).catch((error: unknown) => {
    if (errnoOf(error) !== 'ENOENT') throw error;
  });
}

/** Folders below one root whose names survive a power cut. */
export interface DurableFolders {
  /**
   * Makes the names in a folder durable. Calls that wait at the same moment share one fsync,
   * and that fsync always begins after the call.
   */
  sync(folder: string): Promise<void>;
  /** Makes a folder and its parents, all durable. */
  ensure(folder: string): Promise<void>;
  /** Makes the names of an existing folder and of its parents durable; remembered, so that it costs nothing later. */
  settle(folder: string): Promise<void>;
  /** Forgets what is remembered of a folder and its parents: somebody has removed it. */
  forget(folder: string): void;
}

/** Folders below `root`, an absolute path. */
export function durableFolders(root: string): DurableFolders {
  const settled = new Set<string>();
  const syncs = new Map<string, { active: Promise<void>; next?: Promise<void> }>();

  function start(folder: string): Promise<void> {
    const active = syncFolder(folder).finally(() => {
      const entry = syncs.get(folder);
      if (entry?.active === active && entry.next === undefined) syncs.delete(folder);
    });
    syncs.set(folder, { active });
    return active;
  }

  function sync(folder: string): Promise<void> {
    const entry = syncs.get(folder);
    if (entry === undefined) return start(folder);
    entry.next ??= entry.active.catch(() => undefined).then(() => start(folder));
    return entry.next;
  }

  async function settle(folder: string): Promise<void> {
    if (folder === root || settled.has(folder)) return;
    const parent = path.dirname(folder);
    await Promise.all([settle(parent), sync(parent)]);
    settled.add(folder);
  }

  async function ensure(folder: string): Promise<void> {
    if (settled.has(folder)) return;
    const first = await mkdir(folder, { recursive: true });
    // Parents of the root are the operator's and are left alone, unless they were made just now.
    if (first !== undefined && !first.startsWith(`${root}${path.sep}`)) {
      for (let made = root; made.length >= first.length; made = path.dirname(made)) {
        await sync(path.dirname(made));
      }
    }
    await settle(folder);
  }

  function forget(folder: string): void {
    for (let gone = folder; gone.length > root.length; gone = path.dirname(gone)) settled.delete(gone);
  }

  return { sync, ensure, settle, forget };
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; there NTFS journals names by itself.
  if (process.platform === 'win32') return;
  const handle = fs.openSync(folder, 'r');
  try {
    await fsync(handle);
  } finally {
    close(handle);
  }
}
