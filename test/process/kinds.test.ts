import { describe, expect, test } from 'vitest';
import { kindList, kindOf } from '../../src/process/kinds/index.js';
import { lookUp } from '../../src/process/kinds/kind.js';
import { settingsOf } from '../../src/process/process-schema.js';
import { stepKinds } from '../../src/steps/index.js';

// `check` is from before the catalogue; Slipway itself puts `follow` in.
const unlisted = new Set(['follow']);

describe('the catalogue of step kinds', () => {
  test('has every kind once', () => {
    const names = kindList.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(kindOf('constructor')).toBeUndefined();
  });

  test.each(stepKinds.filter(({ name }) => !unlisted.has(name)).map((kind) => [kind.name, kind]))(
    '%s runs with the very settings that authors write',
    (name, kind) => {
      expect(kind.config).toBe(kindOf(name)?.config);
    },
  );

  test.each(kindList.map((kind) => [kind.name, kind]))('%s says where its own settings stand', (_, kind) => {
    const settings = Object.keys(settingsOf(kind));
    for (const pattern of [...Object.keys(kind.places), ...Object.keys(kind.names)])
      expect(settings).toContain(pattern.split('.')[0]);
  });

  test.each(kindList.map((kind) => [kind.name, kind]))('%s describes every setting', (_, kind) => {
    for (const [key, schema] of Object.entries(settingsOf(kind)))
      expect(schema.description ?? `${key} has no description`).toMatch(/\.$/);
  });
});

test('a table of settings is looked up by path; * is any key, and the first that fits counts', () => {
  const table = { 'run.0': 'program', 'run.*': 'argument', 'items.*.text': 'text' };
  expect(lookUp(table, ['run', 0])).toBe('program');
  expect(lookUp(table, ['run', 1])).toBe('argument');
  expect(lookUp(table, ['items', 'x', 'text'])).toBe('text');
  expect(lookUp(table, ['items', 'text'])).toBeUndefined();
  expect(lookUp(table, ['constructor'])).toBeUndefined();
});
