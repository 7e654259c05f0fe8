import type { Planner, StartAsk } from '../engine/engine.js';
import { SlipwayError } from '../error.js';
import type { Operation, Process } from '../process/process-file.js';
import { fillIn, type PlaceholderValues } from '../process/placeholders.js';
import { fillSettings } from '../process/settings.js';
import { readVersion } from '../process/version-file.js';
import type { LineVersions } from '../release/channel.js';
import type { LineState } from '../release/line-state.js';
import type { Plan, PlannedStep } from '../release/plan.js';
import { schemeOf } from '../release/versions/index.js';
import { previousFinal, type Scheme, type SchemeRule } from '../release/versions/scheme.js';
import type { Git } from '../services/git/git.js';
import type { AnyStepKind } from '../steps/step.js';
import type { Installation } from './installation.js';
import { projectOf } from './policies.js';

interface Deps {
  current: () => Promise<Installation>;
  git: (project: string) => Promise<Git>;
  lines: (project: string) => Promise<LineVersions[]>;
  kinds: ReadonlyMap<string, AnyStepKind>;
  /** The commit that a run of ours made and published, by its journal; undefined: none. */
  committedBy: (run: string) => Promise<string | undefined>;
}

/** The version file on the default branch, and the line that a cut of it makes. @throws SlipwayError config-invalid */
export async function nextTarget(git: Git, process: Process): Promise<{ commit: string; target: string }> {
  const { commit, name } = await git.defaultBranch();
  await git.fetch([commit]);
  const { path, key } = process.version.from;
  const bytes = await git.readFile(commit, path);
  if (bytes === undefined) {
    throw new SlipwayError('config-invalid', `${path} does not exist on ${name} at ${commit.slice(0, 7)}.`, {
      hint: 'Nothing was started. The process names it in version.from.',
    });
  }
  const text = readVersion(path, bytes, key);
  const version = schemeOf(ruleOf(process)).parse(text);
  if (version === undefined) {
    throw new SlipwayError(
      'config-invalid',
      `${path}: "${text}" is no version of the scheme ${process.version.scheme}.`,
      {
        hint: 'Nothing was started. Write it as 1.2.3.',
      },
    );
  }
  return { commit, target: version.line };
}

/** How a process spells its versions. */
export function ruleOf({ version }: Process): SchemeRule {
  const { scheme, candidate } = version;
  return { scheme, candidate, counter: 'restarts' };
}

/** Makes plans from the installation, the process and the remote; reads only. */
export function makePlanner(deps: Deps): Planner {
  return async (ask, line) => {
    const installation = await deps.current();
    const project = projectOf(installation, ask.project);
    const { process } = project;
    const operation = Object.hasOwn(process.operations, ask.operation)
      ? process.operations[ask.operation]
      : undefined;
    if (operation === undefined)
      throw new SlipwayError('not-found', `${project.name} has no operation "${ask.operation}".`);
    const git = await deps.git(project.name);
    const candidate = candidateNumber(operation, line);
    const rule = ruleOf(process);
    const scheme = schemeOf(rule);
    const version =
      candidate === 0 ? ask.target : scheme.candidate(ask.target, rule.candidate[0] ?? '', candidate).text;
    const names = namesOf(process, ask, version);
    const commit = await commitOf(deps, git, process, ask, line, names.branch);
    const previous = await previousOf(deps, scheme, ask);
    const { name: defaultBranch } = await git.defaultBranch();
    const values = { ...names, version, previous, line: ask.target, project: project.name, commit };
    const facts: Omit<Plan, 'steps' | 'inputs' | 'values'> = {
      project: project.name,
      process: process.name,
      processHash: process.hash,
      operation: operation.name,
      kind: operation.kind,
      target: ask.target,
      version,
      candidate: version.slice(ask.target.length),
      previous,
      commit,
      defaultBranch,
      branch: names.branch,
      tag: names.tag,
      policy: project.policy,
      series: 'main',
      scheme: rule,
      variants: [],
      forced: false,
      versionFiles: [process.version.from],
      follow: [],
      artifacts: artifactsOf(process, values),
      channels: Object.fromEntries(
        Object.entries(process.channels).map(([name, { in: storage, files }]) => [
          name,
          { storage, files, order: 'version' as const },
        ]),
      ),
    };
    const filled: PlaceholderValues = {
      ...values,
      candidate: facts.candidate,
      'short-commit': commit.slice(0, 7),
      requester: ask.by.name,
      ...Object.fromEntries(Object.entries(ask.inputs).map(([name, value]) => [`inputs.${name}`, value])),
    };
    const steps = operation.steps.map((spec): PlannedStep => {
      const kind = deps.kinds.get(spec.kind);
      if (kind === undefined) throw new SlipwayError('config-invalid', `${spec.kind} is no step kind.`);
      const config = fillSettings(spec.kind, spec.settings, operation.inputs, filled);
      return {
        id: spec.id,
        kind: spec.kind,
        sentence: spec.name ?? kind.plan(config, facts),
        stage: spec.stage,
        config,
        public: kind.public(config),
        effect: kind.effect(config),
        gate: kind.gate,
        skippable: spec.skippable && !kind.gate,
        templates: [],
        timeout: spec.timeoutMs,
        runsOn: spec.runsOn,
      };
    });
    const plan: Plan = { ...facts, inputs: ask.inputs, values: filled, steps };
    return { plan, candidate };
  };
}

