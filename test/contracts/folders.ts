import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const made: string[] = [];
const mounted: string[] = [];

/** A new empty folder, until `removeFolders`. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'slipway-test-'));
  made.push(folder);
  return folder;
}

/** A new disk of 1 MB, until `removeFolders`; undefined where mounting is not permitted (only root on Linux may). */
export async function newSmallDisk(): Promise<string | undefined> {
  const folder = await newFolder();
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  } catch {
    return undefined;
  }
  mounted.push(folder);
  return folder;
}

/** Removes every folder and disk of this test file. */
export async function removeFolders(): Promise<void> {
  for (const folder of mounted.splice(0)) await run('umount', ['-l', folder]);
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true });
}
