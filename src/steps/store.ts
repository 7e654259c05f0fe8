import type { z } from 'zod';
import { SlipwayError } from '../error.js';
import { StoreSettings } from '../process/kinds/storage.js';
import type { Storage, Stored } from '../services/storage/storage.js';
import { builtArtifact, copiedOutputs, type Artifact } from './outputs.js';
import { defineStep, type Found, type StepContext } from './step.js';

type Config = z.infer<typeof StoreSettings>;
type Context = StepContext<Config, 'storage'>;

interface Output {
  stored: { [artifact: string]: string };
  [key: string]: { [artifact: string]: string };
}

/**
 * Archives what was built under its version. A candidate may be rebuilt. A final version is never overwritten, unless
 * somebody who may asked for it with `--force`; then too only what was seen is replaced.
 */
export const store = defineStep({
  name: 'store',
  config: StoreSettings,
  needs: ['storage'] as const,
  public: () => 'for-ever',
  effect: () => 'conditional',
  plan: ({ artifacts, bytes }, facts) =>
    `${bytes === 'candidate' ? 'Copy the candidate’s' : 'Store'} ${artifacts.map((name) => `${name} as ${facts.artifacts[name]?.storage}/${facts.artifacts[name]?.key}`).join(', ')}`,
  async find(context): Promise<Found<Output>> {
    const places = await look(context);
    if (places.every((place) => place.there?.sha256 === place.artifact.sha256))
      return { is: 'same', output: outputOf(places), proof: proofOf(places) };
    const other = places.find(
      (place) =>
        place.there !== undefined &&
        place.there.sha256 !== place.artifact.sha256 &&
        !mayReplace(context, place.there),
    );
    if (other === undefined) return { is: 'absent' };
    return { is: 'different', what: refusalOf(context, other) };
  },
  async run(context) {
    const { facts, blobs, effect } = context;
    for (const place of await look(context)) {
      const { storage, key, artifact, there } = place;
      if (there?.sha256 === artifact.sha256) continue;
      // It may have come since it was looked for.
      if (there !== undefined && !mayReplace(context, there)) throw differs(refusalOf(context, place));
      const bytes = await blobs.get(artifact.sha256);
      const metadata = { version: facts.version, run: facts.run };
      // Either refuses what changed since the look; the look below says so then.
      await effect(() =>
        there === undefined
          ? storage.create(key, bytes, metadata)
          : storage.replace(key, bytes, metadata, there.etag),
      );
    }
    const places = await look(context);
    const wrong = places.find((place) => place.there?.sha256 !== place.artifact.sha256);
    if (wrong !== undefined) throw differs(`${addressOf(wrong)} was read back and is not what was sent.`);
    return { result: 'done', output: outputOf(places), proof: proofOf(places) };
  },
});

interface Place {
  name: string;
  artifact: Artifact;
  storage: Storage;
  key: string;
  there: Stored | undefined;
}

async function look({ config, facts, before, services }: Context): Promise<Place[]> {
  const from = config.bytes === 'candidate' ? copiedOutputs(facts.copied) : before;
  return Promise.all(
    config.artifacts.map(async (name) => {
      const target = facts.artifacts[name];
      if (target === undefined)
        throw new SlipwayError('config-invalid', `The process has no artifact "${name}".`);
      const storage = await services.storage(target.storage);
      return {
        name,
        artifact: builtArtifact(from, name),
        storage,
        key: target.key,
        there: await storage.head(target.key),
      };
    }),
  );
}

/** A candidate may be built again under its number, by a run of the same version; anything, where it was forced. */
function mayReplace({ facts }: Context, there: Stored): boolean {
  return facts.forced || (facts.candidate !== '' && there.metadata.version === facts.version);
}

function refusalOf({ facts }: Context, place: Place): string {
  const what = `${addressOf(place)} exists with other bytes (sha256:${place.there?.sha256.slice(0, 12)})`;
  return facts.candidate === ''
    ? `${what}; a final version is overwritten only with --force, by somebody who may.`
    : `${what}, and it is not ${facts.version}: somebody else put it there. It is overwritten only with --force, by somebody who may.`;
}

function differs(what: string): SlipwayError {
  return new SlipwayError('effect-differs', what, {
    hint: 'Nothing was overwritten. Look at who else writes there; then retry.',
  });
}

function addressOf({ storage, key }: Place): string {
  return `${storage.address}/${key}`;
}

function outputOf(places: Place[]): Output {
  return {
    stored: Object.fromEntries(places.map((place) => [place.name, `${place.storage.address}/${place.key}`])),
  };
}

function proofOf(places: Place[]): string {
  return places.map((place) => `${place.key} sha256:${place.artifact.sha256.slice(0, 12)}`).join(', ');
}
