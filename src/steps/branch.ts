import type { z } from 'zod';
import { SlipwayError } from '../error.js';
import { BranchSettings } from '../process/kinds/git.js';
import type { Git } from '../services/git/git.js';
import { headOf } from './move-branch.js';
import { ownChain } from './own-chain.js';
import { defineStep, type Found, type RunFacts, type StepContext } from './step.js';

interface Output {
  branch: string;
  commit: string;
  aside: string;
  [key: string]: string;
}

type Context = StepContext<z.infer<typeof BranchSettings>, 'git'>;

/** Creates a branch: the line's at the run's commit, or another one. A branch that exists is never moved. */
export const branch = defineStep({
  name: 'branch',
  config: BranchSettings,
  needs: ['git'] as const,
  public: () => 'reversible',
  effect: () => 'conditional',
  plan: ({ name, from }, facts) =>
    `Create the branch ${name ?? facts.branch} at ${from === undefined ? facts.commit.slice(0, 7) : `the head of ${from}`}`,
  async find(context): Promise<Found<Output>> {
    const { config, facts, services } = context;
    const name = config.name ?? facts.branch;
    const there = await headOf(services.git, name);
    if (there === undefined) return { is: 'absent' };
    const commit = await beginningOf(context);
    const same: Found<Output> = {
      is: 'same',
      output: outputOf(context, commit),
      proof: `${name} stands at ${there.slice(0, 7)}`,
    };
    if (there === commit) return same;
    // A run of the same line and operation that stopped has committed to it already.
    await services.git.fetch([commit, there]);
    const chain = await ownChain(services.git, { base: commit, head: there, run: facts.run });
    if (chain !== undefined) return same;
    return {
      is: 'different',
      what: `The branch ${name} exists and stands at ${there.slice(0, 7)}, not at ${commit.slice(0, 7)}.`,
    };
  },
  async run(context) {
    const { config, facts, services, effect } = context;
    const { git } = services;
    const name = config.name ?? facts.branch;
    const ref = `refs/heads/${name}`;
    const commit = await beginningOf(context);
    await git.fetch([commit]);
    const pushed = await effect(() => git.push([{ ref, to: commit, expected: 'absent' }]));
    const now = await headOf(git, name);
    if (now !== commit) {
      const reason =
        pushed === 'rejected' ? 'it was created by somebody else meanwhile' : 'the remote does not show it';
      throw new SlipwayError(
        'effect-differs',
        `The branch ${name} is not at ${commit.slice(0, 7)}: ${reason}.`,
        {
          hint: 'Nothing was overwritten. Retry looks again.',
        },
      );
    }
    return {
      result: 'done',
      output: outputOf(context, commit),
      proof: `${name} stands at ${commit.slice(0, 7)}`,
    };
  },
});

function outputOf({ config, facts }: Context, commit: string): Output {
  const name = config.name ?? facts.branch;
  return { branch: name, commit, aside: name === facts.branch ? '' : 'yes' };
}

/** Where the branch begins. Only the run's own commit is frozen; a name stands for what is there when it is looked up. */
async function beginningOf({ config, facts, services: { git } }: Context): Promise<string> {
  const { from } = config;
  if (from === undefined) return facts.commit;
  if (from === 'default-branch') return git.resolve(`refs/heads/${facts.defaultBranch}`);
  const commit = await git.resolve(from);
  await requireKnown(git, facts, from, commit);
  return commit;
}

/**
 * A sha names any commit that the server hands out, also one of a fork that nobody has merged. A branch or tag of the
 * repository was made by somebody who may push.
 */
async function requireKnown(
  git: Git,
  { commit: own, defaultBranch }: RunFacts,
  from: string,
  commit: string,
): Promise<void> {
  const isSha = /^[0-9a-f]{7,40}$/i.test(from) && commit.startsWith(from.toLowerCase());
  if (!isSha || commit === own) return;
  const main = await git.resolve(`refs/heads/${defaultBranch}`);
  await git.fetch([own]);
  if ((await git.mergedInto(commit, [main, own])).length > 0) return;
  throw new SlipwayError(
    'refused',
    `${commit.slice(0, 10)} is neither in the history of ${defaultBranch} nor in that of this run.`,
    { hint: 'Nothing was made. Name a branch or tag of the repository, or merge the commit first.' },
  );
}
