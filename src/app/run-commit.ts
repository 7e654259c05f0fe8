import type { StartAsk } from '../engine/engine.js';
import { SlipwayError } from '../error.js';
import { fillIn } from '../process/placeholders.js';
import type { Process } from '../process/process-file.js';
import type { LineState } from '../release/line-state.js';
import { own } from '../release/own.js';
import { isSameLineAndOperation, runId } from '../release/run-id.js';
import type { Git } from '../services/git/git.js';
import { ownChain } from '../steps/own-chain.js';
import { runOfTrailer } from '../steps/trailer.js';
import { nextTarget } from './next-target.js';

/** More commits than one run ever makes. */
const longestChain = 300;

/** What it takes to say which commit a run works on. Nothing is changed by asking. */
export interface CommitQuestion {
  git: Git;
  process: Process;
  ask: StartAsk;
  line: LineState | undefined;
  /** Short name of the line's release branch. */
  branch: string;
  /** The commit that a line published last, by our own journal; undefined: none. */
  published: (line: LineState | undefined) => Promise<string | undefined>;
  /** Another line of the project. */
  lineOf: (target: string) => Promise<LineState | undefined>;
}

/**
 * The commit that a run works on: of a start the one that was resolved when it was asked, of a hotfix and of work on a
 * final line what was released, else the head of the release branch.
 * @throws SlipwayError commit-moved where branch or tag are not what our journal says; refused
 */
export async function commitOf(question: CommitQuestion): Promise<string> {
  const { git, process, ask, line, branch } = question;
  const begun = await begunCommit(question);
  if (begun !== undefined) return begun;
  switch (ask.kind) {
    case 'start':
      return typeof process.version.from === 'string'
        ? askedCommit(git, ask)
        : startCommit(git, process, ask);
    case 'none':
      return askedCommit(git, ask);
    case 'hotfix':
      return releasedCommit(question, ask.from ?? '', await question.lineOf(ask.from ?? ''));
    case 'final':
      return releasedCommit(question, ask.target, line);
    default:
  }
  // A process without release branches works on the default branch.
  const name = branch === '' ? (await git.defaultBranch()).name : branch;
  const ref = `refs/heads/${name}`;
  const head = (await git.remoteRefs([ref])).get(ref)?.commit;
  // Giving a line up needs nothing of its branch, and is the way on when somebody has deleted it.
  if (ask.kind === 'end') return head ?? (await git.defaultBranch()).commit;
  if (head === undefined) {
    throw new SlipwayError('commit-moved', `The branch ${name} does not exist on the remote.`, {
      hint: 'Nothing was started. It was deleted by hand: restore it, or abandon the line.',
    });
  }
  await git.fetch([head]);
  const last = await question.published(line);
  await requireHistory(git, line, name, head, last);
  if (ask.kind === 'publish') await requireCandidate({ ...question, branch: name }, head, last);
  return head;
}

/**
 * Where a first run goes on that stopped after it had made the release branch: at the commit where that run began, while
 * nothing but what it made is on the branch; else at the branch as people left it, who have brought a fix there.
 * undefined: there is no such branch, and the run begins anew.
 */
async function begunCommit({ git, ask, line, branch }: CommitQuestion): Promise<string | undefined> {
  const isFirst = ask.kind === 'start' || ask.kind === 'hotfix';
  if (!isFirst || line?.settled !== 'stopped' || branch === '') return undefined;
  const ref = `refs/heads/${branch}`;
  const head = (await git.remoteRefs([ref])).get(ref)?.commit;
  if (head === undefined) return undefined;
  await git.fetch([head]);
  const run = runId(ask.project, ask.target, ask.operation, (own(line.runs, ask.operation) ?? 0) + 1);
  const entries = await git.history(head, { limit: longestChain, firstParent: true });
  const base = entries.find(({ message }) => !isSameLineAndOperation(runOfTrailer(message), run));
  if (base === undefined || base.commit === head) return head;
  const chain = await ownChain(git, { base: base.commit, head, run });
  return chain === undefined ? head : base.commit;
}

async function startCommit(git: Git, process: Process, ask: StartAsk): Promise<string> {
  const { commit, target, branch } = await nextTarget(git, process);
  if (ask.commit === undefined || ask.commit === commit) {
    if (target === ask.target) return commit;
  } else if (await git.isFirstParentAncestor(ask.commit, commit)) {
    return ask.commit;
  }
  throw notThere(branch, `${ask.target}${ask.commit === undefined ? '' : ` at ${ask.commit.slice(0, 7)}`}`);
}

