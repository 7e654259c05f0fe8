import { describe, expect, test } from 'vitest';
import { ended } from '../../src/steps/run.js';

const { signal } = new AbortController();
const result = { exit: 3, signal: undefined, reason: 'exited', pipesHeld: false, durationMs: 5 } as const;

describe('why a command did not succeed', () => {
  test('is said, however long the command is', () => {
    const long = ['sh', '-c', `for part in 1 2 3; do\n  ${'make part; '.repeat(40)}done`];
    const { message } = ended(long, result, signal);
    expect(message).toBe(
      '"sh -c for part in 1 2 3; do make part; make part; make part…" ended with exit code 3.',
    );
    expect(ended(['sh', 'build.sh'], result, signal).message).toBe('"sh build.sh" ended with exit code 3.');
    expect(ended(long, { ...result, reason: 'timed-out' }, signal).message).toMatch(
      /^".{60}" was stopped: it took longer than its time limit\.$/,
    );
  });
});
