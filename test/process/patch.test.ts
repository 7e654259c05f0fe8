import { describe, expect, test } from 'vitest';
import { load, loaded, stagesOf } from './chain.js';

const sculptor = (patch: string): string => `process: x\nabout: X.\nextends: sculptor\npatch:\n  ${patch}\n`;
const swarm = (patch: string): string => `process: x\nabout: X.\nextends: swarm\npatch:\n  ${patch}\n`;

/** A process of our own with one operation, to extend and to change. */
const base = `process: base
about: Base.
version: { scheme: pep440, candidate: rc, from: { path: p.toml, key: project.version }, tag: 'p-v{version}', branch: 'r/v{line}' }
artifacts: { tarball: { file: 'dist/*.gz', archive: { in: releases, path: 'p-{version}.gz' } } }
parts:
  build:
    - { run: [make], id: build, produces: [tarball] }
operations:
  go:
    about: Goes.
    line: open
    steps:
      - include: build
      - { uses: store, artifacts: [tarball] }
  twice:
    about: Builds twice.
    line: none
    steps:
      - { include: build, id: here }
      - { include: build, id: there, runs-on: gpu }
`;
const own = (rest: string): string => `process: p\nextends: ./base.yml\n${rest}\n`;
const files = { './base.yml': base };

describe('a patch', () => {
  test('replaces keys, lists whole, and keeps the rest', () => {
    const process = loaded(
      own('patch: { build: { run: [make, all], timeout: 5m }, store: { name: Keep it } }'),
      {
        files,
      },
    );
    const [build, store] = process.operations['go']?.steps ?? [];
    expect(build).toMatchObject({ id: 'build', kind: 'run', timeoutMs: 300_000 });
    expect(build?.settings).toMatchObject({ run: ['make', 'all'], produces: ['tarball'] });
    expect(store?.name).toBe('Keep it');
  });

  test('by the id of a part hits every operation and every include; after an operation only that', () => {
    const all = loaded(own('patch: { build: { timeout: 5m } }'), { files });
    const timeouts = (process: typeof all): number[] =>
      Object.values(process.operations).flatMap(({ steps }) =>
        steps.filter(({ kind }) => kind === 'run').map(({ timeoutMs }) => timeoutMs),
      );
    expect(timeouts(all)).toEqual([300_000, 300_000, 300_000]);
    const one = loaded(own('patch: { twice.here.build: { timeout: 5m } }'), { files });
    expect(timeouts(one)).toEqual([1_800_000, 300_000, 1_800_000]);
    const here = loaded(own('patch: { here.build: { timeout: 5m } }'), { files });
    expect(timeouts(here)).toEqual([1_800_000, 300_000, 1_800_000]);
  });

  test('takes steps away, renames them, and adds them before and after', () => {
    const process = loaded(
      own(`patch:
  store: off
  build: { id: make }
  lint: { before: make, run: [lint] }
  smoke: { after: make, run: [smoke], id: smoke-test }
  last: { after: smoke-test, uses: tag, name: 'x-{version}' }`),
      { files },
    );
    expect(stagesOf(process, 'go')).toEqual(['lint', 'make', 'smoke-test', 'last']);
    expect(stagesOf(process, 'twice')).toEqual([
      'here.lint',
      'here.make',
      'here.smoke-test',
      'here.last',
      'there.lint',
      'there.make',
      'there.smoke-test',
      'there.last',
    ]);
    // What is added stands where its neighbour stands.
    expect(process.operations['twice']?.steps.map(({ runsOn }) => runsOn).slice(-1)).toEqual(['gpu']);
  });

  test('makes another step of it where the kind changes', () => {
    const process = loaded(own('patch: { store: { run: [keep] } }'), { files });
    expect(process.operations['go']?.steps[1]).toMatchObject({ id: 'store', kind: 'run' });
  });

  test('is applied from the deepest file to the project, and a later one sees what an earlier one made', () => {
    const middle = own('patch: { smoke: { after: build, run: [smoke], timeout: 1m } }');
    const process = loaded('process: top\nextends: ./middle.yml\npatch: { smoke: { timeout: 2m } }', {
      files: { ...files, './middle.yml': middle },
      slipway: 'process:\n  patch: { smoke: { runs-on: gpu } }',
    });
    expect(process.operations['go']?.steps[1]).toMatchObject({
      id: 'smoke',
      timeoutMs: 120_000,
      runsOn: 'gpu',
    });
    expect(process.name).toBe('top');
    expect(process.about).toBe('Base.');
  });

  test('does not touch what a file above it wrote', () => {
    const middle = own('patch: { build: { timeout: 1m } }');
    const top = `process: top
extends: ./middle.yml
operations:
  go:
    about: Mine.
    line: open
    steps: [{ run: [make], id: build }]
`;
    const process = loaded(top, { files: { ...files, './middle.yml': middle } });
    expect(process.operations['go']?.steps[0]?.timeoutMs).toBe(1_800_000);
    expect(process.operations['twice']?.steps[0]?.timeoutMs).toBe(60_000);
  });

  test('and every other section is merged by name', () => {
    const process = loaded(
      own(`artifacts: { wheel: { file: 'dist/*.whl' } }
channels: { nightly: { in: latest, files: { wheel: nightly.whl } } }
operations: { go: { about: Other., line: none, steps: [{ uses: checks }] } }`),
      { files },
    );
    expect(Object.keys(process.artifacts)).toEqual(['tarball', 'wheel']);
    expect(Object.keys(process.channels)).toEqual(['nightly']);
    expect(process.operations['go']?.about).toBe('Other.');
    expect(Object.keys(process.operations)).toEqual(['go', 'twice']);
  });

  test('makes another hash, and so does what it extends', () => {
    const plain = loaded(own(''), { files }).hash;
    expect(loaded(own('patch: { build: { timeout: 5m } }'), { files }).hash).not.toBe(plain);
    expect(loaded(own(''), { files: { './base.yml': `${base}# more\n` } }).hash).not.toBe(plain);
    const mine = loaded(own(''), { files, slipway: 'process:\n  patch: { build: { timeout: 5m } }' });
    expect(mine.hash).not.toBe(plain);
    expect(loaded(own(''), { files }).hash).toBe(plain);
  });
});

