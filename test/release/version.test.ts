import fc from 'fast-check';
import * as pep440 from '@renovatebot/pep440';
import { describe, expect, test } from 'vitest';
import {
  candidateOf,
  compare,
  format,
  highest,
  line,
  nextCandidate,
  nextMinor,
  nextPatch,
  parse,
} from '../../src/release/version.js';
import type { Version } from '../../src/release/version.js';

function v(text: string): Version {
  const version = parse(text);
  if (version === undefined) throw new Error(`not a version: ${text}`);
  return version;
}

const part = fc.oneof(fc.nat(3), fc.nat(99_999_999));
const anyVersion = fc.record({
  major: part,
  minor: part,
  patch: fc.option(part, { nil: undefined }),
  candidate: fc.option(part, { nil: undefined }),
});

describe('spelling', () => {
  test.each(['0.44.0', '0.44', '0.44.0rc2', '1.0rc1', '2026.1.20', '999999999.0.0'])(
    '%s is a version',
    (text) => {
      expect(format(v(text))).toBe(text);
    },
  );

  test.each([
    '',
    '1',
    '1.2.3.4',
    'v1.0.0',
    '1.0.0-rc1',
    '1.0.0.rc1',
    '1.0.0RC1',
    '1.0.0rc',
    '1.0.0rc01',
    '01.0.0',
    '1.0.0a1',
    '1.0.0b1',
    '1.0.0.dev1',
    '1.0.0.post1',
    '1.0.0+local',
    '1!1.0.0',
    ' 1.0.0',
    '1.0.0\n',
    '١.0.0',
    '9999999999.0.0',
  ])('%j is refused', (text) => {
    expect(parse(text)).toBeUndefined();
  });

  test('every version is written in one way and read back', () => {
    fc.assert(
      fc.property(anyVersion, (version) => {
        expect(parse(format(version))).toEqual(version);
      }),
    );
  });

  test('whatever is accepted is spelled exactly so', () => {
    const almost = fc.stringMatching(/^v?[0-9]{1,3}(\.[0-9]{1,2}){0,3}(-?(rc|a|b|\.dev)[0-9]{0,2})?$/);
    fc.assert(
      fc.property(almost, (text) => {
        const version = parse(text);
        if (version !== undefined) expect(format(version)).toBe(text);
      }),
    );
  });
});

describe('order', () => {
  test('is the order of PEP 440', () => {
    fc.assert(
      fc.property(anyVersion, anyVersion, (a, b) => {
        expect(Math.sign(compare(a, b))).toBe(Math.sign(pep440.compare(format(a), format(b))));
      }),
    );
  });

  test.each([
    ['0.43.9', '0.44.0rc1'],
    ['0.44.0rc2', '0.44.0rc10'],
    ['0.44.0rc10', '0.44.0'],
    ['0.9.0', '0.10.0'],
  ])('%s is below %s', (low, high) => {
    expect(compare(v(low), v(high))).toBeLessThan(0);
    expect(compare(v(high), v(low))).toBeGreaterThan(0);
  });

  test('0.44 and 0.44.0 are equal', () => {
    expect(compare(v('0.44'), v('0.44.0'))).toBe(0);
    expect(compare(v('0.44rc1'), v('0.44.0rc1'))).toBe(0);
  });

  test('the highest is at least as high as all others, and one of them', () => {
    fc.assert(
      fc.property(fc.array(anyVersion, { minLength: 1 }), (versions) => {
        const best = highest(versions);
        expect(versions).toContain(best);
        if (best !== undefined) expect(versions.every((it) => compare(it, best) <= 0)).toBe(true);
      }),
    );
    expect(highest([])).toBeUndefined();
  });
});

describe('what comes next', () => {
  test('a line has no candidate, is its own line, and is not below its candidates', () => {
    fc.assert(
      fc.property(anyVersion, (version) => {
        const target = line(version);
        expect(candidateOf(target)).toBe('');
        expect(line(target)).toEqual(target);
        expect(format(target) + candidateOf(version)).toBe(format(version));
        expect(compare(version, target)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('the next candidate is of the same line, above all that are taken, and below the final', () => {
    fc.assert(
      fc.property(anyVersion, fc.array(part), (version, numbers) => {
        const taken = numbers.map((candidate) => ({ ...version, candidate }));
        const next = nextCandidate(version, [...taken, { ...nextMinor(version), candidate: 7 }]);
        expect(line(next)).toEqual(line(version));
        expect(taken.every((it) => compare(it, next) < 0)).toBe(true);
        expect(compare(next, line(version))).toBeLessThan(0);
        expect(next.candidate).toBe(Math.max(version.candidate ?? 0, 0, ...numbers) + 1);
      }),
    );
  });

  test('the next patch and the next minor are final and above every version of the line', () => {
    fc.assert(
      fc.property(anyVersion, (version) => {
        for (const next of [nextPatch(version), nextMinor(version)]) {
          expect(candidateOf(next)).toBe('');
          expect(compare(next, line(version))).toBeGreaterThan(0);
        }
        expect(compare(nextMinor(version), nextPatch(version))).toBeGreaterThan(0);
      }),
    );
  });

  test.each([
    ['0.44.0', '0.44.0rc1', '0.44.1', '0.45.0'],
    ['0.44.0rc2', '0.44.0rc3', '0.44.1', '0.45.0'],
    ['0.44', '0.44rc1', '0.44.1', '0.45'],
    ['1.2.9rc1', '1.2.9rc2', '1.2.10', '1.3.0'],
  ])('%s is followed by %s, %s and %s', (text, candidate, patch, minor) => {
    expect(format(nextCandidate(v(text)))).toBe(candidate);
    expect(format(nextPatch(v(text)))).toBe(patch);
    expect(format(nextMinor(v(text)))).toBe(minor);
  });

  test('candidates of the other spelling of the line count too', () => {
    expect(format(nextCandidate(v('0.44.0'), [v('0.44rc4'), v('0.45.0rc9')]))).toBe('0.44.0rc5');
  });
});
