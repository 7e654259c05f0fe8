import { z } from 'zod';
import { SlipwayError } from '../error.js';
import { isSameLineAndOperation } from '../release/run-id.js';
import { defineStep } from './step.js';
import { runOfTrailer } from './trailer.js';

/** Requires that the commit is still in the history it was taken from, and that nobody has used the version meanwhile. */
export const check = defineStep({
  name: 'check',
  config: z.strictObject({}),
  needs: ['git'] as const,
  public: () => 'no',
  effect: () => 'none',
  plan: (_, facts) => `Check ${sourceOf(facts)} ${facts.commit.slice(0, 7)}: ${facts.version} is free`,
  async run({ facts, services: { git } }) {
    const refs = await git.remoteRefs([`refs/tags/${facts.tag}`, `refs/heads/${facts.branch}`]);
    const tag = refs.get(`refs/tags/${facts.tag}`);
    if (tag !== undefined) {
      throw new SlipwayError(
        'effect-differs',
        `${facts.version} exists: the tag ${facts.tag} stands at ${tag.commit.slice(0, 7)}.`,
        {
          hint: 'Nothing was changed. A version is never used twice: raise it in the version file, or fix it forward.',
        },
      );
    }
    const branch = refs.get(`refs/heads/${facts.branch}`);
    const isStart = facts.kind === 'start';
    if (isStart && branch !== undefined && branch.commit !== facts.commit) {
      await git.fetch([branch.commit]);
      const { message } = await git.readCommit(branch.commit);
      if (!isSameLineAndOperation(runOfTrailer(message), facts.run)) {
        throw new SlipwayError(
          'effect-differs',
          `The branch ${facts.branch} exists already, at ${branch.commit.slice(0, 7)}.`,
          {
            hint: 'Nothing was changed. It was made by hand: adopt it, or delete it if nobody needs it.',
          },
        );
      }
    }
    const head = isStart ? (await git.defaultBranch()).commit : (branch?.commit ?? '');
    if (head !== '') await git.fetch([head, facts.commit]);
    if (head === '' || !(await git.isFirstParentAncestor(facts.commit, head))) {
      throw new SlipwayError(
        'commit-moved',
        `${facts.commit.slice(0, 7)} is no longer in the history of ${sourceOf(facts)}.`,
        {
          hint: 'Nothing was changed. The branch was rewritten or deleted; cancel this run and start again at what is there now.',
        },
      );
    }
    return {
      result: 'done',
      output: {},
      proof: `${facts.commit.slice(0, 7)} is in ${sourceOf(facts)}, ${facts.version} is free`,
    };
  },
});

function sourceOf(facts: { kind: string; defaultBranch: string; branch: string }): string {
  return facts.kind === 'start' ? facts.defaultBranch : facts.branch;
}