describe('what a change breaks is told at the change', () => {
  test.each<[string, string, string[]]>([
    [
      'nothing produces what is stored',
      sculptor('promote.build: off'),
      [
        'p.yml:5:3: after this change: nothing before this step produces "tarball" (presets/sculptor.yml:101:21)',
        'p.yml:5:3: after this change: nothing before this step produces "tarball" (presets/sculptor.yml:108:21)',
        'p.yml:5:3: after this change: nothing before this step produces "tarball" (presets/sculptor.yml:97:21)',
        'p.yml:5:3: after this change: nothing before this step produces "tarball", which is in the channel "internal" (presets/sculptor.yml:110:16)',
        'p.yml:5:3: after this change: nothing before this step produces "tarball", which is in the channel "stable" (presets/sculptor.yml:110:26)',
      ],
    ],
    [
      'a gate is taken away',
      swarm('lts.approve: off'),
      [
        'p.yml:5:3: after this change: "lts" makes a line final and has no step "approve": nothing is published without approval (presets/swarm.yml:123:3)',
      ],
    ],
    [
      'something is seen too early',
      swarm('disclosure: { until: "2026-01-31T12:00Z", id: later }'),
      ['p.yml:5:3: after this change: there is no step "disclosure" (presets/swarm.yml:171:20)'],
    ],
    [
      'and what the change itself says wrong is told in it',
      swarm('early: { before: disclosure, uses: tag }'),
      ['p.yml:5:10: "early" would be seen before "disclosure", and security is private until then'],
    ],
    [
      'a private step becomes public',
      swarm('security.private-tests: { effect: once }'),
      [
        'p.yml:5:3: after this change: "private-tests" would be seen before "disclosure", and security is private until then (presets/swarm.yml:176:9)',
        'p.yml:5:3: after this change: "private-tests" writes to the outside before the gate "approve" (presets/swarm.yml:176:9)',
      ],
    ],
    [
      'a section is replaced',
      'process: x\nextends: sculptor\nartifacts: { tarball: { file: dist/x.gz } }\n',
      [
        'p.yml:3:14: after this change: "tarball" has no "archive" where it could be stored (presets/sculptor.yml:31:19)',
        'p.yml:3:14: after this change: "tarball" has no "archive" where it could be stored (presets/sculptor.yml:97:21)',
      ],
    ],
    [
      'a step that others name is renamed',
      'process: x\nextends: metta\npatch: { issues: { id: bugs } }\n',
      ['p.yml:3:10: after this change: there is no step "issues" (presets/metta.yml:72:18)'],
    ],
  ])('%s', (_, text, messages) => {
    expect(load(text)).toEqual(messages);
  });

  test('a later change that repairs it leaves nothing to tell', () => {
    const text = own(
      'patch:\n  go.build: off\n  make: { before: go.store, run: [make], produces: [tarball] }',
    );
    const found = load(text, { files });
    expect(found).toEqual(['p.yml:5:19: there is no step "go.store"; did you mean "store"?']);
    const right = own('patch:\n  go.build: off\n  make: { before: store, run: [make], produces: [tarball] }');
    expect(stagesOf(loaded(right, { files }), 'go')).toEqual(['make', 'store']);
  });

  test('also in slipway.yaml', () => {
    const slipway = 'process:\n  extends: metta\n  patch:\n    arena_local_smoke: off\n';
    expect(load('process: x\nextends: metta\n', { slipway })).toEqual([
      'slipway.yaml:4:5: after this change: there is no step "arena_local_smoke" (presets/metta.yml:72:26)',
    ]);
  });
});

