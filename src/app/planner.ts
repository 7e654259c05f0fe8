import type { Planner, StartAsk } from '../engine/engine.js';
import { SlipwayError } from '../error.js';
import { engineGaps, resolveOperation } from '../process/load-process.js';
import { fillIn, type PlaceholderValues } from '../process/placeholders.js';
import type { Operation, Process } from '../process/process-file.js';
import type { LineVersions } from '../release/channel.js';
import { stemOf, type LineState } from '../release/line-state.js';
import { own } from '../release/own.js';
import type { Plan } from '../release/plan.js';
import { isCommitTarget } from '../release/run-id.js';
import { schemeOf } from '../release/versions/index.js';
import { previousFinal, type Scheme } from '../release/versions/scheme.js';
import type { Git } from '../services/git/git.js';
import type { Storage } from '../services/storage/storage.js';
import type { AnyStepKind } from '../steps/step.js';
import type { Installation } from './installation.js';
import { nextFree, ruleOf, versionAt } from './next-target.js';
import { announceElsewhere } from './announce-elsewhere.js';
import { copiedArtifacts } from './copied-artifacts.js';
import { plannedStep } from './planned-step.js';
import { projectOf } from './policies.js';
import { preflight } from './preflight.js';
import { commitOf } from './run-commit.js';
import { servesReleased } from './serves-released.js';
import { taggedVersions, type Tagged } from './tagged.js';
import { wallTimeOf } from './wall-clock.js';

export { nextMinor, nextTarget, ruleOf } from './next-target.js';

/** What the planner asks; it changes nothing of it. */
export interface PlannerDeps {
  current: () => Promise<Installation>;
  git: (project: string) => Promise<Git>;
  storage: (name: string) => Promise<Storage>;
  lines: (project: string) => Promise<LineVersions[]>;
  lineOf: (project: string, target: string) => Promise<LineState | undefined>;
  kinds: ReadonlyMap<string, AnyStepKind>;
  /** ms since the epoch. */
  now: () => number;
  /** The commit that a line of ours published last, by its journal; undefined: none. */
  published: (line: LineState | undefined) => Promise<string | undefined>;
  /** The artifacts that it published then; {} for none. */
  candidate: (line: LineState | undefined) => Promise<Plan['copied']>;
}

type Facts = Omit<Plan, 'steps' | 'inputs' | 'values'>;

/**
 * Makes plans from the installation, the process and the remote; reads only. What cannot end well is refused here,
 * before anything is made.
 */
export function makePlanner(deps: PlannerDeps): Planner {
  return async (ask, line) => {
    const installation = await deps.current();
    const project = projectOf(installation, ask.project);
    const { process } = project;
    const operation = resolveOperation(process, ask.operation, ask.variants ?? []);
    requireRunnable(operation, deps.kinds);
    const git = await deps.git(project.name);
    const scheme = schemeOf(ruleOf(process));
    const known = await deps.lines(project.name);
    const tags = await taggedVersions(git, process, scheme, project.name);
    const candidate = candidateNumber(scheme, operation, ask, line, known, tags);
    const branch = branchOf(process, ask);
    const lineOf = (target: string): Promise<LineState | undefined> => deps.lineOf(project.name, target);
    const { published } = deps;
    const commit = await commitOf({ git, process, ask, line, branch, published, lineOf });
    const { name: defaultBranch } = await git.defaultBranch();
    const { version, lineName } =
      ask.kind === 'none'
        ? await spelledAt(git, process, commit, defaultBranch)
        : { version: versionOf(scheme, operation, ask.target, candidate), lineName: ask.target };
    requireAbove(scheme, version, line, ask.kind);
    const previous = previousOf(scheme, lineName, known);
    const names = { version, line: lineName, project: project.name };
    const tag = fillIn(process.version.tag, 'ref', {}, names);
    const facts: Facts = {
      project: project.name,
      process: process.name,
      processHash: process.hash,
      operation: operation.name,
      kind: ask.kind,
      target: ask.target,
      version,
      candidate: ask.kind === 'none' ? '' : version.slice(lineName.length),
      previous,
      commit,
      defaultBranch,
      branch,
      tag,
      policy: project.policy,
      series: 'main',
      scheme: scheme.rule,
      variants: ask.variants ?? [],
      forced: ask.forced === true,
      versionFiles: [
        ...(typeof process.version.from === 'string' ? [] : [process.version.from]),
        ...process.version.also,
      ],
      versionText: process.version.stamp === 'line' ? lineName : version,
      copied: await copiedArtifacts(operation, () => deps.candidate(line)),
      follow: process.version.follow,
      artifacts: artifactsOf(process, { ...names, tag }),
      channels: channelsOf(process),
    };
    const next = nextFree(scheme, ask.target, [
      ...known.map((one) => one.target),
      ...tags.map((one) => one.version.line),
    ]);
    const date = new Date(wallTimeOf(deps.now(), installation.timeZone)).toISOString().slice(0, 10);
    // The next candidate follows the one before it; the first one, and a final version, follow the last final one.
    const follows = facts.candidate === '' || (line?.candidate ?? 0) === 0 ? previous : (line?.version ?? '');
    const values = valuesOf(facts, lineName, ask, { repo: project.repo, next, date, follows });
    const steps = announceElsewhere(operation.steps, project.room).map((spec) =>
      plannedStep(deps.kinds, operation, spec, facts, values),
    );
    const declared = Object.fromEntries(
      Object.entries(operation.inputs).map(([name, { type, optional }]) => [name, { type, optional }]),
    );
    const plan: Plan = { ...facts, inputs: ask.inputs, declared, values, steps };
    await preflight({
      git,
      storage: deps.storage,
      scheme,
      tags,
      process,
      plan,
      ask,
      line,
      published: await published(line),
      nextFree: next,
    });
    return { plan, candidate };
  };
}

