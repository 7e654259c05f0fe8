import { SlipwayError } from '../../error.js';
import { checkCommit } from './names.js';
import type { RunGit } from './run-git.js';

const limits = { isRemote: true, timeoutMs: 900_000 };

/**
 * Fetched commits are remembered under these names, so that the next fetch can say what is here. The first two digits
 * of the sha choose one of 256 places: the number of refs stays bounded, and two processes rarely want the same one.
 */
const seen = 'refs/slipway/seen';

/** Whether a commit and everything behind it is here. A commit alone proves nothing: a fetch may have been killed. */
async function isComplete(run: RunGit, sha: string): Promise<boolean> {
  const known = ['--not', `--glob=${seen}/*`, '--not'];
  const args = ['rev-list', '--objects', '--quiet', ...known, '--end-of-options', sha] as const;
  const { exit } = await run([...args], { answers: [1, 128], timeoutMs: 300_000 });
  return exit === 0;
}

async function remember(run: RunGit, sha: string): Promise<void> {
  // Only a help for the next fetch: if another process holds this place right now, its commit is as good.
  const args = ['update-ref', '--no-deref', `${seen}/${sha.slice(0, 2)}`, sha] as const;
  await run([...args], { answers: [1, 128] });
}

async function download(run: RunGit, remote: string[], shas: string[]): Promise<void> {
  const options = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--stdin'];
  const input = shas.map((sha) => `${sha}\n`).join('');
  await run(['fetch', ...options, '--recurse-submodules=no', ...remote], { ...limits, input });
}

/** Everything that branches and tags point at, for servers that hand out nothing else. */
async function tips(run: RunGit, remote: string[]): Promise<string[]> {
  const { stdout } = await run(['ls-remote', '--heads', '--tags', '--refs', ...remote], limits);
  return [...new Set(stdout.toString().match(/^[0-9a-f]{40}/gm) ?? [])];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

/** Makes commits and their history available in the mirror as Git.fetch says. */
export async function fetchCommits(
  { run, remote }: { run: RunGit; remote: string[] },
  commits: string[],
): Promise<void> {
  const missing: string[] = [];
  for (const commit of new Set(commits.map(checkCommit))) {
    if (!(await isComplete(run, commit))) missing.push(commit);
  }
  if (missing.length === 0) return;
  try {
    await download(run, remote, missing);
  } catch (error) {
    // Servers of protocol 0 give only what a ref points at; the commit may be behind one.
    const isHidden = /unadvertised object|not our ref/i.test(messageOf(error));
    if (!isHidden) throw error;
    if (/unadvertised object/i.test(messageOf(error))) await download(run, remote, await tips(run, remote));
    for (const commit of missing) {
      if (await isComplete(run, commit)) continue;
      throw new SlipwayError('git-failed', `The remote does not have commit ${commit}.`, {
        cause: error,
        hint: 'It was never pushed, or the branch that held it is gone.',
      });
    }
  }
  for (const commit of missing) await remember(run, commit);
}
