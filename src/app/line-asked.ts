import type { StartAsk } from '../engine/engine.js';
import { openIndex } from '../engine/open-index.js';
import { SlipwayError } from '../error.js';
import { kindOn, makesFinal, makesLine } from '../process/operation-kind.js';
import type { Operation, Process } from '../process/process-file.js';
import { lineName, type LineState } from '../release/line-state.js';
import { askLine, type Refusal } from '../release/line-table.js';
import { own } from '../release/own.js';
import { commitTarget, isCommitTarget, lineId, partsOfLine } from '../release/run-id.js';
import { exampleOf } from '../release/versions/example.js';
import { schemeOf } from '../release/versions/index.js';
import {
  highest,
  previousFinal,
  type LineBump,
  type Scheme,
  type Version,
} from '../release/versions/scheme.js';
import { unadopted } from './adoption.js';
import { hotfixTarget } from './hotfix.js';
import { nextFree, nextTarget, raiseSentence, ruleOf } from './next-target.js';
import { taggedVersions } from './tagged.js';
import type { Opened } from './wire.js';

/** Which line an operation is asked of, and what it is to it. */
export type LineAsked = Pick<StartAsk, 'kind' | 'target' | 'commit' | 'from'> & {
  /** What the default branch has to say after a cut, as a sentence; '' where it says so already, or nothing is cut. */
  raise: string;
  /** Versions that people released by hand and nobody has taken over; only looked for where a line is begun. */
  unadopted?: readonly string[];
};

/** A line that says no before anything is asked of its journal. */
export interface LineRefused {
  because: Refusal;
  target: string;
  line: LineState | undefined;
}

/** What was typed, as far as it says which line is meant. */
export interface Typed {
  project: string;
  process: Process;
  operation: Operation;
  version: string | undefined;
  request: string;
}

/**
 * The line that is meant: the one that this very request was admitted to; else the named one; else what the version
 * says for a start, and the only line that accepts the operation for everything else. Never a guess among several.
 * @throws SlipwayError command-invalid, refused, config-invalid
 */
export async function lineAsked(opened: Opened, typed: Typed): Promise<LineAsked | LineRefused> {
  const { project, process, operation, version, request } = typed;
  const scheme = schemeOf(ruleOf(process));
  const lines = await standing(opened, project);
  const known = lines.find(
    ({ state }) =>
      own(state.requests, request) !== undefined || state.queue.some((one) => one.request === request),
  );
  if (known !== undefined) return { kind: operation.kind, target: known.target, raise: '' };
  if (operation.kind === 'none') return outside(opened, typed);
  const named = version === undefined ? undefined : lineNamed(scheme, version);
  if (operation.kind === 'hotfix') return hotfix(opened, typed, scheme, named);
  const open = lines.filter(({ state }) => isOpen(state));
  if (makesLine(operation)) {
    const meant =
      named === undefined
        ? operation.line.startsWith('new|')
          ? open
          : []
        : open.filter((one) => one.target === named);
    const exists = operation.line.startsWith('new|') && meant.length > 0;
    const kind = kindOn(operation, exists);
    if (kind === 'start') return begun(opened, typed, scheme, named);
    return { kind, target: named ?? only(scheme, meant, kind, operation).target, raise: '' };
  }
  const { kind } = operation;
  if (named !== undefined) return { kind, target: named, raise: '' };
  if (kind !== 'final' && open.length > 0)
    return { kind, target: only(scheme, open, kind, operation).target, raise: '' };
  // With nothing open, who asks to promote asks about what was promoted last.
  const last =
    kind === 'publish' || kind === 'final' ? await newestPromoted(opened, scheme, project) : undefined;
  if (last !== undefined) return { kind, target: last, raise: '' };
  throw new SlipwayError(
    'refused',
    kind === 'final'
      ? `No version of ${project} was released yet.`
      : `No release line of ${project} is open.`,
    { hint: 'Nothing was started. Cut one first: slipway release cut' },
  );
}

