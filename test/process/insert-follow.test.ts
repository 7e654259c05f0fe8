import { expect, test } from 'vitest';
import { insertFollow } from '../../src/process/insert-follow.js';
import type { StepSpec } from '../../src/process/process-file.js';

function step(id: string, kind: string, stage: number, settings: StepSpec['settings'] = {}): StepSpec {
  return { id, kind, stage, settings, timeoutMs: 60_000, skippable: false, runsOn: 'default' };
}

const steps = [
  step('branch', 'branch', 0),
  step('bump', 'commit', 1, { version: true }),
  step('a', 'run', 2),
  step('b', 'run', 2),
  step('notes', 'commit', 3, { files: ['NOTES.md'] }),
];

test('what follows a version file has a step of its own before the commit', () => {
  const found = insertFollow(steps, [['uv', 'lock']]).map(({ id, kind, stage }) => `${stage} ${id} ${kind}`);
  expect(found).toEqual([
    '0 branch branch',
    '1 bump-follow follow',
    '2 bump commit',
    '3 a run',
    '3 b run',
    '4 notes commit',
  ]);
});

test('a process without such commands stays as it is', () => {
  expect(insertFollow(steps, [])).toBe(steps);
});
