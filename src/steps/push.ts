import { SlipwayError } from '../error.js';
import { PushSettings } from '../process/kinds/git.js';
import { headOf } from './move-branch.js';
import { bringIn, tipOf } from './outputs.js';
import { defineStep, type Found } from './step.js';

interface Output {
  commit: string;
  branch: string;
  aside: string;
  [key: string]: string;
}

/** Pushes the commit that was made and approved before the gate. */
export const push = defineStep({
  name: 'push',
  config: PushSettings,
  needs: ['git'] as const,
  public: () => 'for-ever',
  effect: () => 'conditional',
  plan: ({ branch }, facts) => `Push the approved commit to ${branch ?? facts.branch}`,
  async find({ config, facts, before, services: { git } }): Promise<Found<Output>> {
    const branch = config.branch ?? facts.branch;
    const { commit, pushed } = tipOf(before, facts, branch);
    const head = await headOf(git, branch);
    if (head === commit)
      return {
        is: 'same',
        output: outputOf(facts, branch, commit),
        proof: `${branch} stands at ${commit.slice(0, 7)}`,
      };
    if ((head ?? 'absent') === pushed) return { is: 'absent' };
    return {
      is: 'different',
      what: `The branch ${branch} stands at ${head?.slice(0, 7) ?? 'nothing'}, not at the approved ${pushed.slice(0, 7)}.`,
    };
  },
  async run({ config, facts, before, blobs, services: { git }, effect }) {
    const branch = config.branch ?? facts.branch;
    const tip = tipOf(before, facts, branch);
    await bringIn({ git, blobs, base: facts.commit }, tip);
    const ref = `refs/heads/${branch}`;
    await effect(() => git.push([{ ref, to: tip.commit, expected: tip.pushed }]));
    const head = await headOf(git, branch);
    if (head !== tip.commit) {
      throw new SlipwayError(
        'commit-moved',
        `The branch ${branch} stands at ${head?.slice(0, 7) ?? 'nothing'}: somebody else moved it after the approval.`,
        {
          hint: 'Nothing was overwritten, and nothing shipped yet.',
        },
      );
    }
    return {
      result: 'done',
      output: outputOf(facts, branch, tip.commit),
      proof: `${branch} stands at ${tip.commit.slice(0, 7)}`,
    };
  },
});

function outputOf(facts: { branch: string }, branch: string, commit: string): Output {
  return { commit, branch, aside: branch === facts.branch ? '' : 'yes' };
}
