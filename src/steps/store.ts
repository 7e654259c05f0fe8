import { z } from 'zod';
import { SlipwayError } from '../error.js';
import type { Storage, Stored } from '../services/storage/storage.js';
import { builtArtifact, type Artifact } from './outputs.js';
import { defineStep, type Found, type StepContext } from './step.js';

const Config = z.strictObject({ artifacts: z.array(z.string()).min(1) });
type Config = z.infer<typeof Config>;
type Context = StepContext<Config, 'storage'>;

interface Output {
  stored: { [artifact: string]: string };
  [key: string]: { [artifact: string]: string };
}

/** Archives what was built under its version. A final version is never overwritten; a candidate may be rebuilt. */
export const store = defineStep({
  name: 'store',
  config: Config,
  needs: ['storage'] as const,
  public: () => 'for-ever',
  effect: () => 'conditional',
  plan: ({ artifacts }, facts) =>
    `Store ${artifacts.map((name) => `${name} as ${facts.artifacts[name]?.storage}/${facts.artifacts[name]?.key}`).join(', ')}`,
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
    return {
      is: 'different',
      what: `${other.storage.address}/${other.key} exists with other bytes (sha256:${other.there?.sha256.slice(0, 12)}); a final version is never overwritten.`,
    };
  },
  async run(context) {
    const { facts, blobs, effect } = context;
    for (const place of await look(context)) {
      const { storage, key, artifact, there } = place;
      if (there?.sha256 === artifact.sha256) continue;
      const bytes = await blobs.get(artifact.sha256);
      const metadata = { version: facts.version, run: facts.run };
      // Only a candidate of this version gets here with something there already (find has refused the rest).
      await effect(() =>
        there === undefined
          ? storage.create(key, bytes, metadata)
          : storage.replace(key, bytes, metadata, there.etag),
      );
    }
    const places = await look(context);
    const wrong = places.find((place) => place.there?.sha256 !== place.artifact.sha256);
    if (wrong !== undefined) {
      throw new SlipwayError(
        'effect-differs',
        `${wrong.storage.address}/${wrong.key} was read back and is not what was sent.`,
        {
          hint: 'Nothing was overwritten. Look at who else writes there; then retry.',
        },
      );
    }
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
  return Promise.all(
    config.artifacts.map(async (name) => {
      const target = facts.artifacts[name];
      if (target === undefined)
        throw new SlipwayError('config-invalid', `The process has no artifact "${name}".`);
      const storage = await services.storage(target.storage);
      return {
        name,
        artifact: builtArtifact(before, name),
        storage,
        key: target.key,
        there: await storage.head(target.key),
      };
    }),
  );
}

/** A candidate may be built again under its number, by a run of the same version. */
function mayReplace({ facts }: Context, there: Stored): boolean {
  return facts.candidate !== '' && there.metadata.version === facts.version;
}

function outputOf(places: Place[]): Output {
  return {
    stored: Object.fromEntries(places.map((place) => [place.name, `${place.storage.address}/${place.key}`])),
  };
}

function proofOf(places: Place[]): string {
  return places.map((place) => `${place.key} sha256:${place.artifact.sha256.slice(0, 12)}`).join(', ');
}
