import { z } from 'zod';
import { SlipwayError } from '../error.js';
import { newestCommit } from './outputs.js';
import { defineStep, type Found, type RunFacts, type Services } from './step.js';
import { withTrailer } from './trailer.js';

interface Output {
  tag: string;
  commit: string;
  [key: string]: string;
}

/** Tags the commit that was built with an annotated tag. A tag is for ever: it is never moved and never deleted. */
export const tag = defineStep({
  name: 'tag',
  config: z.strictObject({ name: z.string().optional(), message: z.string().optional() }),
  needs: ['git', 'identity'] as const,
  public: () => 'for-ever',
  effect: () => 'conditional',
  plan: ({ name }, facts) => `Tag the commit as ${name ?? facts.tag}`,
  async find({ config, facts, before, services, intentAt }): Promise<Found<Output>> {
    const name = config.name ?? facts.tag;
    const { commit } = newestCommit(before, facts.commit);
    const ref = `refs/tags/${name}`;
    const there = (await services.git.remoteRefs([ref])).get(ref);
    if (there === undefined) return { is: 'absent' };
    // Before our own intent: a run that stopped, or a person, tagged this very commit.
    const ours =
      intentAt === 0
        ? there.commit === commit
        : there.object === (await make(services, facts, { ...config, commit }, intentAt));
    if (ours)
      return { is: 'same', output: { tag: name, commit }, proof: `${name} names ${commit.slice(0, 7)}` };
    return {
      is: 'different',
      what: `The tag ${name} exists at ${there.commit.slice(0, 7)}, and this run did not make it.`,
    };
  },
  async run({ config, facts, before, services, intentAt, effect }) {
    const { git } = services;
    const name = config.name ?? facts.tag;
    const { commit } = newestCommit(before, facts.commit);
    await git.fetch([commit]);
    const object = await make(services, facts, { ...config, commit }, intentAt);
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

async function make(
  services: Pick<Services, 'git' | 'identity'>,
  facts: RunFacts,
  tag: { name?: string | undefined; message?: string | undefined; commit: string },
  date: number,
): Promise<string> {
  await services.git.fetch([tag.commit]);
  return services.git.makeTag({
    commit: tag.commit,
    name: tag.name ?? facts.tag,
    message: withTrailer(tag.message ?? `${facts.project} ${facts.version}`, facts.run),
    identity: services.identity,
    date,
  });
}
