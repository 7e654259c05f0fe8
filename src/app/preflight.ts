import type { StartAsk } from '../engine/engine.js';
import { SlipwayError } from '../error.js';
import type { Process } from '../process/process-file.js';
import { writeVersion } from '../process/version-file.js';
import { listOf } from '../process/inputs.js';
import { fillIn } from '../process/placeholders.js';
import type { LineState } from '../release/line-state.js';
import type { Plan } from '../release/plan.js';
import type { Scheme } from '../release/versions/scheme.js';
import type { Git } from '../services/git/git.js';
import type { Storage } from '../services/storage/storage.js';
import { versionPath } from './next-target.js';
import { tagOf } from './run-commit.js';
import { tagOfVersion, type Tagged } from './tagged.js';

/** How many commits that only a release branch has are looked through for picks. */
const mostOwn = 500;

/** What the preflight looks at. Nothing is changed by it. */
export interface Preflight {
  git: Git;
  storage: (name: string) => Promise<Storage>;
  scheme: Scheme;
  tags: readonly Tagged[];
  process: Process;
  plan: Plan;
  ask: StartAsk;
  line: LineState | undefined;
  /** The commit that the line published last; undefined: none. */
  published: string | undefined;
  /** The next version that could be cut; '' where the scheme has none. */
  nextFree: string;
}

/**
 * Refuses what cannot end well before anything is made: a version that exists, a branch that stands in the way, a
 * release of nothing new.
 * @throws SlipwayError refused, effect-differs, config-invalid
 */
export async function preflight(look: Preflight): Promise<void> {
  const { plan, line } = look;
  switch (plan.kind) {
    case 'none':
      return requireNothingOfALine(plan);
    case 'start':
    case 'hotfix':
      await requireFreeFinal(look);
      // A first run that stopped goes on with what it made; its steps compare every object.
      if (line?.settled !== 'stopped') {
        await requireFreeBranch(look);
        requireFreeCandidate(look);
      }
      if (line === undefined && plan.kind === 'start') await requireNewsSinceRelease(look);
      return;
    case 'change':
      await requireFreeFinal(look);
      requireFreeCandidate(look);
      return requireNewsSinceCandidate(look);
    case 'publish':
      return requireFreeFinal(look);
    case 'work':
      return requireNothingFinal(look.plan);
    case 'final':
    case 'end':
  }
}

const ofALine = new Map([
  ['branch', 'makes the branch'],
  ['commit', 'commits to the branch'],
  ['push', 'pushes to the branch'],
  ['tag', 'makes the tag'],
  ['store', 'fills the archive'],
]);

/** Outside of all lines the version is only what the file says: its names belong to the line that will be cut. */
function requireNothingOfALine({ operation, version, steps }: Plan): void {
  const step = steps.find((one) => ofALine.has(one.kind));
  if (step === undefined) return;
  throw new SlipwayError(
    'config-invalid',
    `${operation} has "line: none", and its step "${step.id}" ${ofALine.get(step.kind)} of ${version}, which is not released by it.`,
    { hint: 'Nothing was started. Give the operation a line, or take the step out.' },
  );
}

/** Work on an open line goes under the final version's name, and nothing of it was approved. */
function requireNothingFinal({ operation, version, steps }: Plan): void {
  const step = steps.find(({ kind }) => kind === 'tag' || kind === 'store' || kind === 'channel');
  if (step === undefined) return;
  throw new SlipwayError(
    'config-invalid',
    `${operation} makes no version, and its step "${step.id}" would publish ${version}, which is not approved.`,
    { hint: 'Nothing was started. Say "next: [rc]" if it makes a candidate, or take the step out.' },
  );
}

/** The final version has no tag yet, and none of its archives. Versions are compared, never parts of names. */
async function requireFreeFinal({
  storage,
  process,
  scheme,
  tags,
  plan,
  nextFree,
}: Preflight): Promise<void> {
  const { project, target } = plan;
  const tag = tagOf(process, project, target, target);
  const there = tagOfVersion(tags, scheme, target);
  if (there !== undefined) {
    throw taken(
      `${target} exists: the tag ${there.tag} stands at ${there.commit.slice(0, 7)}. A final version is never overwritten.`,
      plan,
      nextFree,
      process,
    );
  }
  if (plan.forced) return;
  for (const { archive } of Object.values(process.artifacts)) {
    if (archive === undefined) continue;
    const key = fillIn(archive.path, 'path', {}, { version: target, line: target, project, tag });
    const place = await storage(archive.in);
    const object = await place.head(key);
    if (object === undefined) continue;
    throw taken(
      `${target} exists: ${place.address}/${key} is there, ${object.size} bytes, sha256:${object.sha256.slice(0, 12)}. A final version is never overwritten.`,
      plan,
      nextFree,
      process,
      ' Who may replace it says --force.',
    );
  }
}

function taken(
  message: string,
  { kind, target }: Plan,
  nextFree: string,
  process: Process,
  more = '',
): SlipwayError {
  const path = versionPath(process);
  const next =
    kind === 'start' && nextFree !== ''
      ? ` The next free version is ${nextFree}${path === '' ? '' : `: write it into ${path}`}.`
      : kind === 'start'
        ? ''
        : ` Somebody released ${target} by hand: adopt it (slipway adopt), and go on with a new line.`;
  return new SlipwayError('refused', message, { hint: `Nothing was started.${next}${more}` });
}

