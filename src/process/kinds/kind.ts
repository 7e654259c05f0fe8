import { z } from 'zod';
import { Duration } from '../names.js';
import type { OutputName } from '../outputs.js';
import type { TextPlace } from '../words.js';

/**
 * What a setting names: something that the process declares, that `slipway.yaml` gives, a step before it
 * (`step:image`: of that kind), or `evidence`: a step of any operation whose result counts for this commit.
 */
export type NameOf =
  | 'artifact'
  | 'channel'
  | 'audience'
  | 'secret'
  | 'tracker'
  | 'contact'
  | 'registry'
  | 'role'
  | 'evidence'
  | 'step'
  | 'step:image'
  | 'step:notes'
  | 'step:pull-request'
  | 'step:branch';

/**
 * How far a step is seen.
 * - none: it looks, asks, waits, or makes something that stays inside.
 * - branch: work in progress: a branch, a commit on it, a pull request.
 * - public: what users can get or read.
 */
export type Reach = 'none' | 'branch' | 'public';

/** What else a kind must know to say what it writes. */
export interface WriteWorld {
  /** The template of the line's branch, or `default-branch`. */
  branch: string;
  /** `storage:path` of where an artifact is archived; undefined: nowhere. */
  archiveOf(artifact: string): string | undefined;
  /** `storage:path` of every file of a channel. */
  filesOf(channel: string): string[];
  /** The settings of another step of the operation. */
  settingsOf(step: string): unknown;
}

/** One kind of step as authors see it. */
export interface KindSpec<Settings> {
  name: string;
  /** One sentence for the reference. */
  about: string;
  settings: z.ZodType<Settings>;
  /** Where texts stand, by the path of the setting; `*` is any key or index, the first that fits counts. The rest takes no placeholder. */
  places?: Readonly<Record<string, TextPlace>>;
  /** What settings name, by their path. */
  names?: Readonly<Record<string, NameOf>>;
  /** `{steps.<id>.<output>}` of later steps. */
  gives?: readonly OutputName[];
  reach(settings: Settings): Reach;
  /** What it writes, for `protects`: names of channels and registries, `storage:path`, `branch:x`. Left out: nothing of these. */
  writes?(settings: Settings, world: WriteWorld): string[];
  /** It can never be skipped, and stands alone in its stage. */
  alone?: boolean;
  /** What the plan says of it. */
  plan: string;
  /** What is looked for before it runs; '' where there is nothing to find and it runs again. */
  find: string;
  /** A step in YAML. */
  example: string;
}

/** A kind whose types are closed over. Settings come in as they were parsed. */
export interface Kind {
  name: string;
  about: string;
  /** The schema of its settings; authors write its input, and its output is parsed by it again unchanged. */
  config: z.ZodType;
  places: Readonly<Record<string, TextPlace>>;
  names: Readonly<Record<string, NameOf>>;
  gives: readonly OutputName[];
  reach(settings: unknown): Reach;
  writes(settings: unknown, world: WriteWorld): string[];
  alone: boolean;
  plan: string;
  find: string;
  example: string;
}

/** Closes over the type of a kind's settings. */
export function defineKind<Settings>(spec: KindSpec<Settings>): Kind {
  const { name, about, settings, plan, find, example } = spec;
  return {
    name,
    about,
    config: settings,
    places: spec.places ?? {},
    names: spec.names ?? {},
    gives: spec.gives ?? [],
    reach: (given) => spec.reach(settings.parse(given)),
    writes: (given, world) => spec.writes?.(settings.parse(given), world) ?? [],
    alone: spec.alone ?? false,
    plan,
    find,
    example,
  };
}

/** The value for a path in a table such as `places`: `items.*.text` is every text of `items`. */
export function lookUp<T>(
  table: Readonly<Record<string, T>>,
  path: readonly (string | number)[],
): T | undefined {
  return Object.entries(table).find(([pattern]) => {
    const parts = pattern.split('.');
    return (
      parts.length === path.length &&
      parts.every((part, index) => part === '*' || part === String(path[index]))
    );
  })?.[1];
}

/** A duration that stays as it is written. */
export const DurationText = z
  .string()
  .refine(
    (text) => Duration.safeParse(text).success,
    'not a duration: write 30s, 45m, 2h or 7d, at most 14d',
  );

/** A list of names, at least one. */
export const Names = z.array(z.string()).min(1);

/** The id of another step, after the id of its include where that has one. */
export const StepName = z.string().regex(/^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)?$/, 'not the id of a step');

/** A list of ids of steps; of another operation after its name and a dot. */
export const StepNames = z
  .array(z.string().regex(/^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*){0,2}$/, 'not the id of a step'))
  .min(1);

/** `now`, or `after-gate`: what is approved is made before the gate and published after it. */
export const PushWhen = z.enum(['now', 'after-gate']).default('now');
