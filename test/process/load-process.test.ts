import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SlipwayError } from '../../src/error.js';
import { loadProcess } from '../../src/process/load-process.js';
import type { Surroundings } from '../../src/process/prove-names.js';
import { kinds, processWith } from './kinds.js';

const kestrel = readFileSync(new URL('../fixtures/kestrel.yml', import.meta.url), 'utf8');

/** What is wrong with a process, a line each, without the file's name; empty if it loads. */
function wrong(text: string, around: Surroundings = {}): string[] {
  try {
    loadProcess('p.yml', text, kinds, around);
    return [];
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    expect(error.code).toBe('config-invalid');
    const lines = error.message.split('\n');
    expect(lines.every((line) => line.startsWith('p.yml:'))).toBe(true);
    return lines.map((line) => line.slice('p.yml:'.length));
  }
}

/** kestrel.yml with one change; the text to change must be there. */
function changed(from: string, to: string): string {
  return change(kestrel, from, to);
}

function change(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`the file has no ${from}`);
  return text.replace(from, to);
}

const build = '{ run: [make], id: build, produces: [tarball] }';
const laterCommit = '{ uses: commit, version: true, message: x, push: after-gate }';
const publish = 'line: open -> final, next: [final]';

describe('a right process', () => {
  const process = loadProcess('kestrel.yml', kestrel, kinds, {
    rooms: new Set(['eng-process', 'releases']),
    storages: new Set(['latest', 'releases']),
    verbs: new Set(['status', 'plan']),
    secrets: new Map(),
  });

  test('is loaded with the hash of its text', () => {
    expect(process.name).toBe('kestrel');
    expect(process.hash).toBe(createHash('sha256').update(kestrel).digest('hex'));
    expect(process.version.from).toEqual({ path: 'pyproject.toml', key: 'project.version' });
  });

  test('has its operations with their kinds', () => {
    const found = Object.values(process.operations).map(({ name, kind, next }) => [name, kind, next]);
    expect(found).toEqual([
      ['cut', 'start', ['rc']],
      ['fixup', 'change', ['rc']],
      ['promote', 'publish', ['final']],
      ['abandon', 'end', []],
    ]);
    expect(process.operations['abandon']?.inputs).toEqual({
      reason: { type: 'text', about: 'Why', optional: false },
    });
  });

  test('has the steps of an operation in order, each with its settings and defaults', () => {
    const steps = process.operations['promote']?.steps ?? [];
    expect(steps.map(({ id, stage }) => `${stage} ${id}`)).toEqual([
      '0 bump',
      '1 build',
      '2 approve',
      '3 push',
      '4 store',
      '5 tag',
      '6 channel',
      '7 announce',
    ]);
    expect(steps[1]).toEqual({
      id: 'build',
      kind: 'run',
      stage: 1,
      settings: {
        run: ['node', 'scripts/build.mjs'],
        env: {},
        secrets: [],
        tools: [],
        produces: ['tarball'],
        fresh: [],
        effect: 'none',
        expect: [],
      },
      timeoutMs: 300_000,
      skippable: false,
      runsOn: 'default',
    });
    expect(steps[2]).toMatchObject({ kind: 'approve', timeoutMs: 1_800_000, settings: {} });
  });

  test('looks up nothing that is only in every object', () => {
    expect(process.operations['constructor']).toBeUndefined();
    expect(process.channels['toString']).toBeUndefined();
  });

  test('may have a byte order mark and Windows line ends', () => {
    expect(wrong(`\ufeff${kestrel.replaceAll('\n', '\r\n')}`)).toEqual([]);
  });

  test('runs the members of together in one stage', () => {
    const text = processWith(
      `{ uses: check },\n{ together: [{ run: [a], id: a, name: First, runs-on: default, timeout: 2h, skip: with-reason }, { run: [b], id: b }] },\n{ uses: tag, name: 'x-{version}' }`,
    );
    const steps = loadProcess('p.yml', text, kinds).operations['go']?.steps ?? [];
    expect(steps.map(({ id, stage }) => [id, stage])).toEqual([
      ['check', 0],
      ['a', 1],
      ['b', 1],
      ['tag', 2],
    ]);
    expect(steps[1]).toMatchObject({
      name: 'First',
      runsOn: 'default',
      timeoutMs: 7_200_000,
      skippable: true,
    });
    expect(steps[3]?.settings).toEqual({ name: 'x-{version}', annotated: true });
  });

  test('refuses a label that no worker has', () => {
    const text = processWith(`{ run: [a], id: a, runs-on: gpu }`);
    expect(wrong(text)).toEqual([]);
    expect(wrong(text, { workers: new Set(['cpu']) })).toEqual([
      '11:35: there is no worker "gpu"; did you mean "cpu"?',
    ]);
  });

  test.each([
    ['line: new -> open, next: [rc]', 'start'],
    ['line: new -> open, next: [patch], from: last-final', 'hotfix'],
    ['line: open, next: [rc]', 'change'],
    ['line: open', 'work'],
    ['line: open -> abandoned', 'end'],
  ])('an operation with %s is a %s', (line, kind) => {
    expect(loadProcess('p.yml', processWith('{ uses: check }', line), kinds).operations['go']?.kind).toBe(
      kind,
    );
  });
});

