import { isInRange, parseRange } from './version-range.js';
import { schemeOf } from './versions/index.js';
import type { SchemeRule } from './versions/scheme.js';

/** Who may open a gate, for the runs that it speaks of: all of version, series and variant that it names must fit. */
export interface VoteRule {
  /** Ranges joined by spaces, such as `>=1.0.0 <2.0.0`; a candidate counts as its line. */
  versions: string | undefined;
  series: string | undefined;
  variant: string | undefined;
  /** Distinct people of these roles. */
  need: number;
  of: string[];
  /** At least one person of each of these roles must be among them. */
  eachOf: string[];
}

/** What a rule is chosen by: the run's version, and how its line is spelled and made. */
export interface GateSubject {
  version: string;
  series: string;
  variants: readonly string[];
  scheme: SchemeRule;
}

/**
 * The first rule that fits a run; undefined: nobody can approve it. A range that is not of the line's scheme fits
 * nothing, and neither does a version that the scheme cannot read.
 */
export function ruleFor<Rule extends Pick<VoteRule, 'versions' | 'series' | 'variant'>>(
  rules: readonly Rule[],
  about: GateSubject,
): Rule | undefined {
  return rules.find(({ versions, series, variant }) => {
    if (series !== undefined && series !== about.series) return false;
    if (variant !== undefined && !about.variants.includes(variant)) return false;
    return versions === undefined || isVersionIn(versions, about);
  });
}

function isVersionIn(versions: string, about: GateSubject): boolean {
  const scheme = schemeOf(about.scheme);
  const version = scheme.parse(about.version);
  const range = parseRange(versions, scheme);
  return version !== undefined && range !== undefined && isInRange(version, range, scheme);
}
