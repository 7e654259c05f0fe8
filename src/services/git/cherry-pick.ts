import { SlipwayError } from '../../error.js';
import type { CherryPick, Git, Picked } from './git.js';
import { contains, history } from './history.js';
import { checkCommit } from './names.js';
import { readCommit, signature, write } from './objects.js';
import type { RunGit } from './run-git.js';

const most = 100;

type Spec = Parameters<Git['cherryPick']>[0];
type Read = Awaited<ReturnType<typeof readCommit>>;
type Left = Extract<CherryPick, { is: 'picked' }>['left'][number];

/** Applies commits as Git.cherryPick says. */
export async function cherryPick(run: RunGit, spec: Spec): Promise<CherryPick> {
  if (spec.commits.length > most) {
    throw new SlipwayError('command-invalid', `${spec.commits.length} commits are too many for one pick.`, {
      hint: `Nothing was picked. Name at most ${most}, or merge by hand.`,
    });
  }
  const originals: { commit: string; read: Read; subject: string }[] = [];
  for (const commit of spec.commits.map(checkCommit)) {
    const read = await readCommit(run, commit);
    if (read.parents.length > 1) throw await isMerge(run, commit, read);
    if (read.message.includes('\0')) throw hasNull(commit);
    originals.push({ commit, read, subject: read.message.split('\n', 1)[0] ?? '' });
  }
  let head = checkCommit(spec.onto);
  const picked: (Picked & { as: string })[] = [];
  const left: Left[] = [];
  for (const { commit, read, subject } of originals) {
    const there = await alreadyThere(run, commit, read, head);
    if (there !== undefined) {
      left.push({ commit, subject, ...there });
      continue;
    }
    const merged = await merge(run, commit, read, head);
    if ('files' in merged) return { is: 'conflict', commit, subject, files: merged.files };
    if (merged.tree === (await readCommit(run, head)).tree) {
      left.push({ commit, subject, why: 'empty', at: '' });
      continue;
    }
    head = await writePick(run, spec, { commit, read, tree: merged.tree, parent: head });
    picked.push({ commit, subject, as: head });
  }
  return { is: 'picked', head, picked, left };
}

/** git shows nothing behind a null, so nobody would see which run picked it, and no attempt would find it again. */
function hasNull(commit: string): SlipwayError {
  return new SlipwayError('git-failed', `The message of ${commit.slice(0, 10)} holds a null character.`, {
    hint: 'Nothing was picked. Make the same change as a commit with an ordinary message, and name that.',
  });
}

async function isMerge(run: RunGit, commit: string, { parents }: Read): Promise<SlipwayError> {
  const [mainline, ...others] = parents;
  const inside = [];
  for (const other of others) inside.push(...(await history(run, other, { since: mainline, limit: 11 })));
  const names = inside.map((one) => one.commit.slice(0, 10)).toReversed();
  const which = names.length > 10 ? `${names.length - 1} and more` : names.join(' ');
  return new SlipwayError(
    'command-invalid',
    `${commit.slice(0, 10)} is a merge commit: it has no changes of its own to pick.`,
    {
      hint: `Nothing was picked. Name the commits that it merged (${which}), or pick it by hand with git cherry-pick -m 1.`,
    },
  );
}

/**
 * Why a commit need not be picked. Looked for only among the commits that it does not come after, so the answer depends
 * on nothing but it and the head: a later attempt finds the same.
 */
async function alreadyThere(
  run: RunGit,
  commit: string,
  { parents }: Read,
  head: string,
): Promise<Pick<Left, 'why' | 'at'> | undefined> {
  if (await contains(run, commit, head)) return { why: 'in-history', at: commit };
  const own = await history(run, head, { since: commit, limit: 100_000 });
  // Newest first: whoever reverts a revert brings the pick back.
  const undone = new Set<string>();
  const standing = own.filter((one) => {
    if (undone.has(one.commit)) return false;
    for (const [, sha = ''] of one.message.matchAll(/^This reverts commit ([0-9a-f]{40})\b/gm))
      undone.add(sha);
    return true;
  });
  const line = `(cherry picked from commit ${commit})`;
  const named = standing.find((one) => one.message.split('\n').includes(line));
  if (named !== undefined) return { why: 'picked', at: named.commit };
  const range = [`${head}...${commit}`, ...parents.map((parent) => `^${parent}`)];
  const how = ['--no-merges', '--cherry-mark', '--left-right'];
  const { stdout } = await run(['rev-list', ...how, '--end-of-options', ...range], { timeoutMs: 300_000 });
  const twins = [...stdout.toString().matchAll(/^=([0-9a-f]{40})$/gm)].map(([, sha]) => sha);
  const twin = standing.find((one) => twins.includes(one.commit));
  return twin === undefined ? undefined : { why: 'same-change', at: twin.commit };
}

/**
 * The tree of `head` with the change of one commit, or the files where they do not fit together. git merges two commits
 * from where they parted, so three commits are made that part at the parent's tree; nothing ever points at them.
 */
async function merge(
  run: RunGit,
  commit: string,
  { tree, parents }: Read,
  head: string,
): Promise<{ tree: string } | { files: string[] }> {
  const [parent] = parents;
  const baseTree = parent === undefined ? await write(run, 'tree', '') : (await readCommit(run, parent)).tree;
  const base = await bare(run, baseTree);
  const ours = await bare(run, (await readCommit(run, head)).tree, base);
  const theirs = await bare(run, tree, base);
  const how = ['--write-tree', '-z', '--name-only', '--no-messages'];
  const { exit, stdout } = await run(['merge-tree', ...how, ours, theirs], {
    answers: [1],
    timeoutMs: 300_000,
  });
  const [merged = '', ...files] = stdout.toString().split('\0').filter(Boolean);
  if (exit === 0) return { tree: checkCommit(merged) };
  if (files.length > 0) return { files: [...new Set(files)].toSorted() };
  throw new SlipwayError('git-failed', `git could not merge ${commit.slice(0, 10)} and named no file.`);
}

function bare(run: RunGit, tree: string, parent?: string): Promise<string> {
  const by = 'Slipway <slipway@localhost> 0 +0000';
  const from = parent === undefined ? '' : `parent ${parent}\n`;
  return write(run, 'commit', `tree ${tree}\n${from}author ${by}\ncommitter ${by}\n\nmerge base\n`);
}

async function writePick(
  run: RunGit,
  spec: Spec,
  made: { commit: string; read: Read; tree: string; parent: string },
): Promise<string> {
  const { author, message } = made.read;
  const by = signature(spec.identity, spec.date);
  const added = `(cherry picked from commit ${made.commit})\n${spec.trailer}\n`;
  const text = message === '' ? added : `${message}${endsInTrailers(message) ? '\n' : '\n\n'}${added}`;
  const head = `tree ${made.tree}\nparent ${made.parent}\nauthor ${author}\ncommitter ${by}\n`;
  return write(run, 'commit', `${head}\n${text}`);
}

/** Whether the last paragraph holds `Signed-off-by:` and the like, so that ours belong into it. */
function endsInTrailers(message: string): boolean {
  const at = message.lastIndexOf('\n\n');
  const lines = at < 0 ? [] : message.slice(at + 2).split('\n');
  return (
    lines.length > 0 && lines.every((line) => /^([A-Za-z0-9-]+: |\(cherry picked from commit )/.test(line))
  );
}
