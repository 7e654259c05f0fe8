import { describe, expect, test } from 'vitest';
import { SlipwayError } from '../../src/error.js';
import { resolveOperation } from '../../src/process/load-process.js';
import type { Process } from '../../src/process/process-file.js';
import { load, loaded, preset } from './chain.js';

const text = `process: p
about: P.
version: { scheme: semver, from: tags, tag: 'v{version}' }
artifacts: { tarball: { file: 'dist/*.gz', archive: { in: releases, path: 'p-{version}.gz' } } }
operations:
  go:
    about: Goes.
    line: open
    steps:
      - { run: [make], id: build, produces: [tarball] }
      - { run: [test], id: tests }
      - { uses: store, artifacts: [tarball] }
  other:
    about: Other.
    line: open
    steps: [{ run: [lint], id: lint }]
variants:
  quick: { about: Without tests., patch: { tests: off } }
  long: { about: Longer., for: [go], patch: { tests: { timeout: 2h }, build: { timeout: 3h } } }
  lean: { about: Without archive., for: [go], patch: { store: off } }
  bare: { about: Without build., for: [go], patch: { store: off, build: off } }
`;

function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof SlipwayError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'done';
}

function ids(process: Process, operation: string, variants: string[]): string[] {
  return resolveOperation(process, operation, variants).steps.map(({ id }) => id);
}

describe('variants', () => {
  const process = loaded(text);

  test('are for the operations that they name, else for those that they change', () => {
    const found = Object.values(process.variants).map((variant) => [variant.name, variant.for]);
    expect(found).toEqual([
      ['quick', ['go']],
      ['long', ['go']],
      ['lean', ['go']],
      ['bare', ['go']],
    ]);
  });

  test('change an operation only where they are chosen, in the order in which they are declared', () => {
    expect(ids(process, 'go', [])).toEqual(['build', 'tests', 'store']);
    expect(ids(process, 'go', ['quick'])).toEqual(['build', 'store']);
    expect(ids(process, 'go', ['lean', 'quick'])).toEqual(['build']);
    const long = resolveOperation(process, 'go', ['long']).steps.map(({ timeoutMs }) => timeoutMs / 60_000);
    expect(long).toEqual([180, 120, 30]);
  });

  test.each<[string, string[], string]>([
    ['nowhere', [], 'command-invalid: p has no operation "nowhere".'],
    ['go', ['quik'], 'command-invalid: p has no variant "quik"; did you mean "quick"?'],
    ['other', ['quick'], 'command-invalid: The variant "quick" is not for "other", only for go.'],
    ['constructor', [], 'command-invalid: p has no operation "constructor".'],
    ['go', ['constructor'], 'command-invalid: p has no variant "constructor".'],
  ])('%s with %j is refused', (operation, variants, message) => {
    expect(refusal(() => resolveOperation(process, operation, variants))).toBe(message);
  });

  test('that do not go together are refused when they are asked for together', () => {
    expect(refusal(() => resolveOperation(process, 'go', ['quick', 'long']))).toBe(
      'command-invalid: The variants quick and long do not go together: p.yml:19:47: there is no step "tests" in go.',
    );
  });

  test('of a project in slipway.yaml are there too', () => {
    const slipway = `process:
  variants: { silent: { about: S., patch: { announce: off } } }
`;
    const found = loaded(preset('sculptor')?.text ?? '', { slipway });
    expect(found.variants['silent']?.for).toEqual(['cut', 'fixup', 'promote', 'abandon']);
    expect(ids(found, 'abandon', ['silent'])).toEqual(['channel']);
  });

  test.each<[string, string, string[]]>([
    [
      'that breaks an operation',
      '{ about: B., patch: { build: off } }',
      ['p.yml:18:30: after this change: nothing before this step produces "tarball" (p.yml:12:36)'],
    ],
    [
      'that changes nothing',
      '{ about: B., patch: { biuld: off } }',
      ['p.yml:18:30: there is no step "biuld"; did you mean "build"?'],
    ],
    ['that is empty', '{ about: B., patch: {} }', ['p.yml:18:21: this variant changes nothing']],
    [
      'for an operation that it does not change',
      '{ about: B., for: [go, other], patch: { tests: off } }',
      ['p.yml:18:31: this variant changes nothing in "other"'],
    ],
    [
      'for an operation that is not there',
      '{ about: B., for: [gone], patch: { tests: off } }',
      ['p.yml:18:27: there is no operation "gone"; did you mean "go"?'],
    ],
  ])('a variant %s is refused', (_, variant, messages) => {
    const wrong = `${text.slice(0, text.indexOf('  quick:'))}  bad: ${variant}\n`;
    expect(load(wrong)).toEqual(messages);
  });

  test('a protected step that a variant makes public is found in that variant', () => {
    const swarm = (preset('swarm')?.text ?? '').replace('      docs-changelog: off', '      approve: off');
    expect(load(swarm)).toEqual([
      'p.yml:230:7: after this change: "release" makes a line final and has no step "approve": nothing is published without approval (p.yml:88:3)',
    ]);
  });

  test('from below that a patch leaves without a step is no mistake, one that it breaks is told at the patch', () => {
    const idle = loaded('process: x\nextends: swarm\npatch: { docs-changelog: off }\n');
    expect(ids(idle, 'release', ['patch-of-broken'])).toEqual(ids(idle, 'release', []));
    const base = text.replace(
      'lean: {',
      'copy: { about: C., for: [go], patch: { build: { id: make } } }\n  lean: {',
    );
    const above =
      'process: x\nextends: ./base.yml\npatch: { check: { after: tests, uses: require, passed: [build] } }\n';
    expect(load(above, { files: { './base.yml': base } })).toEqual([
      'p.yml:3:57: there is no step "build" [with the variant "bare"]',
      'p.yml:3:57: there is no step "build" [with the variant "copy"]',
    ]);
  });
});
