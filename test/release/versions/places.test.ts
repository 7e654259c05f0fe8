import fc from 'fast-check';
import * as pep440 from '@renovatebot/pep440';
import semver from 'semver';
import { describe, expect, test } from 'vitest';
import { ruleProblem, schemeOf, schemeProblem } from '../../../src/release/versions/index.js';
import { placeProblem, writtenIn } from '../../../src/release/versions/places.js';
import {
  highest,
  latestFinals,
  previousFinal,
  type Place,
  type SchemeRule,
} from '../../../src/release/versions/scheme.js';
import { part, read } from './laws.js';

const rule = (scheme: SchemeRule['scheme'], more: Partial<SchemeRule> = {}): SchemeRule => ({
  scheme,
  candidate: ['alpha', 'beta', 'rc'],
  counter: 'restarts',
  ...more,
});
const calver = (format: string): SchemeRule => rule('calver', { format });
const places: Place[] = ['tag', 'pypi', 'docker', 'helm', 'npm'];

function written(of: SchemeRule, text: string, place: Place): string {
  const scheme = schemeOf(of);
  const result = scheme.render(read(scheme, text), place);
  return 'text' in result ? result.text : result.problem;
}

describe('a version in its places', () => {
  test.each([
    [rule('pep440'), '0.44.0rc2', '0.44.0rc2', '0.44.0rc2', '0.44.0rc2', '0.44.0-rc.2'],
    [rule('pep440'), '0.44a1', '0.44a1', '0.44.0a1', '0.44a1', '0.44.0-alpha.1'],
    [rule('pep440', { parts: 2 }), '0.44', '0.44', '0.44', '0.44', '0.44.0'],
    [rule('semver'), '0.6.0-alpha.8', '0.6.0-alpha.8', '0.6.0a8', '0.6.0-alpha.8', '0.6.0-alpha.8'],
    [rule('semver'), '1.7.2', '1.7.2', '1.7.2', '1.7.2', '1.7.2'],
    [rule('lts'), '2026.1', '2026.1', '2026.1', '2026.1', '2026.1.0'],
    [rule('lts'), '2026.1.3-rc.1', '2026.1.3-rc.1', '2026.1.3rc1', '2026.1.3-rc.1', '2026.1.3-rc.1'],
    [calver('YYYY.M.D'), '2025.1.2-rc1', '2025.1.2-rc1', '2025.1.2rc1', '2025.1.2-rc1', '2025.1.2-rc.1'],
    [calver('YYYY.M'), '2025.1', '2025.1', '2025.1', '2025.1', '2025.1.0'],
  ])('%#: %s', (of, text, tag, pypi, docker, helm) => {
    expect(places.map((place) => written(of, text, place))).toEqual([tag, pypi, docker, helm, helm]);
  });

  test('PyPI has the numbers without leading zeros', () => {
    expect(written(calver('YYYY.MM.DD'), '2025.10.02', 'pypi')).toBe('2025.10.2');
    expect(written(calver('YYYYMMDD.HHmm'), '20251002.0006-beta3', 'pypi')).toBe('20251002.6b3');
  });

  test('four numbers are no SemVer, and said so for the one version or the whole scheme', () => {
    expect(written(rule('pep440'), '1.2.3.4', 'helm')).toBe('1.2.3.4 has 4 numbers, and SemVer has three.');
    expect(written(rule('pep440'), '1.2.3.4', 'docker')).toBe('1.2.3.4');
    expect(written(rule('pep440', { parts: 4 }), '1.2.3', 'npm')).toBe(
      'Versions of four numbers cannot be written as SemVer, which npm needs.',
    );
  });

  test("another scheme's version is not rendered", () => {
    const foreign = { text: '1.0', line: '1.0', candidate: undefined };
    expect(() => schemeOf(rule('semver')).render(foreign, 'tag')).toThrow(RangeError);
  });

  test('whatever is written is what the place reads, and keeps its order', () => {
    const any = fc.tuple(part, part, part, fc.constantFrom('', '-alpha.', '-beta.', '-rc.'), part);
    const text = any.map(([x, y, z, name, n]) => `${x}.${y}.${z}${name === '' ? '' : `${name}${n}`}`);
    const of = rule('semver');
    const scheme = schemeOf(of);
    fc.assert(
      fc.property(text, text, (a, b) => {
        const order = Math.sign(scheme.compare(read(scheme, a), read(scheme, b)));
        const [left, right] = [written(of, a, 'pypi'), written(of, b, 'pypi')];
        expect(pep440.valid(left)).toBe(left);
        expect(Math.sign(pep440.compare(left, right))).toBe(order);
        expect(semver.valid(written(of, a, 'helm'))).toBe(a);
        expect(written(of, a, 'docker')).toMatch(/^\w[\w.-]{0,127}$/);
        const python = schemeOf(rule('pep440'));
        const back = python.render(read(python, left), 'npm');
        expect(back).toEqual({ text: a });
      }),
    );
  });
});

