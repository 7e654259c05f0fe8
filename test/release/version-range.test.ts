import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gapOf, isInRange, parseRange, type Bound } from '../../src/release/version-range.js';
import { schemeOf } from '../../src/release/versions/index.js';
import type { Version } from '../../src/release/versions/scheme.js';

const scheme = schemeOf({ scheme: 'pep440', candidate: ['rc'], counter: 'restarts' });

function version(text: string): Version {
  const found = scheme.parse(text);
  if (found === undefined) throw new Error(`${text} is no version`);
  return found;
}

function range(text: string): Bound[] {
  const found = parseRange(text, scheme);
  if (found === undefined) throw new Error(`${text} is no range`);
  return found;
}

const isIn = (text: string, wanted: string): boolean => isInRange(version(text), range(wanted), scheme);

describe('a range', () => {
  test.each([
    ['1.0.0', '>=1.0.0', true],
    ['0.9.9', '>=1.0.0', false],
    ['1.0.0', '>1.0.0', false],
    ['1.0.1', '>1.0.0', true],
    ['0.9.9', '<1.0.0', true],
    ['1.0.0', '<1.0.0', false],
    ['1.0.0', '<=1.0.0', true],
    ['1.0.1', '<=1.0.0', false],
    ['1.0.0', '=1.0.0', true],
    ['1.0.1', '=1.0.0', false],
    ['1.5.0', '>=1.0.0 <2.0.0', true],
    ['2.0.0', '>=1.0.0 <2.0.0', false],
    ['0.10.0', '>0.9.0', true],
  ])('%s %s: %s', (text, wanted, is) => {
    expect(isIn(text, wanted)).toBe(is);
  });

  test('a candidate counts as its line', () => {
    expect(isIn('1.0.0rc1', '>=1.0.0')).toBe(true);
    expect(isIn('1.0.0rc1', '<1.0.0')).toBe(false);
    const strange: Version = { ...version('1.0.0'), line: 'none' };
    expect(isInRange(strange, range('>=1.0.0'), scheme)).toBe(false);
  });

  test.each([
    '',
    '1.0.0',
    '>=',
    '>=x',
    '>= 1.0.0',
    '>=1.0.0  <2.0.0',
    '~1.0.0',
    '>=1.0.0rc1',
    '=>1.0.0',
    '>=1.0.0,<2.0.0',
    '>=v1.0.0',
    '==1.0.0',
    '>=2025.10.12-1206',
  ])('%j is none', (text) => {
    expect(parseRange(text, scheme)).toBeUndefined();
  });
});

describe('what ranges leave out', () => {
  test.each<[string[], string | undefined]>([
    [['<1.0.0', '>=1.0.0'], undefined],
    [['<=1.0.0', '>1.0.0'], undefined],
    [['<2.0.0', '>=1.0.0'], undefined],
    [['<1.0.0', '=1.0.0', '>1.0.0'], undefined],
    [[], 'every version'],
    [['>=1.0.0'], 'below 1.0.0'],
    [['<1.0.0'], '1.0.0'],
    [['<=1.0.0'], 'above 1.0.0'],
    [['<1.0.0', '>1.0.0'], '1.0.0'],
    [['<=1.0.0', '>=2.0.0'], 'between 1.0.0 and 2.0.0'],
    [['>=2.0.0', '<=1.0.0', '>=1.0.0 <=1.5.0'], 'between 1.5.0 and 2.0.0'],
    [['<1.0.0 >2.0.0'], 'below 1.0.0'],
  ])('%j: %s', (texts, gap) => {
    expect(gapOf(texts.map(range), scheme)).toBe(gap);
  });

  test('a range without bounds leaves nothing out', () => {
    expect(gapOf([[]], scheme)).toBeUndefined();
  });

  test('says nothing is left out only where every version is in a range', () => {
    const number = fc.integer({ min: 0, max: 4 });
    const bound = fc
      .tuple(fc.constantFrom('<', '<=', '>', '>=', '='), number)
      .map(([operator, major]) => `${operator}${major}.0.0`);
    const some = fc.array(
      fc.array(bound, { minLength: 1, maxLength: 2 }).map((parts) => parts.join(' ')),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(some, (texts) => {
        const ranges = texts.map(range);
        // The bounds, something between each two, and something on both sides.
        const all = [0, 1, 2, 3, 4].flatMap((major) => [`${major}.0.0`, `${major}.5.0`]);
        const left = ['0.0.0', ...all, '9.0.0'].filter(
          (text) => !ranges.some((one) => isInRange(version(text), one, scheme)),
        );
        // Below 0.0.0 there is no version, but a gap all the same.
        const gap = gapOf(ranges, scheme);
        if (left.length > 0) expect(gap).toBeDefined();
        else if (gap !== undefined) expect(gap).toBe('below 0.0.0');
      }),
    );
  });
});
