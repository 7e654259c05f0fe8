import { SlipwayError } from '../../error.js';
import { checkCommit } from './names.js';
import type { RunGit } from './run-git.js';

const limits = { isRemote: true, timeoutMs: 900_000 };

/**
 * Fetched commits are remembered under these names, so that the next fetch can say what is here. The first two digits
 * of the sha choose one of 256 places: the number of refs stays bounded, and two processes rarely want the same one.
 */
const seen = 'refs/slipway/seen';

/** Whether commits and everything behind them are here. A commit alone proves nothing: a fetch may have been killed. */
async function areComplete(run: RunGit, shas: readonly string[]): Promise<boolean> {
  const known = ['--not', `--glob=${seen}/*`, '--not'];
  const input = shas.map((sha) => `${sha}\n`).join('');
  const args = ['rev-list', '--objects', '--quiet', ...known, '--stdin'] as const;
  const { exit } = await run([...args], { input, answers: [1, 128], timeoutMs: 300_000 });
  return exit === 0;
}

/** Those of some commits that are not here as a whole. */
async function missingOf(run: RunGit, shas: readonly string[]): Promise<string[]> {
  const { stdout } = await run(['cat-file', '--batch-check'], {
    input: shas.map((sha) => `${sha}\n`).join(''),
  });
  const gone = new Set(stdout.toString().match(/^[0-9a-f]{40}(?= missing$)/gm) ?? []);
  const there = shas.filter((sha) => !gone.has(sha));
  return [...shas.filter((sha) => gone.has(sha)), ...(await incompleteOf(run, there))];
}

/** Halves are looked at apart, so that one commit that is not complete does not cost a look for each. */
async function incompleteOf(run: RunGit, shas: readonly string[]): Promise<string[]> {
  if (shas.length === 0 || (await areComplete(run, shas))) return [];
  if (shas.length === 1) return [...shas];
  const half = Math.ceil(shas.length / 2);
  return [...(await incompleteOf(run, shas.slice(0, half))), ...(await incompleteOf(run, shas.slice(half)))];
}

async function remember(run: RunGit, shas: readonly string[]): Promise<void> {
  const places = new Map(shas.map((sha) => [`${seen}/${sha.slice(0, 2)}`, sha]));
  const input = [...places].map(([place, sha]) => `update ${place} ${sha}\n`).join('');
  // Only a help for the next fetch: if another process holds a place right now, its commit is as good.
  await run(['update-ref', '--no-deref', '--stdin'], { input, answers: [1, 128] });
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
  const missing = await missingOf(run, [...new Set(commits.map(checkCommit))]);
  if (missing.length === 0) return;
  try {
    await download(run, remote, missing);
  } catch (error) {
    // Servers of protocol 0 give only what a ref points at; the commit may be behind one.
    const isHidden = /unadvertised object|not our ref/i.test(messageOf(error));
    if (!isHidden) throw error;
    if (/unadvertised object/i.test(messageOf(error))) await download(run, remote, await tips(run, remote));
    for (const commit of missing) {
      if (await areComplete(run, [commit])) continue;
      throw new SlipwayError('git-failed', `The remote does not have commit ${commit}.`, {
        cause: error,
        hint: 'It was never pushed, or the branch that held it is gone.',
      });
    }
  }
  await remember(run, missing);
}
