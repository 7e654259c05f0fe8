import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { load, preset, presetNames } from './chain.js';

/** One way to make another text of a file. */
type Mutation =
  | { kind: 'drop' | 'double'; line: number }
  | { kind: 'swap'; line: number; other: number }
  | { kind: 'word'; line: number; word: string };

const words = [
  '{version}',
  '{steps.x.url}',
  '[]',
  '{}',
  'off',
  '__proto__',
  'constructor',
  '-x',
  '""',
  '1',
  'null',
  '~',
  'rc',
];

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constantFrom('drop' as const, 'double' as const), line: fc.nat(300) }),
  fc.record({ kind: fc.constant('swap' as const), line: fc.nat(300), other: fc.nat(300) }),
  fc.record({ kind: fc.constant('word' as const), line: fc.nat(300), word: fc.constantFrom(...words) }),
);

function mutated(text: string, mutations: Mutation[]): string {
  const lines = text.split('\n');
  for (const one of mutations) {
    const at = one.line % lines.length;
    const line = lines[at] ?? '';
    if (one.kind === 'drop') lines.splice(at, 1);
    else if (one.kind === 'double') lines.splice(at, 0, line);
    else if (one.kind === 'word') lines[at] = line.replace(/(: |- ).*$/, `$1${one.word}`);
    else if (one.kind === 'swap') {
      const other = one.other % lines.length;
      [lines[at], lines[other]] = [lines[other] ?? '', line];
    }
  }
  return lines.join('\n');
}

describe('whatever a file holds', () => {
  test.each(presetNames)('%s with changes is loaded or refused with places, and never throws', (name) => {
    const text = preset(name)?.text ?? '';
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
        const found = load(mutated(text, mutations));
        if (!Array.isArray(found)) return;
        expect(found.length).toBeGreaterThan(0);
        for (const line of found) expect(line).toMatch(/^p\.yml:[1-9]\d*:[1-9]\d*: \S/);
      }),
      { seed: 20_261_120, numRuns: 60 },
    );
  });

  test('a large one is refused', () => {
    const steps = '{ uses: checks }, '.repeat(2_100);
    const text = `process: p
about: P.
version: { scheme: semver, from: tags, tag: 'v{version}' }
operations:
  go: { about: G., line: open, steps: [${steps}] }
`;
    expect(load(text)).toContainEqual(expect.stringContaining('the process has more than 2000 steps'));
  });

  test('many changes that break something are each told', () => {
    const changes = Array.from({ length: 190 }, (_, n) => `  x${n}: { after: build, run: [x] }\n`).join('');
    const text = `process: p\nextends: sculptor\npatch:\n${changes}  build: { produces: [] }\n`;
    const found = load(text);
    expect(found).toContainEqual(
      'p.yml:194:3: after this change: nothing before this step produces "tarball" (presets/sculptor.yml:31:19)',
    );
  });

  test('too many changes, and too many variants', () => {
    const changes = Array.from({ length: 201 }, (_, n) => `  x${n}: off\n`).join('');
    expect(load(`process: p\nextends: sculptor\npatch:\n${changes}`)).toEqual([
      'p.yml:4:3: has more than 200 changes',
    ]);
    const variants = Array.from({ length: 31 }, (_, n) => `  v${n}: { about: x, patch: {} }\n`).join('');
    expect(load(`process: p\nextends: sculptor\nvariants:\n${variants}`)).toEqual([
      'p.yml:4:3: has more than 30 variants',
    ]);
  });
});
