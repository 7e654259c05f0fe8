/**
 * A version of the scheme `pep440` as this project accepts it: `X.Y` or `X.Y.Z`, with `rcN` behind it or nothing.
 * Epochs, alphas, betas, post, dev and local parts are refused, and so is every second spelling of the same version
 * (`v1.0`, `1.0.0-rc.1`, `01.0`), so that a text and a version stand for each other.
 */
export interface Version {
  major: number;
  minor: number;
  /** Undefined where only `X.Y` is written; it counts as 0 in a comparison (PEP 440). */
  patch: number | undefined;
  /** N of `rcN`; undefined in a final version. */
  candidate: number | undefined;
}

// Nine digits stay exact as numbers and are enough for dates.
const number = '(0|[1-9][0-9]{0,8})';
const pattern = new RegExp(`^${number}\\.${number}(?:\\.${number})?(?:rc${number})?$`);

/** The version that a text spells, or undefined. */
export function parse(text: string): Version | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, major, minor, patch, candidate] = match;
  return {
    major: Number(major),
    minor: Number(minor),
    patch: patch === undefined ? undefined : Number(patch),
    candidate: candidate === undefined ? undefined : Number(candidate),
  };
}

/** `0.44.0rc2`: the one spelling of a version. */
export function format(version: Version): string {
  return release(version) + candidateOf(version);
}

function release({ major, minor, patch }: Version): string {
  return patch === undefined ? `${major}.${minor}` : `${major}.${minor}.${patch}`;
}

/** Negative, zero or positive like a sort function. `1.0` and `1.0.0` are equal; a candidate is below its final. */
export function compare(a: Version, b: Version): number {
  return (
    a.major - b.major ||
    a.minor - b.minor ||
    (a.patch ?? 0) - (b.patch ?? 0) ||
    compareCandidates(a.candidate, b.candidate)
  );
}

function compareCandidates(a: number | undefined, b: number | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a - b;
}

/** The final version that a candidate is on its way to: 0.44.0rc2 -> 0.44.0. */
export function line(version: Version): Version {
  return { ...version, candidate: undefined };
}

/** `rc2`, or '' for a final version. */
export function candidateOf(version: Version): string {
  return version.candidate === undefined ? '' : `rc${version.candidate}`;
}

/**
 * The next candidate of a version's line: one above the highest of the version itself and of those `taken`, which may
 * hold versions of other lines too. 0.44.0 -> 0.44.0rc1, 0.44.0rc2 -> 0.44.0rc3.
 */
export function nextCandidate(version: Version, taken: readonly Version[] = []): Version {
  const target = line(version);
  const numbers = [version, ...taken]
    .filter((other) => compare(line(other), target) === 0)
    .map((other) => other.candidate ?? 0);
  return { ...version, candidate: Math.max(...numbers) + 1 };
}

/** The final version one patch above a version's line: 0.44.0 -> 0.44.1. */
export function nextPatch(version: Version): Version {
  return { ...version, patch: (version.patch ?? 0) + 1, candidate: undefined };
}

/** The next development version: 0.44.0 -> 0.45.0, 0.44 -> 0.45. */
export function nextMinor(version: Version): Version {
  const patch = version.patch === undefined ? undefined : 0;
  return { major: version.major, minor: version.minor + 1, patch, candidate: undefined };
}

/** The highest; the first of several equal ones; undefined of none. */
export function highest(versions: readonly Version[]): Version | undefined {
  return versions.reduce<Version | undefined>(
    (best, version) => (best === undefined || compare(version, best) > 0 ? version : best),
    undefined,
  );
}
