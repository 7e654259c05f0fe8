import { z } from 'zod';
import type { Blobs } from '../engine/ports/blobs.js';
import { SlipwayError } from '../error.js';
import type { Json } from '../release/plan.js';
import type { Git } from '../services/git/git.js';

/** Outputs that later steps read, whatever kind of step made them. */
const Commit = z.looseObject({
  commit: z.string(),
  pack: z.string().optional(),
  branch: z.string().optional(),
  /** `yes`: on another branch than the line's, so that nothing of it is built or tagged. */
  aside: z.string().optional(),
});
const Built = z.looseObject({
  artifacts: z.record(z.string(), z.object({ name: z.string(), sha256: z.string(), size: z.number() })),
});

/** A file that a build left, in the blobs. */
export interface Artifact {
  name: string;
  sha256: string;
  size: number;
}

type Outputs = { [step: string]: Json };

/** Where a branch stands by the outputs of this run. */
export interface Tip {
  commit: string;
  /** Blob with the objects that the remote has not, or ''. */
  pack: string;
  /** What the remote has by now, or `absent` for a branch that is yet to be made. */
  pushed: string;
}

function commitsOf(before: Outputs): z.output<typeof Commit>[] {
  return Object.values(before).flatMap((output) => {
    const parsed = Commit.safeParse(output);
    return parsed.success ? [parsed.data] : [];
  });
}

/**
 * The newest commit of the line that a step before made, or the run's own. `pack` is the blob of a commit that is not
 * pushed yet.
 */
export function newestCommit(
  before: Outputs,
  fallback: string,
): { commit: string; pack?: string | undefined } {
  const made = commitsOf(before).filter(({ aside }) => aside !== 'yes');
  return made.at(-1) ?? { commit: fallback };
}

/**
 * Where a branch stands after the steps before. Another branch than the line's begins where a step of this run made it;
 * where none did it is new, and begins at the run's own commit.
 */
export function tipOf(before: Outputs, facts: { commit: string; branch: string }, branch: string): Tip {
  const isLine = branch === facts.branch;
  const made = commitsOf(before).filter((one) =>
    isLine ? one.aside !== 'yes' : one.aside === 'yes' && one.branch === branch,
  );
  const newest = made.at(-1);
  return {
    commit: newest?.commit ?? facts.commit,
    pack: newest?.pack ?? '',
    pushed: made.findLast(({ pack = '' }) => pack === '')?.commit ?? (isLine ? facts.commit : 'absent'),
  };
}

/** Makes a commit of this run available in the mirror, from the remote or from its pack. */
export async function bringIn(
  { git, blobs, base }: { git: Git; blobs: Blobs; base: string },
  { commit, pack }: { commit: string; pack?: string | undefined },
): Promise<void> {
  if (pack === undefined || pack === '') return git.fetch([commit]);
  // Packs hold everything since the commit that the run began at.
  await git.fetch([base]);
  await git.takeIn(await blobs.get(pack));
}

/** Where the artifacts stand that are copied from the candidate, among the outputs of steps; no step can be called so. */
const copiedKey = ':candidate';

/** The outputs that a run begins with: what it copies from the candidate, as if a step had built it. */
export function copiedOutputs(copied: { [artifact: string]: Artifact }): Outputs {
  const artifacts = Object.fromEntries(Object.entries(copied).map(([name, one]) => [name, { ...one }]));
  return Object.keys(artifacts).length === 0 ? {} : { [copiedKey]: { artifacts } };
}

/** The artifacts that the steps of a run have built, the newest of each name. */
export function builtArtifacts(before: Outputs): { [artifact: string]: Artifact } {
  return Object.assign(
    {},
    ...Object.values(before).map((output) => Built.safeParse(output).data?.artifacts ?? {}),
  );
}

/** The artifact of that name from the step that built it. @throws SlipwayError artifact-invalid */
export function builtArtifact(before: Outputs, name: string): Artifact {
  for (const output of Object.values(before).toReversed()) {
    const artifact = Built.safeParse(output).data?.artifacts[name];
    if (artifact !== undefined) return artifact;
  }
  throw new SlipwayError('artifact-invalid', `No step before has built "${name}".`, {
    hint: 'Retry the step that builds it.',
  });
}
