import { closedLines } from '../engine/closed-index.js';
import { lineName, type LineName } from '../release/line-state.js';
import { lineId } from '../release/run-id.js';
import type { Version } from '../release/versions/scheme.js';
import type { Git, HistoryEntry } from '../services/git/git.js';
import { see, seriesOf } from './adoption.js';
import type { Project } from './installation.js';
import { servedBy } from './served.js';
import type { Opened } from './wire.js';

/** The first version of a release line that holds a commit. */
export interface Holder {
  line: string;
  /** The lowest version of the line that holds it, and its tag. */
  version: string;
  tag: string;
  isFinal: boolean;
  /** What the line is now, by the journal. */
  name: LineName;
  /** When that version was made, in ms. */
  since: number;
  /** The commit there that was picked from it, by its `-x` line; '' where the version holds the very commit. */
  as: string;
}

/** Where a commit is. */
export interface Whereabouts {
  commit: HistoryEntry | undefined;
  sha: string;
  /** Lowest line first. */
  holders: Holder[];
  channels: { channel: string; version: string; holds: boolean }[];
  /** Short names of the default branch and of release branches that hold it. */
  branches: string[];
  /** Of a commit that no version holds: how many commits it is after the newest one; `more` where that is only the least. */
  after: { tag: string; commits: number; more: boolean } | undefined;
}

/** How many commits that only a release branch has are looked through for picks. */
const mostOwn = 500;

/** How many commits are counted at most. */
const most = 1_000;

/**
 * Looks in which releases, candidates, lines and channels a commit is, by any parent. `what`: a commit (7 to 40 digits),
 * a version, a tag or a branch.
 * @throws SlipwayError not-found | command-invalid | git-failed
 */
export async function whereIs(opened: Opened, project: Project, what: string): Promise<Whereabouts> {
  const git = await opened.services.git(project.name);
  const { seen } = await see(git, project.name, project.process);
  const tags = seen.flatMap((one) => one.tags.map((tag) => ({ ...tag, series: one.series })));
  const named = tags.find(({ version }) => version.text === what);
  const sha = await git.resolve(named === undefined ? what : `refs/tags/${named.name}`);
  const main = await git.defaultBranch();
  const branches = [main, ...seen.flatMap((one) => one.branches)];
  const heads = [...new Set([...tags, ...branches].map(({ commit }) => commit))];
  await git.fetch([sha, ...heads]);
  const holding = new Set(await git.mergedInto(sha, heads));
  const picks = await picksOf(
    git,
    sha,
    main.commit,
    heads.filter((head) => !holding.has(head)),
  );
  const own = tags.flatMap((tag) => {
    const as = holding.has(tag.commit) ? '' : picks.get(tag.commit);
    return as === undefined ? [] : [{ ...tag, as }];
  });
  const [commit] = await git.history(sha, { limit: 1 });
  return {
    commit,
    sha,
    holders: await holdersOf(opened, project, git, own),
    channels: await channelsOf(
      opened,
      project,
      own.map(({ version }) => version.text),
    ),
    branches: [...new Set(branches.flatMap((one) => (holding.has(one.commit) ? [one.name] : [])))],
    after: own.length > 0 ? undefined : await after(git, project, sha, tags),
  };
}

type Tag = { name: string; version: Version; commit: string; series: { name: string } };

/** By head: the commit in its own history that says it was picked from `sha`. */
async function picksOf(git: Git, sha: string, main: string, heads: string[]): Promise<Map<string, string>> {
  const picks = new Map<string, string>();
  for (const head of heads) {
    const own = await git.history(head, { since: main, limit: mostOwn });
    const pick = own.find(({ message }) =>
      message.split('\n').includes(`(cherry picked from commit ${sha})`),
    );
    if (pick !== undefined) picks.set(head, pick.commit);
  }
  return picks;
}

async function holdersOf(
  opened: Opened,
  project: Project,
  git: Git,
  tags: (Tag & { as: string })[],
): Promise<Holder[]> {
  const closed = await closedLines(opened.records, project.name);
  const holders: Holder[] = [];
  for (const { name: series, scheme } of seriesOf(project.process)) {
    const own = tags.filter((tag) => tag.series.name === series);
    const inOrder = own.toSorted((a, b) => scheme.compare(a.version, b.version));
    // A line says it once: by its final version where that holds it, for that is what people have.
    const lines = new Set(inOrder.map(({ version }) => version.line));
    for (const line of lines) {
      const mine = inOrder.filter(({ version }) => version.line === line);
      const first = mine.find(({ version }) => version.candidate === undefined) ?? mine[0];
      if (first === undefined) continue;
      const state = await opened.engine.lines.load(lineId(project.name, line));
      const isFinal = first.version.candidate === undefined;
      const isOurs = isFinal && state !== undefined && state.adopted === undefined;
      const known = isOurs ? closed.find(({ target }) => target === line)?.at : undefined;
      const made = known ?? (await git.history(first.commit, { limit: 1 }))[0]?.date ?? 0;
      const { text: version } = first.version;
      holders.push({
        line,
        version,
        tag: first.name,
        isFinal,
        name: lineName(state),
        since: made,
        as: first.as,
      });
    }
  }
  return holders;
}

async function channelsOf(
  opened: Opened,
  project: Project,
  versions: string[],
): Promise<Whereabouts['channels']> {
  const names = Object.keys(project.process.channels);
  return Promise.all(
    names.map(async (channel) => {
      const { version } = await servedBy(opened, project, channel);
      return { channel, version, holds: versions.includes(version) };
    }),
  );
}

/** How far a commit is behind the newest version: commits that the version does not hold. */
async function after(git: Git, project: Project, sha: string, tags: Tag[]): Promise<Whereabouts['after']> {
  const main = seriesOf(project.process)[0]?.scheme;
  const own = tags.filter(({ series }) => series.name === 'main');
  const newest = own.toSorted((a, b) => main?.compare(a.version, b.version) ?? 0).at(-1);
  if (newest === undefined) return undefined;
  const commits = await git.history(sha, { since: newest.commit, limit: most + 1 });
  return { tag: newest.name, commits: Math.min(commits.length, most), more: commits.length > most };
}
