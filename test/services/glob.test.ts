import { describe, expect, test } from 'vitest';
import { matchesGlob } from '../../src/services/command/glob.js';

describe('a pattern of artifacts', () => {
  test.each([
    ['dist/app-1.0.tar.gz', 'dist/app-*.tar.gz', true],
    ['dist/app-.tar.gz', 'dist/app-*.tar.gz', true],
    ['dist/x/app-1.tar.gz', 'dist/app-*.tar.gz', false],
    ['dist/app-1.tar.gz.asc', 'dist/app-*.tar.gz', false],
    ['dist/app', 'dist/app', true],
    ['dist/app', 'dist/ap', false],
    ['dist/app', 'dist', false],
    ['dist', 'dist/app', false],
    ['dist/.app', 'dist/*', false],
    ['dist/.app', 'dist/.*', true],
    ['app.whl', '**/*.whl', true],
    ['a/b/app.whl', '**/*.whl', true],
    ['a/.b/app.whl', '**/*.whl', false],
    ['a/x/y/b', 'a/**/b', true],
    ['a/b', 'a/**/b', true],
    ['a/b/c', 'a/**', true],
    ['a/aXbXc', 'a/a*b*c', true],
    ['a/abcabd', 'a/a*b*d', true],
    ['a/abc', 'a/a**c', true],
    ['a+b/c', 'a+b/c', true],
  ])('%s is meant by %s: %s', (path, glob, is) => {
    expect(matchesGlob(path, glob)).toBe(is);
  });

  test('cannot be made to stand still, by its author or by the names of files', () => {
    const started = performance.now();
    expect(matchesGlob(`dist/${'a'.repeat(250)}`, `dist/${'*a'.repeat(100)}*b`)).toBe(false);
    expect(matchesGlob(`${'a/'.repeat(500)}x`, `${'**/a/'.repeat(100)}**/y`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