describe('a file that is no process', () => {
  test.each<[string, string, string[]]>([
    ['nothing', '', ['1:1: the file is empty']],
    ['a list', '- 1', ['1:1: expected a map, found a list']],
    ['a key twice', 'a: 1\na: 2', ['2:1: this key is already in this map']],
    [
      'anchors and aliases',
      'a: &x 1\nb: *x',
      ['1:7: anchors are not allowed', '2:4: aliases are not allowed: write the value out'],
    ],
    ['a number as key', '1: x', ['1:1: a key must be a text']],
    ['a prototype', '__proto__: {}', ['1:1: the key "__proto__" is not allowed']],
    ['two documents', 'a: 1\n---\nb: 1', ['2:1: a second document begins here; only one is allowed']],
    ['too deep', '['.repeat(20_000), ['1:1: the file is nested too deeply']],
    ['too large', `about: ${'x'.repeat(256 * 1024)}`, ['1:1: the file is larger than 256 KiB']],
  ])('%s', (_, text, messages) => {
    expect(wrong(text)).toEqual(messages);
  });
});

describe('a wrong shape', () => {
  test('everything is told at once, in the order of the places', () => {
    const text = `process: P
about: 3
versoin: {}
operations:
  cut:
    lin: open
    steps:
      - uses: cherrypick
      - uses: anounce
      - run: []
      - name: nothing
`;
    expect(wrong(text)).toEqual([
      '1:1: "version" is missing',
      '1:10: a name starts with a lower-case letter, then lower-case letters, digits and "-", at most 31',
      '2:8: expected a text, found a number; put it in quotes',
      '3:1: unknown key "versoin"; did you mean "version"?',
      '5:3: "about" is missing',
      '5:3: "line" is missing',
      '6:5: unknown key "lin"; did you mean "line"?',
      '8:15: unknown step "cherrypick"; did you mean "cherry-pick"?',
      '9:15: unknown step "anounce"; did you mean "announce"?',
      '10:14: must name a program',
      '11:9: a step needs one of "uses", "run", "shell", "include" and "together"',
    ]);
  });

  test.each<[string, string, string[]]>([
    [
      'push: after-gate',
      'push: aftergate',
      ['74:15: expected "now" or "after-gate", found "aftergate"; did you mean "after-gate"?'],
    ],
    ['timeout: 5m', 'timeout: 5', ['34:18: not a duration: write 30s, 45m, 2h or 7d, at most 14d']],
    ['timeout: 5m', 'timeout: 15d', ['34:18: not a duration: write 30s, 45m, 2h or 7d, at most 14d']],
    [
      'line: open -> final',
      'line: open->final',
      [
        '68:11: expected "new -> open" or "new|open -> open" or "new -> final" or "new|open -> final" or "open" or "open -> final" or "open -> abandoned" or "final" or "none", found "open->final"; did you mean "open -> final"?',
      ],
    ],
    [
      'type: text',
      'type: txt',
      [
        '95:23: expected "text" or "word" or "version" or "id" or "choice" or "commit" or "commits" or "yes" or "url" or "time", found "txt"; did you mean "text"?',
      ],
    ],
    [
      '    steps:\n      - uses: branch',
      '    step:\n      - uses: branch',
      ['21:3: "steps" is missing', '25:5: unknown key "step"; did you mean "steps"?'],
    ],
    ['        id: build\n', '', ['31:9: a step with "run" needs an "id"']],
    [
      'id: build',
      'id: Build',
      [
        '32:13: an id starts with a lower-case letter, then lower-case letters, digits, "-" and "_", at most 63',
      ],
    ],
    [
      '- uses: tag',
      '- uses: tag\n        timeuot: 5m',
      ['40:9: unknown key "timeuot"; did you mean "timeout"?'],
    ],
    [
      '  cut:\n',
      '  Cut:\n',
      [
        '21:3: "Cut": a name starts with a lower-case letter, then lower-case letters, digits and "-", at most 31',
      ],
    ],
    [
      'scheme: pep440',
      'scheme: semvr',
      ['5:11: expected "pep440" or "semver" or "calver" or "lts", found "semvr"; did you mean "semver"?'],
    ],
    [
      'about: Release branch, candidates, and two channels (stable, internal).',
      'about: ""',
      ['2:8: must be one line of text without control characters'],
    ],
  ])('%j -> %j', (from, to, messages) => {
    expect(wrong(changed(from, to))).toEqual(messages);
  });

  test.each<[string, string, string[]]>([
    [
      'together holds steps only, flat, no gate',
      '{ together: [{ uses: approve }, { together: [] }, 3], id: x },\n{ together: [] },\n{ uses: run },\n{ uses: tag, run: [x] },\n{ uses: 3 }',
      [
        '11:20: "approve" cannot stand in "together"',
        '11:39: "together" cannot stand in "together"',
        '11:57: a step in "together" is a map with "uses", "run" or "shell"',
        '11:61: "together" stands alone; "id" belongs to a step in it',
        '12:19: "together" needs a list of steps',
        '13:15: unknown step "run"',
        '14:7: a step has one of "uses", "run", "shell", "include" and "together", not several',
        '15:15: "uses" needs the name of a step kind',
      ],
    ],
    [
      'a form nearly right',
      '{ use: tag }',
      ['11:7: a step needs one of "uses", "run", "shell", "include" and "together"; did you mean "uses"?'],
    ],
  ])('%s', (_, steps, messages) => {
    expect(wrong(processWith(steps))).toEqual(messages);
  });
});

