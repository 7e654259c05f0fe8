import { z } from 'zod';
import { SlipwayError } from '../error.js';
import { isSameLineAndOperation } from '../release/run-id.js';
import { defineStep, type Found } from './step.js';
import { runOfTrailer } from './trailer.js';

interface Output {
  branch: string;
  commit: string;
  [key: string]: string;
}

/** Creates the line's release branch at the run's commit. */
export const branch = defineStep({
  name: 'branch',
  config: z.strictObject({ name: z.string().optional() }),
  needs: ['git'] as const,
  public: () => 'reversible',
  effect: () => 'conditional',
  plan: ({ name }, facts) => `Create the branch ${name ?? facts.branch} at ${facts.commit.slice(0, 7)}`,
  async find({ config, facts, services: { git } }): Promise<Found<Output>> {
    const name = config.name ?? facts.branch;
    const there = (await git.remoteRefs([`refs/heads/${name}`])).get(`refs/heads/${name}`);
    if (there === undefined) return { is: 'absent' };
    const same: Found<Output> = {
      is: 'same',
      output: { branch: name, commit: facts.commit },
      proof: `${name} stands at ${there.commit.slice(0, 7)}`,
    };
    if (there.commit === facts.commit) return same;
    // A run of the same line and operation that stopped has bumped the version on it already.
    await git.fetch([there.commit]);
    const head = await git.readCommit(there.commit);
    if (head.parents.join() === facts.commit && isSameLineAndOperation(runOfTrailer(head.message), facts.run))
      return same;
    return {
      is: 'different',
      what: `The branch ${name} exists and stands at ${there.commit.slice(0, 7)}, not at ${facts.commit.slice(0, 7)}.`,
    };
  },
  async run({ config, facts, services: { git }, effect }) {
    const name = config.name ?? facts.branch;
    const ref = `refs/heads/${name}`;
    await git.fetch([facts.commit]);
    const pushed = await effect(() => git.push([{ ref, to: facts.commit, expected: 'absent' }]));
    const now = (await git.remoteRefs([ref])).get(ref)?.commit;
    if (now !== facts.commit) {
      const reason =
        pushed === 'rejected' ? 'it was created by somebody else meanwhile' : 'the remote does not show it';
      throw new SlipwayError(
        'effect-differs',
        `The branch ${name} is not at ${facts.commit.slice(0, 7)}: ${reason}.`,
        {
          hint: 'Nothing was overwritten. Retry looks again.',
        },
      );
    }
    return {
      result: 'done',
      output: { branch: name, commit: facts.commit },
      proof: `${name} stands at ${facts.commit.slice(0, 7)}`,
    };
  },
});
