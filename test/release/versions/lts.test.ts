import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { schemeOf } from '../../../src/release/versions/index.js';
import { previousFinal, type SchemeRule } from '../../../src/release/versions/scheme.js';
import { hostile, lawsOf, read, refuses } from './laws.js';

const rule = (more: Partial<SchemeRule> = {}): SchemeRule => ({
  scheme: 'lts',
  candidate: ['rc'],
  counter: 'restarts',
  ...more,
});
const scheme = schemeOf(rule());
const any = fc
  .tuple(fc.integer({ min: 1000, max: 9999 }), fc.integer({ min: 1, max: 12 }), fc.nat(40), fc.nat(9))
  .map(
    ([year, n, patch, rc]) => `${year}.${n}${patch === 0 ? '' : `.${patch}`}${rc === 0 ? '' : `-rc.${rc}`}`,
  );
const clock = fc.date({ min: new Date('1900-01-01'), max: new Date('9998-12-31'), noInvalidDate: true });

describe('the laws of LTS versions', () => {
  lawsOf(scheme, any, ['patch', 'year', 'minor', 'major', 'clock'], clock);
});

describe('spelling', () => {
  test.each(['2026.1', '2026.1.1', '2026.2.13', '2026.1.1-rc.2'])('%s is a version', (text) => {
    expect(read(scheme, text).text).toBe(text);
  });

  refuses(scheme, hostile);
  refuses(scheme, [
    '2026',
    '2026.0',
    '2026.1.0',
    '26.1',
    '02026.1',
    '0999.1',
    '2026.01',
    '2026.1.1.1',
    '1.2.3',
  ]);
  refuses(schemeOf(rule({ candidate: [] })), ['2026.1-rc.1']);
});

describe('what comes next', () => {
  const at = (time: string, from?: string, zone?: string): string | undefined => {
    const own = schemeOf(rule({ zone }));
    return own.next('year', from === undefined ? undefined : read(own, from), new Date(time))?.text;
  };

  test('the year of the clock has one; a second one has to be named', () => {
    expect(at('2026-07-01T00:00:00Z')).toBe('2026.1');
    expect(at('2026-07-01T00:00:00Z', '2025.1.9')).toBe('2026.1');
    expect(at('2026-07-01T00:00:00Z', '2026.1.3')).toBeUndefined();
    expect(at('2026-07-01T00:00:00Z', '2027.1')).toBeUndefined();
  });

  test('the year is the one of the zone', () => {
    expect(at('2026-12-31T23:30:00Z')).toBe('2026.1');
    expect(at('2026-12-31T23:30:00Z', undefined, 'Europe/Berlin')).toBe('2027.1');
    expect(at('2027-01-01T03:00:00Z', undefined, 'America/New_York')).toBe('2026.1');
  });

  test('a patch counts, and needs something to patch', () => {
    const now = new Date('2030-01-01');
    expect(scheme.next('patch', read(scheme, '2026.1'), now)?.text).toBe('2026.1.1');
    expect(scheme.next('patch', read(scheme, '2026.1.9'), now)?.text).toBe('2026.1.10');
    expect(scheme.next('patch', undefined, now)).toBeUndefined();
    expect(scheme.next('minor', read(scheme, '2026.1'), now)).toBeUndefined();
  });

  test('the version before is of the LTS lines only', () => {
    const known = ['2025.1.4', '2026.1', '2026.1.1'].map((text) => read(scheme, text));
    expect(previousFinal(scheme, read(scheme, '2026.1.2'), known)?.text).toBe('2026.1.1');
    expect(previousFinal(scheme, read(scheme, '2026.1'), known)?.text).toBe('2025.1.4');
    const foreign = { text: '1.9.0', line: '1.9.0', candidate: undefined };
    expect(() => scheme.compare(read(scheme, '2026.1'), foreign)).toThrow(RangeError);
  });

  test('the family is the LTS line', () => {
    expect(scheme.family(read(scheme, '2026.1.7'))).toBe('2026.1');
  });
});
