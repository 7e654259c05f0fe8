import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { generatedFiles } from '../../scripts/generated.js';
import { operationGaps, stepGaps } from '../../src/process/engine-gaps.js';
import { inputTypes } from '../../src/process/inputs.js';
import { kindList } from '../../src/process/kinds/index.js';
import { outputTypes } from '../../src/process/outputs.js';
import { placeholderNames } from '../../src/process/placeholders.js';
import { processJsonSchema } from '../../src/process/process-schema.js';
import { load, preset, presetNames } from './chain.js';

const root = resolve(import.meta.dirname, '../..');
const generated = await generatedFiles(root);

describe('what is generated', () => {
  test.each([...generated.keys()])('%s is current (node --import tsx scripts/generate.ts)', (path) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(generated.get(path));
  });

  test('is all that is there', () => {
    const pages = readdirSync(join(root, 'docs/steps')).map((name) => `docs/steps/${name}`);
    expect(pages.filter((path) => !generated.has(path))).toEqual([]);
    expect(pages).toHaveLength(kindList.length + 1);
  });
});

describe('the page about processes', () => {
  const page = readFileSync(join(root, 'docs/processes.md'), 'utf8');
  const blocks = [...page.matchAll(/```yaml (process|example)\n([^]*?)```/g)];

  test.each(blocks.map(([, kind, text]) => [kind, text]))('shows a right %s', (_, text) => {
    expect(load(text ?? '')).not.toBeInstanceOf(Array);
  });

  test('shows them all', () => {
    expect(blocks).toHaveLength(2);
  });

  test('names every placeholder', () => {
    for (const name of placeholderNames.keys()) expect(page).toContain(`\`${name}\``);
    for (const name of [...inputTypes, ...Object.keys(outputTypes)]) expect(page).toContain(`\`${name}\``);
  });

  test('names every gap that can be found', () => {
    const list = page.slice(page.indexOf('<!-- generated: gaps -->'));
    for (const { what } of [...operationGaps, ...stepGaps])
      expect(list).toContain(what.replace(/"([^"]+)"/, '`$1`'));
  });
});

describe('the JSON Schema', () => {
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true, strictTuples: false }).compile(
    processJsonSchema(),
  );

  test.each(presetNames)('takes the preset %s', (name) => {
    validate(parse(preset(name)?.text ?? ''));
    expect(validate.errors ?? []).toEqual([]);
  });

  test.each(['test/fixtures/kestrel.yml'])('takes %s', (path) => {
    validate(parse(readFileSync(join(root, path), 'utf8')));
    expect(validate.errors ?? []).toEqual([]);
  });

  test.each([
    ['an unknown key', 'process: p\nnothing: 1\n'],
    ['an unknown kind', 'process: p\nparts: { a: [{ uses: cherrypick }] }\n'],
    ['an unknown setting', 'process: p\nparts: { a: [{ uses: tag, nme: x }] }\n'],
    ['a missing setting', 'process: p\nparts: { a: [{ uses: store }] }\n'],
    ['a wrong id', 'process: p\nparts: { a: [{ uses: tag, id: X }] }\n'],
  ])('refuses %s', (_, text) => {
    expect(validate(parse(text))).toBe(false);
  });
});

describe('the example of every kind', () => {
  test.each(kindList.map(({ name, example }) => [name, example]))(
    '%s is read as it is shown',
    (name, example) => {
      const before = `      - { uses: pull-request, to: main, title: x }
      - { uses: branch }
      - { uses: tag, id: earlier }
      - { run: [make], id: made, produces: [wheel, sdist, tarball] }
`;
      const steps = example.replace(/^/gm, '      ');
      const text = `process: p
about: P.
version: { scheme: semver, from: tags, tag: 'v{version}' }
artifacts:
  tarball: { file: 'a*', archive: { in: s, path: '{version}' } }
  wheel: { file: 'b*' }
  sdist: { file: 'c*' }
channels: { internal: { in: s, files: { tarball: i } }, stable: { in: s, files: { tarball: s } } }
metrics: { speed: { pattern: '{number}' } }
operations:
  go:
    about: Goes.
    line: open
    inputs:
      commits: { type: commits, about: C, optional: true }
      what: { type: text, about: W }
      advisory: { type: id, about: A }
    steps:
${before}${steps}
`;
      const found = load(text);
      // The examples name what stands before them in a whole process.
      const ignored =
        /is already produced|before this step has the id|a step before has the id|there is no step|needs an earlier "commit"/;
      const wrong = Array.isArray(found) ? found.filter((line) => !ignored.test(line)) : [];
      expect(wrong).toEqual([]);
      expect(example).toContain(name === 'run' || name === 'shell' ? `- ${name}:` : `- uses: ${name}`);
    },
  );
});
