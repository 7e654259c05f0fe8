/** How a project spells its versions: the part of `version:` in a process file that says so. */
export interface SchemeRule {
  scheme: 'pep440' | 'semver' | 'calver' | 'lts';
  /** Names of candidates, the proposed one first: `rc`; `alpha`, `beta`, `rc`; `-rc` of a calendar version. */
  candidate: string[];
  /** `continues`: the number of a candidate goes on over lines (v0.5.1-alpha.7, then v0.6.0-alpha.8). */
  counter: 'restarts' | 'continues';
  /** calver only: `YYYY.MM.DD-HHmm`. */
  format?: string | undefined;
  /** calver and lts: IANA zone in which the clock is read. */
  zone?: string | undefined;
}

/** A version of one scheme. Text and version stand for each other: every version has exactly one spelling. */
export interface Version {
  /** `0.44.0rc2` */
  text: string;
  /** The final version that it is on its way to: `0.44.0`. It names the release line. */
  line: string;
  /** undefined: it is final. */
  candidate: { name: string; number: number } | undefined;
}

/** How the next line is made from what is there. `year` and `clock` read the time. */
export type LineBump = 'patch' | 'minor' | 'major' | 'year' | 'clock';

/** Where a version is written. */
export type Place = 'tag' | 'pypi' | 'docker' | 'helm' | 'npm';

/** One scheme of versions. Pure: the time is an argument. */
export interface Scheme {
  readonly rule: SchemeRule;
  /** The version that a text spells, or undefined: nothing is guessed, and no second spelling is taken. */
  parse(text: string): Version | undefined;
  /** Negative, zero or positive like a sort function; a candidate is below its final. */
  compare(a: Version, b: Version): number;
  /** `rc2`, `-alpha.1`; '' of a final version. `line + suffix` is the text. */
  suffix(version: Version): string;
  /** A candidate of a line by name and number. @throws SlipwayError config-invalid for a name that the rule does not know */
  candidate(line: string, name: string, number: number): Version;
  /**
   * The number that comes next for a candidate of a line: one above the highest of those `taken` (of any lines; only
   * those count that the rule's counter lets count).
   */
  nextNumber(line: string, name: string, taken: readonly Version[]): number;
  /**
   * The final version one step above another's line: 0.44.0 -> 0.44.1 by `patch`. `from` is undefined where nothing was
   * released yet. undefined: the scheme has no such step.
   */
  next(bump: LineBump, from: Version | undefined, now: Date): Version | undefined;
  /** The version as it is written in another place, or why it cannot be written there. */
  render(version: Version, place: Place): { text: string } | { problem: string };
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
  scheme: Pick<Scheme, 'compare' | 'parse'>,
  version: Version,
  known: readonly Version[],
): Version | undefined {
  const line = scheme.parse(version.line) ?? version;
  return highest(
    scheme,
    known.filter((one) => one.candidate === undefined && scheme.compare(one, line) < 0),
  );
}
