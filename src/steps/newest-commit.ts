import type { Git } from '../services/git/git.js';

/** What becomes of a channel that serves the built commit furthest along the default branch. */
export type Furthest =
  /** The run's commit is further, or nothing is served yet. `replaces`: what is served is no longer in the history. */
  | { serve: 'ours'; replaces: string }
  /** What is served is a descendant of the run's commit. */
  | { serve: 'theirs' }
  /** The run's own commit is no longer in the history of the default branch. */
  | { serve: 'theirs'; gone: true };

/**
 * Compares what a channel serves with the commit that was built, along the first parents of the default branch as it
 * is now. `served`: the full sha from the channel's metadata; '' or anything else counts as not in the history.
 */
export async function furthest(git: Git, served: string, built: string): Promise<Furthest> {
  const { commit: head } = await git.defaultBranch();
  await git.fetch([head]);
  if (!(await git.isFirstParentAncestor(built, head))) return { serve: 'theirs', gone: true };
  if (served === '' || served === built) return { serve: 'ours', replaces: '' };
  const isCommit = /^[0-9a-f]{40}$/.test(served);
  if (!isCommit || !(await git.isFirstParentAncestor(served, head)))
    return { serve: 'ours', replaces: served };
  return (await git.isFirstParentAncestor(built, served))
    ? { serve: 'theirs' }
    : { serve: 'ours', replaces: '' };
}
