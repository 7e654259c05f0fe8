import { setTimeout as wait } from 'node:timers/promises';
import { SlipwayError } from '../../error.js';
import type { Git, RefUpdate } from './git.js';
import { gitFailure } from './git-failure.js';
import { checkCommit, checkRef } from './names.js';
import type { GitOutput, RunGit } from './run-git.js';

/** What a push needs: git, the options and address of the remote, and a look at it. */
export interface PushPlace {
  run: RunGit;
  remote: string[];
  remoteRefs: Git['remoteRefs'];
}

interface Line {
  flag: string;
  ref: string;
  /** `[remote rejected] (hook declined)` and the like. */
  summary: string;
}

/** Lines of `git push --porcelain`: flag, tab, from:to, tab, summary. */
function parse(output: GitOutput): Line[] {
  return output.stdout
    .toString()
    .split('\n')
    .flatMap((line) => {
      const [, flag, ref, summary] = /^([ +*=!-])\t[^\t]*:([^\t:]+)\t(.*)$/.exec(line) ?? [];
      return flag === undefined || ref === undefined || summary === undefined ? [] : [{ flag, ref, summary }];
    });
}

const stale = /^\[rejected\] \((stale info|fetch first|non-fast-forward|already exists|needs force)/;
/** What servers say when another push came first; whether it did is then looked up. */
const race =
  /atomic transaction failed|transaction failed|failed to (update|lock|write) ref|already exists|incorrect old value|cannot lock ref|but expected|\.lock/i;

async function isAncestor(run: RunGit, commit: string, head: string): Promise<boolean> {
  const { exit } = await run(['merge-base', '--is-ancestor', '--end-of-options', commit, head], {
    answers: [1, 128],
  });
  return exit === 0;
}

async function hasMoved(place: PushPlace, updates: RefUpdate[]): Promise<boolean> {
  const now = await place.remoteRefs(updates.map((update) => update.ref));
  return updates.some((update) => (now.get(update.ref)?.object ?? 'absent') !== update.expected);
}

/**
 * A lease permits to drop commits of a branch, since it only asks what the branch was. Nothing here ever wants that:
 * a branch goes forward, or the push is refused.
 */
async function refuseRewind(place: PushPlace, updates: RefUpdate[]): Promise<'forward' | 'rejected'> {
  for (const update of updates) {
    if (update.expected === 'absent' || !update.ref.startsWith('refs/heads/')) continue;
    if (await isAncestor(place.run, update.expected, update.to)) continue;
    const there = (await place.remoteRefs([update.ref])).get(update.ref)?.object;
    if (there === update.to) continue;
    if (there !== update.expected) return 'rejected';
    throw new SlipwayError(
      'git-failed',
      `${update.ref} would lose commits: ${update.to} does not come after it.`,
      {
        hint: 'Branches only go forward; build the commit on the head of the branch.',
      },
    );
  }
  return 'forward';
}

async function refusal(
  place: PushPlace,
  updates: RefUpdate[],
  lines: Line[],
  words: string,
): Promise<'rejected'> {
  const bad = lines.filter((line) => line.flag === '!');
  if (bad.some((line) => stale.test(line.summary))) return 'rejected';
  const summaries = bad.map((line) => line.summary).filter((text) => !text.includes('atomic push failed'));
  const isLock = race.test(`${summaries.join(' ')} ${words}`) && !/hook declined/.test(summaries.join(' '));
  // The winner may still hold the lock and not have written yet, so that it takes a moment to be seen.
  for (const pause of isLock ? [0, 200, 400, 800, 1_600] : []) {
    await wait(pause);
    if (await hasMoved(place, updates)) return 'rejected';
  }
  const said = [...new Set(summaries), words].filter(Boolean).join('; ');
  const error = gitFailure('push', said);
  const isBusy = /unable to create .{1,500}\.lock/i.test(said);
  throw new SlipwayError('git-failed', `The remote refused the push: ${said}`, {
    hint:
      error.retryable || isBusy
        ? error.hint
        : 'Read what the server says: rights, a rule or a hook of its own.',
    retryable: error.retryable || isBusy,
  });
}

/** Moves refs as Git.push says: all or none, each from its expected value only. */
export async function push(place: PushPlace, updates: RefUpdate[]): Promise<'pushed' | 'rejected'> {
  if (updates.length === 0) return 'pushed';
  for (const update of updates) {
    checkRef(update.ref);
    checkCommit(update.to);
    if (update.expected !== 'absent') checkCommit(update.expected);
  }
  if (new Set(updates.map((update) => update.ref)).size < updates.length) {
    throw new SlipwayError('git-failed', 'One ref is named twice in one push.');
  }
  if ((await refuseRewind(place, updates)) === 'rejected') return 'rejected';

  const leases = updates.map(({ ref, expected }) => {
    return `--force-with-lease=${ref}:${expected === 'absent' ? '' : expected}`;
  });
  const options = ['--atomic', '--porcelain', '--no-verify', '--no-follow-tags', '--recurse-submodules=no'];
  const refspecs = updates.map((update) => `${update.to}:${update.ref}`);
  const output = await place.run(['push', ...options, ...leases, ...place.remote, ...refspecs], {
    timeoutMs: 300_000,
    isRemote: true,
    answers: [1],
  });
  const lines = parse(output);
  const isDone = updates.every((update) =>
    lines.some((line) => line.ref === update.ref && line.flag !== '!'),
  );
  if (output.exit === 0 && isDone) return 'pushed';
  if (!lines.some((line) => line.flag === '!')) throw gitFailure('push', output.stderr);
  return refusal(place, updates, lines, output.stderr);
}
