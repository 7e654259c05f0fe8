import type { Json, OperationKind } from '../release/plan.js';
import type { Input } from './inputs.js';
import type { LineChange, NextVersion, OperationStart } from './operation-kind.js';
import type { z } from 'zod';
import type { Artifact, Channel, Metric, Trigger } from './file-shape.js';
import type { SeriesRule, VersionRule } from './version-rule.js';

/** One step of an operation, its settings parsed by its kind, its placeholders not filled in yet. */
export interface StepSpec {
  /** Unique in its operation; after the id of its include and a dot where that has one. */
  id: string;
  kind: string;
  /** For people, instead of the kind's own words. */
  name?: string;
  /** Steps of one stage run side by side; stages follow each other, from 0. */
  stage: number;
  /** How many steps of its stage run at the same time; left out: all. */
  atOnce?: number;
  settings: Json;
  timeoutMs: number;
  skippable: boolean;
  runsOn: string;
  /** Of several series: one time for all of them. */
  once?: true;
  /** Also after a failure or a cancel. */
  always?: true;
}

/** Something that a person can ask of a process. */
export interface Operation {
  name: string;
  about: string;
  /** Its kind on a line that does not exist yet; `kindOn` says it for any line. */
  kind: OperationKind;
  line: LineChange;
  next: NextVersion[];
  from: OperationStart | undefined;
  /** `main`, or names of `series:`; with several every step runs for each of them. */
  series: string[];
  /** The step until which nothing of it is public. */
  privateUntil: string | undefined;
  on: z.output<typeof Trigger> | undefined;
  inputs: Record<string, Input>;
  steps: StepSpec[];
}

/** A patch with a name that can be chosen when an operation is started. */
export interface Variant {
  name: string;
  about: string;
  /** The operations that it changes. */
  for: string[];
}

/** A loaded process: its files are right in themselves, and every proof holds, in every variant. */
export interface Process {
  name: string;
  about: string;
  /** sha256 of everything that it was made from, hex: the file, those that it extends, the project's patch. */
  hash: string;
  version: VersionRule;
  /** Lines beside the main ones. */
  series: Record<string, SeriesRule>;
  artifacts: Record<string, Artifact>;
  channels: Record<string, Channel>;
  metrics: Record<string, Metric>;
  /** Every operation as it is without variants. */
  operations: Record<string, Operation>;
  variants: Record<string, Variant>;
  /** For `resolveOperation`: every operation with some variants, or what is wrong with their combination. */
  withVariants(names: readonly string[]): { operations: Record<string, Operation> } | { problems: string[] };
}

export type { Artifact, Channel, Metric, SeriesRule, VersionRule };