/** The format knows more than this Slipway can run: an operation is run in full or not at all. */
function requireRunnable(operation: Operation, kinds: ReadonlyMap<string, AnyStepKind>): void {
  const gaps = engineGaps({ operations: { [operation.name]: operation } }, new Set(kinds.keys()));
  if (gaps.length === 0) return;
  const named = gaps.map(({ what, path }) => `${what} (${path})`);
  throw new SlipwayError(
    'refused',
    `This Slipway cannot run all of ${operation.name} yet: ${named.join(', ')}.`,
    {
      hint: 'Nothing was started. slipway validate lists what is missing; a patch can take these steps out.',
    },
  );
}

/** The words that placeholders stand for, as far as they are known before the run. */
function valuesOf(
  facts: Facts,
  lineName: string,
  ask: StartAsk,
  more: { repo: string; next: string; date: string; follows: string },
): PlaceholderValues {
  const { project, version, commit, tag, branch, candidate, series } = facts;
  const isFinal = candidate === '';
  const known = {
    project,
    version,
    previous: more.follows,
    commit,
    tag,
    branch,
    // A word: without the hyphen that some schemes write before it.
    candidate: candidate.replace(/^-/, ''),
    series,
    line: lineName,
    'short-commit': commit.slice(0, 7),
    requester: ask.by.name,
    versions: version,
    date: more.date,
    'release-kind': isFinal ? 'release' : 'pre-release',
    ...Object.fromEntries(Object.entries(ask.inputs).map(([name, value]) => [`inputs.${name}`, value])),
  };
  const repo = /([^/:]+\/[^/:]+?)(?:\.git)?\/?$/.exec(more.repo)?.[1];
  return {
    ...known,
    ...(repo !== undefined && { repo }),
    ...(more.next !== '' && { 'next-development': more.next }),
  };
}

/** 0 for a final version. A first run that goes on keeps its number; every change gets one that was never given away. */
function candidateNumber(
  scheme: Scheme,
  { next }: Operation,
  ask: StartAsk,
  line: LineState | undefined,
  known: readonly LineVersions[],
  tags: readonly Tagged[],
): number {
  const name = candidateName(scheme, next);
  if (name === undefined) return 0;
  const used = own(line?.given ?? {}, stemOf(scheme.candidate(ask.target, name, 1).text)) ?? 0;
  if (ask.kind === 'start' && used > 0) return used;
  // A candidate that was tagged by hand in a line of ours is passed over; one in a new line is refused later.
  const tagged = tags
    .map((one) => one.version)
    .filter((one) => ask.kind !== 'start' || one.line !== ask.target);
  const given = known.flatMap((one) => (one.given ?? []).flatMap((text) => scheme.parse(text) ?? []));
  return Math.max(used + 1, scheme.nextNumber(ask.target, name, [...given, ...tagged]));
}

/** Who follows candidates would get an older one: after a beta there is no alpha. @throws SlipwayError refused */
function requireAbove(
  scheme: Scheme,
  version: string,
  line: LineState | undefined,
  kind: StartAsk['kind'],
): void {
  if (kind !== 'change' || line === undefined || line.candidate === 0) return;
  const [made, newest] = [scheme.parse(version), scheme.parse(line.version)];
  if (made === undefined || newest === undefined || scheme.compare(made, newest) > 0) return;
  throw new SlipwayError('refused', `${version} would be below ${line.version}, which is published.`, {
    hint: 'Nothing was started. Ask for a later candidate, or promote.',
  });
}

function candidateName(scheme: Scheme, next: readonly string[]): string | undefined {
  const [first] = next;
  return first !== undefined && scheme.rule.candidate.includes(first) ? first : undefined;
}

function versionOf(scheme: Scheme, { next }: Operation, target: string, candidate: number): string {
  const name = candidateName(scheme, next);
  return candidate === 0 || name === undefined ? target : scheme.candidate(target, name, candidate).text;
}

/** Outside of all lines: what the version file says, as it stands there. */
async function spelledAt(
  git: Git,
  process: Process,
  commit: string,
  where: string,
): Promise<{ version: string; lineName: string }> {
  const { version } = await versionAt(git, process, commit, where);
  return { version: version.text, lineName: version.line };
}

/** The release branch of a line; '' for a process without, and outside of all lines. */
function branchOf({ version: { branch } }: Process, { target, project }: StartAsk): string {
  if (branch === undefined || isCommitTarget(target)) return '';
  return fillIn(branch, 'ref', {}, { version: target, line: target, project });
}

function artifactsOf(process: Process, values: PlaceholderValues): Plan['artifacts'] {
  return Object.fromEntries(
    Object.entries(process.artifacts).map(([name, { file, archive }]) => [
      name,
      archive === undefined
        ? { file, storage: '', key: '' }
        : { file, storage: archive.in, key: fillIn(archive.path, 'path', {}, values) },
    ]),
  );
}

function channelsOf(process: Process): Plan['channels'] {
  return Object.fromEntries(
    Object.entries(process.channels).map(([name, { in: storage, files, order }]) => [
      name,
      { storage, files, order, released: servesReleased(process, name) },
    ]),
  );
}

/** The highest released version below a line; '' of none. */
function previousOf(scheme: Scheme, lineName: string, known: readonly LineVersions[]): string {
  const target = scheme.parse(lineName);
  if (target === undefined) return '';
  const released = known.filter((line) => line.promoted).flatMap((line) => scheme.parse(line.target) ?? []);
  return previousFinal(scheme, target, released)?.text ?? '';
}
