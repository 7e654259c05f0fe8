import { SlipwayError } from '../error.js';
import { data, signature } from './fast-import.js';
import type { Fix } from './fixes.js';
import { gitIn } from './git-folder.js';

/**
 * Commits a fix to a branch of a sandbox's origin, as a merge on the forge would.
 * @param repo the bare repository
 * @param path where `git` is looked up
 * @returns the full sha of the commit
 * @throws SlipwayError git-failed; internal when the branch has no such lines (any more)
 */
export async function mergeFix(repo: string, fix: Fix, path: string, branch = 'main'): Promise<string> {
  const ref = `refs/heads/${branch}`;
  const parts = [`commit ${ref}\n`];
  const who = `${signature(fix.author, fix.date)}\n`;
  parts.push(`author ${who}committer ${who}${data(`${fix.subject}\n`)}from ${ref}^0\n`);
  for (const edit of fix.edits) {
    const text = await gitIn(repo, path, ['show', `${ref}:${edit.path}`]);
    if (!text.includes(edit.before))
      throw new SlipwayError(
        'internal',
        `${edit.path} on ${branch} has no more what "${fix.subject}" changes`,
      );
    parts.push(`M 100644 inline ${edit.path}\n${data(text.replace(edit.before, () => edit.now))}`);
  }
  await gitIn(
    repo,
    path,
    ['fast-import', '--quiet', '--done', '--date-format=raw'],
    `${parts.join('')}done\n`,
  );
  return (await gitIn(repo, path, ['rev-parse', ref])).trim();
}
