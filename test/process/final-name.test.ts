import { describe, expect, test } from 'vitest';
import { readProcess } from '../../src/process/load-process.js';
import { describeProblems } from '../../src/process/problems.js';

function problemsOf(version: string, operation: string): string[] {
  const text = `process: p
about: A process.
version: { ${version}, tag: 'p-v{version}', branch: 'r/v{line}' }
artifacts: { app: { file: 'dist/*.gz', archive: { in: releases, path: 'p-{version}.gz' } } }
operations:
  go:
    about: Goes
    ${operation}
`;
  const result = readProcess('p.yml', text, new Map());
  return 'problems' in result ? describeProblems(result.problems) : [];
}

const file = 'scheme: pep440, candidate: rc, from: { path: p.toml, key: project.version }';
const clock = 'scheme: calver, format: YYYY.MM.DD-HHmm';
const publishes = /"(tag|store)" would publish the final version, and this operation leaves the line open/;

describe('a final version is published only by what has a gate', () => {
  test.each([
    ['a new line by the clock', clock, 'line: new -> open\n    steps: [{ uses: tag }]'],
    ['a new line one step up', file, 'line: new -> open\n    next: [minor]\n    steps: [{ uses: tag }]'],
  ])('%s', (_, version, operation) => {
    expect(problemsOf(version, operation).join('\n')).toMatch(publishes);
  });

  test('a candidate may be tagged, and a hotfix may make its branch', () => {
    expect(problemsOf(file, 'line: new -> open\n    next: [rc]\n    steps: [{ uses: tag }]')).toEqual([]);
    expect(
      problemsOf(
        file,
        'line: new -> open\n    from: last-final\n    next: [patch]\n    steps: [{ uses: branch }]',
      ),
    ).toEqual([]);
  });
});
