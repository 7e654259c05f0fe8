import { expect, test } from 'vitest';
import { exampleOf } from '../../../src/release/versions/example.js';
import { schemeOf } from '../../../src/release/versions/index.js';
import type { SchemeRule } from '../../../src/release/versions/scheme.js';

const rule = (scheme: SchemeRule['scheme'], format?: string): SchemeRule => ({
  scheme,
  format,
  candidate: ['rc'],
  counter: 'restarts',
});

test.each(['pep440', 'semver', 'lts'] as const)('an example of %s is a version of it', (scheme) => {
  expect(schemeOf(rule(scheme)).parse(exampleOf(rule(scheme)))).toMatchObject({ candidate: undefined });
});

test('a calendar version is written as its format says', () => {
  expect(exampleOf(rule('calver', 'YYYY.MM.DD-HHmm'))).toBe('YYYY.MM.DD-HHmm');
  expect(exampleOf(rule('calver'))).toBe('YYYY.MM.DD');
});
