import { z } from 'zod';
import { Input } from './inputs.js';
import { dictionaryOf, Duration, Name, OneLine, StepId } from './names.js';
import { lineChanges, operationStarts } from './operation-kind.js';
import { SeriesFile, SeriesName, VersionFile } from './version-rule.js';

/** The settings of every step, whatever its kind. */
export const StepHead = z.strictObject({
  id: StepId.optional().describe('Its name in the operation; left out: its kind. A command needs one.'),
  name: OneLine.optional().describe("For people, instead of the kind's own words."),
  'runs-on': Name.default('default').describe('Label of the workers that run it.'),
  timeout: Duration.default(30 * 60_000).describe('How long it may take: `30s`, `45m`, `2h`, `7d`.'),
  skip: z
    .enum(['never', 'with-reason'])
    .default('never')
    .describe('`with-reason`: who may can skip it, and says why.'),
  once: z.boolean().default(false).describe('Of several series: one time for all of them.'),
  always: z.boolean().default(false).describe('Also after a failure or a cancel: to clean up.'),
});

/** What starts an operation by itself. `then: offer` asks a person first. */
export const Trigger = z
  .strictObject({
    'branch-created': z.string().optional(),
    'pull-request-merged': z.string().optional(),
    push: z.string().optional(),
    /** Five fields of cron, in the zone of the installation. */
    schedule: z
      .string()
      .regex(
        /^[0-9*,/-]+( [0-9*,/-]+){2} [0-9A-Z*,/-]+ [0-9A-Z*,/-]+$/,
        'not a schedule: write minute, hour, day, month and weekday, such as "0 9 * * MON"',
      )
      .optional(),
    // oxlint-disable-next-line unicorn/no-thenable -- a word of the format, whose value is never a function
    then: z.enum(['start', 'offer']).default('start'),
  })
  .refine((trigger) => Object.keys(trigger).length > 1, {
    message: '"on" names what happens: branch-created, pull-request-merged, push or schedule',
  });

/** An operation before its steps are read: a step has several forms, so they are read one by one. */
export const OperationFile = z.strictObject({
  about: OneLine,
  line: z.enum(lineChanges),
  next: z.array(Name).default([]),
  from: z.enum(operationStarts).optional(),
  series: z.union([Name, z.array(Name).min(1)]).optional(),
  'private-until': z.string().optional(),
  on: Trigger.optional(),
  inputs: dictionaryOf(Name, Input).prefault({}),
  steps: z.array(z.unknown()).min(1, 'an operation needs a step'),
});

/** A file that a build makes, and where each version of it is kept. */
export const Artifact = z.strictObject({
  file: z.string(),
  archive: z.strictObject({ in: Name, path: z.string() }).optional(),
});
export type Artifact = z.output<typeof Artifact>;

/** A pointer to a version: the path of each artifact in a storage, and what makes one version newer than another. */
export const Channel = z.strictObject({
  in: Name,
  files: dictionaryOf(StepId, z.string()),
  order: z.enum(['version', 'commit']).default('version'),
});
export type Channel = z.output<typeof Channel>;

/** A number that is read from what a command prints, or from a file that it left. */
export const Metric = z.union([
  z.strictObject({
    /** RE2, with `{number}` and, where there are units, `{unit}`. */
    pattern: z.string().min(1),
    units: dictionaryOf(z.string().regex(/^[A-Za-z%/]{1,12}$/, 'not a unit'), z.number()).optional(),
    take: z
      .string()
      .regex(
        /^(max|min|first|last|mean|count|mean-last-[1-9][0-9]?%|p[1-9][0-9]?)$/,
        'expected max, min, first, last, mean, count, mean-last-10% or p95',
      )
      .default('last'),
  }),
  z.strictObject({ 'size-of': z.string(), unit: z.enum(['B', 'KiB', 'MiB', 'GiB']).default('B') }),
  z.strictObject({ 'count-line': OneLine }),
]);
export type Metric = z.output<typeof Metric>;

/** Name of a step for a patch: its id, with that of its include and of one operation where only that is meant. */
export const PatchName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,62}(\.[a-z][a-z0-9_-]{0,62}){0,2}$/, 'not the id of a step');

/** A map of changes by step: `off`, keys that replace keys, or a new step `after` or `before` another. */
export const Patch = dictionaryOf(
  PatchName,
  z.union([z.literal('off'), z.looseObject({ after: PatchName.optional(), before: PatchName.optional() })]),
).refine((patch) => Object.keys(patch).length <= 200, 'has more than 200 changes');
export type Patch = z.output<typeof Patch>;

/** A patch with a name, chosen when an operation is started. */
export const VariantFile = z.strictObject({
  about: OneLine,
  for: z.array(Name).min(1).optional(),
  patch: Patch,
});

// Each is proved alone when a file is loaded.
const Variants = dictionaryOf(Name, VariantFile).refine(
  (variants) => Object.keys(variants).length <= 30,
  'has more than 30 variants',
);

/** The process file; `$schema` is for editors. With `extends` everything but the name may be left out. */
export const ProcessFile = z.strictObject({
  $schema: z.string().optional(),
  process: Name,
  about: OneLine.optional(),
  extends: z.string().min(1).optional(),
  version: VersionFile.optional(),
  series: dictionaryOf(SeriesName, SeriesFile).prefault({}),
  artifacts: dictionaryOf(StepId, Artifact).prefault({}),
  channels: dictionaryOf(Name, Channel).prefault({}),
  metrics: dictionaryOf(StepId, Metric).prefault({}),
  parts: dictionaryOf(Name, z.array(z.unknown()).min(1, 'a part needs a step')).prefault({}),
  operations: dictionaryOf(Name, OperationFile).prefault({}),
  variants: Variants.prefault({}),
  patch: Patch.prefault({}),
});
export type ProcessFile = z.output<typeof ProcessFile>;

/** What a project itself changes, in `slipway.yaml`. */
export const ProjectPatch = z.looseObject({
  patch: Patch.prefault({}),
  variants: Variants.prefault({}),
});
