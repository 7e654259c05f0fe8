import { describe, expect, test } from 'vitest';
import type { Installation } from '../../src/app/installation.js';
import { unprotected } from '../../src/app/protection-checks.js';
import { couldBe, writesOf } from '../../src/app/writes.js';
import { loadProcess } from '../../src/process/load-process.js';
import type { Operation, StepSpec } from '../../src/process/process-file.js';
import { kinds, processWith } from '../process/kinds.js';

describe('a text with placeholders', () => {
  test.each([
    ['latest:app.tar.gz', 'latest:app.tar.gz', true],
    ['latest:app.tar.gz', 'latest:app.tar', false],
    ['releases:app-{version}.tar.gz', 'releases:app-1.0.0.tar.gz', true],
    ['releases:app-{version}.tar.gz', 'releases:app-1.0.0.zip', false],
    ['releases:app-{version}.tar.gz', 'releases:app-{version}.tar.gz', true],
    ['{a}-{b}', 'x-y', true],
    ['{a}-{b}-{c}', 'x-y', false],
    ['a{x}a', 'a', false],
    ['branch:release/v{line}', 'branch:main', false],
    ['branch:{inputs.name}', 'branch:main', true],
    ['releases:x/app', 'releases:*', true],
    ['releases:{tag}/app', 'releases:v1/*', true],
    ['latest:x/app', 'releases:*', false],
    ['image:ghcr.io/{repo}/api', 'image:ghcr.io/example/*', true],
    ['image:quay.io/example/api', 'image:ghcr.io/example/*', false],
  ])('%s could be %s: %s', (template, text, is) => {
    expect(couldBe(template, text)).toBe(is);
  });
});

const { operations, ...rest } = loadProcess('p.yml', processWith('{ uses: tag },'), kinds);
const go = operations['go'];
const project = { name: 'app', process: { ...rest, operations }, policy: 'standard' };
const token = { env: 'TOKEN' };
const places: Pick<Installation, 'storage' | 'registries'> = {
  storage: { latest: { kind: 'folder', folder: '/srv/latest' } },
  registries: {
    pypi: { kind: 'pypi', url: 'https://upload.pypi.org/legacy/', token },
    again: { kind: 'pypi', url: 'https://upload.pypi.org/legacy', token },
    test: { kind: 'pypi', url: 'https://test.pypi.org/legacy/', token },
    images: { kind: 'oci', url: 'ghcr.io/example', token },
  },
};

function operationOf(...steps: Partial<StepSpec>[]): Operation {
  if (go === undefined) throw new Error('operation');
  const whole = { timeoutMs: 1, skippable: false, runsOn: 'default', settings: {} };
  return {
    ...go,
    steps: steps.map((step, stage) => ({ ...whole, id: `s${stage}`, kind: 'run', stage, ...step })),
  };
}

function covers(kind: string, settings: StepSpec['settings'], thing: string): boolean {
  const operation = operationOf({ kind, settings });
  const [step] = operation.steps;
  return step !== undefined && writesOf(step, operation, project, places).covers(thing);
}

describe('a step', () => {
  test('writes to a registry under each of its names', () => {
    const settings = { artifacts: ['tarball'], to: 'again' };
    expect(covers('package', settings, 'pypi')).toBe(true);
    expect(covers('package', settings, 'again')).toBe(true);
    expect(covers('package', settings, 'test')).toBe(false);
    expect(covers('package', settings, 'package')).toBe(true);
  });

  test('writes charts and images below the address of a registry', () => {
    const chart = { path: 'charts/app', version: '{version}', to: 'oci://ghcr.io/example/charts' };
    expect(covers('chart', chart, 'images')).toBe(true);
    expect(covers('chart', { ...chart, to: 'oci://ghcr.io/other/charts' }, 'images')).toBe(false);
  });

  test('that pushes images of an earlier step writes them where that one has named them', () => {
    const build = [{ name: 'ghcr.io/example/api', context: '.' }];
    const operation = operationOf(
      { id: 'images', kind: 'image', settings: { build, tag: '{version}', push: 'after-gate' } },
      { kind: 'image', settings: { of: 'images', tag: '{version}', push: 'now' } },
    );
    const [made, pushed] = operation.steps;
    const covers = (step: StepSpec | undefined, thing: string): boolean | undefined =>
      step && writesOf(step, operation, project, places).covers(thing);
    expect(covers(made, 'images')).toBe(false);
    expect(covers(pushed, 'images')).toBe(true);
    expect(covers(pushed, 'image:ghcr.io/example/api')).toBe(true);
    expect(covers(pushed, 'image:quay.io/*')).toBe(false);
  });

  test('writes a branch: that of the line, or one that it names', () => {
    expect(covers('branch', {}, 'branch:r/v1.0.0')).toBe(true);
    expect(covers('branch', { name: 'stable' }, 'branch:stable')).toBe(true);
    expect(covers('branch', { name: 'stable' }, 'branch:main')).toBe(false);
  });

  test('writes the default branch under its name, whichever of the two is said', () => {
    const operation = operationOf(
      { kind: 'branch', settings: { name: 'main', from: 'default-branch' } },
      { kind: 'commit', settings: { message: 'x', version: true, push: 'now' } },
      { kind: 'branch', settings: { name: 'release/v{line}' } },
    );
    const [named, own, line] = operation.steps;
    const plain = {
      ...project,
      process: { ...project.process, version: { ...rest.version, branch: undefined } },
    };
    const covers = (step: StepSpec | undefined, thing: string): boolean | undefined =>
      step && writesOf(step, operation, plain, places).covers(thing);
    expect(covers(named, 'branch:default-branch')).toBe(true);
    expect(covers(own, 'branch:main')).toBe(true);
    expect(covers(own, 'branch:release/*')).toBe(false);
    expect(covers(line, 'branch:default-branch')).toBe(false);
    expect(covers(line, 'branch:main')).toBe(false);
  });

  test('that moves a channel writes what the channel serves', () => {
    expect(covers('channel', { move: ['stable'] }, 'stable')).toBe(true);
    expect(covers('channel', { move: ['stable'] }, 'latest:s.gz')).toBe(true);
    expect(covers('channel', { move: ['internal'] }, 'stable')).toBe(false);
  });
});

describe('what comes before its gate', () => {
  const gate = {
    rules: [],
    requesterMayVote: false,
    expiresMs: 1,
    remindMs: [],
    escalate: undefined,
    reject: [],
  };
  const policy = { operations: {}, skip: undefined, force: undefined };
  const found = (...steps: Partial<StepSpec>[]): string[] =>
    unprotected(
      {
        ...places,
        policies: { standard: { ...policy, gates: { approve: { ...gate, protects: ['tag'] } } } },
      },
      project,
      operationOf(...steps),
    ).map(({ step }) => step.id);
  const approve = { id: 'approve', kind: 'approve' };

  test('is everything that is not in a later stage, or that runs whatever the gate said', () => {
    expect(found(approve, { kind: 'tag' })).toEqual([]);
    expect(found({ kind: 'tag' }, approve)).toEqual(['s0']);
    expect(found(approve, { kind: 'tag', stage: 0 })).toEqual(['s1']);
    expect(found(approve, { kind: 'tag', always: true })).toEqual(['s1']);
    expect(found({ id: 'approve' }, { kind: 'tag' })).toEqual(['s1']);
    expect(found({ ...approve, id: 'other' }, { kind: 'tag' })).toEqual(['s1']);
  });
});
