import { describe, expect, test } from 'vitest';
import { load } from './chain.js';

/** A process whose operation `go` begins its steps in line 9, column 7. */
function file(parts: {
  top?: string;
  line?: string;
  inputs?: string;
  steps?: string;
  version?: string;
}): string {
  const version =
    parts.version ??
    `{ scheme: semver, candidate: [alpha, rc], from: tags, tag: 'v{version}', branch: 'release/{line}' }`;
  return `process: p
about: A process.
version: ${version}
operations:
  go:
    about: Goes.
    ${parts.line ?? 'line: open'}
    inputs: ${parts.inputs ?? '{}'}
    steps: ${parts.steps ?? '[{ uses: checks }]'}
${parts.top ?? ''}`;
}

const inputs = `{ summary: { type: text, about: S }, to: { type: choice, about: T, values: [a, b] }, page: { type: url, about: P }, picks: { type: commits, about: C, optional: true }, when: { type: time, about: W } }`;

describe('the version', () => {
  test.each<[string, string, string[]]>([
    [
      'no place to read it',
      `{ scheme: semver, tag: 'v{version}' }`,
      ['p.yml:3:1: "from" is missing: where a semver version is read'],
    ],
    [
      'a calendar version out of a file',
      `{ scheme: calver, format: YYYY.MM.DD, from: tags, tag: 'v{version}' }`,
      ['p.yml:3:48: a calendar version is taken from the clock; leave "from" out'],
    ],
    [
      'no format',
      `{ scheme: calver, tag: 'v{version}' }`,
      ['p.yml:3:10: calver needs a format such as YYYY.MM.DD-HHmm'],
    ],
    [
      'a format elsewhere',
      `{ scheme: semver, format: YYYY, from: tags, tag: 'v{version}' }`,
      ['p.yml:3:36: only calver has a format, semver has none'],
    ],
    [
      'a zone that is none',
      `{ scheme: calver, format: YYYY.MM.DD, zone: Europe/Londn, tag: 'v{version}' }`,
      ['p.yml:3:54: not a time zone such as UTC or Europe/London'],
    ],
    [
      'a candidate that the scheme has not',
      `{ scheme: pep440, candidate: dev, from: tags, tag: 'v{version}' }`,
      ['p.yml:3:39: "dev" is no candidate of pep440; it has a, alpha, b, beta, rc'],
    ],
    [
      'a line with two versions',
      `{ scheme: semver, from: { path: a.py, line: '{version}{version}' }, tag: 'v{version}' }`,
      ['p.yml:3:54: this line needs {version} exactly once'],
    ],
    [
      'a version elsewhere too, but nowhere first',
      `{ scheme: semver, from: tags, also: [{ path: a.json, key: version }], tag: 'v{version}' }`,
      ['p.yml:3:40: "also" is for a version that "from" reads in a file'],
    ],
    [
      'a placeholder in what follows',
      `{ scheme: semver, from: tags, follow: [[uv, lock, '{version}']], tag: 'v{version}' }`,
      ['p.yml:3:60: {version} cannot stand here: this is taken as it is written'],
    ],
  ])('%s', (_, version, messages) => {
    expect(load(file({ version }))).toEqual(messages);
  });
});

describe('what an operation says of its line', () => {
  test.each<[string, string[]]>([
    [
      'line: new -> final',
      ['"line: new -> final" needs "next: [patch or minor or major or year or declared]"'],
    ],
    [
      'line: new -> final; next: [rc]',
      ['"line: new -> final" takes patch, minor, major, year, declared in "next", not "rc"'],
    ],
    [
      'line: open; next: [beta]',
      ['"next" knows final, patch, minor, major, year, declared, alpha, rc, not "beta"'],
    ],
    ['line: open; next: [minor]', ['"line: open" takes alpha, rc in "next", not "minor"']],
    ['line: none; next: [rc]', ['"line: none" makes no version and takes no "next"']],
    [
      'line: final; from: line-branch',
      ['"from: line-branch" is only for an operation that makes a new line'],
    ],
    ['line: open; series: lst', ['there is no series "lst"; did you mean "lts"?']],
    ['line: open; series: [main, x]', ['there is no series "x"']],
    ['line: open; private-until: later', ['there is no step "later"']],
    ['line: open; on: { push: "{branch}" }', ['"{branch}" takes no placeholder: write "release/*"']],
    [
      'line: open; on: { then: offer }',
      ['"on" names what happens: branch-created, pull-request-merged, push or schedule'],
    ],
    [
      'line: open; on: { schedule: daily }',
      ['not a schedule: write minute, hour, day, month and weekday, such as "0 9 * * MON"'],
    ],
    [
      'line: open; on: { push: default-branch, then: offr }',
      ['expected "start" or "offer", found "offr"; did you mean "offer"?'],
    ],
  ])('%s', (line, messages) => {
    const flow = line.split('; ').join('\n    ');
    const found = load(
      file({
        line: flow,
        steps: '[{ uses: approve }]',
        top: `series: { lts: { scheme: lts, tag: 'l{version}' } }\n`,
      }),
    );
    const withoutPlace = (text: string): string => text.replace(/^p\.yml:\d+:\d+: /, '');
    expect(Array.isArray(found) ? found.map(withoutPlace) : found).toEqual(messages);
  });
});

