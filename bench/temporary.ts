import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Works in a folder of its own that is gone afterwards. All benchmarks use the same disk. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A bare git repository without commits; returns its path. */
export async function emptyRepository(folder: string): Promise<string> {
  await promisify(execFile)('git', ['init', '--quiet', '--bare', folder]);
  return folder;
}
