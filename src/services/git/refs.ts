import { SlipwayError } from '../../error.js';
import type { Git } from './git.js';
import { checkCommit, checkRef, isRef } from './names.js';
import type { RunGit } from './run-git.js';

/** What a look at the remote needs: git, and the options and address of the remote. */
export interface RemotePlace {
  run: RunGit;
  remote: string[];
}

const limits = { isRemote: true, timeoutMs: 120_000 };

async function lsRemote(
  { run, remote }: RemotePlace,
  options: string[],
  names: string[],
): Promise<[string, string][]> {
  const { stdout } = await run(['ls-remote', ...options, ...remote, ...names], limits);
  return stdout
    .toString()
    .split('\n')
    .flatMap((line): [string, string][] => {
      const [value, name] = line.split('\t');
      return value !== undefined && name !== undefined ? [[name, value]] : [];
    });
}

/** What the remote's refs point at now, as Git.remoteRefs says. */
export async function lookUp(place: RemotePlace, refs: string[]): ReturnType<Git['remoteRefs']> {
  const found = new Map<string, { object: string; commit: string }>();
  if (refs.length === 0) return found;
  const names = refs
    .map(checkRef)
    .flatMap((ref) => (ref.startsWith('refs/tags/') ? [ref, `${ref}^{}`] : [ref]));
  // Only exactly these names count: ls-remote matches the ends of names.
  const answers = new Map(await lsRemote(place, [], names));
  for (const ref of refs) {
    const object = answers.get(ref);
    if (object === undefined) continue;
    found.set(ref, { object: checkCommit(object), commit: checkCommit(answers.get(`${ref}^{}`) ?? object) });
  }
  return found;
}

/** The default branch as Git.defaultBranch says. */
export async function defaultBranch(place: RemotePlace): ReturnType<Git['defaultBranch']> {
  const answers = (await lsRemote(place, ['--symref'], ['HEAD'])).filter(([name]) => name === 'HEAD');
  const ref = answers.map(([, value]) => /^ref: (refs\/heads\/.+)$/.exec(value)?.[1]).find(Boolean);
  const commit = answers.map(([, value]) => value).find((value) => /^[0-9a-f]{40}$/.test(value));
  if (ref === undefined || commit === undefined) {
    throw new SlipwayError('git-failed', 'The remote has no default branch, or it has no commit yet.', {
      hint: 'Push a first commit, and let HEAD of the remote name a branch.',
    });
  }
  return { name: checkRef(ref).slice('refs/heads/'.length), commit };
}

/**
 * All tags or branches whose short name starts with `prefix`, in the order of their names. Names that Slipway would
 * never take are left out: nothing can be done with them here.
 */
export async function listRefs(
  place: RemotePlace,
  kind: 'tags' | 'heads',
  prefix: string,
): Promise<{ name: string; object: string; commit: string }[]> {
  const folder = `refs/${kind}/`;
  // The prefix may end in the middle of a name.
  if (prefix !== '') checkRef(`${folder}${prefix}x`);
  const answers = new Map(await lsRemote(place, [`--${kind}`], []));
  return [...answers]
    .filter(([ref]) => ref.startsWith(`${folder}${prefix}`) && isRef(ref))
    .map(([ref, object]) => ({
      name: ref.slice(folder.length),
      object: checkCommit(object),
      commit: checkCommit(answers.get(`${ref}^{}`) ?? object),
    }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}
