import { SlipwayError } from '../../error.js';
import { fetchCommits } from './fetch.js';
import { checkRef } from './names.js';
import { defaultBranch, listRefs, lookUp, type RemotePlace } from './refs.js';

const askedFor = 'Write 7 to 40 digits of its sha, or the whole name of a tag or branch.';

function shown(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}

function unknown(name: string): SlipwayError {
  return new SlipwayError('not-found', `The repository has no commit, tag or branch ${shown(name)}.`, {
    hint: `Nothing was done. ${askedFor}`,
  });
}

/** The kind of each object that is here: `commit`, `tag`, …; what is missing is left out. */
async function kindsOf({ run }: RemotePlace, shas: string[]): Promise<Map<string, string>> {
  const { stdout } = await run(['cat-file', '--batch-check=%(objectname) %(objecttype)'], {
    input: shas.map((sha) => `${sha}\n`).join(''),
  });
  const lines = stdout.toString().matchAll(/^([0-9a-f]{40}) (commit|tag|tree|blob)$/gm);
  return new Map([...lines].map(([, sha = '', kind = '']) => [sha, kind]));
}

/** Commits and tags in the mirror whose sha begins so. */
async function beginningWith(place: RemotePlace, digits: string): Promise<Map<string, string>> {
  const { stdout } = await place.run(['rev-parse', `--disambiguate=${digits}`], { answers: [128] });
  const kinds = await kindsOf(place, stdout.toString().split('\n').filter(Boolean));
  return new Map([...kinds].filter(([, kind]) => kind === 'commit' || kind === 'tag'));
}

/** The commit behind a tag object that is here. */
async function peel({ run }: RemotePlace, name: string, sha: string): Promise<string> {
  const { exit, stdout } = await run(
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${sha}^{commit}`],
    {
      answers: [1, 128],
    },
  );
  const commit = /^[0-9a-f]{40}$/m.exec(stdout.toString())?.[0];
  if (exit === 0 && commit !== undefined) return commit;
  throw noCommit(name);
}

function noCommit(name: string): SlipwayError {
  return new SlipwayError('command-invalid', `${shown(name)} is no commit.`, {
    hint: `Nothing was done. ${askedFor}`,
  });
}

async function fromDigits(place: RemotePlace, digits: string): Promise<string | undefined> {
  let found = await beginningWith(place, digits);
  if (found.size === 0 && digits.length === 40) {
    // It may be behind no ref; some servers hand it out all the same.
    await fetchCommits(place, [digits]).catch((error: unknown) => {
      if (!(error instanceof SlipwayError) || error.retryable) throw error;
    });
    found = await beginningWith(place, digits);
  }
  if (found.size === 0) {
    const tips = [...(await listRefs(place, 'heads', '')), ...(await listRefs(place, 'tags', ''))];
    await fetchCommits(place, [...new Set(tips.map((tip) => tip.commit))]);
    found = await beginningWith(place, digits);
  }
  const [only] = found.keys();
  if (found.size < 2) return only === undefined ? undefined : peel(place, digits, only);
  throw new SlipwayError(
    'command-invalid',
    `${digits} is the beginning of ${found.size} commits: ${[...found.keys()].slice(0, 5).join(', ')}.`,
    { hint: 'Nothing was done. Write more digits.' },
  );
}

async function fromName(place: RemotePlace, name: string): Promise<string | undefined> {
  const names = name.startsWith('refs/') ? [name] : [`refs/tags/${name}`, `refs/heads/${name}`];
  const commits = [...(await lookUp(place, names.map(checkRef))).values()].map(({ commit }) => commit);
  if (new Set(commits).size < 2) return commits[0];
  throw new SlipwayError(
    'command-invalid',
    `${name} is both a tag and a branch, and they stand at different commits.`,
    {
      hint: `Nothing was done. Write refs/tags/${name} or refs/heads/${name}.`,
    },
  );
}

/** The full sha of the commit that a person means, as Git.resolve says. */
export async function resolve(place: RemotePlace, name: string): Promise<string> {
  // What is on the default branch is what people usually name, and short shas are looked up in what is here.
  const isSha = /^[0-9a-f]{7,40}$/i.test(name);
  if (isSha) await fetchCommits(place, [(await defaultBranch(place)).commit]);
  const digits = isSha ? await fromDigits(place, name.toLowerCase()) : undefined;
  const commit = digits ?? (name.length === 40 && isSha ? undefined : await byName(place, name));
  if (commit === undefined) throw unknown(name);
  await fetchCommits(place, [commit]);
  // A tag can name a file or a folder.
  if ((await kindsOf(place, [commit])).get(commit) !== 'commit') throw noCommit(name);
  return commit;
}

async function byName(place: RemotePlace, name: string): Promise<string | undefined> {
  try {
    checkRef(name.startsWith('refs/') ? name : `refs/heads/${name}`);
  } catch (cause) {
    throw new SlipwayError(
      'command-invalid',
      `${shown(name)} cannot be the name of a commit, tag or branch.`,
      {
        cause,
        hint: `Nothing was done. ${askedFor}`,
      },
    );
  }
  return fromName(place, name);
}