/** Where no file says the version, and outside of all lines: the commit of the default branch that was asked for. */
async function askedCommit(git: Git, ask: StartAsk): Promise<string> {
  const { commit, name } = await git.defaultBranch();
  await git.fetch([commit]);
  if (ask.commit === undefined || ask.commit === commit) return commit;
  if (await git.isFirstParentAncestor(ask.commit, commit)) return ask.commit;
  throw notThere(name, ask.commit.slice(0, 7));
}

function notThere(branch: string, what: string): SlipwayError {
  return new SlipwayError(
    'commit-moved',
    `The default branch no longer holds what was asked for (${what}): ${branch} was rewritten, or says another version now.`,
    {
      hint: 'Nothing was started. Look at what is there now, and ask again.',
    },
  );
}

/** What was released of a line, by our journal; the tag on the remote must still name it. */
async function releasedCommit(
  { git, process, ask, published }: CommitQuestion,
  target: string,
  line: LineState | undefined,
): Promise<string> {
  const commit = line?.settled === 'promoted' ? await published(line) : undefined;
  if (commit === undefined) {
    throw new SlipwayError('refused', `${ask.project} ${target || ask.target} was never released.`, {
      hint: 'Nothing was started. A hotfix starts from a released version.',
    });
  }
  const tag = tagOf(process, ask.project, target, target);
  await requireTag(git, tag, target, commit, 'restore the tag, or find out what was released');
  await git.fetch([commit]);
  return commit;
}

/** Our last commit on the release branch must still be behind its head: a branch only goes forward. */
async function requireHistory(
  git: Git,
  line: LineState | undefined,
  branch: string,
  head: string,
  last: string | undefined,
): Promise<void> {
  if (last === undefined || head === last || (await isBehind(git, last, head))) return;
  throw new SlipwayError(
    'commit-moved',
    `${branch} was rewritten: its head ${head.slice(0, 7)} does not come after ${last.slice(0, 7)}, which is ${line?.version ?? 'our last commit'}.`,
    {
      hint: `Nothing was started. Put the branch back (git push --force-with-lease origin ${last}:refs/heads/${branch}), or abandon the line.`,
    },
  );
}

async function isBehind(git: Git, commit: string, head: string): Promise<boolean> {
  try {
    await git.fetch([commit]);
  } catch (error) {
    // A commit that the remote has no more is in no history there.
    if (error instanceof SlipwayError && error.code === 'git-failed' && !error.retryable) return false;
    throw error;
  }
  return git.contains(commit, head);
}

/**
 * What is promoted is what this line has built and published as a candidate, by our own journal: a tag on the remote
 * can be moved by whoever may push. A commit more on the branch needs a fixup first.
 */
async function requireCandidate(
  { git, process, ask, line, branch }: CommitQuestion,
  head: string,
  published: string | undefined,
): Promise<void> {
  const version = line?.version ?? '';
  if (published !== head) {
    throw new SlipwayError(
      'refused',
      `${branch} has moved to ${head.slice(0, 7)} since ${version} (${published?.slice(0, 7) ?? 'no commit'}).`,
      {
        hint: 'Nothing was started. Publish what is there as a candidate first (fixup), then promote that.',
      },
    );
  }
  const tag = tagOf(process, ask.project, ask.target, version);
  await requireTag(git, tag, version, published, 'make a new candidate (fixup --again)');
}

async function requireTag(
  git: Git,
  tag: string,
  version: string,
  commit: string,
  wayOn: string,
): Promise<void> {
  const ref = `refs/tags/${tag}`;
  const tagged = (await git.remoteRefs([ref])).get(ref)?.commit;
  if (tagged === commit) return;
  throw new SlipwayError(
    'commit-moved',
    `The tag ${tag} stands at ${tagged?.slice(0, 7) ?? 'nothing'}, and ${version} was built from ${commit.slice(0, 7)}.`,
    {
      hint: `Nothing was started. Somebody moved or deleted the tag by hand; find out who, then ${wayOn}.`,
    },
  );
}

/** The tag of a version of a line. */
export function tagOf(process: Process, project: string, line: string, version: string): string {
  return fillIn(process.version.tag, 'ref', {}, { version, line, project });
}
