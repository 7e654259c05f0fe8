import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SlipwayError } from '../../error.js';
import { withScratch } from './mirror.js';
import type { RunGit } from './run-git.js';
import { linkReader } from './symlinks.js';

/** A target is at most 4,095 bytes on Linux; more cannot be written. */
const longestTarget = 4_096;

/** The target of each symlink in the index. Names are bytes, and latin1 keeps each of them apart. */
async function linksOf(run: RunGit, environment: { GIT_INDEX_FILE: string }): Promise<Map<string, string>> {
  const index = await run(['ls-files', '-s', '-z'], { environment, maxBytes: 512 * 1024 * 1024 });
  const found: { sha: string; path: string }[] = [];
  for (const line of index.stdout.toString('latin1').split('\0')) {
    const [, sha, path] = /^120000 ([0-9a-f]{40}) \d\t([^]+)$/.exec(line) ?? [];
    if (sha !== undefined && path !== undefined) found.push({ sha, path });
  }
  const links = new Map<string, string>();
  if (found.length === 0) return links;
  const input = found.map((link) => `${link.sha}\n`).join('');
  const { stdout } = await run(['cat-file', '--batch'], { input });
  let at = 0;
  for (const { path } of found) {
    const lineEnd = stdout.indexOf('\n', at);
    const size = Number(/ blob (\d+)$/.exec(stdout.subarray(at, lineEnd).toString())?.[1]);
    if (lineEnd < 0 || !(size <= longestTarget)) {
      throw new SlipwayError('git-failed', `The symlink ${path} cannot be read.`);
    }
    links.set(path, stdout.subarray(lineEnd + 1, lineEnd + 1 + size).toString('latin1'));
    at = lineEnd + size + 2;
  }
  return links;
}

/**
 * Writes the tree of a commit into `folder`, which is made and must not exist. Symlinks that lead out of the tree are
 * refused with git-failed before anything is written. Attributes of the tree (line ends) apply, filters such as LFS
 * are never run.
 */
export async function checkout(run: RunGit, mirror: string, commit: string, folder: string): Promise<void> {
  await withScratch(mirror, async (scratch) => {
    const environment = { GIT_INDEX_FILE: join(scratch, 'index') };
    await run(['read-tree', '--end-of-options', commit], { environment, timeoutMs: 300_000 });
    const links = await linksOf(run, environment);
    const leadsOut = linkReader(links);
    for (const path of links.keys()) {
      if (leadsOut(path)) {
        throw new SlipwayError('git-failed', `The symlink ${path} leads out of the repository.`, {
          hint: 'Remove it from the commit; project code must not reach files of others through the checkout.',
        });
      }
    }
    try {
      await mkdir(dirname(folder), { recursive: true });
      await mkdir(folder);
    } catch (cause) {
      throw new SlipwayError('git-failed', `The folder ${folder} exists or cannot be made.`, { cause });
    }
    try {
      const place = { ...environment, GIT_WORK_TREE: folder };
      await run(['checkout-index', '--all'], { environment: place, timeoutMs: 600_000 });
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  });
}