describe('inputs', () => {
  test.each<[string, string[]]>([
    ['{ x: { type: choice, about: X } }', ['p.yml:8:26: a choice needs "values"']],
    ['{ x: { type: word, about: X, values: [a, b] } }', ['p.yml:8:50: "values" is only for "type: choice"']],
    [
      '{ x: { type: choice, about: X, values: [a, "b c"] } }',
      [
        'p.yml:8:52: "b c" is not a word: it starts with a letter or digit, then letters, digits and . _ / + @ -, at most 200',
      ],
    ],
    ['{ x: { type: choice, about: X, values: [a, b], default: c } }', ['p.yml:8:69: "c" is not one of a, b']],
    [
      '{ x: { type: time, about: X, default: tomorrow } }',
      [
        'p.yml:8:51: "tomorrow" is not a time with its zone, such as 2026-03-31T16:00Z or 2026-03-31T16:00+02:00',
      ],
    ],
  ])('%s', (written, messages) => {
    expect(load(file({ inputs: written }))).toEqual(messages);
  });
});

describe('placeholders', () => {
  test.each<[string, string, string[]]>([
    [
      'by their type',
      `[{ run: [x, '{inputs.summary}', '{inputs.page}', '{inputs.to}', '{inputs.picks}', '{inputs.when}'], id: a }]`,
      [
        'p.yml:9:24: {inputs.summary} is text and cannot stand in an argument',
        'p.yml:9:76: {inputs.picks} is a list and cannot stand in an argument',
        'p.yml:9:94: {inputs.when} is a time and cannot stand in an argument',
      ],
    ],
    [
      'of a list and a time, whole',
      `[{ uses: cherry-pick, commits: 'a {inputs.picks}' }, { uses: wait, until: 'at {inputs.when}' }, { uses: wait, id: w, until: '{version}' }]`,
      [
        'p.yml:9:43: {inputs.picks} must be the whole value here',
        'p.yml:9:86: {inputs.when} must be the whole value here',
        'p.yml:9:136: {version} is a word and cannot stand in a time',
      ],
    ],
    [
      'of steps',
      `[{ uses: tag, message: '{steps.branch.branch}' }, { uses: branch, name: '{steps.tag.tagg}' }, { uses: announce, to: [a], text: '{steps.branch.commit} {steps.brnch.url}' }]`,
      [
        'p.yml:9:35: {steps.branch.branch}: no step before this one has the id "branch"',
        'p.yml:9:84: unknown placeholder {steps.tag.tagg}',
        'p.yml:9:139: {steps.brnch.url}: no step before this one has the id "brnch"; did you mean "branch"?',
      ],
    ],
    [
      'of an output that the kind has not',
      `[{ uses: tag }, { uses: announce, to: [a], text: '{steps.tag.url}' }]`,
      ['p.yml:9:61: {steps.tag.url}: "tag" gives no "url"'],
    ],
    [
      'in a script',
      `[{ shell: 'make {version}', id: a }]`,
      ['p.yml:9:22: {version} cannot stand here: this is taken as it is written'],
    ],
    [
      'of what nobody verified',
      `[{ uses: announce, to: [a], text: 'x {verified}' }]`,
      ['p.yml:9:46: {verified} needs a step "verify" before this one'],
    ],
    [
      'of notes that nobody wrote, and of support that nobody promised',
      `[{ uses: announce, to: [a], text: '{notes-url} {supported-until}' }]`,
      [
        'p.yml:9:46: {notes-url} needs a step "notes" before this one',
        'p.yml:9:46: {supported-until} needs a series with "supported"',
      ],
    ],
    [
      'in addresses',
      `[{ uses: chart, path: charts/x, to: 'oci://ghcr.io/{repo}/x y', version: '{version}' }, { uses: sign, artifacts: [a], identity: 'http://x/{tag}' }]`,
      [
        'p.yml:9:48: "oci://ghcr.io/{repo}/x y" is not an address: letters, digits and . _ / : @ + -, after "oci://" where it is a chart',
        'p.yml:9:126: there is no artifact "a"',
        'p.yml:9:140: "http://x/{tag}" is not an https URL',
      ],
    ],
  ])('%s', (_, steps, messages) => {
    expect(load(file({ inputs, steps }))).toEqual(messages);
  });
});

