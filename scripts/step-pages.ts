import { parse } from 'yaml';
import { z } from 'zod';
import { settingGaps } from '../src/process/engine-gaps.js';
import { StepHead } from '../src/process/file-shape.js';
import { kindList } from '../src/process/kinds/index.js';
import type { Kind } from '../src/process/kinds/kind.js';
import { outputTypes } from '../src/process/outputs.js';
import { settingsOf } from '../src/process/process-schema.js';

const Property = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  default: z.unknown().optional(),
  description: z.string().optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
});
const ObjectSchema = z.looseObject({
  properties: z.record(z.string(), Property).default({}),
  required: z.array(z.string()).default([]),
});

/** The pages about step kinds, by the name of the file. `implemented` are the kinds that the engine runs. */
export function stepPages(implemented: ReadonlySet<string>): Map<string, string> {
  const pages = new Map(kindList.map((kind) => [`${kind.name}.md`, page(kind, implemented)]));
  return pages.set('README.md', overview(implemented));
}

function overview(implemented: ReadonlySet<string>): string {
  const rows = kindList.map(
    (kind) =>
      `| [${kind.name}](${kind.name}.md) | ${kind.about} | ${reachWords[reachOf(kind)]} | ${implemented.has(kind.name) ? 'yes' : 'not yet'} |`,
  );
  return lines(
    '# Steps',
    '',
    'Generated from `src/process/kinds/` by `node --import tsx scripts/generate.ts`. How a process is put together is in [processes](../processes.md).',
    '',
    '| kind | what it does | what the outside sees | runs here |',
    '|---|---|---|---|',
    ...rows,
    '',
    '## Keys of every step',
    '',
    ...settingsTable(StepHead),
  );
}

const reachWords = {
  none: 'nothing',
  branch: 'work in progress',
  public: 'what is published',
  settings: 'by its settings',
};

/** What the outside sees of a kind, by its example; of some kinds that depends on the settings. */
function reachOf(kind: Kind): keyof typeof reachWords {
  if (['commit', 'image', 'workflow', 'run', 'shell'].includes(kind.name)) return 'settings';
  const [step] = z.array(z.record(z.string(), z.unknown())).parse(parse(kind.example));
  const known = Object.keys(settingsOf(kind));
  return kind.reach(Object.fromEntries(Object.entries(step ?? {}).filter(([key]) => known.includes(key))));
}

function page(kind: Kind, implemented: ReadonlySet<string>): string {
  const gaps = Object.keys(settingGaps[kind.name] ?? {});
  const status = implemented.has(kind.name)
    ? gaps.length === 0
      ? []
      : [
          '',
          `Not run yet by this Slipway, in some or all of their values: ${gaps.map((key) => `\`${key}\``).join(', ')}.`,
        ]
    : [
        '',
        'This Slipway cannot run it yet: a process with it loads, and an operation with it cannot be started.',
      ];
  return lines(
    `# ${kind.name}`,
    '',
    kind.about,
    ...status,
    '',
    '```yaml',
    kind.example,
    '```',
    '',
    '## Settings',
    '',
    ...(Object.keys(settingsOf(kind)).length === 0 ? ['None of its own.'] : settingsTable(kind.config)),
    '',
    'Every step also takes the [common keys](README.md#keys-of-every-step).',
    '',
    '## What it gives',
    '',
    ...(kind.gives.length === 0
      ? ['Nothing that later steps can name.']
      : kind.gives.map((name) => `- \`{steps.<id>.${name}}\` (${outputTypes[name]})`)),
    '',
    '## In the plan',
    '',
    `> ${kind.plan}`,
    '',
    '## What is looked for before it runs',
    '',
    kind.find === '' ? 'Nothing: it changes nothing outside, and runs again.' : kind.find,
  );
}

function settingsTable(schema: z.ZodType): string[] {
  const { properties, required } = ObjectSchema.parse(
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
  );
  return [
    '| setting | value | left out | |',
    '|---|---|---|---|',
    ...Object.entries(properties).map(([key, property]) => {
      const missing = required.includes(key)
        ? '**needed**'
        : property.default === undefined
          ? ''
          : `\`${JSON.stringify(property.default)}\``;
      return `| \`${key}\` | ${typeWords(property)} | ${missing} | ${cell(property.description ?? '')} |`;
    }),
  ];
}

function typeWords(schema: z.output<typeof Property>): string {
  const { type, items, anyOf } = schema;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (anyOf !== undefined)
    return [...new Set(anyOf.map((option) => typeWords(Property.parse(option))))].join(' or ');
  if (type === 'array') return items === undefined ? 'a list' : `list of ${typeWords(Property.parse(items))}`;
  if (type === 'object') return 'map';
  if (type === 'string') return 'text';
  return type ?? 'text';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function lines(...all: string[]): string {
  return `${all.join('\n')}\n`;
}
