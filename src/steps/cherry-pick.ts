import type { z } from 'zod';
import { SlipwayError } from '../error.js';
import { CherryPickSettings } from '../process/kinds/git.js';
import { listOf } from '../process/inputs.js';
import type { CherryPick } from '../services/git/git.js';
import { headOf, moveBranch } from './move-branch.js';
import { bringIn, tipOf } from './outputs.js';
import { ownChain } from './own-chain.js';
import { plainLine } from './plain-line.js';
import { defineStep, type Found, type StepContext } from './step.js';
import { trailerOf } from './trailer.js';

type Config = z.infer<typeof CherryPickSettings>;
type Context = StepContext<Config, 'git' | 'identity'>;
type Made = Extract<CherryPick, { is: 'picked' }>;

interface Output {
  commit: string;
  branch: string;
  /** What was made, oldest first, with spaces between. */
  picked: string;
  aside: string;
  [key: string]: string;
}

/**
 * Picks commits of the default branch onto a branch, all in one push. The new commits are functions of the journal, so
 * an attempt after a crash makes the very same ones; those that are on the branch already are left out and said.
 */
export const cherryPick = defineStep({
  name: 'cherry-pick',
  config: CherryPickSettings,
  needs: ['git', 'identity'] as const,
  public: () => 'reversible',
  effect: () => 'conditional',
  plan: ({ commits, branch }, facts) => {
    const onto = branch ?? facts.branch;
    const { length } = namesIn(commits);
    return length === 0
      ? `Pick nothing onto ${onto}`
      : `Pick ${length} ${length === 1 ? 'commit' : 'commits'} onto ${onto}`;
  },
  async find(context): Promise<Found<Output>> {
    const { config, facts, before, services, intentAt } = context;
    if (namesIn(config.commits).length === 0) return { is: 'absent' };
    const { git } = services;
    const branch = config.branch ?? facts.branch;
    const tip = tipOf(before, facts, branch);
    const head = await headOf(git, branch);
    if ((head ?? 'absent') === tip.pushed) return { is: 'absent' };
    if (head === undefined) return { is: 'different', what: `The branch ${branch} is gone.` };
    await git.fetch([tip.commit, head]);
    // What was pushed is compared as a whole; the default branch may have been rewritten since.
    const commits = await resolveAll(context);
    const own = intentAt > 0 ? await pick(context, commits, facts.run, intentAt) : undefined;
    if (own?.is === 'picked' && own.head === head) return sameAs(context, own, head);
    const chain = await ownChain(git, { base: tip.commit, head, run: facts.run });
    const [first] = chain ?? [];
    const theirs = first === undefined ? undefined : await pick(context, commits, first.run, first.date);
    if (theirs?.is === 'picked' && chain?.some(({ commit }) => commit === theirs.head)) {
      return sameAs(context, theirs, head);
    }
    return {
      is: 'different',
      what: `The branch ${branch} stands at ${head.slice(0, 7)}, which this run did not make.`,
    };
  },
  async run(context) {
    const { config, facts, before, services, intentAt, now, blobs, effect } = context;
    const { git } = services;
    if (namesIn(config.commits).length === 0) return { result: 'skipped', reason: 'nothing to pick' };
    const branch = config.branch ?? facts.branch;
    const tip = tipOf(before, facts, branch);
    if (tip.pack !== '') {
      throw new SlipwayError(
        'config-invalid',
        `A commit on ${branch} waits for the gate; nothing can be picked onto it.`,
        {
          hint: 'Nothing was picked. In the process, let "cherry-pick" come before that "commit".',
        },
      );
    }
    await bringIn({ git, blobs, base: facts.commit }, tip);
    const commits = await resolveAll(context);
    await mustBeMerged(context, commits);
    const made = await pick(context, commits, facts.run, intentAt || now);
    if (made.is === 'conflict') throw conflict(made, branch);
    if (made.head !== tip.commit)
      await moveBranch(git, { branch, to: made.head, expected: tip.pushed }, effect);
    return { result: 'done', output: outputOf(context, made), proof: proofOf(made, branch) };
  },
});