describe('forms of steps', () => {
  test.each<[string, string, string, string[]]>([
    [
      'an include of nothing',
      `[{ include: biuld }]`,
      '',
      ['p.yml:9:24: there is no part and no operation "biuld"; did you mean "build"?'],
    ],
    ['an include of itself', `[{ include: go }]`, '', ['p.yml:9:24: "go" includes itself: go -> go']],
    [
      'an include that is more',
      `[{ include: build, timeout: 5m, id: X }]`,
      '',
      [
        'p.yml:9:31: "include" takes "id" and "runs-on" only, not "timeout"',
        'p.yml:9:48: an id starts with a lower-case letter, then lower-case letters, digits, "-" and "_", at most 63',
      ],
    ],
    [
      'an include in together',
      `[{ together: [{ include: build }] }]`,
      '',
      ['p.yml:9:26: "include" cannot stand in "together"'],
    ],
    [
      'at once none',
      `[{ together: [{ uses: checks }], at-once: 0 }]`,
      '',
      ['p.yml:9:54: must be a whole number from 1 to 64'],
    ],
    ['a script without id', `[{ shell: make }]`, '', ['p.yml:9:15: a step with "shell" needs an "id"']],
    ['what only Slipway puts in', `[{ uses: follow }]`, '', ['p.yml:9:21: unknown step "follow"']],
    [
      'a part that is an operation too',
      `[{ include: go2 }]`,
      '  go2: { about: x, line: none, steps: [{ uses: checks }] }\n',
      [],
    ],
    ['a part that nobody includes', `[{ include: build }]`, 'unused', ['p.yml:12:20: unknown step "biuld"']],
    [
      'the same id by two includes',
      `[{ include: build }, { include: build }]`,
      '',
      ['p.yml:11:11: a step before has the id "build"; give this one another [in the operation "go"]'],
    ],
  ])('%s', (_, steps, more, messages) => {
    const extra = more === 'unused' ? `  unused: [{ uses: biuld }]\n` : '';
    const operations = more.startsWith('  go2') ? more : '';
    const text = file({ steps, top: `${operations}parts:\n  build: [{ run: [make], id: build }]\n${extra}` });
    const found = load(text);
    expect(Array.isArray(found) ? found : []).toEqual(messages);
  });

  test('steps that include each other for ever larger are cut', () => {
    const parts = Array.from(
      { length: 20 },
      (_, n) => `  p${n}: [{ include: p${n + 1}, id: a }, { include: p${n + 1}, id: b }]\n`,
    ).join('');
    const text = file({ steps: '[{ include: p0 }]', top: `parts:\n${parts}  p20: [{ uses: checks }]\n` });
    const found = load(text);
    expect(found).toContainEqual(expect.stringContaining('with this the process has more than 2000 steps'));
  });

  test('a part and an operation of one name', () => {
    expect(load(file({ top: `parts:\n  go: [{ uses: checks }]\n` }))).toEqual([
      'p.yml:11:3: "go" is also an operation; give this part another name, so that it is clear what is included',
    ]);
  });
});

