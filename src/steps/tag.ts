import type { z } from 'zod';
import { SlipwayError } from '../error.js';
import { TagSettings } from '../process/kinds/git.js';
import { bringIn, newestCommit } from './outputs.js';
import { defineStep, type Found, type StepContext } from './step.js';
import { withTrailer } from './trailer.js';

interface Output {
  tag: string;
  commit: string;
  [key: string]: string;
}

type Context = StepContext<z.infer<typeof TagSettings>, 'git' | 'identity'>;

/** Tags the commit that was built. A tag is for ever: it is never moved and never deleted. */
export const tag = defineStep({
  name: 'tag',
  config: TagSettings,
  needs: ['git', 'identity'] as const,
  public: () => 'for-ever',
  effect: () => 'conditional',
  plan: ({ name }, facts) => `Tag the commit as ${name ?? facts.tag}`,
  async find(context): Promise<Found<Output>> {
    const { config, facts, before, services, intentAt } = context;
    const name = config.name ?? facts.tag;
    const { commit } = newestCommit(before, facts.commit);
    const ref = `refs/tags/${name}`;
    const there = (await services.git.remoteRefs([ref])).get(ref);
    if (there === undefined) return { is: 'absent' };
    // Before our own intent: a run that stopped, or a person, tagged this very commit.
    const ours = intentAt === 0 ? there.commit === commit : there.object === (await make(context, commit));
    if (ours)
      return { is: 'same', output: { tag: name, commit }, proof: `${name} names ${commit.slice(0, 7)}` };
    return {
      is: 'different',
      what: `The tag ${name} exists at ${there.commit.slice(0, 7)}, and this run did not make it.`,
    };
  },
  async run(context) {
    const { config, facts, before, services, effect } = context;
    const { git } = services;
    const name = config.name ?? facts.tag;
    const { commit } = newestCommit(before, facts.commit);
    const object = await make(context, commit);
    const ref = `refs/tags/${name}`;
    await effect(() => git.push([{ ref, to: object, expected: 'absent' }]));
    const there = (await git.remoteRefs([ref])).get(ref);
    if (there?.object !== object) {
      throw new SlipwayError(
        'effect-differs',
        `The tag ${name} is not the one that was made here: somebody else was faster.`,
        {
          hint: 'Nothing was overwritten. A tag is never moved.',
        },
      );
    }
    return { result: 'done', output: { tag: name, commit }, proof: `${name} names ${commit.slice(0, 7)}` };
  },
});

/** What the tag points at: an object of its own, or for a light one the commit. */
async function make(
  { config, facts, before, services, blobs, intentAt }: Context,
  commit: string,
): Promise<string> {
  const { git, identity } = services;
  await bringIn({ git, blobs, base: facts.commit }, newestCommit(before, facts.commit));
  if (!config.annotated) return commit;
  return git.makeTag({
    commit,
    name: config.name ?? facts.tag,
    message: withTrailer(config.message ?? `${facts.project} ${facts.version}`, facts.run),
    identity,
    date: intentAt,
  });
}