interface Standing {
  target: string;
  state: LineState;
}

/** The lines of a project that are in the index of what is open; those of versions only. */
async function standing(opened: Opened, project: string): Promise<Standing[]> {
  const ids = (await openIndex(opened.records).list('lines')).filter((id) =>
    id.startsWith(lineId(project, '')),
  );
  const states = await Promise.all(
    ids.map(async (id) => ({ target: partsOfLine(id).target, state: await opened.engine.lines.load(id) })),
  );
  return states.flatMap(({ target, state }) => (state === undefined ? [] : [{ target, state }]));
}

function isOpen(state: LineState): boolean {
  const name = lineName(state);
  return name !== 'none' && name !== 'promoted' && name !== 'abandoned';
}

/** The only line, or the only one that accepts the operation. @throws SlipwayError command-invalid for several */
function only(
  scheme: Scheme,
  lines: readonly Standing[],
  kind: StartAsk['kind'],
  { name }: Operation,
): Standing {
  const versions = lines.filter(({ target }) => !isCommitTarget(target));
  const accepting = versions.filter(
    ({ state }) => askLine(state, { kind, operation: name }).answer !== 'refuse',
  );
  const [first, ...more] = accepting.length > 0 ? accepting : versions;
  if (first !== undefined && more.length === 0) return first;
  const targets = [...(first === undefined ? [] : [first]), ...more].map((one) => one.target);
  const inOrder = targets.toSorted((a, b) => {
    const [left, right] = [scheme.parse(a), scheme.parse(b)];
    return left === undefined || right === undefined ? 0 : scheme.compare(left, right);
  });
  throw new SlipwayError('command-invalid', `Several lines are open: ${inOrder.join(', ')}.`, {
    hint: 'Nothing was started. Name the version.',
  });
}

/** A line is named by its final version, whatever its newest candidate is. */
function lineNamed(scheme: Scheme, text: string): string {
  const version = scheme.parse(text);
  if (version === undefined)
    throw new SlipwayError('command-invalid', `"${text}" is not a version.`, {
      hint: `Nothing was started. Write it as ${exampleOf(scheme.rule)}.`,
    });
  const { line } = version;
  if (version.candidate === undefined) return line;
  throw new SlipwayError('command-invalid', `${version.text} is a candidate of the line ${line}.`, {
    hint: `Nothing was started. Name the line: ${line}. Its newest candidate is what counts.`,
  });
}

async function promotedOf(opened: Opened, scheme: Scheme, project: string): Promise<Version[]> {
  const lines = await opened.services.lines(project);
  return lines.filter((line) => line.promoted).flatMap((line) => scheme.parse(line.target) ?? []);
}

async function newestPromoted(opened: Opened, scheme: Scheme, project: string): Promise<string | undefined> {
  return highest(scheme, await promotedOf(opened, scheme, project))?.text;
}

async function promotedBelow(
  opened: Opened,
  scheme: Scheme,
  project: string,
  line: Version,
): Promise<string | undefined> {
  return previousFinal(scheme, line, await promotedOf(opened, scheme, project))?.text;
}

/** Outside of all lines: the head of the default branch. */
async function outside(opened: Opened, { project, operation, version }: Typed): Promise<LineAsked> {
  if (version !== undefined) {
    throw new SlipwayError(
      'command-invalid',
      `${operation.name} takes no version: it works on what the default branch holds.`,
      {
        hint: `Nothing was started. Say it without "${version}".`,
      },
    );
  }
  const { commit } = await (await opened.services.git(project)).defaultBranch();
  return { kind: 'none', target: commitTarget(operation.name, commit), commit, raise: '' };
}

function load(opened: Opened, project: string, target: string): Promise<LineState | undefined> {
  return opened.engine.lines.load(lineId(project, target));
}