describe('names', () => {
  test.each<[string, string, string[]]>([
    [
      'evidence',
      `[{ run: [x], id: lint }, { uses: require, passed: [lnt, go.lint, go.lnt] }]`,
      [
        'p.yml:9:63: there is no step "lnt"; did you mean "lint"?',
        'p.yml:9:77: there is no step "go.lnt"; did you mean "go.lint"?',
      ],
    ],
    [
      'a step of another kind',
      `[{ uses: tag }, { uses: merge, pull-request: tag, method: squash }]`,
      ['p.yml:9:57: "tag" is a step of the kind "tag", not "pull-request"'],
    ],
    [
      'a step that comes later',
      `[{ uses: merge, pull-request: pull-request, method: squash }, { uses: pull-request, to: main, title: x }]`,
      ['p.yml:9:42: no "pull-request" before this step has the id "pull-request"'],
    ],
    [
      'a metric',
      `[{ run: [x], id: a, expect: [sped >= 3] }]`,
      ['p.yml:9:41: there is no metric "sped"; did you mean "speed"?'],
    ],
    [
      'an expectation',
      `[{ run: [x], id: a, expect: [speed > fast] }]`,
      ['p.yml:9:41: not an expectation: write "speed >= 30000" or "speed in 1..2"'],
    ],
    [
      'around it',
      `[{ uses: issues, tracker: bgs, contact: me }, { uses: remind, after: 7d, who: boss, text: x }]`,
      [
        'p.yml:9:38: there is no tracker "bgs"; did you mean "bugs"?',
        'p.yml:9:52: there is no contact "me"',
        'p.yml:9:90: there is no role "boss"',
      ],
    ],
    [
      'copied bytes',
      `[{ uses: store, artifacts: [t], bytes: candidate }]`,
      [
        'p.yml:9:51: these bytes call themselves a candidate: "bytes: candidate" needs "stamp: line" in "version"',
      ],
    ],
  ])('%s', (_, steps, messages) => {
    const top = `metrics: { speed: { pattern: 'speed {number}' } }\nartifacts: { t: { file: 'dist/*.gz', archive: { in: releases, path: 't-{version}' } } }\n`;
    const around = { trackers: new Set(['bugs']), contacts: new Set<string>(), roles: new Set(['lead']) };
    expect(load(file({ steps, top }), { around })).toEqual(messages);
  });

  test.each<[string, string[]]>([
    [`{ m: { pattern: 'speed' } }`, ['p.yml:10:26: a pattern needs {number}']],
    [`{ m: { pattern: '(?=x){number}' } }`, [expect.stringContaining('p.yml:10:26: not a pattern of RE2: ')]],
    [`{ m: { pattern: '{number}{unit}' } }`, ['p.yml:10:26: {unit} needs "units"']],
    [
      `{ m: { size-of: ../x } }`,
      ['p.yml:10:26: "../x" is not a path below its folder (no leading or trailing "/", no "." and "..")'],
    ],
    [
      `{ m: { pattern: '{number}', take: median } }`,
      ['p.yml:10:44: expected max, min, first, last, mean, count, mean-last-10% or p95'],
    ],
  ])('the metric %s', (metrics, messages) => {
    expect(load(file({ top: `metrics: ${metrics}\n` }))).toEqual(messages);
  });
});

describe('what is published where its versions cannot be written', () => {
  test.each<[string, string, string]>([
    [
      `{ scheme: calver, format: YYYY.MM.DD-HHmm, tag: 'v{version}' }`,
      `{ uses: chart, path: c, to: oci://x/c, version: '{version}' }`,
      'version',
    ],
    [
      `{ scheme: calver, format: YYYY.MM.DD-HHmm, tag: 'v{version}' }`,
      `{ uses: package, artifacts: [t], to: pypi }`,
      'to',
    ],
    [
      `{ scheme: calver, format: YYYY.MM.DD-HHmm, tag: 'v{version}' }`,
      `{ uses: package, artifacts: [t], to: npm }`,
      'to',
    ],
  ])('%s %s', (version, step) => {
    const top = `artifacts: { t: { file: 'dist/*.gz' } }\n`;
    const steps = `[{ run: [make], id: b, produces: [t] }, ${step}]`;
    const found = load(file({ version, steps, top }));
    expect(found).toHaveLength(1);
    expect(found).toEqual([expect.stringMatching(/^p\.yml:9:\d+: /)]);
    expect(load(file({ steps, top }))).not.toBeInstanceOf(Array);
  });
});
