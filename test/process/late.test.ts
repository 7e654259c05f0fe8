import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SlipwayError } from '../../src/error.js';
import { fillLate, fillSettings, lateTexts, shownLate } from '../../src/process/settings.js';
import { loaded } from './chain.js';

const inputs = {
  why: { type: 'text' as const, optional: false },
  picks: { type: 'commits' as const, optional: true },
  when: { type: 'time' as const, optional: false },
  page: { type: 'url' as const, optional: true },
  place: { type: 'choice' as const, optional: false, values: ['eu', 'us'], default: 'eu' },
};

function code(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof SlipwayError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'done';
}

describe('what only the run knows', () => {
  const settings = { to: ['releases'], text: '{version}: {notes-url} {inputs.why}' };
  const values = { version: '1.2.0', 'inputs.why': '{notes} {version}' };

  test('shows before the run what is known already, in one pass', () => {
    expect(shownLate(settings, ['/text'], values)).toEqual({
      to: ['releases'],
      text: '1.2.0: {notes-url} {notes} {version}',
    });
    expect(shownLate({ text: '{version}' }, [], values)).toEqual({ text: '{version}' });
  });

  test('stays as it is written until then, with everything else in the same text', () => {
    expect(lateTexts('announce', settings)).toEqual(['/text']);
    expect(fillSettings('announce', settings, inputs, values)).toEqual(settings);
  });

  test('is filled in in one pass: braces in a value stay', () => {
    const late = { 'notes-url': 'https://example.com/n' };
    expect(fillLate('announce', settings, ['/text'], inputs, values, late)).toEqual({
      to: ['releases'],
      text: '1.2.0: https://example.com/n {notes} {version}',
    });
  });

  test('whatever the values, a text that is not late is never filled in late', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\{(notes|version|steps\.a\.url)\}[a-z{} ]{0,20}$/), (why) => {
        const early = fillSettings('announce', { to: ['a'], text: 'x {inputs.why}' }, inputs, {
          'inputs.why': why,
        });
        const done = fillLate(
          'announce',
          early,
          lateTexts('announce', { to: ['a'], text: 'x {inputs.why}' }),
          inputs,
          {},
          { notes: 'BAD', 'steps.a.url': 'https://bad.example' },
        );
        expect(done).toEqual({ to: ['a'], text: `x ${why}` });
      }),
    );
  });

  test('is checked for its place like everything else', () => {
    const tag = { name: 'x-{steps.branch.branch}' };
    expect(lateTexts('tag', tag)).toEqual(['/name']);
    const fill = (branch: string) => () =>
      fillLate('tag', tag, ['/name'], inputs, {}, { 'steps.branch.branch': branch });
    expect(fill('main')()).toEqual({ name: 'x-main' });
    expect(code(fill('--force ..'))).toContain(
      'config-invalid: {steps.branch.branch} "--force .." is not a word',
    );
    expect(code(fill(''))).toContain('is not a word');
    const argument = { run: ['x', '{release-url}'] };
    const url = (value: string) => () =>
      fillLate('run', argument, ['/run/1'], inputs, {}, { 'release-url': value });
    expect(url('https://example.com/r')()).toEqual({ run: ['x', 'https://example.com/r'] });
    expect(code(url('https://u:p@example.com'))).toContain('is a URL with a name or password in it');
    expect(code(url('javascript:x'))).toContain('is not an https URL');
    expect(code(() => fillLate('run', argument, ['/run/1'], inputs, {}, {}))).toContain(
      '{release-url} has no value here',
    );
  });

  test('a URL and an output that are not there in the end are nothing in a text, and an error everywhere else', () => {
    const text = { to: ['a'], text: 'Out. {notes-url}{steps.tag.tag}' };
    expect(fillLate('announce', text, ['/text'], inputs, {}, {})).toEqual({ to: ['a'], text: 'Out. ' });
    expect(code(() => fillLate('announce', { text: '{notes}' }, ['/text'], inputs, {}, {}))).toContain(
      '{notes} has no value here',
    );
    expect(code(() => fillLate('tag', { name: '{steps.a.tag}' }, ['/name'], inputs, {}, {}))).toContain(
      '{steps.a.tag} has no value here',
    );
  });

  test('what takes no placeholder is never late', () => {
    expect(lateTexts('announce', { to: ['{notes}'], text: 'x' })).toEqual([]);
    expect(lateTexts('shell', { shell: 'echo {notes}' })).toEqual([]);
    expect(lateTexts('run', { run: ['{steps.a.url}', 'a/b~c'], env: { 'A/B~': '{notes}' } })).toEqual([
      '/env/A~1B~0',
    ]);
  });

  test('long notes fit into a text', () => {
    const notes = 'x'.repeat(10_000);
    const done = fillLate('pull-request', { body: '{notes}' }, ['/body'], inputs, {}, { notes });
    expect(done).toEqual({ body: notes });
  });
});

