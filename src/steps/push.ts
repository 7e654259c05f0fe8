import { z } from 'zod';
import { SlipwayError } from '../error.js';
import { newestCommit } from './outputs.js';
import { defineStep, type Found } from './step.js';

interface Output {
  commit: string;
  branch: string;
  [key: string]: string;
}

/** Pushes the commit that was made and approved before the gate. */
export const push = defineStep({
  name: 'push',
  config: z.strictObject({ branch: z.string().optional() }),
  needs: ['git'] as const,
  public: () => 'for-ever',
  effect: () => 'conditional',
  plan: (_, facts) => `Push the approved commit to ${facts.branch}`,
  async find({ facts, before, services: { git } }): Promise<Found<Output>> {
    const { commit } = newestCommit(before, facts.commit);
    const ref = `refs/heads/${facts.branch}`;
    const head = (await git.remoteRefs([ref])).get(ref)?.commit;
    if (head === commit)
      return {
        is: 'same',
        output: { commit, branch: facts.branch },
        proof: `${facts.branch} stands at ${commit.slice(0, 7)}`,
      };
    if (head === facts.commit) return { is: 'absent' };
    return {
      is: 'different',
      what: `The branch ${facts.branch} stands at ${head?.slice(0, 7) ?? 'nothing'}, not at the approved ${facts.commit.slice(0, 7)}.`,
    };
  },
  async run({ facts, before, blobs, services: { git }, effect }) {
    const { commit, pack } = newestCommit(before, facts.commit);
    await git.fetch([facts.commit]);
    if (pack !== undefined && pack !== '') await git.takeIn(await blobs.get(pack));
    const ref = `refs/heads/${facts.branch}`;
    await effect(() => git.push([{ ref, to: commit, expected: facts.commit }]));
    const head = (await git.remoteRefs([ref])).get(ref)?.commit;
    if (head !== commit) {
      throw new SlipwayError(
        'commit-moved',
        `The branch ${facts.branch} stands at ${head?.slice(0, 7) ?? 'nothing'}: somebody else moved it after the approval.`,
        {
          hint: 'Nothing was overwritten, and nothing shipped yet.',
        },
      );
    }
    return {
      result: 'done',
      output: { commit, branch: facts.branch },
      proof: `${facts.branch} stands at ${commit.slice(0, 7)}`,
    };
  },
});
