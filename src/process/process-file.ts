import { z } from 'zod';
import type { Json, OperationKind } from '../release/plan.js';
import { dictionaryOf, Duration, Name, OneLine, StepId } from './names.js';
import { lineChanges, nextVersions } from './operation-kind.js';
import type { LineChange, NextVersion } from './operation-kind.js';

/** The settings of every step, whatever its kind. */
export const StepHead = z.strictObject({
  id: StepId.optional(),
  name: OneLine.optional(),
  // A label that nobody serves would be ignored in silence, or wait for ever.
  'runs-on': Name.refine(
    (label) => label === 'default',
    'no worker has another label than "default" yet',
  ).default('default'),
  timeout: Duration.default(30 * 60_000),
  skip: z.enum(['never', 'with-reason']).default('never'),
});

/** `{inputs.x}`: what a person is asked for. */
export const Input = z.strictObject({
  type: z.enum(['text', 'word']),
  about: OneLine,
  optional: z.boolean().default(false),
});
export type Input = z.output<typeof Input>;

/** An operation before its steps are read: a step has several forms, so `read-steps.ts` reads them one by one. */
export const OperationFile = z.strictObject({
  about: OneLine,
  line: z.enum(lineChanges),
  next: z.array(z.enum(nextVersions)).default([]),
  from: z.literal('last-final').optional(),
  inputs: dictionaryOf(Name, Input).prefault({}),
  steps: z.array(z.unknown()).min(1, 'an operation needs a step'),
});

/** How a project says its version. */
export const VersionRule = z.strictObject({
  scheme: z.literal('pep440'),
  candidate: z.literal('rc').transform((name): string[] => [name]),
  /** The file that holds it, and the key in that file. */
  from: z.strictObject({
    path: z.string(),
    key: z.string().regex(/^[^.\s]+(\.[^.\s]+)*$/, 'not a path of keys'),
  }),
  tag: z.string(),
  branch: z.string(),
});
export type VersionRule = z.output<typeof VersionRule>;

/** A file that a build makes, and where each version of it is kept. */
export const Artifact = z.strictObject({
  file: z.string(),
  archive: z.strictObject({ in: Name, path: z.string() }).optional(),
});
export type Artifact = z.output<typeof Artifact>;

/** A pointer to a version: the path of each artifact in a storage. */
export const Channel = z.strictObject({
  in: Name,
  files: dictionaryOf(StepId, z.string()),
});
export type Channel = z.output<typeof Channel>;

/** The process file; `$schema` is for editors. */
export const ProcessFile = z.strictObject({
  $schema: z.string().optional(),
  process: Name,
  about: OneLine,
  version: VersionRule,
  artifacts: dictionaryOf(StepId, Artifact).prefault({}),
  channels: dictionaryOf(Name, Channel).prefault({}),
  operations: dictionaryOf(Name, OperationFile),
});

/** One step of an operation as written, its settings parsed by its kind, its placeholders not filled in yet. */
export interface StepSpec {
  id: string;
  kind: string;
  /** For people, instead of the kind's own words. */
  name?: string;
  /** Steps of one stage run side by side; stages follow each other, from 0. */
  stage: number;
  settings: Json;
  timeoutMs: number;
  skippable: boolean;
  runsOn: string;
}

/** Something that a person can ask of a process. */
export interface Operation {
  name: string;
  about: string;
  kind: OperationKind;
  line: LineChange;
  next: NextVersion[];
  from: 'last-final' | undefined;
  inputs: Record<string, Input>;
  steps: StepSpec[];
}

/** A loaded process: its file is right in itself, and every proof holds. */
export interface Process {
  name: string;
  about: string;
  /** sha256 of the file's text, hex. */
  hash: string;
  version: VersionRule;
  artifacts: Record<string, Artifact>;
  channels: Record<string, Channel>;
  operations: Record<string, Operation>;
}