describe('lists, times and choices', () => {
  test('a list becomes a list', () => {
    const fill = (picks: string): unknown =>
      fillSettings('cherry-pick', { commits: '{inputs.picks}' }, inputs, { 'inputs.picks': picks });
    expect(fill('1a2b3c4, 5d6e7f8\n9a0b1c2')).toEqual({ commits: ['1a2b3c4', '5d6e7f8', '9a0b1c2'] });
    expect(fill('')).toEqual({ commits: [] });
    expect(code(() => fill('1a2b3c4 --all'))).toContain('command-invalid: inputs.picks');
    expect(code(() => fill(Array(101).fill('1a2b3c4').join(' ')))).toContain('names more than 100 commits');
  });

  test('a time is a moment', () => {
    const fill = (when: string): unknown =>
      fillSettings('wait', { until: '{inputs.when}' }, inputs, { 'inputs.when': when });
    expect(fill('2026-03-31T16:00+02:00')).toEqual({ until: '2026-03-31T16:00+02:00' });
    for (const wrong of ['2026-03-31', '2026-02-30T10:00Z', '2026-03-31T16:00', 'soon', '2026-13-01T00:00Z'])
      expect(code(() => fill(wrong))).toContain('command-invalid: inputs.when');
  });

  test('a choice has a default and no other values', () => {
    const fill = (values: Record<string, string>): unknown =>
      fillSettings('run', { run: ['x', '{inputs.place}'] }, inputs, values);
    expect(fill({})).toEqual({ run: ['x', 'eu'] });
    expect(fill({ 'inputs.place': 'us' })).toEqual({ run: ['x', 'us'] });
    expect(code(() => fill({ 'inputs.place': 'mars' }))).toContain('is not one of eu, us');
  });
});

test('a step of an include means the steps of that include first', () => {
  const process = loaded(`process: p
about: P.
version: { scheme: semver, from: tags, tag: 'v{version}' }
parts:
  open:
    - { uses: pull-request, to: main, title: x }
    - { uses: announce, to: [a], text: 'see {steps.pull-request.url} and {steps.first.url}' }
    - { uses: merge, pull-request: pull-request, method: squash }
operations:
  go:
    about: Goes.
    line: open
    steps:
      - { uses: pull-request, id: first, to: main, title: x }
      - { uses: pull-request, to: main, title: x }
      - { include: open, id: here }
`);
  const steps = process.operations['go']?.steps ?? [];
  expect(steps.map(({ id }) => id)).toEqual([
    'first',
    'pull-request',
    'here.pull-request',
    'here.announce',
    'here.merge',
  ]);
  expect(steps[3]?.settings).toMatchObject({
    text: 'see {steps.here.pull-request.url} and {steps.first.url}',
  });
  expect(steps[4]?.settings).toMatchObject({ 'pull-request': 'here.pull-request' });
});