/** 0 for a final version. A first run that goes on keeps rc1; every change gets a number that was never given away. */
function candidateNumber(operation: Operation, line: LineState | undefined): number {
  if (operation.next[0] !== 'rc') return 0;
  return operation.kind === 'start' ? Math.max(1, line?.used ?? 0) : (line?.used ?? 0) + 1;
}

function namesOf(process: Process, ask: StartAsk, version: string): { tag: string; branch: string } {
  const values = { version, line: ask.target, project: ask.project };
  return {
    tag: fillIn(process.version.tag, 'ref', {}, values),
    branch: fillIn(process.version.branch, 'ref', {}, values),
  };
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

/** A start works on the commit that was resolved when it was asked; everything else on the head of the release branch. */
async function commitOf(
  deps: Deps,
  git: Git,
  process: Process,
  ask: StartAsk,
  line: LineState | undefined,
  branch: string,
): Promise<string> {
  if (ask.kind === 'start') return startCommit(git, process, ask);
  const ref = `refs/heads/${branch}`;
  const head = (await git.remoteRefs([ref])).get(ref)?.commit;
  // Giving a line up needs nothing of its branch, and is the way on when somebody has deleted it.
  if (head === undefined && ask.kind === 'end') return defaultHead(git);
  if (head === undefined) {
    throw new SlipwayError('commit-moved', `The branch ${branch} does not exist on the remote.`, {
      hint: 'Nothing was started. It was deleted by hand: restore it, or abandon the line.',
    });
  }
  if (ask.kind === 'publish') await requireCandidate(deps, git, process, ask, line, head, branch);
  await git.fetch([head]);
  return head;
}

async function defaultHead(git: Git): Promise<string> {
  const { commit } = await git.defaultBranch();
  await git.fetch([commit]);
  return commit;
}

async function startCommit(git: Git, process: Process, ask: StartAsk): Promise<string> {
  const { commit, target } = await nextTarget(git, process);
  const finalTag = fillIn(
    process.version.tag,
    'ref',
    {},
    { version: ask.target, line: ask.target, project: ask.project },
  );
  const there = (await git.remoteRefs([`refs/tags/${finalTag}`])).get(`refs/tags/${finalTag}`);
  if (there !== undefined) {
    const free = nextMinor(schemeOf(ruleOf(process)), ask.target);
    const next =
      free === '' ? '' : ` The next free version is ${free}: write it into ${process.version.from.path}.`;
    throw new SlipwayError(
      'refused',
      `${ask.target} exists: the tag ${finalTag} stands at ${there.commit.slice(0, 7)}. A final version is never overwritten.`,
      {
        hint: `Nothing was started.${next}`,
      },
    );
  }
  if (ask.commit === undefined || ask.commit === commit) {
    if (target === ask.target) return commit;
  } else if (await git.isFirstParentAncestor(ask.commit, commit)) {
    return ask.commit;
  }
  throw new SlipwayError(
    'commit-moved',
    `The default branch no longer holds what was asked for (${ask.target}${ask.commit === undefined ? '' : ` at ${ask.commit.slice(0, 7)}`}).`,
    {
      hint: 'Nothing was started. Look at what is there now, and ask again.',
    },
  );
}

/**
 * What is promoted is what this line has built and published as a candidate, by our own journal: a tag on the remote
 * can be moved by whoever may push. A commit more on the branch needs a fixup first.
 */
async function requireCandidate(
  deps: Deps,
  git: Git,
  process: Process,
  ask: StartAsk,
  line: LineState | undefined,
  head: string,
  branch: string,
): Promise<void> {
  const version = line?.version ?? '';
  const published = line?.reached === undefined ? undefined : await deps.committedBy(line.reached);
  if (published !== head) {
    throw new SlipwayError(
      'refused',
      `${branch} has moved to ${head.slice(0, 7)} since ${version} (${published?.slice(0, 7) ?? 'no commit'}).`,
      {
        hint: 'Nothing was started. Publish what is there as a candidate first (fixup), then promote that.',
      },
    );
  }
  const tag = fillIn(process.version.tag, 'ref', {}, { version, line: ask.target, project: ask.project });
  const tagged = (await git.remoteRefs([`refs/tags/${tag}`])).get(`refs/tags/${tag}`)?.commit;
  if (tagged === published) return;
  throw new SlipwayError(
    'commit-moved',
    `The tag ${tag} stands at ${tagged?.slice(0, 7) ?? 'nothing'}, and ${version} was built from ${published.slice(0, 7)}.`,
    {
      hint: 'Nothing was started. Somebody moved or deleted the tag by hand; find out who, and make a new candidate (fixup).',
    },
  );
}

/** The highest released version below the target. */
async function previousOf(deps: Deps, scheme: Scheme, ask: StartAsk): Promise<string> {
  const target = scheme.parse(ask.target);
  if (target === undefined) return '';
  const released = (await deps.lines(ask.project))
    .filter((line) => line.promoted)
    .flatMap((line) => scheme.parse(line.target) ?? []);
  return previousFinal(scheme, target, released)?.text ?? '';
}

/** The line that a cut would make after a target, as a proposal; '' where the scheme has none. */
export function nextMinor(scheme: Scheme, target: string): string {
  const version = scheme.parse(target);
  return version === undefined ? '' : (scheme.next('minor', version, new Date())?.text ?? '');
}
