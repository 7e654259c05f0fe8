import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openBranches } from '../app/offers.js';
import type { Merged, Practice } from '../app/practice.js';
import type { Opened } from '../app/wire.js';
import { fixes, oneMore, type Fix } from './fixes.js';
import { gitIn } from './git-folder.js';
import { mergeFix } from './merge-fix.js';

const project = 'kestrel';
const main = 'main';

/**
 * What can be practised in an installation that `makeSandbox` made; undefined for any other.
 * @param path where `git` is looked up
 */
export async function practiceOf(opened: Opened, path: string): Promise<Practice | undefined> {
  const { file, projects } = await opened.installation();
  const repo = join(dirname(file), 'origin', `${project}.git`);
  const kestrel = Object.hasOwn(projects, project) ? projects[project] : undefined;
  if (kestrel?.sandbox !== true || kestrel.repo !== repo) return undefined;
  if ((await stat(repo).catch(() => undefined)) === undefined) return undefined;
  const merge = async (): Promise<Merged> => {
    const branch = await branchToFix(opened, repo, path);
    const fix = await nextFix(repo, branch, path);
    const commit = await mergeFix(repo, fix, path, branch);
    const { subject, author } = fix;
    return { project, branch, isRelease: branch !== main, commit, subject, author: author.name };
  };
  // Two at once would both take the same fix.
  let last: Promise<unknown> = Promise.resolve();
  return {
    project,
    merge() {
      const mine = last.catch(() => undefined).then(merge);
      last = mine;
      return mine;
    },
  };
}

/** The branch of the open release, of several the one that moved last; the default branch where none is open. */
async function branchToFix(opened: Opened, repo: string, path: string): Promise<string> {
  for (const branch of await openBranches(opened, project)) {
    if ((await gitIn(repo, path, ['for-each-ref', `refs/heads/${branch}`])) !== '') return branch;
  }
  return main;
}

/** The first fix that the branch does not have and that fits. */
async function nextFix(repo: string, branch: string, path: string): Promise<Fix> {
  const read = (file: string): Promise<string> => gitIn(repo, path, ['show', `refs/heads/${branch}:${file}`]);
  for (const fix of Object.values<Fix>(fixes)) {
    const texts = await Promise.all(fix.edits.map((edit) => read(edit.path)));
    const fits = fix.edits.every(
      ({ before, now }, place) =>
        texts[place]?.includes(before) === true && texts[place]?.includes(now) !== true,
    );
    if (fits) return fix;
  }
  return oneMore(await read('README.md'));
}
