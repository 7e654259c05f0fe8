/** How a project spells its versions: the part of `version:` in a process file that says so. */
export interface SchemeRule {
  scheme: 'pep440' | 'semver' | 'calver' | 'lts';
  /**
   * Names of candidates, the proposed one first: `alpha`, `beta`, `rc`. Also taken: `a` and `b` (pep440), and with the
   * hyphen that they are written with, `-rc` (calver). [] where the process has none.
   */
  candidate: string[];
  /** `continues`: the number of a candidate goes on over lines (v0.5.1-alpha.7, then v0.6.0-alpha.8). */
  counter: 'restarts' | 'continues';
  /** calver only: `YYYY.MM.DD-HHmm`. */
  format?: string | undefined;
  /** calver and lts: IANA zone in which the clock is read; UTC if there is none. */
  zone?: string | undefined;
  /** pep440 only: how many numbers a version is written with, 3 if nothing is said. More are written where they are not 0. */
  parts?: 2 | 3 | 4 | undefined;
}

/** What a candidate is called in its line: `rc` 2. `name` is the long word (`alpha`), however the scheme writes it. */
export interface Candidate {
  name: string;
  number: number;
}

/** A version of one scheme. Text and version stand for each other: no version has two texts that are both accepted. */
export interface Version {
  /** `0.44.0rc2`, exactly as it was read. */
  text: string;
  /**
   * The final version that it is on its way to, and the name of the release line: `0.44.0`. It is the normal form, so
   * that the equal versions 0.44 and 0.44.0 of PEP 440 are of one line.
   */
  line: string;
  /** undefined: it is final. */
  candidate: Candidate | undefined;
}

/** How the next line is made from what is there. `year` and `clock` read the time. */
export type LineBump = 'patch' | 'minor' | 'major' | 'year' | 'clock';

/** Where a version is written. */
export type Place = 'tag' | 'pypi' | 'docker' | 'helm' | 'npm';

/** A version's text in a place, or a sentence that says why it cannot be written there. */
export type Written = { text: string } | { problem: string };

/** One scheme of versions. Pure: the time is an argument. What it is handed must be its own (RangeError else). */
export interface Scheme {
  readonly rule: SchemeRule;
  /** The version that a text spells, or undefined: nothing is guessed, and no second spelling is taken. */
  parse(text: string): Version | undefined;
  /**
   * Negative, zero or positive like a sort function; a candidate is below its final.
   * @throws RangeError for a version of another scheme
   */
  compare(a: Version, b: Version): number;
  /** `rc2`, `-alpha.1`; '' of a final version. `line + suffix` is the version in its normal form. */
  suffix(version: Version): string;
  /**
   * A candidate of a line by name (as the rule has it, or the long word) and number.
   * @throws RangeError for a name that the rule does not have, a line of another scheme, a number that is none
   */
  candidate(line: string, name: string, number: number): Version;
  /**
   * The number that comes next for a candidate of a line: one above the highest of those `taken` (of any lines; only
   * those of the same name count, and if the counter restarts only those of the same line).
   */
  nextNumber(line: string, name: string, taken: readonly Version[]): number;
  /**
   * The final version one step above another's line: 0.44.0 -> 0.44.1 by `patch`; always in the normal form, and above.
   * `from` is undefined where nothing was released yet. undefined: the scheme has no such step, or not now (calver: the
   * clock has not moved on; lts: the year has one).
   */
  next(bump: LineBump, from: Version | undefined, now: Date): Version | undefined;
  /** The versions that follow each other by `patch`: `0.44` of 0.44.2 and 0.44.0rc1, `2026.1` of an LTS; the year of calver. */
  family(version: Version): string;
  /** The version as it is written in another place, or why it cannot be written there. */
  render(version: Version, place: Place): Written;
  /** Why versions of this scheme cannot be written in a place, whatever their numbers; undefined: they can. */
  problem(place: Place): string | undefined;
}

/** The highest of some versions; the first of several equal ones; undefined of none. */
export function highest(scheme: Pick<Scheme, 'compare'>, versions: readonly Version[]): Version | undefined {
  return versions.reduce<Version | undefined>(
    (best, version) => (best === undefined || scheme.compare(version, best) > 0 ? version : best),
    undefined,
  );
}

/** The highest final version below another's line; undefined of none. */
export function previousFinal(
  scheme: Pick<Scheme, 'compare'>,
  version: Version,
  known: readonly Version[],
): Version | undefined {
  // No final version stands between a candidate and its line, so the candidate can be compared as it is.
  return highest(
    scheme,
    known.filter((one) => one.candidate === undefined && scheme.compare(one, version) < 0),
  );
}

/** The highest version of each release line, lowest line first: its final, else its newest candidate. */
export function latestPerLine(scheme: Pick<Scheme, 'compare'>, versions: readonly Version[]): Version[] {
  return highestPer(scheme, versions, ({ line }) => line);
}

/** The highest final version of each family, lowest first: 0.43.9, 0.44.2. */
export function latestFinals(
  scheme: Pick<Scheme, 'compare' | 'family'>,
  versions: readonly Version[],
): Version[] {
  const finals = versions.filter((one) => one.candidate === undefined);
  return highestPer(scheme, finals, (version) => scheme.family(version));
}

function highestPer(
  scheme: Pick<Scheme, 'compare'>,
  versions: readonly Version[],
  keyOf: (version: Version) => string,
): Version[] {
  const best = new Map<string, Version>();
  for (const version of versions) {
    const known = best.get(keyOf(version));
    if (known === undefined || scheme.compare(version, known) > 0) best.set(keyOf(version), version);
  }
  return [...best.values()].toSorted((a, b) => scheme.compare(a, b));
}
