import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  latestPerLine,
  type LineBump,
  type Scheme,
  type Version,
} from '../../../src/release/versions/scheme.js';

/** The version that a text spells. */
export function read(scheme: Scheme, text: string): Version {
  const version = scheme.parse(text);
  if (version === undefined) throw new Error(`not a version: ${text}`);
  return version;
}

/** Numbers of a version: small ones meet often, large ones find what is not exact. */
export const part = fc.oneof(
  fc.nat(3),
  fc.nat(99_999_999),
  fc.integer({ min: 99_999_999_999_990, max: 999_999_999_999_998 }),
);

/** Texts that look like versions to somebody who is careless. */
export const hostile = [
  '',
  ' ',
  '1',
  'v1.0.0',
  'V1.0.0',
  ' 1.0.0',
  '1.0.0 ',
  '1.0.0\n',
  '\ufeff1.0.0',
  '1.0.0\u0000',
  '01.0.0',
  '1.00.0',
  '1.0.0rc01',
  '1.0.0-rc.01',
  '-1.0.0',
  '+1.0.0',
  '1.-1.0',
  '1.+1.0',
  '1.0.0rc-1',
  '1.0.0-rc.-1',
  '1e3.0.0',
  '0x1.0.0',
  '1.0.0+local',
  '1.0.0rc1+local',
  '1.0.0-rc.1+build',
  '1!1.0.0',
  '1.0.0.dev1',
  '1.0.0.post1',
  '1.0.0-emergency',
  '1.0.0-rc',
  '1.0.0rc',
  '1.0.0-rc.1.2',
  '1.0.0-1',
  '1.0.0-RC.1',
  '1.0.0RC1',
  '1.0.0.rc1',
  '1.0.0_rc1',
  '1..0',
  '1.0.',
  '.1.0',
  '1.0.0.0.0',
  '1.0.0/../x',
  '--version',
  '１.０.０',
  '١.0.0',
  '1.0.0rc²',
  '1000000000000000.0.0',
  '1.0.1000000000000000',
  '9007199254740993.0.0',
  '1.0.0rc1000000000000000',
  '1.0.0-rc.1000000000000000',
  `${'9'.repeat(400)}.0.0`,
  `1.${'0.'.repeat(200)}0`,
];

/** What holds for every scheme. `any` makes texts of its versions, `now` is when `next` is asked. */
export function lawsOf(
  scheme: Scheme,
  any: fc.Arbitrary<string>,
  bumps: LineBump[],
  now: fc.Arbitrary<Date>,
): void {
  const version = any.map((text) => read(scheme, text));
  const sign = (a: Version, b: Version): number => Math.sign(scheme.compare(a, b));

  test('a version is the text that it was read from', () => {
    fc.assert(
      fc.property(any, (text) => {
        expect(scheme.parse(text)?.text).toBe(text);
      }),
    );
  });

  test('the order is total: antisymmetric, transitive, and what is equal is of one line', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(sign(a, a)).toBe(0);
        expect(sign(a, b) + sign(b, a)).toBe(0);
        const [low, middle, high] = [a, b, c].toSorted((one, other) => scheme.compare(one, other));
        if (low === undefined || middle === undefined || high === undefined) throw new Error('three');
        expect(sign(low, middle)).toBeLessThanOrEqual(0);
        expect(sign(middle, high)).toBeLessThanOrEqual(0);
        expect(sign(low, high)).toBeLessThanOrEqual(0);
        if (sign(a, b) === 0) expect([a.line, a.candidate]).toEqual([b.line, b.candidate]);
        else expect([a.line, a.candidate]).not.toEqual([b.line, b.candidate]);
      }),
    );
  });

  test('a line is a final version, its own line, and not below its candidates', () => {
    fc.assert(
      fc.property(version, (one) => {
        const line = read(scheme, one.line);
        expect(line).toEqual({ text: one.line, line: one.line, candidate: undefined });
        expect(scheme.suffix(line)).toBe('');
        expect(sign(one, line)).toBe(one.candidate === undefined ? 0 : -1);
        expect(scheme.family(one)).toBe(scheme.family(line));
      }),
    );
  });

  test('line and suffix are the version, and the parts of a candidate make it again', () => {
    fc.assert(
      fc.property(version, (one) => {
        const normal = read(scheme, one.line + scheme.suffix(one));
        expect(sign(normal, one)).toBe(0);
        expect(normal).toEqual({ ...one, text: normal.text });
        if (one.candidate === undefined) return;
        const { name, number } = one.candidate;
        expect(scheme.candidate(one.line, name, number)).toEqual(normal);
      }),
    );
  });

  test('what comes next is final, in the normal form, and above; or there is nothing', () => {
    fc.assert(
      fc.property(version, now, fc.constantFrom(...bumps), (from, at, bump) => {
        const next = scheme.next(bump, from, at);
        if (next === undefined) return;
        expect(next.candidate).toBeUndefined();
        expect(next.text).toBe(next.line);
        expect(sign(next, from)).toBe(1);
        expect(sign(next, read(scheme, from.line))).toBe(1);
      }),
    );
  });

  test('the next candidate is above all of its name in its line that are taken, and new', () => {
    const [name = ''] = scheme.rule.candidate;
    const small = fc.array(fc.tuple(fc.boolean(), fc.nat(30)), { maxLength: 8 });
    fc.assert(
      fc.property(version, version, small, (one, other, taken) => {
        if (name === '') return;
        const versions = taken.map(([own, number]) =>
          scheme.candidate((own ? one : other).line, name, number),
        );
        const number = scheme.nextNumber(one.line, name, versions);
        const next = scheme.candidate(one.line, name, number);
        const counted = versions.filter((it) => scheme.rule.counter === 'continues' || it.line === one.line);
        expect(number).toBe(Math.max(0, ...counted.map((it) => it.candidate?.number ?? 0)) + 1);
        for (const it of versions.filter((it) => it.line === one.line)) expect(sign(next, it)).toBe(1);
      }),
    );
  });

  test('of each line the latest is one, and the highest', () => {
    fc.assert(
      fc.property(fc.array(version, { maxLength: 12 }), (versions) => {
        const latest = latestPerLine(scheme, versions);
        expect(new Set(latest.map(({ line }) => line)).size).toBe(latest.length);
        for (const one of versions) {
          const best = latest.find(({ line }) => line === one.line);
          expect(best !== undefined && sign(best, one) >= 0).toBe(true);
        }
        expect(latest).toEqual(latest.toSorted((a, b) => scheme.compare(a, b)));
      }),
    );
  });

  test('what somebody typed is refused, or is exactly that version', () => {
    const alphabet = fc.constantFrom(
      ...'0123456789..--abrcvlphet+!_ '.split(''),
      '\n',
      '１',
      'rc',
      '2025',
      '-rc.',
    );
    const typed = fc.array(alphabet, { maxLength: 14 }).map((all) => all.join(''));
    fc.assert(
      fc.property(fc.oneof(typed, fc.string()), (text) => {
        const found = scheme.parse(text);
        if (found === undefined) return;
        expect(found.text).toBe(text);
        expect(text).toMatch(/^[0-9A-Za-z][0-9A-Za-z._-]*$/);
        expect(sign(read(scheme, found.line + scheme.suffix(found)), found)).toBe(0);
      }),
    );
  });
}

/** That texts are refused, each by name. */
export function refuses(scheme: Scheme, texts: readonly string[]): void {
  test.each(texts)('%j is refused', (text) => {
    expect(scheme.parse(text)).toBeUndefined();
  });
}
