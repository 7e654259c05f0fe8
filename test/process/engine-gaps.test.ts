import { describe, expect, test } from 'vitest';
import { writesTo } from '../../src/process/effects.js';
import { kindList } from '../../src/process/kinds/index.js';
import { engineGaps, triggerGaps } from '../../src/process/load-process.js';
import { kindOn, lineChanges } from '../../src/process/operation-kind.js';
import { loaded, preset } from './chain.js';

const all = new Set(kindList.map(({ name }) => name));

describe('what cannot be run yet', () => {
  test('is every kind without implementation, by operation and step', () => {
    const process = loaded(preset('sculptor')?.text ?? '');
    const gaps = engineGaps(process, new Set([...all, 'follow'].filter((name) => name !== 'package')));
    expect(gaps).toEqual([{ operation: 'promote', what: 'the step kind "package"', path: 'promote.pypi' }]);
    expect(triggerGaps(process)).toEqual([
      { operation: 'cut', what: 'the trigger "branch-created"', path: 'cut' },
      { operation: 'fixup', what: 'the trigger "pull-request-merged"', path: 'fixup' },
      { operation: 'latest', what: 'the trigger "push"', path: 'latest' },
    ]);
  });

  test('is everything else that the format knows and the engine does not', () => {
    const process = loaded(`process: p
about: P.
version: { scheme: semver, from: tags, tag: 'v{version}' }
series: { lts: { scheme: lts, tag: 'l{version}' } }
metrics: { speed: { pattern: '{number}' } }
operations:
  go:
    about: Goes.
    line: new -> final
    next: [patch]
    series: [main, lts]
    from: advisory-branch
    private-until: approve
    steps:
      - { together: [{ run: [a], id: a, tools: [x], resources: { gpus: 1 }, expect: [speed > 1], fallback: { when-missing: x, run: [y] } }], at-once: 1 }
      - { shell: b, id: b, runs-on: gpu, once: true }
      - { uses: notes, template: x.md, sections: [A], edit: true, since: candidate }
      - { uses: approve, show: [x] }
      - { uses: announce, to: [a], text: 'x {run-url}', always: true }
  other:
    about: Other.
    line: new|open -> open
    next: [patch]
    series: lts
    steps: [{ uses: wait, for: 1h }]
  plain:
    about: Plain.
    line: open
    steps: [{ uses: branch }, { run: [x], id: x }]
`);
    const gaps = engineGaps(process, new Set([...all].filter((name) => name !== 'shell')));
    expect(gaps.map(({ path, what }) => `${path}: ${what}`)).toEqual([
      'go: "line: new -> final"',
      'go: several series',
      'go: "from: advisory-branch"',
      'go: "private-until"',
      'go.a: "at-once"',
      'go.a: "tools" of "run"',
      'go.a: "resources" of "run"',
      'go.a: "expect" of "run"',
      'go.a: "fallback" of "run"',
      'go.b: "shell"',
      'go.b: "runs-on"',
      'go.b: "once"',
      'go.notes: "since: candidate" of "notes"',
      'go.notes: "template: x.md" of "notes"',
      'go.notes: "sections" of "notes"',
      'go.notes: "edit" of "notes"',
      'go.approve: "show" of "approve"',
      'go.announce: "always"',
      'go.announce: "{run-url}"',
      'other: a series beside the main one',
    ]);
  });
});

describe('what a step writes', () => {
  test('is said in the words of "protects"', () => {
    const process = loaded(preset('sculptor')?.text ?? '');
    const { promote } = process.operations;
    const written = promote?.steps.map((step) => [step.id, writesTo(step, promote, process)]);
    expect(written).toEqual([
      ['checks', []],
      ['notes', []],
      ['bump-follow', []],
      ['bump', []],
      ['build', []],
      ['approve', []],
      ['push', ['push', 'branch:release/sculptor-v{line}']],
      ['store', ['store', 'releases:sculptor-{version}.tar.gz']],
      ['tag', ['tag']],
      ['pypi', ['package', 'pypi']],
      ['sentry', ['run']],
      ['forge-release', ['forge-release']],
      [
        'channel',
        ['channel', 'internal', 'latest:internal/sculptor.tar.gz', 'stable', 'latest:sculptor.tar.gz'],
      ],
      ['announce', ['announce']],
    ]);
  });

  test('is the branch that a merged pull request goes into', () => {
    const process = loaded(preset('metta')?.text ?? '');
    const { release } = process.operations;
    const merge = release?.steps.find(({ id }) => id === 'merge');
    if (release === undefined || merge === undefined) throw new Error('no step merge');
    expect(writesTo(merge, release, process)).toEqual(['merge', 'branch:stable']);
  });
});

test('the kind of an operation follows from its line, and for some from whether that exists', () => {
  const found = lineChanges.map((line) => [
    line,
    kindOn({ line, next: ['patch'], from: undefined }, false),
    kindOn({ line, next: ['patch'], from: undefined }, true),
  ]);
  expect(found).toEqual([
    ['new -> open', 'start', 'start'],
    ['new|open -> open', 'start', 'change'],
    ['new -> final', 'start', 'publish'],
    ['new|open -> final', 'start', 'publish'],
    ['open', 'change', 'change'],
    ['open -> final', 'publish', 'publish'],
    ['open -> abandoned', 'end', 'end'],
    ['final', 'final', 'final'],
    ['none', 'none', 'none'],
  ]);
  expect(kindOn({ line: 'new -> open', next: ['patch'], from: 'last-final' }, true)).toBe('hotfix');
  expect(kindOn({ line: 'new|open -> open', next: [], from: undefined }, true)).toBe('work');
});
