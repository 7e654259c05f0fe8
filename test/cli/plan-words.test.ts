import { expect, test } from 'vitest';
import { planLines, type DryRun } from '../../src/chat/views/plan.js';
import { processDiffLines } from '../../src/chat/views/process-diff.js';
import type { Plan, PlannedStep } from '../../src/release/plan.js';

const step = {
  id: 'announce',
  kind: 'announce',
  stage: 0,
  config: {},
  public: 'for-ever',
  effect: 'searched',
  gate: false,
  skippable: false,
  timeout: 60_000,
  runsOn: 'default',
  templates: [],
} satisfies Omit<PlannedStep, 'sentence'>;

function dry(sentence: string): DryRun {
  const planned = { ...step, sentence };
  const plan: Plan = {
    project: 'app',
    process: 'app',
    processHash: '',
    operation: 'say',
    kind: 'none',
    target: 'x',
    version: '1.0.0',
    candidate: '',
    previous: '',
    commit: 'a'.repeat(40),
    defaultBranch: 'main',
    branch: 'main',
    tag: 'v1.0.0',
    policy: '',
    series: 'main',
    scheme: { scheme: 'semver', candidate: [], counter: 'restarts' },
    variants: [],
    forced: false,
    versionFiles: [],
    versionText: '1.0.0rc2',
    copied: {},
    follow: [],
    artifacts: {},
    channels: {},
    inputs: {},
    declared: {},
    values: {},
    steps: [planned],
  };
  return {
    project: 'app',
    operation: 'say',
    target: 'x',
    line: { answer: 'starts', supersedes: undefined },
    refused: [],
    plan,
    hash: 'b'.repeat(64),
    steps: [{ step: planned, sight: { is: 'absent' } }],
    changes: undefined,
    starters: ['Ana'],
    confirm: [],
  };
}

test('a text of several lines is quoted on one, and what could move the cursor is seen', () => {
  const lines = planLines(dry('Say in releases: "1.0.0 is out.\n\n  {notes}\n"'));
  expect(lines).toContain('1 Say in releases: "1.0.0 is out. {notes}"');
  expect(planLines(dry('Say "\u001b[2J"'))).toContain('1 Say "\\u001b[2J"');
});

test('a time that a step may take is written as in a process', () => {
  const change = (was: number, now: number) => ({
    change: 'changed' as const,
    id: 'build',
    key: 'timeoutMs',
    was,
    now,
  });
  const steps = [change(2_700_000, 300_000), change(86_400_000, 5_400_000), change(1_000, 61_000)];
  const diff = {
    project: 'app',
    base: 'a.yml',
    operations: [{ operation: 'cut', is: 'changed' as const, steps, own: [] }],
    sections: [],
    variants: [],
  };
  expect(processDiffLines(diff).slice(2)).toEqual([
    '  ~ build · timeout: 45m → 5m',
    '  ~ build · timeout: 1d → 90m',
    '  ~ build · timeout: 1s → 61s',
  ]);
});
