import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** For git as a person uses it: no configuration of this machine, fixed names and times. */
export const environment = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_AUTHOR_DATE: '1700000000 +0000',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
  GIT_COMMITTER_DATE: '1700000000 +0000',
};

/** git as a person would use it; the trimmed output. */
export function git(folder: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    .toString()
    .trim();
}

/** Writes a file, makes a commit of everything, and returns its sha. */
export function commitFile(folder: string, path: string, content: string, subject: string): string {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '-m', subject);
  return git(folder, 'rev-parse', 'HEAD');
}

/** A clone `work` of a bare `origin.git` under `root`, with one commit on `branch`. */
export function makeOrigin(root: string, branch = 'main') {
  mkdirSync(root, { recursive: true });
  const origin = join(root, 'origin.git');
  const work = join(root, 'work');
  git(root, 'init', '--quiet', '--bare', `--initial-branch=${branch}`, origin);
  git(root, 'init', '--quiet', `--initial-branch=${branch}`, work);
  git(work, 'remote', 'add', 'origin', origin);
  const first = commitFile(work, 'VERSION', '1.0.0\n', 'feat: begin');
  git(work, 'push', '--quiet', 'origin', branch);
  return { origin, work, first };
}
