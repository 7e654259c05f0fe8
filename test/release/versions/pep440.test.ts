import fc from 'fast-check';
import * as reference from '@renovatebot/pep440';
import { describe, expect, test } from 'vitest';
import { schemeOf } from '../../../src/release/versions/index.js';
import type { SchemeRule } from '../../../src/release/versions/scheme.js';
import { hostile, lawsOf, part, read, refuses } from './laws.js';

const rule = (more: Partial<SchemeRule> = {}): SchemeRule => ({
  scheme: 'pep440',
  candidate: ['rc', 'a', 'beta'],
  counter: 'restarts',
  ...more,
});
const scheme = schemeOf(rule());
const now = new Date('2026-03-04T05:06:07Z');
const step = (text: string, bump: 'patch' | 'minor' | 'major', with_ = scheme): string | undefined =>
  with_.next(bump, read(with_, text), now)?.text;

const any = fc
  .record({
    numbers: fc.array(part, { minLength: 2, maxLength: 4 }),
    suffix: fc.option(fc.tuple(fc.constantFrom('a', 'b', 'rc'), part), { nil: undefined }),
  })
  .map(({ numbers, suffix }) => numbers.join('.') + (suffix?.join('') ?? ''));

describe('the laws of PEP 440 versions', () => {
  lawsOf(scheme, any, ['patch', 'minor', 'major', 'year', 'clock'], fc.constant(now));
});

describe('the laws with other numbers of parts and a counter that goes on', () => {
  for (const parts of [2, 4] as const)
    lawsOf(
      schemeOf(rule({ parts, counter: 'continues' })),
      any,
      ['patch', 'minor', 'major'],
      fc.constant(now),
    );
});

describe('spelling', () => {
  test.each(['0.44.0', '0.44', '0.44.0rc2', '1.0a0', '1.0.0b3', '1.2.3.4', '2026.1.20', '999999999999999.0'])(
    '%s is a version, as PEP 440 writes it',
    (text) => {
      expect(read(scheme, text).text).toBe(text);
      expect(reference.valid(text)).toBe(text);
    },
  );

  refuses(scheme, hostile);
  refuses(scheme, ['1.0.0alpha1', '1.0.0c1', '1.0.0-rc1', '1.0.0-rc.1', '1.0rc1.0']);

  test('only candidates that the rule names are versions', () => {
    const one = schemeOf(rule({ candidate: ['rc'] }));
    expect(one.parse('1.0.0a1')).toBeUndefined();
    expect(one.parse('1.0.0rc1')?.candidate).toEqual({ name: 'rc', number: 1 });
    expect(schemeOf(rule({ candidate: [] })).parse('1.0.0rc1')).toBeUndefined();
  });
});

describe('order', () => {
  test('is the order of PEP 440', () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        const ours = Math.sign(scheme.compare(read(scheme, a), read(scheme, b)));
        expect(ours).toBe(Math.sign(reference.compare(a, b)));
      }),
    );
  });

  test('what it says about the next version is above for PEP 440 too', () => {
    fc.assert(
      fc.property(any, fc.constantFrom('patch', 'minor', 'major'), (text, bump) => {
        const next = step(text, bump);
        if (next !== undefined) expect(reference.gt(next, text)).toBe(true);
      }),
    );
  });

  test.each([
    ['0.43.9', '0.44.0rc1'],
    ['0.44.0a9', '0.44.0b1'],
    ['0.44.0b9', '0.44.0rc1'],
    ['0.44.0rc2', '0.44.0rc10'],
    ['0.44.0rc10', '0.44.0'],
    ['0.44.0', '0.44.0.1rc1'],
    ['0.9.0', '0.10.0'],
    ['9007199254740.9', '9007199254740.10'],
  ])('%s is below %s', (low, high) => {
    expect(scheme.compare(read(scheme, low), read(scheme, high))).toBeLessThan(0);
    expect(scheme.compare(read(scheme, high), read(scheme, low))).toBeGreaterThan(0);
  });

  test('a version of another scheme is never compared', () => {
    const foreign = { text: '2025.10.12-1206', line: '2025.10.12-1206', candidate: undefined };
    expect(() => scheme.compare(read(scheme, '1.0'), foreign)).toThrow(RangeError);
  });
});

