import type { Scheme, Version } from './versions/scheme.js';

/** One part of a range: `>=1.0.0`. */
export interface Bound {
  operator: '<' | '<=' | '>' | '>=' | '=';
  /** A final version. */
  version: Version;
}

type Reader = Pick<Scheme, 'parse' | 'compare'>;

/**
 * A range such as `>=1.0.0 <2.0.0`, all of whose bounds must hold. undefined where it is not written so, or where a bound
 * is no final version of this scheme: versions of two schemes are never compared.
 */
export function parseRange(text: string, scheme: Reader): Bound[] | undefined {
  const bounds: Bound[] = [];
  for (const part of text.split(' ')) {
    const [, operator, rest = ''] = /^(<=|>=|<|>|=)([^<>=\s]+)$/.exec(part) ?? [];
    const version = scheme.parse(rest);
    if (version === undefined || version.candidate !== undefined || !isOperator(operator)) return undefined;
    bounds.push({ operator, version });
  }
  return bounds;
}

function isOperator(text: string | undefined): text is Bound['operator'] {
  return text === '<' || text === '<=' || text === '>' || text === '>=' || text === '=';
}

/** Whether a version's line is in a range: a candidate counts as the final version that it is on its way to. */
export function isInRange(version: Version, range: readonly Bound[], scheme: Reader): boolean {
  const line = scheme.parse(version.line);
  return (
    line !== undefined && range.every((bound) => holds(bound.operator, scheme.compare(line, bound.version)))
  );
}

function holds(operator: Bound['operator'], order: number): boolean {
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '=':
      return order === 0;
  }
}

/**
 * What some ranges leave out together, in words, or undefined if every version is in one of them: `below 1.0.0`,
 * `1.0.0`, `between 1.0.0 and 2.0.0`, `above 2.0.0`; `every version` of no range.
 */
export function gapOf(ranges: readonly (readonly Bound[])[], scheme: Reader): string | undefined {
  const points: Version[] = [];
  for (const { version } of ranges.flat().toSorted((a, b) => scheme.compare(a.version, b.version))) {
    if (points.every((one) => scheme.compare(one, version) !== 0)) points.push(version);
  }
  // Point n is place 2n+1; the versions between two points, which cannot be listed, are the places between.
  const isCovered = (place: number): boolean =>
    ranges.some((range) =>
      range.every(({ operator, version }) => {
        const point = points.findIndex((one) => scheme.compare(one, version) === 0);
        return holds(operator, place - (2 * point + 1));
      }),
    );
  const place = Array.from({ length: 2 * points.length + 1 }).findIndex((_, index) => !isCovered(index));
  return place < 0 ? undefined : placeInWords(points, place);
}

function placeInWords(points: readonly Version[], place: number): string {
  const below = points[Math.ceil(place / 2) - 1];
  const above = points[Math.floor(place / 2)];
  if (below === undefined) return above === undefined ? 'every version' : `below ${above.text}`;
  if (above === undefined) return `above ${below.text}`;
  return below === above ? below.text : `between ${below.text} and ${above.text}`;
}
