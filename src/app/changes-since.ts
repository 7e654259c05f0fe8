import { SlipwayError } from '../error.js';
import type { Plan } from '../release/plan.js';
import { readOnlyGit } from '../services/read-only.js';
import { runOfTrailer } from '../steps/trailer.js';
import type { Opened } from './wire.js';

/** More than anybody counts. */
const most = 1_000;

/**
 * Commits since the version before, where its tag stands on the remote; our own version commits are no changes. A number
 * that cannot be had is no failure.
 */
export async function changesSince(
  { services }: Pick<Opened, 'services'>,
  plan: Plan,
): Promise<number | undefined> {
  const { previous, version, tag, commit } = plan;
  const parts = tag.split(version);
  if (previous === '' || version === '' || parts.length !== 2) return undefined;
  const ref = `refs/tags/${parts.join(previous)}`;
  try {
    const git = readOnlyGit(await services.git(plan.project));
    const from = (await git.remoteRefs([ref])).get(ref)?.commit;
    if (from === undefined) return undefined;
    await git.fetch([from, commit]);
    const found = await git.history(commit, { since: from, limit: most, firstParent: true });
    return found.filter(({ message }) => runOfTrailer(message) === '').length;
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}
