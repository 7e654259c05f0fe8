import type { Scheme, Version } from './scheme.js';

/** What stands for the other placeholders of a template, by name: `{ project: 'kestrel' }`. */
export type Known = Readonly<Record<string, string>>;

/** Why a template cannot be read backwards for `{version}` or `{line}`, or undefined. */
export function templateProblem(template: string, name: string, known: Known = {}): string | undefined {
  return halves(template, name, known) === undefined
    ? `needs {${name}} exactly once, and no other placeholder`
    : undefined;
}

/**
 * The version that a tag stands for: the template `sculptor-v{version}` read backwards. Strict: the whole of prefix and
 * suffix must be there, and what is between them must be a version of the scheme in its canonical spelling. So neither
 * `sculptor-v0.44.0-foo` nor another project's `v0.44.0` counts. `tag` is the short name. Templates that
 * `templateProblem` refuses match nothing.
 */
export function versionOfTag(
  template: string,
  tag: string,
  scheme: Pick<Scheme, 'parse'>,
  known: Known = {},
): Version | undefined {
  const text = between(template, 'version', tag, known);
  return text === undefined ? undefined : scheme.parse(text);
}

/**
 * The release line (its final version, `0.44.0`) that a branch belongs to: `release/sculptor-v{line}` or
 * `release/{version}` read backwards. A second spelling of the line (0.44) is no name that we give.
 */
export function lineOfBranch(
  template: string,
  branch: string,
  scheme: Pick<Scheme, 'parse' | 'suffix'>,
  known: Known = {},
): string | undefined {
  const line = between(template, 'line', branch, known);
  const text = line ?? between(template, 'version', branch, known);
  const version = text === undefined ? undefined : scheme.parse(text);
  if (version === undefined) return undefined;
  const ours = line === undefined ? version.line + scheme.suffix(version) : version.line;
  return text === ours ? version.line : undefined;
}

/** One series of a project: `main`, or a line beside it, with its own tags and versions. */
export interface Series {
  name: string;
  /** Template of its tags. */
  tag: string;
  scheme: Scheme;
}

/**
 * The series that a tag belongs to, and its version there. v2026.1.1 is SemVer too, so what has the stricter form is
 * asked first: lts, then calver, then the others in their order. No tag is of two series.
 */
export function seriesOfTag(
  series: readonly Series[],
  tag: string,
  known: Known = {},
): { series: Series; version: Version } | undefined {
  const strictness = { lts: 0, calver: 1, pep440: 2, semver: 2 };
  const inOrder = series.toSorted(
    (a, b) => strictness[a.scheme.rule.scheme] - strictness[b.scheme.rule.scheme],
  );
  for (const one of inOrder) {
    const version = versionOfTag(one.tag, tag, one.scheme, known);
    if (version !== undefined) return { series: one, version };
  }
  return undefined;
}

function between(template: string, name: string, text: string, known: Known): string | undefined {
  const [prefix, suffix] = halves(template, name, known) ?? [];
  if (prefix === undefined || suffix === undefined) return undefined;
  if (text.length <= prefix.length + suffix.length) return undefined;
  return text.startsWith(prefix) && text.endsWith(suffix)
    ? text.slice(prefix.length, text.length - suffix.length)
    : undefined;
}

/** What stands before and after the one placeholder that is not known; undefined: there is none, or more. */
function halves(template: string, name: string, known: Known): [string, string] | undefined {
  const parts = template.split(/\{([A-Za-z0-9_. -]+)\}/);
  const [before, after] = [[''], ['']];
  let side = before;
  for (const [place, part] of parts.entries()) {
    const value = Object.hasOwn(known, part) ? known[part] : undefined;
    if (place % 2 === 0) side.push(part);
    else if (part === name && side === before) side = after;
    else if (part !== name && value !== undefined) side.push(value);
    else return undefined;
  }
  return side === after ? [before.join(''), after.join('')] : undefined;
}
