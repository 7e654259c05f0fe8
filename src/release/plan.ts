import type { SchemeRule } from './versions/scheme.js';

/** What an operation is to its release line; it follows from the `line:` of the operation. */
export type OperationKind = 'start' | 'change' | 'publish' | 'hotfix' | 'end' | 'work' | 'final' | 'none';

/** Whether the outside can see what a step does, and whether it can be taken back. */
export type Publicity = 'no' | 'reversible' | 'for-ever';

/**
 * How a step's effect is kept from happening twice.
 * - none: nothing outside changes; it may run again.
 * - conditional: the outside refuses the second one (create-only, compare-and-swap), and it can be looked up.
 * - searched: nothing refuses a second one; it is searched before, the lease is asked right before it is sent, and
 *   where the kind can it sweeps twins afterwards.
 * - once: it cannot be looked up; it is never started again without a person.
 */
export type EffectKind = 'none' | 'conditional' | 'searched' | 'once';

/** JSON, as it is stored. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A step of a frozen plan, with all placeholders filled in. Steps of one stage run side by side; stages follow each other. */
export interface PlannedStep {
  id: string;
  kind: string;
  /** One sentence in the imperative with exact names, for people. */
  sentence: string;
  stage: number;
  config: Json;
  public: Publicity;
  effect: EffectKind;
  /** A gate: waits for people's approval. */
  gate: boolean;
  /** Whether a person may skip it with a reason. */
  skippable: boolean;
  /**
   * Texts of `config` that are not filled in yet, because they name what an earlier step of the run will give
   * (`{notes-url}`, `{steps.build.tag}`): the path of each in `config`, as a JSON pointer. They are filled in, in one
   * pass, right before the step runs. [] for most steps.
   */
  templates: string[];
  /** ms */
  timeout: number;
  /** Label of the workers that may run it. */
  runsOn: string;
}

/** Where a version stands in a file of the project. */
export type VersionPlace = { path: string; key: string } | { path: string; line: string };

/** Everything that a run will do, frozen when it is created. */
export interface Plan {
  project: string;
  process: string;
  /** sha256 of the process file as loaded. */
  processHash: string;
  operation: string;
  kind: OperationKind;
  /** The release line's target: `0.44.0`; of a run outside of all lines `latest-at-1a2b3c4d5e6f`, by its commit. */
  target: string;
  /** What this run makes: `0.44.0rc1`; outside of all lines what the version file says at its commit. */
  version: string;
  /** `rc1`, or '' for a final version. */
  candidate: string;
  /** The last final version before this line, or ''. */
  previous: string;
  /** Full sha that the run works on. */
  commit: string;
  /** Short name of the default branch at that time. */
  defaultBranch: string;
  /** Short name of the line's release branch, and the tag of the version. */
  branch: string;
  tag: string;
  policy: string;
  /** `main`, or the name of the series that the line belongs to. */
  series: string;
  /** How versions of this line are spelled. */
  scheme: SchemeRule;
  /** Names of the variants that were chosen. */
  variants: string[];
  /** Somebody who may asked for it with `--force`: a final version's object may be replaced. */
  forced: boolean;
  /** The files that hold the version, and where in each: a path of keys, or a line with `{version}` in it. */
  versionFiles: VersionPlace[];
  /** What is written there: the version, or with `stamp: line` the line's, so that a candidate calls itself final. */
  versionText: string;
  /**
   * Artifacts of the published candidate that this run copies instead of building them again (`bytes: candidate`), by
   * name: they are part of the plan, and so of what is approved. {} where nothing is copied.
   */
  copied: { [artifact: string]: { name: string; sha256: string; size: number } };
  /** Commands that bring lock files after the version files, in this order. */
  follow: string[][];
  /** What the process makes: the glob of the built file, and where it is archived. */
  artifacts: { [name: string]: { file: string; storage: string; key: string } };
  /** Release channels: for each artifact the object that the channel serves, and what makes one version newer. */
  channels: {
    [name: string]: {
      storage: string;
      files: { [artifact: string]: string };
      order: 'version' | 'commit';
      /** It serves what was released; otherwise the newest candidate, where that is above. */
      released: boolean;
    };
  };
  inputs: Record<string, string>;
  /** What the operation declares of each input, for the texts that are filled in late. */
  declared?: { [input: string]: { type: string; optional: boolean } } | undefined;
  /** The words that placeholders stand for, for the texts that are filled in late. */
  values: Record<string, string>;
  steps: PlannedStep[];
}
