import fc from 'fast-check';
import semver from 'semver';
import { describe, expect, test } from 'vitest';
import { schemeOf } from '../../../src/release/versions/index.js';
import type { SchemeRule } from '../../../src/release/versions/scheme.js';
import { hostile, lawsOf, part, read, refuses } from './laws.js';

const rule = (more: Partial<SchemeRule> = {}): SchemeRule => ({
  scheme: 'semver',
  candidate: ['alpha', 'beta', 'rc'],
  counter: 'continues',
  ...more,
});
const scheme = schemeOf(rule());
const now = new Date('2026-03-04T05:06:07Z');

const any = fc
  .record({
    numbers: fc.tuple(part, part, part),
    suffix: fc.option(fc.tuple(fc.constantFrom('alpha', 'beta', 'rc'), part), { nil: undefined }),
  })
  .map(({ numbers, suffix }) => numbers.join('.') + (suffix === undefined ? '' : `-${suffix.join('.')}`));

describe('the laws of SemVer', () => {
  lawsOf(scheme, any, ['patch', 'minor', 'major', 'year', 'clock'], fc.constant(now));
});

describe('the laws of SemVer with a counter that restarts', () => {
  lawsOf(schemeOf(rule({ counter: 'restarts' })), any, ['patch', 'minor', 'major'], fc.constant(now));
});

describe('spelling', () => {
  test.each(['0.0.0', '1.7.2', '0.3.0-alpha.1', '0.6.0-rc.0', '1.0.999999999999999'])(
    '%s is a version',
    (text) => {
      expect(read(scheme, text).text).toBe(text);
      expect(semver.valid(text)).toBe(text);
    },
  );

  refuses(scheme, hostile);
  refuses(scheme, [
    '1.0',
    '1.0.0.0',
    '1.7.2-emergency',
    '1.0.0-rc1',
    '1.0.0-rc.x',
    '1.0.0-0.rc',
    '1.0.0-rc.1.alpha',
  ]);

  test('only candidates that the rule names are versions', () => {
    expect(schemeOf(rule({ candidate: ['rc'] })).parse('1.0.0-alpha.1')).toBeUndefined();
  });
});

describe('order', () => {
  test('is the order of SemVer', () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(Math.sign(scheme.compare(read(scheme, a), read(scheme, b)))).toBe(semver.compare(a, b));
      }),
    );
  });

  test('the steps are those of SemVer', () => {
    const finals = fc.tuple(part, part, part).map((numbers) => numbers.join('.'));
    fc.assert(
      fc.property(finals, fc.constantFrom('patch', 'minor', 'major'), (text, bump) => {
        expect(scheme.next(bump, read(scheme, text), now)?.text).toBe(semver.inc(text, bump));
      }),
    );
  });

  test('a version of another scheme is never compared, not even one that is SemVer by chance', () => {
    const one = schemeOf(rule({ candidate: ['rc'] }));
    for (const text of ['1.0', '1.0.0-alpha.1']) {
      const foreign = { text, line: '1.0', candidate: undefined };
      expect(() => one.compare(read(one, '1.0.0'), foreign)).toThrow(RangeError);
      expect(() => one.compare(foreign, read(one, '1.0.0'))).toThrow(RangeError);
    }
  });
});

describe('what comes next', () => {
  test('the number of a candidate goes on over lines, by its name', () => {
    const taken = ['0.5.1-alpha.7', '0.5.0-alpha.3', '0.5.1-beta.2', '0.5.0'].map((text) =>
      read(scheme, text),
    );
    expect(scheme.nextNumber('0.6.0', 'alpha', taken)).toBe(8);
    expect(scheme.candidate('0.6.0', 'alpha', 8).text).toBe('0.6.0-alpha.8');
    expect(scheme.nextNumber('0.6.0', 'beta', taken)).toBe(3);
    expect(scheme.nextNumber('0.6.0', '-rc', taken)).toBe(1);
    expect(schemeOf(rule({ counter: 'restarts' })).nextNumber('0.6.0', 'alpha', taken)).toBe(1);
  });

  test('a step starts from the line of a candidate; the first release of all', () => {
    const from = read(scheme, '0.5.1-alpha.7');
    expect(scheme.next('patch', from, now)?.text).toBe('0.5.2');
    expect(scheme.next('minor', undefined, now)?.text).toBe('0.1.0');
    expect(scheme.next('major', undefined, now)?.text).toBe('1.0.0');
    expect(scheme.next('year', from, now)).toBeUndefined();
    expect(scheme.next('patch', read(scheme, '1.0.999999999999999'), now)).toBeUndefined();
  });

  test('the family is what patches follow each other in', () => {
    expect(scheme.family(read(scheme, '0.5.1-alpha.7'))).toBe('0.5');
  });
});