/** The released version that a hotfix is named by, also where it is named by the line that it has begun. */
async function hotfixBase(
  opened: Opened,
  project: string,
  scheme: Scheme,
  named: string | undefined,
): Promise<string | undefined> {
  if (named === undefined) return newestPromoted(opened, scheme, project);
  const line = scheme.parse(named);
  if (line === undefined || lineName(await load(opened, project, named)) !== 'preparing') return named;
  return (await promotedBelow(opened, scheme, project, line)) ?? named;
}

async function hotfix(
  opened: Opened,
  { project, request }: Typed,
  scheme: Scheme,
  named: string | undefined,
): Promise<LineAsked | LineRefused> {
  const base = await hotfixBase(opened, project, scheme, named);
  if (base === undefined) {
    throw new SlipwayError('refused', `No version of ${project} was released yet.`, {
      hint: 'Nothing was started. A hotfix starts from a released version; one that was released by hand is adopted first (slipway adopt).',
    });
  }
  const found = await hotfixTarget(scheme, base, request, (target) => load(opened, project, target));
  if ('because' in found) return found;
  return { kind: 'hotfix', target: found.target, from: found.from, raise: '' };
}

/** The line that a start begins, and the commit that it begins at, both as they are now. */
async function begun(
  opened: Opened,
  typed: Typed,
  scheme: Scheme,
  named: string | undefined,
): Promise<LineAsked> {
  const { project, process, operation } = typed;
  if (makesFinal(operation)) {
    throw new SlipwayError(
      'refused',
      `${operation.name} makes a new line final in one run, which this Slipway cannot run yet.`,
      {
        hint: 'Nothing was started. Cut a candidate first, or split the operation in two.',
      },
    );
  }
  const git = await opened.services.git(project);
  const taken = (await opened.services.lines(project)).map((line) => line.target);
  const byHand = await unadopted(git, { name: project, process }, taken);
  if (typeof process.version.from === 'string') {
    const { commit } = await git.defaultBranch();
    const target = named ?? (await nextByRule(opened, typed, scheme));
    return { kind: 'start', target, commit, raise: '', unadopted: byHand };
  }
  const kept = named === undefined ? undefined : await load(opened, project, named);
  // The default branch may say the next version by now, and what was begun still goes on.
  if (named !== undefined && lineName(kept) === 'preparing')
    return { kind: 'start', target: named, raise: '' };
  const { target, commit, branch, path } = await nextTarget(git, process);
  if (named !== undefined && named !== target) {
    throw new SlipwayError('command-invalid', `The version file says ${target}, not ${named}.`, {
      hint: 'Nothing was started. The version file decides what a cut makes; change it there.',
    });
  }
  const raise = raiseSentence(branch, target, nextFree(scheme, target, [...taken, target]), path);
  return { kind: 'start', target, commit, raise, unadopted: byHand.filter((one) => one !== target) };
}

/** The next version where no file says it: by the clock, or one step above the highest that there is. */
async function nextByRule(
  opened: Opened,
  { project, process, operation }: Typed,
  scheme: Scheme,
): Promise<string> {
  const tags = await taggedVersions(await opened.services.git(project), process, scheme, project);
  const known: Version[] = [
    ...tags.map((one) => one.version).filter((version) => version.candidate === undefined),
    ...(await promotedOf(opened, scheme, project)),
  ];
  const bump = bumpOf(process, operation);
  const next = scheme.next(bump, highest(scheme, known), new Date(opened.engine.clock.now()));
  if (next !== undefined) return next.line;
  throw new SlipwayError('refused', `There is no next version of ${project} by ${bump}.`, {
    hint: 'Nothing was started. Name the version.',
  });
}

function bumpOf({ version }: Process, { next }: Operation): LineBump {
  if (version.scheme === 'calver') return 'clock';
  const named = next.find((one): one is LineBump => ['patch', 'minor', 'major', 'year'].includes(one));
  return named ?? (version.scheme === 'lts' ? 'year' : 'minor');
}
