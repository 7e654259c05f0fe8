import { expect, test } from 'vitest';
import { z } from 'zod';
import { readYaml } from '../../src/process/position.js';
import { describeProblems } from '../../src/process/problems.js';
import { knownKeys, parseShape } from '../../src/process/shape.js';

const Item = z.strictObject({ colour: z.enum(['red', 'blue']), size: z.int().min(2).max(9).optional() });
const Schema = z.strictObject({
  items: z.array(Item).min(1).optional(),
  named: z.record(z.string(), Item).default({}),
  either: z
    .union([z.string(), z.strictObject({ file: z.string() }), z.strictObject({ url: z.string() })])
    .optional(),
  argv: z.tuple([z.string().min(1)], z.string()).optional(),
  pair: z.strictObject({ a: z.boolean().nullable(), b: z.string().max(3).prefault('x') }).optional(),
  when: z.date().optional(),
});

function wrong(text: string): string[] {
  const source = readYaml('f', text);
  if ('problems' in source) return describeProblems(source.problems);
  const result = parseShape(Schema, source.yaml.data, source.yaml, [], ['elsewhere']);
  return 'problems' in result ? describeProblems(result.problems) : [];
}

test.each<[string, string[]]>([
  ['items: [{ colour: red, size: 3 }]', []],
  ['items: []', ['f:1:8: must have at least 1 entry']],
  [
    'items: [{ color: red }]',
    ['f:1:9: "colour" is missing', 'f:1:11: unknown key "color"; did you mean "colour"?'],
  ],
  ['items:\n  - colour: 3', ['f:2:13: expected "red" or "blue", found 3']],
  [
    'items: [{ colour: red, size: 1 }, 3]',
    ['f:1:30: must be at least 2', 'f:1:35: expected a map, found a number'],
  ],
  ['named: { x: { colour: red, sise: 1 } }', ['f:1:28: unknown key "sise"; did you mean "size"?']],
  ['named: { x: { colour: red, size: 1.5 } }', ['f:1:34: expected a whole number, found 1.5']],
  ['either: { fil: x }', ['f:1:1: "file" is missing', 'f:1:11: unknown key "fil"; did you mean "file"?']],
  ['either: { file: x, fil: y }', ['f:1:20: unknown key "fil"; did you mean "file"?']],
  ['either: { url: 3 }', ['f:1:16: expected a text, found a number; put it in quotes']],
  ['argv: []', ['f:1:7: expected a text, found nothing']],
  ['argv: npm run', ['f:1:7: expected a list, found a text']],
  ['argv: [""]', ['f:1:8: must have at least 1 character']],
  ['argv: [a, true]', ['f:1:11: expected a text, found true or false']],
  [
    'pair: { a: 1, b: four }',
    ['f:1:12: expected true or false, found a number', 'f:1:18: must have at most 3 characters'],
  ],
  ['pair:', ['f:1:1: expected a map, found nothing']],
  ['elsewher: 1', ['f:1:1: unknown key "elsewher"; did you mean "elsewhere"?']],
  ['when: 2025-01-01', ['f:1:7: expected date, found a text']],
])('%j: %j', (text, messages) => {
  expect(wrong(text)).toEqual(messages);
});

test('the keys that a schema knows are seen through its wrappers', () => {
  expect(knownKeys(Item.optional())).toEqual(['colour', 'size']);
  expect(knownKeys(Item.transform(() => 1))).toEqual(['colour', 'size']);
  expect(knownKeys(z.string())).toEqual([]);
});