describe('names and placeholders', () => {
  test.each<[string, string, string[]]>([
    [
      'an unknown artifact',
      `{ uses: store, artifacts: [tarbal] }`,
      ['11:34: there is no artifact "tarbal"; did you mean "tarball"?'],
    ],
    [
      'an unknown channel',
      `${build}, { uses: channel, move: [intern], to: stabel }`,
      [
        '11:80: there is no channel "intern"; did you mean "internal"?',
        '11:93: there is no channel "stabel"; did you mean "stable"?',
      ],
    ],
    [
      'an unknown artifact of a build',
      `{ run: [make], id: build, produces: [tarbal] }`,
      ['11:44: there is no artifact "tarbal"; did you mean "tarball"?'],
    ],
    [
      'placeholders in a command',
      `{ run: [make, '{inputs.why}', '{verson}', '{inputs.note}', 'v={inputs.target}', '{inputs.x}', '{requester}', '{"a": 1} {}'], id: x }`,
      [
        '11:21: {inputs.why} is text and cannot stand in an argument',
        '11:37: unknown placeholder {verson}; did you mean "version"?',
        '11:49: {inputs.note} is optional and cannot stand in an argument',
        '11:87: unknown placeholder {inputs.x}',
        '11:101: {requester} is text and cannot stand in an argument',
      ],
    ],
    [
      'a placeholder as program',
      `{ run: ['{version}'], id: x, find: ['{tag}'] }`,
      [
        '11:15: {version} cannot stand here: this is taken as it is written',
        '11:43: {tag} cannot stand here: this is taken as it is written',
      ],
    ],
    [
      'spaces and GitHub style',
      `{ uses: announce, to: [a], text: '{ version } \${{ tag }}' }`,
      [
        '11:40: unknown placeholder { tag }; did you mean "tag"?',
        '11:40: unknown placeholder { version }; did you mean "version"?',
      ],
    ],
    [
      'a room is no text',
      `{ uses: announce, to: ['{project}'], text: x }`,
      ['11:30: {project} cannot stand here: this is taken as it is written'],
    ],
    [
      'names of tags',
      `{ uses: tag, name: '-{version}' }`,
      [
        '11:26: "-{version}" is not a word: it starts with a letter or digit, then letters, digits and . _ / + @ -, at most 200',
      ],
    ],
    [
      'names of branches',
      `{ uses: branch, name: 'x/{line}/' }`,
      ['11:29: "x/{line}/" is not a name of a branch or tag'],
    ],
    [
      'paths that are removed',
      `{ run: [make], id: x, fresh: [dist, ../x, /etc, .] }`,
      [
        '11:43: "../x" is not a path below its folder (no leading or trailing "/", no "." and "..")',
        '11:49: "/etc" is not a path below its folder (no leading or trailing "/", no "." and "..")',
        '11:55: "." is not a path below its folder (no leading or trailing "/", no "." and "..")',
      ],
    ],
  ])('%s', (_, steps, messages) => {
    expect(wrong(processWith(steps))).toEqual(messages);
  });

  test.each<[string, string, string[]]>([
    [
      'tag: kestrel-v{version}',
      'tag: kestrel',
      ['8:8: "kestrel" needs {version} once and no other placeholder'],
    ],
    [
      'branch: release/kestrel-v{line}',
      'branch: release/{version}',
      ['9:11: "release/{version}" needs {line} once and no other placeholder'],
    ],
    [
      'tag: kestrel-v{version}',
      'tag: kestrel v{version}',
      [
        '8:8: "kestrel v{version}" is not a word: it starts with a letter or digit, then letters, digits and . _ / + @ -, at most 200',
      ],
    ],
    [
      'path: pyproject.toml',
      'path: /pyproject.toml',
      [
        '7:17: "/pyproject.toml" is not a path below its folder (no leading or trailing "/", no "." and "..")',
      ],
    ],
    [
      'kestrel-{version}.tar.gz',
      'kestrel.tar.gz',
      ['14:36: an archive keeps every version: its path needs {version}'],
    ],
    [
      'tarball: kestrel.tar.gz',
      'tarball: internal/kestrel.tar.gz',
      ['18:43: "latest:internal/kestrel.tar.gz" is already in the channel "internal"'],
    ],
    [
      'tarball: kestrel.tar.gz',
      "tarball: 'kestrel-{version}.tar.gz'",
      ['18:43: a channel stays at one place: {version} cannot stand in its path'],
    ],
    ['{ tarball: kestrel.tar.gz }', '{}', ['18:32: a channel needs a file']],
    [
      '{ tarball: kestrel.tar.gz }',
      '{ tarbal: kestrel.tar.gz }',
      ['18:34: there is no artifact "tarbal"; did you mean "tarball"?'],
    ],
    [
      "    archive: { in: releases, path: 'kestrel-{version}.tar.gz' }\n",
      '',
      [
        '35:21: "tarball" has no "archive" where it could be stored',
        '57:21: "tarball" has no "archive" where it could be stored',
        '82:21: "tarball" has no "archive" where it could be stored',
      ],
    ],
    [
      '  abandon:',
      '  default:',
      ['91:3: "default" means something else already; give this operation another name'],
    ],
  ])('%j -> %j', (from, to, messages) => {
    expect(wrong(changed(from, to))).toEqual(messages);
  });

  test('what is around the file is checked where it is known', () => {
    const text = changed('id: build', 'id: build\n        secrets: [SENTRY_DSN, DEPLOY_KEY]');
    const around = {
      rooms: new Set(['eng-proces', 'releases']),
      storages: new Set(['release', 'latest']),
      verbs: new Set(['abandon']),
      secrets: new Map([
        ['SENTRY_DNS', new Set(['build'])],
        ['DEPLOY_KEY', new Set(['sign'])],
      ]),
    };
    expect(wrong(text, around)).toEqual([
      '14:20: there is no storage "releases"; did you mean "release"?',
      '33:19: the secret SENTRY_DSN is not granted to the step "build" in slipway.yaml; did you mean "SENTRY_DNS"?',
      '33:31: the secret DEPLOY_KEY is not granted to the step "build" in slipway.yaml',
      '42:14: there is no room "eng-process"; did you mean "eng-proces"?',
      '64:14: there is no room "eng-process"; did you mean "eng-proces"?',
      '89:14: there is no room "eng-process"; did you mean "eng-proces"?',
      '92:3: "abandon" means something else already; give this operation another name',
      '102:14: there is no room "eng-process"; did you mean "eng-proces"?',
    ]);
  });
});

