import { zoneProblem } from './calendar.js';
import { readFormat } from './calver-format.js';
import { calver } from './calver.js';
import { candidatesProblem } from './candidates.js';
import { lts } from './lts.js';
import { pep440 } from './pep440.js';
import { semverScheme } from './semver.js';
import type { Place, Scheme, SchemeRule } from './scheme.js';

const schemes: Record<SchemeRule['scheme'], (rule: SchemeRule) => Scheme> = {
  pep440,
  semver: semverScheme,
  calver,
  lts,
};

/** The scheme that a rule declares. @throws RangeError for a calver format that cannot be read (`ruleProblem` says why) */
export function schemeOf(rule: SchemeRule): Scheme {
  return schemes[rule.scheme](rule);
}

/** What is wrong with a rule, and with which of its keys; undefined: nothing. */
export function ruleProblem(rule: SchemeRule): { key: keyof SchemeRule; message: string } | undefined {
  const { scheme, format, zone, parts } = rule;
  const isTimed = scheme === 'calver' || scheme === 'lts';
  if (scheme !== 'calver' && format !== undefined)
    return { key: 'format', message: `only calver has a format, ${scheme} has none` };
  if (scheme === 'calver' && format === undefined)
    return { key: 'format', message: 'calver needs a format such as YYYY.MM.DD-HHmm' };
  if (zone !== undefined && !isTimed)
    return { key: 'zone', message: `only calver and lts read a clock, ${scheme} does not` };
  if (parts !== undefined && scheme !== 'pep440')
    return { key: 'parts', message: `only pep440 can have another number of parts, ${scheme} cannot` };
  const read = format === undefined ? undefined : readFormat(format);
  if (read !== undefined && 'problem' in read)
    return { key: 'format', message: `the format ${read.problem}` };
  const wrongZone = zone === undefined ? undefined : zoneProblem(zone);
  if (wrongZone !== undefined) return { key: 'zone', message: wrongZone };
  const wrongNames = candidatesProblem(rule);
  return wrongNames === undefined ? undefined : { key: 'candidate', message: wrongNames };
}

/**
 * Why versions of a rule cannot be written in a place at all, candidates included: for the loader, when a process
 * declares that it publishes there. undefined: they can. The rule itself must be right (`ruleProblem`).
 */
export function schemeProblem(rule: SchemeRule, place: Place): string | undefined {
  return schemeOf(rule).problem(place);
}