describe('a scheme in a place', () => {
  test.each([
    [calver('YYYY.MM.DD-HHmm'), 'pypi', 'cannot be written for PyPI, which takes dots only'],
    [calver('YYYY_MM'), 'pypi', 'takes dots only'],
    [calver('YYYY.MM.DD'), 'pypi', undefined],
    [calver('YYYY.MM.DD'), 'helm', 'MM can begin with a zero'],
    [calver('YYYY.MM.DD'), 'npm', 'as SemVer, which npm needs: MM can begin with a zero'],
    [calver('YY.M.D'), 'npm', 'YY can begin with a zero'],
    [calver('YYYY.M.D-HHmm'), 'helm', 'what follows "-" would make each a pre-release'],
    [calver('YYYY_M'), 'helm', 'it has no "_"'],
    [calver('YYYY.M.D.H'), 'helm', 'it has three numbers, not 4'],
    [calver('YYYY.M.D'), 'helm', undefined],
    [calver('YYYYMMDD'), 'npm', undefined],
    [calver('YYYY.MM.DD-HHmm'), 'docker', undefined],
    [calver('YYYY.MM.DD-HHmm'), 'tag', undefined],
    [rule('pep440'), 'helm', undefined],
    [rule('pep440', { parts: 4 }), 'helm', 'four numbers'],
    [rule('pep440', { parts: 4 }), 'pypi', undefined],
    [rule('semver'), 'pypi', undefined],
    [rule('lts'), 'npm', undefined],
  ] as const)('%#: %s in %s', (of, place, problem) => {
    const said = schemeProblem(of, place);
    if (problem === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(problem);
  });

  test('a scheme that can be written writes every version of three numbers; one that cannot writes none', () => {
    const now = new Date('2025-10-12T12:06:00Z');
    for (const of of ['YYYY.MM.DD-HHmm', 'YYYY.MM.DD', 'YYYY.M.D', 'YYYYMMDD'].map(calver)) {
      const version = schemeOf(of).next('clock', undefined, now);
      if (version === undefined) throw new Error('the clock stands');
      for (const place of places)
        expect('problem' in schemeOf(of).render(version, place)).toBe(schemeProblem(of, place) !== undefined);
    }
  });
});

describe('what a place takes', () => {
  test.each<[Place, string[], string[]]>([
    [
      'tag',
      ['1.0.0', 'v1', '2025.10.02'],
      ['', '.1', '-1', '1..0', '1.', '1.lock', '1 0', '1/0', 'x'.repeat(201)],
    ],
    ['pypi', ['1', '1.0rc1', '1.2.3.4.5'], ['1.0-1', '01.0', '1.0.0-rc.1', '1.0c1', `1.${'1'.repeat(200)}`]],
    ['docker', ['1.0.0', '_x', 'x'.repeat(128)], ['', '.1', '-1', '1+1', 'x'.repeat(129), '1\n']],
    ['helm', ['1.0.0', '1.0.0-rc.1'], ['1.0', 'v1.0.0', '1.0.0+x', '1.0.0-01', `1.0.0-${'x'.repeat(123)}`]],
    ['npm', ['1.0.0', `1.0.0-${'x'.repeat(123)}`], ['1.0', ' 1.0.0', '1.0.0+x', `1.0.0-${'x'.repeat(251)}`]],
  ])('%s', (place, good, bad) => {
    for (const text of good) expect(placeProblem(text, place)).toBeUndefined();
    for (const text of bad) expect(placeProblem(text, place)).toMatch(/^is no/);
  });

  test('a text that it does not take is a sentence', () => {
    expect(writtenIn('docker', '1.0')).toEqual({ text: '1.0' });
    expect(writtenIn('npm', '1.0')).toEqual({ problem: '"1.0" is not SemVer 2 without build.' });
  });
});

describe('a rule', () => {
  test.each<[SchemeRule, string | undefined]>([
    [rule('pep440', { candidate: ['a', 'b', 'rc'] }), undefined],
    [rule('semver', { candidate: ['-alpha', 'rc'] }), undefined],
    [rule('calver', { format: 'YYYY.MM', zone: 'Europe/London', candidate: ['-rc'] }), undefined],
    [rule('lts', { zone: 'UTC', candidate: [] }), undefined],
    [rule('pep440', { parts: 2 }), undefined],
    [rule('semver', { format: 'YYYY' }), 'format: only calver has a format, semver has none'],
    [rule('calver'), 'format: calver needs a format such as YYYY.MM.DD-HHmm'],
    [rule('calver', { format: 'MM' }), 'format: the format needs year'],
    [rule('semver', { zone: 'UTC' }), 'zone: only calver and lts read a clock, semver does not'],
    [rule('lts', { zone: 'Nowhere' }), 'zone: "Nowhere" is no time zone'],
    [rule('semver', { parts: 4 }), 'parts: only pep440 can have another number of parts'],
    [
      rule('semver', { candidate: ['a'] }),
      'candidate: "a" is no candidate of semver; it has alpha, beta, rc',
    ],
    [rule('pep440', { candidate: ['-rc'] }), 'candidate: "-rc" is no candidate of pep440'],
    [rule('pep440', { candidate: ['constructor'] }), 'candidate: "constructor" is no candidate'],
    [rule('pep440', { candidate: ['a', 'alpha'] }), 'candidate: the candidate "alpha" is named twice'],
  ])('%#: %j', (of, said) => {
    const problem = ruleProblem(of);
    if (said === undefined) expect(problem).toBeUndefined();
    else expect(`${problem?.key}: ${problem?.message}`).toContain(said);
  });
});

describe('some versions', () => {
  const scheme = schemeOf(rule('pep440'));
  const versions = ['0.43.2', '0.44.0rc1', '0.43.9', '0.42.0', '0.44.1a1', '0.44.0'].map((text) =>
    read(scheme, text),
  );

  test('the latest final of each family, lowest first', () => {
    expect(latestFinals(scheme, versions).map(({ text }) => text)).toEqual(['0.42.0', '0.43.9', '0.44.0']);
  });

  test('the version before a line is the highest final below it, whatever candidates there are', () => {
    const before = (text: string): string | undefined =>
      previousFinal(scheme, read(scheme, text), versions)?.text;
    expect(['0.42.0', '0.43.0', '0.44.0rc9', '0.44', '0.44.1', '9.0.0'].map(before)).toEqual([
      undefined,
      '0.42.0',
      '0.43.9',
      '0.43.9',
      '0.44.0',
      '0.44.0',
    ]);
  });

  test('a name that the scheme cannot have makes no candidates', () => {
    const other = schemeOf(rule('semver', { candidate: ['a', 'rc'] }));
    expect(other.parse('1.0.0-alpha.1')).toBeUndefined();
    expect(other.parse('1.0.0-rc.1')?.text).toBe('1.0.0-rc.1');
  });

  test('the highest is at least as high as all others, the first of equal ones, and none of none', () => {
    expect(highest(scheme, versions)?.text).toBe('0.44.1a1');
    expect(highest(scheme, [read(scheme, '1.0'), read(scheme, '1.0.0')])?.text).toBe('1.0');
    expect(highest(scheme, [])).toBeUndefined();
  });
});
