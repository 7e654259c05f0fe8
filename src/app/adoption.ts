import { publishedBy } from '../engine/read-outputs.js';
import { openIndex } from '../engine/open-index.js';
import { SlipwayError } from '../error.js';
import { schemeRuleOf } from '../process/version-rule.js';
import type { Process } from '../process/process-file.js';
import type { Actor } from '../release/actor.js';
import {
  adopt,
  adoptionHash,
  type Adoption,
  type FoundLine,
  type KnownLine,
  type SeenBranch,
  type SeenTag,
} from '../release/adoption.js';
import { isCommitTarget, lineId, partsOfLine } from '../release/run-id.js';
import { schemeOf } from '../release/versions/index.js';
import { lineOfBranch, seriesOfTag, type Series } from '../release/versions/tags.js';
import type { Git } from '../services/git/git.js';
import type { Project } from './installation.js';
import { noteClosed } from '../engine/closed-index.js';
import type { Opened } from './wire.js';

/** What a look at a project's tags and branches gives. */
export interface Looked extends Adoption {
  /** What a confirmation names: the hash of everything that would be written, hex. */
  hash: string;
  /** Tags that begin like ours and say no version of the scheme; they are left alone. */
  strange: string[];
}

/** A series with its branches. */
export interface Branched extends Series {
  /** Template of its branches; undefined: it makes none. */
  branch: string | undefined;
}

/** What stands on the remote of one series. */
export interface Seen {
  series: Branched;
  tags: SeenTag[];
  branches: SeenBranch[];
}

/** The series of a process with their schemes: `main`, and those beside it. */
export function seriesOf({ version, series }: Process): Branched[] {
  const main = {
    name: 'main',
    tag: version.tag,
    branch: version.branch,
    scheme: schemeOf(schemeRuleOf(version)),
  };
  const others = Object.entries(series).map(([name, rule]) => ({
    name,
    tag: rule.tag,
    branch: rule.branch,
    scheme: schemeOf(schemeRuleOf(rule)),
  }));
  return [main, ...others];
}

/** Tags and branches of the remote, strictly by template and scheme. A tag is of one series. */
export async function see(
  git: Git,
  name: string,
  process: Process,
): Promise<{ seen: Seen[]; strange: string[] }> {
  const known = { project: name };
  const all = seriesOf(process);
  const [tags, branches] = await Promise.all([
    namesWith(
      all.map(({ tag }) => tag),
      known,
      (prefix) => git.tags(prefix),
    ),
    namesWith(
      all.flatMap(({ branch }) => branch ?? []),
      known,
      (prefix) => git.branches(prefix),
    ),
  ]);
  const strange: string[] = [];
  const found = tags.flatMap((tag) => {
    const own = seriesOfTag(all, tag.name, known);
    if (own === undefined) strange.push(tag.name);
    return own === undefined ? [] : [{ ...tag, ...own }];
  });
  const seen = all.map((series): Seen => ({
    series,
    tags: found.filter((tag) => tag.series.name === series.name),
    branches: branches.flatMap(({ name: branch, commit }) => {
      const line =
        series.branch === undefined ? undefined : lineOfBranch(series.branch, branch, series.scheme, known);
      return line === undefined ? [] : [{ name: branch, line, commit }];
    }),
  }));
  return { seen, strange };
}

/** Everything that begins like one of the templates, each name once. */
async function namesWith<T extends { name: string }>(
  templates: string[],
  known: Readonly<Record<string, string>>,
  list: (prefix: string) => Promise<T[]>,
): Promise<T[]> {
  const prefixes = new Set(
    templates.map((template) => {
      const filled = template.replaceAll(/\{([a-z-]+)\}/g, (whole, name: string) => known[name] ?? whole);
      return filled.slice(0, filled.indexOf('{'));
    }),
  );
  const found = new Map<string, T>();
  for (const prefix of prefixes) for (const one of await list(prefix)) found.set(one.name, one);
  return [...found.values()];
}

/**
 * Looks at what was made by hand in a project's repository: lines that could be taken over, what is ambiguous, and what
 * was changed of lines that Slipway knows. Reads only. `open`: versions that have two readings and are to be open.
 * @throws SlipwayError git-failed
 */