/** The names of the commits, as they were given. */
function namesIn(commits: Config['commits']): string[] {
  return listOf(typeof commits === 'string' ? commits : commits.join(' '));
}

/** Full shas of the commits, which are available locally afterwards. */
async function resolveAll({ config, services: { git } }: Context): Promise<string[]> {
  const commits: string[] = [];
  for (const name of namesIn(config.commits)) {
    if (!/^[0-9a-f]{7,40}$/i.test(name)) {
      const shown = JSON.stringify(plainLine(name, 60));
      throw new SlipwayError('command-invalid', `${shown} is not the sha of a commit.`, {
        hint: 'Nothing was picked. Write 7 to 40 digits of each.',
      });
    }
    commits.push(await git.resolve(name));
  }
  return commits;
}

/** Throws where a commit is not in the history of the default branch. */
async function mustBeMerged({ facts, services: { git } }: Context, commits: string[]): Promise<void> {
  const { defaultBranch } = facts;
  const main = await headOf(git, defaultBranch);
  if (main === undefined) {
    throw new SlipwayError('commit-moved', `The branch ${defaultBranch} does not exist on the remote.`, {
      hint: 'Nothing was picked. Restore it, then retry.',
    });
  }
  await git.fetch([main]);
  for (const commit of commits) {
    if (await git.contains(commit, main)) continue;
    throw new SlipwayError('refused', `${commit.slice(0, 10)} is not in the history of ${defaultBranch}.`, {
      hint: `Nothing was picked. Merge it into ${defaultBranch} first; what is only on a release line would be lost in the next one.`,
    });
  }
}

function pick(context: Context, commits: string[], run: string, date: number): Promise<CherryPick> {
  const { config, facts, before, services } = context;
  return services.git.cherryPick({
    onto: tipOf(before, facts, config.branch ?? facts.branch).commit,
    commits,
    trailer: trailerOf(run),
    identity: services.identity,
    date,
  });
}

function conflict(made: Extract<CherryPick, { is: 'conflict' }>, branch: string): SlipwayError {
  const files = made.files.slice(0, 10).map((file) => plainLine(file, 120));
  const more = made.files.length - files.length;
  return new SlipwayError(
    'git-failed',
    `${made.commit.slice(0, 10)} "${plainLine(made.subject, 80)}" does not apply to ${branch}: conflict in ${files.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
    {
      hint: `Nothing was changed, and none of the commits was picked. Cancel this run; then name the commits that this one needs as well, before it, or pick it by hand with git cherry-pick -x, push it to ${branch}, and ask again without it.`,
    },
  );
}

function sameAs(context: Context, made: Made, head: string): Found<Output> {
  const branch = context.config.branch ?? context.facts.branch;
  return {
    is: 'same',
    output: outputOf(context, made),
    proof: `${branch} stands at ${head.slice(0, 7)}; ${proofOf(made, branch)}`,
  };
}

function outputOf({ config, facts }: Context, made: Made): Output {
  const branch = config.branch ?? facts.branch;
  const aside = branch === facts.branch ? '' : 'yes';
  return { commit: made.head, branch, picked: made.picked.map(({ as }) => as).join(' '), aside };
}

/** What was picked, and what was left out and why, in one line. */
function proofOf(made: Made, branch: string): string {
  const picked = made.picked.map(
    ({ commit, subject, as }) => `${commit.slice(0, 7)} "${plainLine(subject, 60)}" as ${as.slice(0, 7)}`,
  );
  const left = made.left.map(({ commit, why, at }) => {
    const name = commit.slice(0, 7);
    switch (why) {
      case 'in-history':
        return `${name} is in ${branch}`;
      case 'picked':
        return `${name} was picked as ${at.slice(0, 7)}`;
      case 'same-change':
        return `${name} is there as ${at.slice(0, 7)}`;
      case 'empty':
        return `${name} changes nothing there`;
    }
  });
  const parts = [
    picked.length === 0 ? 'nothing was left to pick' : `picked ${picked.join(', ')}`,
    left.length === 0 ? '' : `left out: ${left.join(', ')}`,
  ];
  return parts.filter(Boolean).join('; ');
}
