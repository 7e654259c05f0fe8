import { z } from 'zod';
import { SlipwayError } from '../error.js';
import type { Json } from '../release/plan.js';

/** Outputs that later steps read, whatever kind of step made them. */
const Commit = z.looseObject({ commit: z.string(), pack: z.string().optional() });
const Built = z.looseObject({
  artifacts: z.record(z.string(), z.object({ name: z.string(), sha256: z.string(), size: z.number() })),
});

/** A file that a build left, in the blobs. */
export interface Artifact {
  name: string;
  sha256: string;
  size: number;
}

/** The newest commit that a step before made, or the run's own. `pack` is the blob of a commit that is not pushed yet. */
export function newestCommit(
  before: { [step: string]: Json },
  fallback: string,
): { commit: string; pack?: string | undefined } {
  const made = Object.values(before).flatMap((output) => {
    const parsed = Commit.safeParse(output);
    return parsed.success ? [parsed.data] : [];
  });
  return made.at(-1) ?? { commit: fallback };
}

/** The artifact of that name from the step that built it. @throws SlipwayError artifact-invalid */
export function builtArtifact(before: { [step: string]: Json }, name: string): Artifact {
  for (const output of Object.values(before).toReversed()) {
    const artifact = Built.safeParse(output).data?.artifacts[name];
    if (artifact !== undefined) return artifact;
  }
  throw new SlipwayError('artifact-invalid', `No step before has built "${name}".`, {
    hint: 'Retry the step that builds it.',
  });
}
