import type { z } from 'zod';
import { SlipwayError } from '../error.js';
import { CommitSettings } from '../process/kinds/git.js';
import { addEdits, addFollowed, addWritten, versionFiles, type FileSources } from './commit-files.js';
import { headOf, moveBranch } from './move-branch.js';
import { bringIn, tipOf } from './outputs.js';
import { ownChain } from './own-chain.js';
import { defineStep, type Found, type StepContext } from './step.js';
import { withTrailer } from './trailer.js';

type Config = z.infer<typeof CommitSettings>;
type Context = StepContext<Config, 'git' | 'identity'>;

interface Output {
  commit: string;
  branch: string;
  /** Blob with the objects of a commit that is pushed after the gate. */
  pack: string;
  aside: string;
  [key: string]: string;
}

/**
 * Makes one commit: the version in its files, files that earlier steps wrote, edits. It builds on what this run made of
 * the branch so far, and is a function of the journal.
 */
export const commit = defineStep({
  name: 'commit',
  config: CommitSettings,
  needs: ['git', 'identity'] as const,
  public: ({ push }) => (push === 'now' ? 'reversible' : 'no'),
  effect: ({ push }) => (push === 'now' ? 'conditional' : 'none'),
  plan: ({ message, push, branch }, facts) =>
    push === 'now'
      ? `Commit "${message}" to ${branch ?? facts.branch}`
      : `Make the commit "${message}" for ${branch ?? facts.branch}; it is pushed after the gate`,
  async find(context): Promise<Found<Output>> {
    const { config, facts, before, services, intentAt, blobs } = context;
    const { git } = services;
    const branch = branchOf(context);
    const tip = tipOf(before, facts, branch);
    const head = await headOf(git, branch);
    if ((head ?? 'absent') === tip.pushed) return { is: 'absent' };
    if (head === undefined) return { is: 'different', what: `The branch ${branch} is gone.` };
    if (config.push === 'now') {
      await git.fetch([head]);
      await bringIn({ git, blobs, base: facts.commit }, tip);
      const own = intentAt > 0 ? await make(context, facts.run, intentAt) : undefined;
      if (own === head) return sameAs(context, head);
      const [first, ...more] = (await ownChain(git, { base: tip.commit, head, run: facts.run })) ?? [];
      // Not only tree and parent: the whole object that the earlier run would have made, and nothing on top of it.
      const isTheirs = first !== undefined && more.length === 0;
      if (isTheirs && (await make(context, first.run, first.date)) === head) return sameAs(context, head);
    }
    return {
      is: 'different',
      what: `The branch ${branch} stands at ${head.slice(0, 7)}, which this run did not make.`,
    };
  },
  async run(context) {
    const { config, facts, before, services, intentAt, now, blobs, effect } = context;
    const { git } = services;
    const branch = branchOf(context);
    const tip = tipOf(before, facts, branch);
    await bringIn({ git, blobs, base: facts.commit }, tip);
    const made = await make(context, facts.run, intentAt || now);
    if (config.push === 'after-gate') {
      const pack = await blobs.put(await git.pack(made, facts.commit));
      return {
        result: 'done',
        output: outputOf(context, made, pack),
        proof: `commit ${made.slice(0, 7)}, not pushed yet`,
      };
    }
    if (tip.pack !== '') {
      throw new SlipwayError(
        'config-invalid',
        `A commit on ${branch} waits for the gate, and this one would push it too.`,
        {
          hint: 'Nothing was pushed. In the process, give this "commit" the setting push: after-gate as well.',
        },
      );
    }
    await moveBranch(git, { branch, to: made, expected: tip.pushed }, effect);
    return {
      result: 'done',
      output: outputOf(context, made, ''),
      proof: `${branch} stands at ${made.slice(0, 7)}`,
    };
  },
});

function branchOf({ config, facts }: Context): string {
  return config.branch ?? facts.branch;
}

function outputOf(context: Context, made: string, pack: string): Output {
  const branch = branchOf(context);
  return { commit: made, branch, pack, aside: branch === context.facts.branch ? '' : 'yes' };
}

function sameAs(context: Context, head: string): Found<Output> {
  return {
    is: 'same',
    output: outputOf(context, head, ''),
    proof: `${branchOf(context)} stands at ${head.slice(0, 7)}`,
  };
}

/** The commit as this run or an earlier one makes it; `date` in ms. */
async function make(context: Context, run: string, date: number): Promise<string> {
  const { id, config, facts, before, services, blobs } = context;
  const { git, identity } = services;
  const parent = tipOf(before, facts, branchOf(context)).commit;
  const sources: FileSources = { git, blobs, parent, before };
  const files = new Map<string, Uint8Array>();
  if (config.version === true) {
    const places = facts.versionFiles;
    for (const [path, content] of await versionFiles(sources, places, facts.versionText))
      files.set(path, content);
    if (facts.follow.length > 0) {
      await addFollowed(sources, `${id}-follow`, files, { places, text: facts.versionText });
    }
  }
  addWritten(sources, config.files ?? [], files);
  await addEdits(sources, config.edits ?? [], files);
  const signoff = config.signoff ? `${identity.name.trim()} <${identity.email}>` : '';
  return git.makeCommit({
    parent,
    files: [...files].map(([path, content]) => ({ path, content })),
    message: withTrailer(config.message, run, signoff),
    identity,
    date,
  });
}
