import semver from 'semver';
import { candidateName } from './candidates.js';
import { schemeFrom, type Grammar } from './grammar.js';
import type { Scheme, SchemeRule, Version } from './scheme.js';
import { semverSuffix, writeParts } from './spelling.js';

/** The next number must be exact too, so the limit is one digit below 2^53. */
const largest = 999_999_999_999_999;

/**
 * Versions of SemVer 2 as the package `semver` reads them: `1.7.2`, `0.6.0-alpha.8`. Refused are a `v` before them,
 * build metadata, and every pre-release that is no candidate (`1.7.2-emergency`).
 */
export function semverScheme(rule: SchemeRule): Scheme {
  const grammar: Grammar = {
    read: (text) => {
      const version = semver.parse(text);
      // The package forgives a v, spaces and build metadata; none of them is in what it writes.
      if (version === null || version.version !== text) return undefined;
      const numbers = [version.major, version.minor, version.patch];
      if (numbers.some((number) => number > largest)) return undefined;
      const [name, number, ...more] = version.prerelease;
      if (name === undefined) return { numbers, candidate: undefined };
      const long = typeof name === 'string' ? candidateName('semver', name) : undefined;
      if (long === undefined || typeof number !== 'number' || number > largest || more.length > 0)
        return undefined;
      return { numbers, candidate: { name: long, number } };
    },
    line: (numbers) => numbers.join('.'),
    suffix: semverSuffix,
    next: (bump, from = [0, 0, 0]) => {
      if (bump === 'year' || bump === 'clock') return undefined;
      const at = { major: 0, minor: 1, patch: 2 }[bump];
      return from.map((number, place) => (place > at ? 0 : number + (place === at ? 1 : 0)));
    },
    family: (numbers) => numbers.slice(0, 2).join('.'),
    problem: () => undefined,
    write: writeParts,
  };
  const scheme = schemeFrom(rule, grammar);
  const own = (version: Version): string => {
    // Looked at by the rule too: another scheme's version can be SemVer by chance.
    scheme.family(version);
    return version.text;
  };
  return { ...scheme, compare: (a, b) => semver.compare(own(a), own(b)) };
}
