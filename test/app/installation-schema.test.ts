import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { installationSchema } from '../../src/app/installation-schema.js';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const check = new Ajv2020({ strict: false, validateFormats: false }).compile(installationSchema());

/** What the schema has against a text, a line each. */
function wrong(text: string): string[] {
  const data: unknown = parse(text);
  return check(data) ? [] : (check.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

describe('the schema of slipway.yaml', () => {
  test('is current: write it anew after a change', () => {
    expect(JSON.parse(read('schemas/slipway.schema.json'))).toEqual(installationSchema());
  });

  test.each([
    'presets/sandbox/slipway.yaml',
    'docs/examples/slipway.yaml',
    'test/fixtures/slipway.yaml',
    'test/fixtures/slipway-full.yaml',
  ])('takes %s', (path) => {
    expect(wrong(read(path))).toEqual([]);
  });

  test.each([
    ['slipway: 1', 'slipway: 2'],
    ['name: full', 'name: Full'],
    ['private: true', 'privat: true'],
    ['need: 1', 'need: 0'],
    ['requester: may-not-vote', 'requester: may-not'],
    ['kind: asana', 'kind: trello'],
    ['token: { env: PYPI_TOKEN }', 'token: abcdefgh'],
    ["every: { from: 'Fri 16:00', to: 'Mon 08:00' }", 'every: daily'],
  ])('refuses %s as %s', (right, made) => {
    const text = read('test/fixtures/slipway-full.yaml');
    expect(text).toContain(right);
    expect(wrong(text.replace(right, made))).not.toEqual([]);
  });
});
