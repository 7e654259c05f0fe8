import { z } from 'zod';
import { SlipwayError } from '../error.js';
import { writeVersion } from '../process/version-file.js';
import { isSameLineAndOperation } from '../release/run-id.js';
import type { Git } from '../services/git/git.js';
import { defineStep, type Found, type RunFacts, type Services } from './step.js';
import { runOfTrailer, withTrailer } from './trailer.js';

interface Output {
  commit: string;
  branch: string;
  /** Blob with the objects of a commit that is pushed after the gate. */
  pack: string;
  [key: string]: string;
}

const Config = z.strictObject({
  version: z.literal(true),
  message: z.string().min(1),
  push: z.enum(['now', 'after-gate']).default('now'),
});

/** Writes the version into its file, as one commit on the line's branch. The commit is a function of the journal. */
export const commit = defineStep({
  name: 'commit',
  config: Config,
  needs: ['git', 'identity'] as const,
  public: ({ push }) => (push === 'now' ? 'reversible' : 'no'),
  effect: ({ push }) => (push === 'now' ? 'conditional' : 'none'),
  plan: ({ message, push }, facts) =>
    push === 'now'
      ? `Commit "${message}" to ${facts.branch}`
      : `Make the commit "${message}" for ${facts.branch}; it is pushed after the gate`,
  async find({ config, facts, services, intentAt }): Promise<Found<Output>> {
    const { git } = services;
    const head = await headOf(git, facts.branch);
    if (head === facts.commit) return { is: 'absent' };
    if (head === undefined) return { is: 'different', what: `The branch ${facts.branch} is gone.` };
    await git.fetch([facts.commit, head]);
    const found = await git.readCommit(head);
    const owner = runOfTrailer(found.message);
    const own = intentAt > 0 ? await make(services, facts, config.message, intentAt) : undefined;
    const earlier =
      owner !== facts.run && isSameLineAndOperation(owner, facts.run) && found.parents[0] === facts.commit;
    /** Not only tree and parent: the whole object that the earlier run would have made, so that nothing foreign comes with it. */
    const sameObject = async (): Promise<boolean> =>
      (await make(services, { ...facts, run: owner }, config.message, found.date * 1000)) === head;
    if (head === own || (earlier && (await sameObject()))) {
      return {
        is: 'same',
        output: { commit: head, branch: facts.branch, pack: '' },
        proof: `${facts.branch} stands at ${head.slice(0, 7)}`,
      };
    }
    return {
      is: 'different',
      what: `The branch ${facts.branch} stands at ${head.slice(0, 7)}, which this run did not make.`,
    };
  },
  async run({ config, facts, services, intentAt, now, blobs, effect }) {
    const { git } = services;
    await git.fetch([facts.commit]);
    const made = await make(services, facts, config.message, intentAt || now);
    if (config.push === 'after-gate') {
      const pack = await blobs.put(await git.pack(made, facts.commit));
      return {
        result: 'done',
        output: { commit: made, branch: facts.branch, pack },
        proof: `commit ${made.slice(0, 7)}, not pushed yet`,
      };
    }
    const ref = `refs/heads/${facts.branch}`;
    await effect(() => git.push([{ ref, to: made, expected: facts.commit }]));
    const head = await headOf(git, facts.branch);
    if (head !== made) {
      throw new SlipwayError(
        'commit-moved',
        `The branch ${facts.branch} stands at ${head?.slice(0, 7) ?? 'nothing'}: somebody else moved it.`,
        {
          hint: 'Nothing was overwritten. Cancel this run and start again at what is there now.',
        },
      );
    }
    return {
      result: 'done',
      output: { commit: made, branch: facts.branch, pack: '' },
      proof: `${facts.branch} stands at ${made.slice(0, 7)}`,
    };
  },
});

async function headOf(git: Git, name: string): Promise<string | undefined> {
  const ref = `refs/heads/${name}`;
  return (await git.remoteRefs([ref])).get(ref)?.commit;
}

async function make(
  services: Pick<Services, 'git' | 'identity'>,
  facts: RunFacts,
  message: string,
  date: number,
): Promise<string> {
  const { git, identity } = services;
  const [place] = facts.versionFiles;
  if (place === undefined || !('key' in place))
    throw new SlipwayError('config-invalid', 'The process names no file with the version.');
  const { path, key } = place;
  const before = await git.readFile(facts.commit, path);
  if (before === undefined)
    throw new SlipwayError('config-invalid', `${path} does not exist at ${facts.commit.slice(0, 7)}.`, {
      hint: 'The process names it in version.from.',
    });
  const content = writeVersion(path, before, key, facts.version);
  return git.makeCommit({
    parent: facts.commit,
    files: [{ path, content }],
    message: withTrailer(message, facts.run),
    identity,
    date,
  });
}
