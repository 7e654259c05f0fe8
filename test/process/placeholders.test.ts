import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SlipwayError } from '../../src/error.js';
import { fillIn, inputProblem, placeholdersIn } from '../../src/process/placeholders.js';
import { fillSettings } from '../../src/process/settings.js';
import { nearest } from '../../src/suggest.js';

const inputs = {
  why: { type: 'text' as const, optional: false },
  target: { type: 'word' as const, optional: false },
  note: { type: 'text' as const, optional: true },
};
const values = {
  version: '0.44.0rc2',
  line: '0.44.0',
  tag: 'kestrel-v0.44.0rc2',
  branch: 'release/kestrel-v0.44.0',
  candidate: '',
  previous: '',
  requester: 'Ana {version}',
  'inputs.why': 'it {version} breaks\n{inputs.target}',
  'inputs.target': 'eu-west',
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

describe('filling in', () => {
  test('is one pass: braces in a value stay', () => {
    expect(fillIn('{requester}: {inputs.why} {inputs.note}.', 'text', inputs, values)).toBe(
      'Ana {version}: it {version} breaks\n{inputs.target} .',
    );
  });

  test('leaves other braces alone', () => {
    const text = '{"a": {"b": 1}} {} {a,b} ${x}'.replace('${x}', '');
    expect(placeholdersIn(text)).toEqual([]);
    expect(fillIn(text, 'argument', inputs, values)).toBe(text);
  });

  test('does not understand a replacement pattern in a value', () => {
    const text = fillIn('{inputs.why}', 'text', inputs, { 'inputs.why': "$& $1 $' $$" });
    expect(text).toBe("$& $1 $' $$");
  });

  test.each([
    ['{version}', 'config-invalid: {version} "-x" is not a word', { version: '-x' }],
    ['{version}', 'config-invalid: {version} "a..b" may not contain ".."', { version: 'a..b' }],
    ['{candidate}', 'config-invalid: {candidate} "" is not a word', { candidate: '' }],
    ['{version}', 'config-invalid: {version} has no value here', {}],
    ['{constructor}', 'config-invalid: unknown placeholder {constructor}', {}],
    ['{inputs.constructor}', 'config-invalid: unknown placeholder {inputs.constructor}', {}],
    ['{inputs.target}', 'command-invalid: inputs.target "a b" is not a word', { 'inputs.target': 'a b' }],
    ['{inputs.target}', 'command-invalid: inputs.target "" is missing', {}],
    [
      '{requester}',
      'config-invalid: {requester} is text and cannot stand in an argument',
      { requester: 'x' },
    ],
    ['a\0b', 'config-invalid: "a\\u0000b" has a control character', {}],
  ])('%j into an argument: %s', (text, message, given) => {
    expect(code(() => fillIn(text, 'argument', inputs, given))).toContain(message);
  });

  test.each([
    [
      '{inputs.why}',
      'command-invalid: inputs.why "\\u001b[2J" has a control character',
      { 'inputs.why': '\x1b[2J' },
    ],
    ['{inputs.why}', 'command-invalid: inputs.why "" is missing', { 'inputs.why': '' }],
    ['{inputs.note}', 'has more than 4,000 characters', { 'inputs.note': 'x'.repeat(4_001) }],
    ['{previous}|{candidate}', 'done', { previous: '', candidate: '' }],
  ])('%j into a text: %s', (text, message, given) => {
    expect(code(() => fillIn(text, 'text', inputs, given))).toContain(message);
  });

  test('a path stays below its folder, a ref is a ref', () => {
    expect(fillIn('x/{branch}/y-{version}.gz', 'path', inputs, values)).toBe(
      'x/release/kestrel-v0.44.0/y-0.44.0rc2.gz',
    );
    expect(code(() => fillIn('x/{version}', 'path', inputs, { version: 'a/./b' }))).toContain(
      'may not contain "/."',
    );
    expect(code(() => fillIn('{version}', 'ref', inputs, { version: 'a/' }))).toContain(
      'is not a name of a branch',
    );
    expect(code(() => fillIn('-{version}', 'ref', inputs, { version: 'a' }))).toContain('is not a word');
  });

  test('whatever the value, an argument that is one placeholder is never an option and never two', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (version) => {
        try {
          const filled = fillIn('{version}', 'argument', inputs, { version });
          expect(filled).toBe(version);
          expect(filled).toMatch(/^[A-Za-z0-9][A-Za-z0-9._/+@-]*$/);
        } catch (error) {
          expect(error).toBeInstanceOf(SlipwayError);
        }
      }),
    );
  });

  test('fills settings where they may be, and leaves the rest as written', () => {
    const settings = {
      run: ['make', 'VERSION={version}'],
      env: { WHY: '{inputs.why}', RAW: '{"a": 1}' },
      produces: ['{version}'],
      effect: null,
      depth: 3,
    };
    expect(fillSettings('run', settings, inputs, values)).toEqual({
      run: ['make', 'VERSION=0.44.0rc2'],
      env: { WHY: 'it {version} breaks\n{inputs.target}', RAW: '{"a": 1}' },
      produces: ['{version}'],
      effect: null,
      depth: 3,
    });
    expect(fillSettings('unknown', { text: '{version}' }, inputs, values)).toEqual({ text: '{version}' });
  });
});

test('what a person gives for an input is judged by its type', () => {
  expect(inputProblem(inputs.target, 'eu-west')).toBeUndefined();
  expect(inputProblem(inputs.target, '--force')).toContain('is not a word');
  expect(inputProblem(inputs.why, '--force, please')).toBeUndefined();
  expect(inputProblem(inputs.why, '')).toBe('is missing');
  expect(inputProblem(inputs.note, '')).toBeUndefined();
});

test.each([
  ['cherrypick', ['cherry-pick', 'check'], 'cherry-pick'],
  ['Announce', ['announce'], 'announce'],
  ['runs_on', ['runs-on'], 'runs-on'],
  ['chanel', ['channel'], 'channel'],
  ['psuh', ['push', 'pull'], 'push'],
  ['x', ['push', 'tag'], undefined],
  ['entirely-else', ['announce'], undefined],
])('%s was meant to be one of %j: %s', (word, known, found) => {
  expect(nearest(word, known)).toBe(found);
});
