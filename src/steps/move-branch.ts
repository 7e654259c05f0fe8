import { SlipwayError } from '../error.js';
import type { Git } from '../services/git/git.js';

/** The commit that a branch stands at on the remote now, or undefined. */
export async function headOf(git: Git, branch: string): Promise<string | undefined> {
  const ref = `refs/heads/${branch}`;
  return (await git.remoteRefs([ref])).get(ref)?.commit;
}

/**
 * Moves a branch from where it is expected (a sha, or `absent`) to a commit that is here, and reads it back.
 * @throws SlipwayError commit-moved
 */
export async function moveBranch(
  git: Git,
  move: { branch: string; to: string; expected: string },
  effect: <T>(send: () => Promise<T>) => Promise<T>,
): Promise<void> {
  const { branch, to, expected } = move;
  await effect(() => git.push([{ ref: `refs/heads/${branch}`, to, expected }]));
  const head = await headOf(git, branch);
  if (head === to) return;
  throw new SlipwayError(
    'commit-moved',
    `The branch ${branch} stands at ${head?.slice(0, 7) ?? 'nothing'}: somebody else moved it.`,
    { hint: 'Nothing was overwritten. Cancel this run and start again at what is there now.' },
  );
}
