import { schemeRuleOf } from '../process/version-rule.js';
import { gapOf, parseRange } from '../release/version-range.js';
import type { VoteRule } from '../release/vote-rule.js';
import { schemeOf } from '../release/versions/index.js';
import type { Scheme } from '../release/versions/scheme.js';
import type { Project } from './installation.js';

/** The series of a project's lines, `main` first, each with how its versions are spelled. */
export function seriesOf({ process }: Pick<Project, 'process'>): { series: string; scheme: Scheme }[] {
  const all = [['main', process.version] as const, ...Object.entries(process.series)];
  return all.map(([series, rule]) => ({ series, scheme: schemeOf(schemeRuleOf(rule)) }));
}

/** Why a rule's range is none in any series that it speaks of; undefined if it is one, or nothing is known about them. */
export function rangeProblem(
  { versions, series }: Pick<VoteRule, 'versions' | 'series'>,
  projects: readonly Pick<Project, 'name' | 'process'>[],
): string | undefined {
  if (versions === undefined || projects.length === 0) return undefined;
  const meant = projects.flatMap((project) =>
    seriesOf(project)
      .filter((one) => series === undefined || one.series === series)
      .map((one) => ({ ...one, project: project.name })),
  );
  // A series that is not there is told by itself.
  if (meant.length === 0 || meant.some(({ scheme }) => parseRange(versions, scheme) !== undefined))
    return undefined;
  const schemes = [...new Set(meant.map(({ scheme }) => scheme.rule.scheme))].join(', ');
  return `"${versions}" is no range of ${schemes} versions: write final versions with <, <=, >, >= or =, joined by spaces`;
}

/** Whether rules before one take every run that it speaks of. */
export function isDead(rules: readonly VoteRule[], index: number): boolean {
  const rule = rules[index];
  return rules
    .slice(0, index)
    .some(
      ({ versions, series, variant }) =>
        (versions === undefined || versions === rule?.versions) &&
        (series === undefined || series === rule?.series) &&
        (variant === undefined || variant === rule?.variant),
    );
}

/** Which versions of a series no rule speaks of, in words, for runs with these variants; undefined: all are spoken of. */
export function unspoken(
  rules: readonly VoteRule[],
  series: string,
  variants: readonly string[],
  scheme: Scheme,
): string | undefined {
  const fitting = rules.filter(
    (rule) =>
      (rule.series === undefined || rule.series === series) &&
      (rule.variant === undefined || variants.includes(rule.variant)),
  );
  const ranges = fitting.flatMap(({ versions }) => {
    if (versions === undefined) return [[]];
    const range = parseRange(versions, scheme);
    return range === undefined ? [] : [range];
  });
  return gapOf(ranges, scheme);
}