describe('a wrong patch', () => {
  test.each<[string, string, string[]]>([
    ['without effect', 'biuld: off', ['p.yml:4:3: there is no step "biuld"; did you mean "build"?']],
    [
      'beside a step that is not there',
      'x: { after: biuld, run: [x] }',
      ['p.yml:4:15: there is no step "biuld"; did you mean "build"?'],
    ],
    [
      'for a step of another operation',
      'twice.store: { timeout: 5m }',
      ['p.yml:4:3: there is no step "twice.store"; did you mean "store"?'],
    ],
    [
      'with a new step that has no place',
      'lint-all: { run: [x] }',
      ['p.yml:4:3: there is no step "lint-all"; a new one says "after" or "before"'],
    ],
    [
      'with a command for a step that has a slip',
      'biuld: { run: [x] }',
      ['p.yml:4:3: there is no step "biuld"; did you mean "build"? A new one says "after" or "before"'],
    ],
    [
      'for an operation that has a slip',
      'twcie.here.build: { timeout: 5m }',
      ['p.yml:4:3: there is no step "twcie.here.build"; did you mean "twice.here.build"?'],
    ],
    [
      'before and after',
      'x: { after: build, before: store, run: [x] }',
      ['p.yml:4:22: a new step has "after" or "before", not both'],
    ],
    [
      'that adds what is there',
      'store: { after: build, uses: tag }',
      ['p.yml:4:12: "after" is for a new step, and "store" is there already'],
    ],
    [
      'with an unknown key',
      'build: { timeuot: 5m }',
      ['p.yml:4:12: unknown key "timeuot"; did you mean "timeout"?'],
    ],
    [
      'with a wrong value',
      'build: { timeout: soon }',
      ['p.yml:4:21: not a duration: write 30s, 45m, 2h or 7d, at most 14d'],
    ],
    ['that is no map', 'build: 3', ['p.yml:4:10: expected "off", found 3']],
    ['whose name is no id', 'Build: off', ['p.yml:4:3: "Build": not the id of a step']],
    [
      'that gives a step an id twice',
      'go.store: { id: build }',
      [
        'p.yml:4:3: after this change: a step before has the id "build"; give this one another (base.yml:14:9)',
      ],
    ],
    [
      'that leaves no step',
      'go.store: off\n  go.build: off',
      ['p.yml:5:3: after this change: no step is left (base.yml:12:5)'],
    ],
    [
      'that makes a step without a form',
      'x: { after: build, timeout: 5m }',
      ['p.yml:4:6: a step has one of "uses", "run" and "shell", not none'],
    ],
    [
      'that gives a step a second form',
      'x: { after: build, uses: tag, run: [y] }',
      ['p.yml:4:6: a step has one of "uses", "run" and "shell", not several'],
    ],
  ])('%s', (_, patch, messages) => {
    expect(load(own(`patch:\n  ${patch}`), { files })).toEqual(messages);
  });

  test('of a file that extends nothing', () => {
    expect(load(`${base}patch: { build: off }\n`)).toEqual([
      'p.yml:21:1: "patch" is for a file that extends another one',
    ]);
  });
});

describe('what can be extended', () => {
  test.each<[string, string, Record<string, unknown>, string[]]>([
    ['an unknown preset', 'sculptr', {}, ['p.yml:2:10: there is no preset "sculptr"']],
    ['a file that is not there', './other.yml', {}, ['p.yml:2:10: ./other.yml cannot be read']],
    [
      'a file outside of the folder',
      '../base.yml',
      {},
      ['p.yml:2:10: "../base.yml" is neither a preset nor a path such as ./base.yml'],
    ],
    [
      'a file that climbs out',
      './a/../../base.yml',
      {},
      ['p.yml:2:10: "./a/../../base.yml" is not a file beside this one: write a path such as ./base.yml'],
    ],
    [
      'a file, from a repository',
      './base.yml',
      { fromRepository: true },
      ['p.yml:2:10: a process from a repository may extend presets only'],
    ],
  ])('%s', (_, name, more, messages) => {
    expect(load(`process: p\nextends: ${name}\n`, { files, ...more })).toEqual(messages);
  });

  test('itself, round a corner', () => {
    const round = {
      './a.yml': 'process: a\nextends: ./b.yml\n',
      './b.yml': 'process: b\nextends: ./a.yml\n',
    };
    expect(load('process: p\nextends: ./a.yml\n', { files: round })).toEqual([
      'b.yml:2:10: "./a.yml" extends itself, or more than 8 files extend each other',
    ]);
  });

  test('what is wrong below is told below, and nothing else', () => {
    const wrong = { './base.yml': base.replace('uses: store', 'uses: stroe') };
    expect(load(own('patch: { nothing: off }'), { files: wrong })).toEqual([
      'base.yml:14:17: unknown step "stroe"; did you mean "store"?',
    ]);
  });
});