export async function lookAtRemote(
  opened: Opened,
  project: Project,
  open: readonly string[],
): Promise<Looked> {
  const git = await opened.services.git(project.name);
  const { seen, strange } = await see(git, project.name, project.process);
  const known = await knownLines(opened, project.name);
  const looked: Looked = { lines: [], ambiguous: [], changed: [], hash: '', strange };
  for (const { series, tags, branches } of seen) {
    const own = known.filter(
      ({ target }) =>
        seriesOfTag(seriesOf(project.process), series.tag.replace('{version}', target), {
          project: project.name,
        })?.series.name === series.name,
    );
    const hasBranch = series.branch !== undefined;
    const { scheme } = series;
    const part = adopt({ scheme, tags, branches, known: own, hasBranch, open });
    await git.fetch(part.lines.map(({ commit }) => commit));
    looked.changed.push(...part.changed);
    looked.ambiguous.push(...part.ambiguous);
    for (const line of part.lines) {
      const why = await strayed(git, line, branches);
      if (why === '') looked.lines.push(line);
      else looked.ambiguous.push({ target: line.target, why, mayOpen: false });
    }
  }
  const found = [...looked.lines, ...looked.ambiguous].map(({ target }) => target);
  const unknown = open.find((target) => !found.includes(target));
  if (unknown !== undefined) {
    throw new SlipwayError(
      'not-found',
      `${project.name} has no line "${unknown.slice(0, 80)}" to be opened.`,
      {
        hint: `Nothing was changed. Look at what there is: slipway adopt --project ${project.name}`,
      },
    );
  }
  return { ...looked, hash: adoptionHash(project.name, looked.lines) };
}

/** Why a line cannot go on: its tag names no commit, or its newest candidate is not on its branch. */
async function strayed(git: Git, line: FoundLine, branches: readonly SeenBranch[]): Promise<string> {
  if (!(await isCommit(git, line.commit))) return `${line.tag} names a file or a folder and no commit`;
  const head = branches.find(({ name }) => name === line.branch)?.commit;
  if (line.settled !== 'open' || head === undefined) return '';
  await git.fetch([head, line.commit]);
  if (await git.contains(line.commit, head)) return '';
  return `${line.tag} at ${line.commit.slice(0, 7)} is not on the branch ${line.branch}`;
}

/** Whoever may push can tag anything. The object is available locally afterwards. */
async function isCommit(git: Git, object: string): Promise<boolean> {
  await git.fetch([object]);
  try {
    await git.readCommit(object);
    return true;
  } catch (error) {
    if (error instanceof SlipwayError && !error.retryable) return false;
    throw error;
  }
}

async function knownLines({ engine }: Opened, project: string): Promise<KnownLine[]> {
  const found: KnownLine[] = [];
  for (const id of await engine.lines.ids()) {
    const { project: other, target } = partsOfLine(id);
    if (other !== project || isCommitTarget(target)) continue;
    const state = await engine.lines.load(id);
    if (state === undefined) continue;
    found.push({ target, state, commit: await publishedBy(engine, state) });
  }
  return found;
}

/**
 * Versions of lines that stand on the remote and that Slipway does not know, lowest first: a project that has them is
 * not new. `known` are the targets of its lines. For a start, which says so.
 * @throws SlipwayError git-failed
 */
export async function unadopted(
  git: Git,
  project: Pick<Project, 'name' | 'process'>,
  known: readonly string[],
): Promise<string[]> {
  const { seen } = await see(git, project.name, project.process);
  return seen.flatMap(({ series, tags, branches }) => {
    const { scheme, branch } = series;
    const fresh = adopt({ scheme, tags, branches, known: [], hasBranch: branch !== undefined, open: [] });
    return fresh.lines.map(({ target }) => target).filter((target) => !known.includes(target));
  });
}

/**
 * Takes over what was shown, as one person confirmed it: only if exactly that still stands on the remote. Each line is
 * one event; said again after a crash it takes over the rest.
 * @throws SlipwayError seal-changed when something else stands there now, refused where there is nothing
 */
export async function confirmAdoption(
  opened: Opened,
  project: Project,
  ask: { hash: string; open: readonly string[]; by: Actor },
): Promise<FoundLine[]> {
  const { lines, hash } = await lookAtRemote(opened, project, ask.open);
  if (lines.length === 0)
    throw new SlipwayError('refused', `${project.name} has nothing to take over.`, {
      hint: 'Nothing was changed.',
    });
  const read = ask.hash.replaceAll('-', '').toLowerCase();
  // Sixteen digits are shown: eight could be searched for by who may push tags between the look and the confirmation.
  if (read.length < 16 || !hash.startsWith(read)) {
    throw new SlipwayError('seal-changed', `${ask.hash.slice(0, 80)} is not what stands on the remote now.`, {
      hint: `Nothing was taken over. Look again: slipway adopt --project ${project.name}`,
    });
  }
  const { engine, records } = opened;
  for (const line of lines) {
    const { target, settled, version, candidate, commit } = line;
    const id = lineId(project.name, target);
    await openIndex(records).add('lines', id);
    const { state } = await engine.lines.update(id, (now) =>
      now === undefined
        ? { type: 'line.adopted', settled, version, candidate, commit, by: ask.by }
        : undefined,
    );
    if (settled !== 'promoted' || state?.adopted === undefined) continue;
    await noteClosed(records, { project: project.name, target, at: state.adopted.at });
    await openIndex(records).remove('lines', id);
  }
  return lines;
}
