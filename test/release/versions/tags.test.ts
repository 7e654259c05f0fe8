import { describe, expect, test } from 'vitest';
import { schemeOf } from '../../../src/release/versions/index.js';
import type { SchemeRule } from '../../../src/release/versions/scheme.js';
import {
  lineOfBranch,
  seriesOfTag,
  templateProblem,
  versionOfTag,
} from '../../../src/release/versions/tags.js';

const schemeFor = (scheme: SchemeRule['scheme'], candidate: string[], format?: string) =>
  schemeOf({ scheme, candidate, counter: 'restarts', format });
const pep440 = schemeFor('pep440', ['rc']);
const semver = schemeFor('semver', ['alpha', 'beta', 'rc']);
const lts = schemeFor('lts', []);
const calver = schemeFor('calver', ['-rc'], 'YYYY.MM.DD-HHmm');

describe('tags', () => {
  test.each([
    ['sculptor-v0.44.0', '0.44.0'],
    ['sculptor-v0.44.0rc2', '0.44.0rc2'],
    ['sculptor-v0.44', '0.44'],
    ['sculptor-v0.44.0-foo', undefined],
    ['sculptor-v0.44.0rc', undefined],
    ['sculptor-v', undefined],
    ['sculptor-', undefined],
    ['', undefined],
    ['v0.44.0', undefined],
    ['0.44.0', undefined],
    ['xsculptor-v0.44.0', undefined],
    ['other/sculptor-v0.44.0', undefined],
    ['refs/tags/sculptor-v0.44.0', undefined],
    ['Sculptor-v0.44.0', undefined],
    ['sculptor-vv0.44.0', undefined],
    ['sculptor-v0.44.0\n', undefined],
    ['sculptor-v0.44.0 ', undefined],
    ['sculptor-v{version}', undefined],
  ])('sculptor-v{version}: %j is %j', (tag, text) => {
    expect(versionOfTag('sculptor-v{version}', tag, pep440)?.text).toBe(text);
  });

  test('every scheme reads its own', () => {
    expect(versionOfTag('v{version}', 'v0.6.0-alpha.8', semver)?.line).toBe('0.6.0');
    expect(versionOfTag('v{version}', 'v1.7.2-emergency', semver)).toBeUndefined();
    expect(versionOfTag('v{version}', 'v2025.10.12-1206-rc1', calver)?.line).toBe('2025.10.12-1206');
    expect(versionOfTag('v{version}', 'v2025.02.30-1206', calver)).toBeUndefined();
    expect(versionOfTag('{version}', '1.2.3', semver)?.text).toBe('1.2.3');
    expect(versionOfTag('v{version}-linux', 'v1.2.3-linux', semver)?.text).toBe('1.2.3');
    expect(versionOfTag('v{version}-linux', 'v1.2.3', semver)).toBeUndefined();
  });

  test('what stands in a template is a text, and what is known is filled in first', () => {
    expect(versionOfTag('v.*{version}', 'vxx1.2.3', semver)).toBeUndefined();
    expect(versionOfTag('v.*{version}', 'v.*1.2.3', semver)?.text).toBe('1.2.3');
    const known = { project: 'kestrel' };
    expect(versionOfTag('{project}-v{version}', 'kestrel-v1.2.3', semver, known)?.text).toBe('1.2.3');
    expect(versionOfTag('{version}-{project}', '1.2.3-kestrel', semver, known)?.text).toBe('1.2.3');
    expect(versionOfTag('{project}-v{version}', 'other-v1.2.3', semver, known)).toBeUndefined();
    expect(versionOfTag('{project}-v{version}', 'kestrel-v1.2.3', semver)).toBeUndefined();
    expect(versionOfTag('{toString}{version}', '1.2.3', semver)).toBeUndefined();
  });

  test('a template that cannot be read backwards is said, and matches nothing', () => {
    expect(templateProblem('v{version}', 'version')).toBeUndefined();
    for (const template of ['v1', 'v{line}', '{version}{version}', '{version}-{candidate}', '']) {
      expect(templateProblem(template, 'version')).toBe(
        'needs {version} exactly once, and no other placeholder',
      );
      expect(versionOfTag(template, 'v1.2.31.2.3', semver)).toBeUndefined();
    }
  });
});

describe('branches', () => {
  test.each([
    ['release/sculptor-v{line}', 'release/sculptor-v0.44.0', '0.44.0'],
    ['release/sculptor-v{line}', 'release/sculptor-v0.44.0rc1', undefined],
    ['release/sculptor-v{line}', 'release/sculptor-v0.44', undefined],
    ['release/sculptor-v{line}', 'release/v0.44.0', undefined],
    ['release/sculptor-v{line}', 'release/sculptor-v0.44.0-old', undefined],
    ['release/{version}', 'release/0.44.0', '0.44.0'],
    ['release/{version}', 'release/0.44.0rc1', '0.44.0'],
    ['release/{version}', 'release/0.44', undefined],
    ['release/{version}', 'release/next', undefined],
    ['main', 'main', undefined],
  ])('%s: %s is of %j', (template, branch, line) => {
    expect(lineOfBranch(template, branch, pep440)).toBe(line);
  });

  test('of a calendar version, and of an LTS', () => {
    expect(lineOfBranch('staging/v{line}-rc1', 'staging/v2025.10.12-1206-rc1', calver)).toBe(
      '2025.10.12-1206',
    );
    expect(lineOfBranch('lts-{line}', 'lts-2026.1', lts)).toBe('2026.1');
    expect(lineOfBranch('{project}/{line}', 'k/2026.1', lts, { project: 'k' })).toBe('2026.1');
  });
});

describe('two series with the same prefix', () => {
  const series = [
    { name: 'main', tag: 'v{version}', scheme: semver },
    { name: 'lts', tag: 'v{version}', scheme: lts },
  ];
  const nameOf = (tag: string): string | undefined => seriesOfTag(series, tag)?.series.name;

  test('no tag is of both, though 2026.1.1 is SemVer too', () => {
    expect(['v1.9.0', 'v1.9.0-rc.1', 'v2026.1', 'v2026.1.1', 'v2026.0.1', 'x'].map(nameOf)).toEqual([
      'main',
      'main',
      'lts',
      'lts',
      'main',
      undefined,
    ]);
    expect(seriesOfTag(series, 'v2026.1.1')?.version.text).toBe('2026.1.1');
  });

  test('a calendar version is asked before numbers', () => {
    const days = schemeFor('calver', [], 'YYYY.M.D');
    const both = [
      { name: 'main', tag: 'v{version}', scheme: pep440 },
      { name: 'days', tag: 'v{version}', scheme: days },
    ];
    expect(seriesOfTag(both, 'v2026.1.31')?.series.name).toBe('days');
    expect(seriesOfTag(both, 'v2026.1.32')?.series.name).toBe('main');
  });
});