/** No branch of that name stands anywhere else. */
async function requireFreeBranch({ git, plan }: Preflight): Promise<void> {
  if (plan.branch === '') return;
  const ref = `refs/heads/${plan.branch}`;
  const there = (await git.remoteRefs([ref])).get(ref)?.commit;
  if (there === undefined || there === plan.commit) return;
  throw new SlipwayError(
    'refused',
    `The branch ${plan.branch} exists already, at ${there.slice(0, 7)}, and Slipway did not make it.`,
    {
      hint: 'Nothing was started. It was made by hand: adopt it (slipway adopt), or delete it if nobody needs it.',
    },
  );
}

/** No tag of the candidate that the run would make. */
function requireFreeCandidate({ scheme, tags, plan }: Preflight): void {
  if (plan.candidate === '') return;
  const there = tagOfVersion(tags, scheme, plan.version);
  if (there === undefined) return;
  throw new SlipwayError(
    'refused',
    `${plan.version} exists: the tag ${there.tag} stands at ${there.commit.slice(0, 7)}, and Slipway did not make it.`,
    {
      hint: 'Nothing was started. It was made by hand: adopt it (slipway adopt), or delete it if nobody needs it.',
    },
  );
}

/** The default branch holds more than the last release: one commit is not released twice by accident. */
async function requireNewsSinceRelease({ git, scheme, tags, plan, ask }: Preflight): Promise<void> {
  if (plan.previous === '' || ask.again === true) return;
  const last = tagOfVersion(tags, scheme, plan.previous)?.commit;
  if (last === undefined || (await hasNews(git, plan, last))) return;
  throw nothingNew(`${plan.defaultBranch} at ${plan.commit.slice(0, 7)}`, plan.previous, ask);
}

/** The release branch holds more than the last candidate, or something is brought in. */
async function requireNewsSinceCandidate({ git, plan, ask, line, published }: Preflight): Promise<void> {
  if (ask.again === true || published === undefined || (await bringsIn(git, plan))) return;
  if (await hasNews(git, plan, published)) return;
  const since = line?.candidate === 0 ? plan.previous : (line?.version ?? '');
  throw nothingNew(plan.branch, since, ask);
}

/** Whether some step picks a commit that the branch has not. What cannot be told is said by the step itself. */
async function bringsIn(git: Git, { steps, commit }: Plan): Promise<boolean> {
  const names = steps.flatMap(picksOf);
  if (names.length === 0) return false;
  const { commit: main } = await git.defaultBranch();
  await git.fetch([main, commit]);
  const own = await git.history(commit, { since: main, limit: mostOwn });
  const lines = new Set(own.flatMap(({ message }) => message.split('\n')));
  for (const name of names) {
    const sha = await resolved(git, name);
    if (sha === undefined) return true;
    if (lines.has(`(cherry picked from commit ${sha})`) || (await git.contains(sha, commit))) continue;
    return true;
  }
  return false;
}

async function resolved(git: Git, name: string): Promise<string | undefined> {
  try {
    return await git.resolve(name);
  } catch (error) {
    if (error instanceof SlipwayError && !error.retryable) return undefined;
    throw error;
  }
}

/** The commits that a step brings from elsewhere, as they were named. */
function picksOf({ kind, config }: Plan['steps'][number]): string[] {
  if (kind !== 'cherry-pick' || typeof config !== 'object' || config === null || Array.isArray(config))
    return [];
  const { commits } = config;
  return listOf(Array.isArray(commits) ? commits.join(' ') : typeof commits === 'string' ? commits : '');
}

/** Whether anything but the version differs between what was published and what would be. */
async function hasNews(git: Git, { commit, versionFiles, follow }: Plan, last: string): Promise<boolean> {
  if (commit === last) return false;
  await git.fetch([commit, last]);
  const bumped = new Set(versionFiles.map((place) => place.path));
  if (follow.length > 0) {
    // Which lock files follow the version nobody says; the commit that set it has changed them.
    const [parent] = (await git.readCommit(last)).parents;
    const set = parent === undefined ? [] : await git.changedPaths(parent, last);
    if (set.some((path) => bumped.has(path))) for (const path of set) bumped.add(path);
  }
  const changed = await git.changedPaths(last, commit);
  if (changed.some((path) => !bumped.has(path))) return true;
  for (const path of new Set(versionFiles.map((place) => place.path))) {
    const places = versionFiles.filter((place) => place.path === path);
    if (changed.includes(path) && (await saysMore(git, places, commit, last))) return true;
  }
  return false;
}

/** Whether a version file differs in more than its version: a dependency that was raised is a fix, too. */
async function saysMore(
  git: Git,
  places: Plan['versionFiles'],
  commit: string,
  last: string,
): Promise<boolean> {
  const [first] = places;
  if (first === undefined) return false;
  const files = await Promise.all([commit, last].map((at) => git.readFile(at, first.path)));
  const without = files.map((bytes) => {
    if (bytes === undefined) return '';
    try {
      return Buffer.from(places.reduce((file, place) => writeVersion(place, file, '0'), bytes)).toString();
    } catch (error) {
      if (error instanceof SlipwayError && error.code === 'config-invalid') return '';
      throw error;
    }
  });
  return without[0] !== without[1];
}

function nothingNew(where: string, since: string, { operation }: StartAsk): SlipwayError {
  return new SlipwayError('refused', `There is nothing new on ${where} since ${since}.`, {
    hint: `Nothing was started. To build it once more under a new number: slipway release ${operation} --again`,
  });
}
