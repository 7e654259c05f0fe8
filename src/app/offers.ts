import { plain } from '../chat/views/plain.js';
import { publishedBy } from '../engine/read-outputs.js';
import { openIndex } from '../engine/open-index.js';
import { asSlipwayError } from '../error.js';
import { fillIn } from '../process/placeholders.js';
import type { Change, LineState } from '../release/line-state.js';
import { isCommitTarget, lineId, partsOfLine } from '../release/run-id.js';
import type { Git } from '../services/git/git.js';
import { runOfTrailer } from '../steps/trailer.js';
import type { Project } from './installation.js';
import type { Opened } from './wire.js';

/** How often branches are looked at, in ms: one question to the remote for each project with an open line. */
const everyMs = 60_000;
/** More changes than this are not counted. */
const mostCounted = 200;
/** Changes that the journal keeps, and how many characters of their texts: they must fit into one record. */
const mostKept = 20;
const subjectLength = 100;
const authorLength = 40;

const heads = 'refs/heads/';

/** An open line on which nothing acts. */
interface Watched {
  target: string;
  line: LineState;
  /** Full name of its release branch. */
  ref: string;
}

/**
 * Looks at the release branches of open lines, and records what people have merged since the newest candidate: git is the
 * source, whether a forge tells of it or not. Lines without a release branch are left out: there everything that is
 * merged would be offered. Says so to `touch` with the run that made the candidate.
 */
export async function lookForOffers(opened: Opened, touch: (run: string) => void): Promise<void> {
  const { projects } = await opened.installation();
  // Without a candidate there is nothing that a next one would replace.
  const lines = (await openLines(opened, projects)).filter(({ line }) => line.candidate > 0);
  for (const name of new Set(lines.map(({ project }) => project.name))) {
    const own = lines.filter(({ project }) => project.name === name);
    try {
      const git = await opened.services.git(name);
      const found = await git.remoteRefs(own.map(({ ref }) => ref));
      for (const one of own) {
        const head = found.get(one.ref)?.commit;
        if (head !== undefined && (await lookAt(opened, git, name, one, head))) touch(one.line.reached ?? '');
      }
    } catch (error) {
      opened.engine.warn(`merged fixes of ${name} are not looked for: ${asSlipwayError(error).message}`);
    }
  }
}

/** The release branches of a project on which people can merge for a next candidate, the one that moved last first. */
export async function openBranches(opened: Opened, project: string): Promise<string[]> {
  const lines = await openLines(opened, (await opened.installation()).projects);
  return lines
    .filter((one) => one.project.name === project)
    .sort((a, b) => b.line.at - a.line.at)
    .map(({ ref }) => ref.slice(heads.length));
}

/** Looks now, and from time to time until it is stopped. */
export function watchOffers(opened: Opened, touch: (run: string) => void): { stop(): void } {
  let isBusy = false;
  const look = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    try {
      await lookForOffers(opened, touch);
    } catch (error) {
      opened.engine.warn(`merged fixes are not looked for: ${asSlipwayError(error).message}`);
    } finally {
      isBusy = false;
    }
  };
  void look();
  const timer = setInterval(() => void look(), everyMs);
  return { stop: () => clearInterval(timer) };
}

async function openLines(
  { records, engine }: Opened,
  projects: Record<string, Project>,
): Promise<(Watched & { project: Project })[]> {
  const found: (Watched & { project: Project })[] = [];
  for (const id of await openIndex(records).list('lines')) {
    const { project: name, target } = partsOfLine(id);
    const project = Object.hasOwn(projects, name) ? projects[name] : undefined;
    if (project === undefined || isCommitTarget(target) || changeOf(project) === undefined) continue;
    const ref = branchOf(project, target);
    if (ref === undefined) continue;
    const line = await engine.lines.load(id).catch((error: unknown) => {
      engine.warn(`merged fixes of ${name} ${target} are not looked for: ${asSlipwayError(error).message}`);
    });
    const isOpen = line?.settled === 'open' || line?.settled === 'open-without-candidate';
    if (isOpen && line.active === undefined && !line.committed) found.push({ project, target, line, ref });
  }
  return found;
}

function branchOf({ name, process }: Project, target: string): string | undefined {
  const { branch } = process.version;
  if (branch === undefined) return undefined;
  return `${heads}${fillIn(branch, 'ref', {}, { version: target, line: target, project: name })}`;
}

/** The operation that makes the next candidate; undefined: the process has none. */
export function changeOf({ process }: Pick<Project, 'process'>): string | undefined {
  return Object.values(process.operations).find(({ kind }) => kind === 'change')?.name;
}

/** true: something was recorded. */
async function lookAt(
  { engine }: Opened,
  git: Git,
  project: string,
  { target, line }: Watched,
  head: string,
): Promise<boolean> {
  const { version: candidate } = line;
  const standing = line.offer?.candidate === candidate ? line.offer : undefined;
  const since = await publishedBy(engine, line);
  if (since === undefined || standing?.head === head || (standing === undefined && head === since))
    return false;
  const merged = await mergedSince(git, head, since);
  if (merged.length === 0 && standing === undefined) return false;
  const { written } = await engine.lines.update(lineId(project, target), (now) =>
    now?.seq === line.seq
      ? {
          type: 'line.offered',
          candidate,
          head,
          count: merged.length,
          commits: merged.slice(0, mostKept),
        }
      : undefined,
  );
  return written;
}

/** What people merged, newest first; [] where the branch was rewritten, about which a start says more. */
async function mergedSince(git: Git, head: string, since: string): Promise<Change[]> {
  await git.fetch([head, since]);
  if (!(await git.contains(since, head))) return [];
  const entries = await git.history(head, { since, limit: mostCounted, firstParent: true });
  return entries
    .filter(({ message }) => runOfTrailer(message) === '')
    .map(({ commit, subject, author }) => ({
      commit,
      subject: clipped(subject, subjectLength),
      author: clipped(author, authorLength),
    }));
}

function clipped(text: string, length: number): string {
  const letters = [...plain(text)];
  return letters.length <= length ? letters.join('') : `${letters.slice(0, length - 1).join('')}…`;
}
