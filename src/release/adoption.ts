import { canonical, sha256 } from './canonical.js';
import { lineName, type LineState } from './line-state.js';
import { highest, type Scheme, type Version } from './versions/scheme.js';

/** A version's tag on the remote. `commit` is what it peels to. */
export interface SeenTag {
  name: string;
  version: Version;
  commit: string;
}

/** A release branch on the remote. `line` is the final version that it is on its way to. */
export interface SeenBranch {
  name: string;
  line: string;
  commit: string;
}

/** A line that has a journal. `commit` is what its newest version was made from; undefined: nothing is known of it. */
export interface KnownLine {
  target: string;
  state: LineState;
  commit: string | undefined;
}

/** A line as it stands on the remote, ready to be taken over. */
export interface FoundLine {
  target: string;
  settled: 'open' | 'open-without-candidate' | 'promoted';
  /** Its newest version: the final one, the newest candidate, or the target where there is no candidate. */
  version: string;
  /** The highest number of a candidate that a tag has; 0: none. */
  candidate: number;
  commit: string;
  /** Short names; '' for none. */
  tag: string;
  branch: string;
}

/** What was made by hand, and what becomes of it. */
export interface Adoption {
  /** What would be taken over, lowest version first. */
  lines: FoundLine[];
  /** What has two readings. `mayOpen`: a person can name it to have it open. */
  ambiguous: { target: string; why: string; mayOpen: boolean }[];
  /** Where the remote no longer says what the journal says. Nothing is done about it. */
  changed: { target: string; what: string }[];
}

interface Look {
  scheme: Scheme;
  tags: readonly SeenTag[];
  branches: readonly SeenBranch[];
  known: readonly KnownLine[];
  /** Whether the process makes release branches at all. */
  hasBranch: boolean;
  /** Lines that a person wants open although they have two readings. */
  open: readonly string[];
}

/**
 * Reads release lines from tags and branches, strictly by scheme. Pure. A final tag makes a line promoted; candidates or
 * a branch above everything final make it open. What stands open below a final version was given up, or is a backport:
 * only a person knows.
 */
export function adopt(look: Look): Adoption {
  const targets = targetsOf(look);
  const top = topFinal(look);
  const adoption: Adoption = { lines: [], ambiguous: [], changed: [] };
  for (const target of targets) {
    const known = look.known.find((one) => one.target === target.text);
    if (known !== undefined) {
      adoption.changed.push(...changesOf(look, known).map((what) => ({ target: target.text, what })));
      continue;
    }
    const twins = twinsOf(look, target.text);
    const found = foundLine(look, target.text);
    const why = twins ?? doubt(look, found, top);
    const isWanted = look.open.includes(target.text) && twins === undefined;
    if (why === undefined || isWanted) adoption.lines.push(found);
    else adoption.ambiguous.push({ target: target.text, why, mayOpen: twins === undefined });
  }
  return adoption;
}

/** What a confirmation is bound to: everything that would be written, hex. */
export function adoptionHash(project: string, lines: readonly FoundLine[]): string {
  return sha256(canonical({ project, lines }));
}

function targetsOf({ scheme, tags, branches, known }: Look): Version[] {
  const names = [...tags.map(({ version }) => version.line), ...branches.map(({ line }) => line)];
  const all = new Set([...names, ...known.map(({ target }) => target)]);
  return [...all].flatMap((name) => scheme.parse(name) ?? []).toSorted((a, b) => scheme.compare(a, b));
}

function topFinal({ scheme, tags, known }: Look): Version | undefined {
  const tagged = tags.flatMap(({ version }) => (version.candidate === undefined ? [version] : []));
  const promoted = known.filter(({ state }) => state.settled === 'promoted');
  return highest(scheme, [...tagged, ...promoted.flatMap(({ target }) => scheme.parse(target) ?? [])]);
}

function foundLine({ scheme, tags, branches }: Look, target: string): FoundLine {
  const own = tags.filter(({ version }) => version.line === target);
  const newest = own.toSorted((a, b) => scheme.compare(a.version, b.version)).at(-1);
  const places = branches.filter(({ line }) => line === target);
  const isFinal = newest !== undefined && newest.version.candidate === undefined;
  return {
    target,
    settled: isFinal ? 'promoted' : newest === undefined ? 'open-without-candidate' : 'open',
    version: newest?.version.text ?? target,
    candidate: highestNumber(own),
    commit: [...(newest === undefined ? [] : [newest]), ...places].reduce((first) => first).commit,
    tag: newest?.name ?? '',
    branch: places.map(({ name }) => name).join(', '),
  };
}

function highestNumber(tags: readonly SeenTag[]): number {
  return Math.max(0, ...tags.map(({ version }) => version.candidate?.number ?? 0));
}

/** Two tags of one version (0.44 and 0.44.0) that name two commits; undefined: there are none. */
function twinsOf({ scheme, tags }: Look, target: string): string | undefined {
  const own = tags.filter(({ version }) => version.line === target);
  for (const one of own) {
    const twin = own.find(
      ({ version, commit }) => commit !== one.commit && scheme.compare(version, one.version) === 0,
    );
    if (twin === undefined) continue;
    return `${one.name} at ${short(one.commit)} and ${twin.name} at ${short(twin.commit)} are the same version`;
  }
  return undefined;
}

/** Why nobody but a person can say what a line is; undefined: it is clear. */
function doubt(look: Look, found: FoundLine, top: Version | undefined): string | undefined {
  if (found.settled === 'promoted') return undefined;
  const what = found.tag === '' ? 'a branch and no candidate' : `candidates up to ${found.version}`;
  if (look.hasBranch && found.branch === '')
    return `${what}, and no branch: it was given up, or the branch was deleted`;
  const target = look.scheme.parse(found.target);
  const isBelow = target !== undefined && top !== undefined && look.scheme.compare(target, top) < 0;
  return isBelow
    ? `${what}, below ${top.text}, which is final: it was given up, or it is a backport`
    : undefined;
}

/** What people have changed of a line that has a journal. */
function changesOf(look: Look, { target, state, commit }: KnownLine): string[] {
  const { tags, branches } = look;
  const own = tags.filter(({ version }) => version.line === target);
  const final = own.find(({ version }) => version.candidate === undefined);
  const changes: string[] = [];
  const name = lineName(state);
  if (name === 'promoted') {
    if (final === undefined) changes.push(`${target} was released, and its tag is gone`);
  } else if (final !== undefined && name !== 'promoting') {
    changes.push(`${final.name} was made by hand at ${short(final.commit)}; here the line is ${words(name)}`);
  }
  const isOpen = name === 'open' || name === 'open-without-candidate';
  const newest = name === 'promoted' ? final : own.find(({ version }) => version.text === state.version);
  const isMoved = newest !== undefined && commit !== undefined && newest.commit !== commit;
  if (isMoved && (isOpen || name === 'promoted'))
    changes.push(`${newest.name} was moved by hand from ${short(commit)} to ${short(newest.commit)}`);
  if (isOpen && state.candidate > 0 && newest === undefined)
    changes.push(`the tag of ${state.version} is gone`);
  if (isOpen && look.hasBranch && !branches.some(({ line }) => line === target))
    changes.push(`the branch of ${target} is gone`);
  const higher = own.filter(({ version }) => (version.candidate?.number ?? 0) > state.used);
  changes.push(...higher.map(({ name: tag, commit: at }) => `${tag} was made by hand at ${short(at)}`));
  return changes;
}

function words(name: string): string {
  return name === 'none' ? 'not begun' : name.replaceAll('-', ' ');
}

function short(commit: string): string {
  return commit.slice(0, 7);
}
