import { SlipwayError } from '../error.js';
import { settingOf } from '../process/effects.js';
import type { Operation } from '../process/process-file.js';
import type { Plan } from '../release/plan.js';

/** The artifacts that an operation copies from the candidate (`bytes: candidate`). */
function namesCopied({ steps }: Operation): string[] {
  return steps.flatMap(({ settings }) => {
    const artifacts = settingOf(settings, 'artifacts');
    if (settingOf(settings, 'bytes') !== 'candidate' || !Array.isArray(artifacts)) return [];
    return artifacts.filter((name) => typeof name === 'string');
  });
}

/**
 * What an operation copies, by the journal of the run that published the candidate: these very bytes were tested.
 * @param candidate asked only where something is copied
 * @throws SlipwayError refused where our journal does not have them
 */
export async function copiedArtifacts(
  operation: Operation,
  candidate: () => Promise<Plan['copied']>,
): Promise<Plan['copied']> {
  const names = namesCopied(operation);
  if (names.length === 0) return {};
  const built = await candidate();
  const missing = names.find((name) => built[name] === undefined);
  if (missing !== undefined) {
    throw new SlipwayError('refused', `The candidate left no "${missing}" that Slipway has built.`, {
      hint: 'Nothing was started. Make a candidate with Slipway (fixup --again), then publish that.',
    });
  }
  return Object.fromEntries(Object.entries(built).filter(([name]) => names.includes(name)));
}