describe('one line, however it is spelled', () => {
  test.each(['0.44', '0.44.0', '0.44.0.0'])('%s is of the line 0.44.0', (text) => {
    const version = read(scheme, text);
    expect(version).toEqual({ text, line: '0.44.0', candidate: undefined });
    expect(scheme.compare(version, read(scheme, '0.44.0'))).toBe(0);
    expect(read(scheme, `${text}rc1`).line).toBe('0.44.0');
    expect(scheme.nextNumber(text, 'rc', [read(scheme, '0.44rc4'), read(scheme, '0.45.0rc9')])).toBe(5);
    expect(scheme.candidate(text, 'rc', 5).text).toBe('0.44.0rc5');
  });

  test.each([
    [2, '0.44', '0.44.1', '0.45', '1.0'],
    [3, '0.44.0', '0.44.1', '0.45.0', '1.0.0'],
    [4, '0.44.0.0', '0.44.0.1', '0.45.0.0', '1.0.0.0'],
  ] as const)('with %i parts the line is %s, then %s, %s, %s', (parts, line, patch, minor, major) => {
    const other = schemeOf(rule({ parts }));
    for (const text of ['0.44', '0.44.0', '0.44.0.0']) {
      expect(read(other, text).line).toBe(line);
      expect([step(text, 'patch', other), step(text, 'minor', other), step(text, 'major', other)]).toEqual([
        patch,
        minor,
        major,
      ]);
    }
  });
});

describe('what comes next', () => {
  test.each([
    ['0.44.0', '0.44.1', '0.45.0', '1.0.0'],
    ['0.44.0rc2', '0.44.1', '0.45.0', '1.0.0'],
    ['1.2.9b1', '1.2.10', '1.3.0', '2.0.0'],
    ['1.2.3.4', '1.2.3.5', '1.3.0', '2.0.0'],
  ])('%s is followed by %s, %s, %s', (text, patch, minor, major) => {
    expect([step(text, 'patch'), step(text, 'minor'), step(text, 'major')]).toEqual([patch, minor, major]);
  });

  test('the first release of all', () => {
    const first = (bump: 'patch' | 'minor' | 'major'): string | undefined =>
      scheme.next(bump, undefined, now)?.text;
    expect([first('patch'), first('minor'), first('major')]).toEqual(['0.0.1', '0.1.0', '1.0.0']);
  });

  test('there is no year, no clock, and nothing above the largest number', () => {
    expect(scheme.next('year', undefined, now)).toBeUndefined();
    expect(scheme.next('clock', read(scheme, '1.0'), now)).toBeUndefined();
    expect(step('1.0.999999999999999', 'patch')).toBeUndefined();
    expect(step('1.0.999999999999999', 'minor')).toBe('1.1.0');
  });

  test('candidates are named as the rule does or by the long word, and nothing else', () => {
    expect(scheme.candidate('1.0.0', 'a', 1).text).toBe('1.0.0a1');
    expect(scheme.candidate('1.0.0', 'alpha', 1).candidate).toEqual({ name: 'alpha', number: 1 });
    expect(scheme.candidate('1.0.0', 'b', 1).text).toBe('1.0.0b1');
    expect(() => scheme.candidate('1.0.0', 'gamma', 1)).toThrow('"gamma" is no candidate');
    expect(() => scheme.candidate('1.0.0', '__proto__', 1)).toThrow(RangeError);
    expect(() => schemeOf(rule({ candidate: ['rc'] })).candidate('1.0.0', 'alpha', 1)).toThrow(RangeError);
    expect(() => scheme.candidate('1.0.0', 'rc', 1e15)).toThrow(RangeError);
    expect(() => scheme.candidate('1.0.0', 'rc', -1)).toThrow(RangeError);
    expect(() => scheme.candidate('1.0.0', 'rc', 1.5)).toThrow(RangeError);
    expect(() => scheme.candidate('x', 'rc', 1)).toThrow('"x" is no version of the scheme pep440');
  });

  test('a counter restarts in every line and for every name', () => {
    const taken = ['1.0.0rc3', '1.0.0a7', '1.1.0rc9'].map((text) => read(scheme, text));
    expect(scheme.nextNumber('1.0.0', 'rc', taken)).toBe(4);
    expect(scheme.nextNumber('1.0.0', 'a', taken)).toBe(8);
    expect(scheme.nextNumber('1.2.0', 'rc', taken)).toBe(1);
  });
});