describe('the order of steps', () => {
  test.each<[string, string, string | undefined, string[]]>([
    [
      'stored before it is built',
      `{ uses: store, artifacts: [tarball] },\n${build}`,
      undefined,
      ['11:34: nothing before this step produces "tarball"'],
    ],
    [
      'stored beside its build',
      `{ together: [${build}, { uses: store, artifacts: [tarball] }] }`,
      undefined,
      ['11:96: nothing before this step produces "tarball"'],
    ],
    [
      'moved before it is built',
      `{ uses: channel, move: [internal] }`,
      undefined,
      ['11:31: nothing before this step produces "tarball", which is in the channel "internal"'],
    ],
    ['moved back', `{ uses: channel, move: [internal], to: stable }`, undefined, []],
    [
      'built twice',
      `${build},\n{ run: [make], id: again, produces: [tarball] }`,
      undefined,
      ['12:44: "tarball" is already produced by "build"'],
    ],
    [
      'one id twice',
      `{ uses: tag },\n{ uses: tag }`,
      undefined,
      ['12:7: a step before has the id "tag"; give this one another'],
    ],
    [
      'a build that may be skipped',
      `{ run: [make], id: build, produces: [tarball], skip: with-reason }`,
      undefined,
      ['11:60: later steps need what this one produces: "skip: with-reason" is not possible here'],
    ],
    [
      'a gate that may be skipped',
      `{ uses: approve, skip: with-reason }`,
      undefined,
      ['11:30: "approve" can never be skipped: "skip: with-reason" is not possible here'],
    ],
    [
      'nothing to push',
      `{ uses: commit, version: true, message: x },\n{ uses: push }`,
      undefined,
      ['12:7: "push" needs an earlier "commit" with "push: after-gate"'],
    ],
    [
      'a commit without gate',
      `${laterCommit},\n{ uses: push }`,
      undefined,
      ['11:56: "push: after-gate" needs a step "approve" after it'],
    ],
    [
      'a commit that stays',
      `${laterCommit},\n{ uses: approve }`,
      undefined,
      ['11:56: "push: after-gate" needs a step "push" after the gate'],
    ],
    [
      'a push before the gate',
      `${laterCommit},\n{ uses: push },\n{ uses: approve }`,
      undefined,
      ['12:7: "push" comes before the gate "approve"'],
    ],
    ['a push behind the gate', `${laterCommit},\n{ uses: approve },\n{ uses: push }`, undefined, []],
    [
      'published without approval',
      `${laterCommit},\n{ uses: tag }`,
      publish,
      ['7:3: "go" makes a line final and has no step "approve": nothing is published without approval'],
    ],
    [
      'two gates',
      `{ uses: approve },\n{ uses: approve, id: again },\n{ uses: tag }`,
      publish,
      ['12:7: "go" has one gate, "approve"; a second one is not possible here'],
    ],
    [
      'written before the gate',
      `{ uses: commit, version: true, message: x },\n${build},\n{ run: [x], id: sentry, find: [y] },\n{ run: [x], id: mail, effect: once },\n{ uses: store, artifacts: [tarball] },\n{ uses: approve },\n{ uses: tag }`,
      publish,
      [
        '11:7: "commit" pushes before the gate "approve": say "push: after-gate" and add a step "push" after it',
        '13:7: "sentry" writes to the outside before the gate "approve"',
        '14:7: "mail" writes to the outside before the gate "approve"',
        '15:7: "store" writes to the outside before the gate "approve"',
      ],
    ],
    [
      'made after the gate',
      `{ uses: approve },\n${build},\n{ uses: commit, version: true, message: x },\n{ run: [smoke], id: smoke }`,
      publish,
      [
        '12:7: "build" builds after the gate "approve": what is approved is what ships',
        '13:7: "commit" commits after the gate "approve": what is approved is what ships',
      ],
    ],
    ['a wait', `{ uses: wait, for: 1h },\n{ uses: approve },\n{ uses: tag }`, publish, []],
  ])('%s', (_, steps, line, messages) => {
    expect(wrong(processWith(steps, line))).toEqual(messages);
  });

  test.each([
    ['line: open -> final', '8:24: "line: open -> final" needs "next: [final]"'],
    ['line: open -> final, next: [rc, final]', '8:45: "line: open -> final" needs "next: [final]", not "rc"'],
    [
      'line: new -> open, from: last-final, next: [rc]',
      '8:61: "line: new -> open" with "from: last-final" needs "next: [patch]", not "rc"',
    ],
    [
      'line: open, from: last-final, next: [rc]',
      '8:36: "from: last-final" is only for an operation that makes a new line',
    ],
    [
      'line: open -> abandoned, next: [rc]',
      '8:49: "line: open -> abandoned" makes no version and takes no "next"',
    ],
  ])('%s is contradictory', (line, message) => {
    expect(wrong(processWith('{ uses: approve }', line))).toEqual([message]);
  });
});

test('a process without operations is refused', () => {
  const text = `${kestrel.slice(0, kestrel.indexOf('operations:'))}operations: {}\n`;
  expect(wrong(text)).toEqual(['20:1: a process needs an operation']);
});

test('a tag in the path of an archive must be fit for a path', () => {
  const text = change(
    change(kestrel, 'tag: kestrel-v{version}', "tag: 'kestrel@{version}'"),
    "path: 'kestrel-{version}.tar.gz'",
    "path: '{tag}.tar.gz'",
  );
  expect(wrong(text)).toEqual([
    '14:36: "kestrel@{version}.tar.gz" is not a path of letters, digits and . _ + / -',
  ]);
});

test('a step kind that the loader does not know counts as one that writes', () => {
  const check = kinds.get('check');
  if (check === undefined) throw new Error('no check');
  const more = new Map([...kinds, ['publish-everywhere', check] as const]);
  const text = processWith('{ uses: publish-everywhere },\n{ uses: approve }', publish);
  expect(() => loadProcess('p.yml', text, more)).toThrow('writes to the outside before the gate');
});
