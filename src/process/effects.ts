import type { Json } from '../release/plan.js';
import { kindOf } from './kinds/index.js';
import type { Reach, WriteWorld } from './kinds/kind.js';
import type { Operation, Process, StepSpec } from './process-file.js';

// The loader puts it in by itself. Any other kind that the catalogue does not know counts as one that publishes.
const harmless = new Set(['follow']);

/** How far a step is seen. */
export function reachOf({ kind, settings }: Pick<StepSpec, 'kind' | 'settings'>): Reach {
  return kindOf(kind)?.reach(settings) ?? (harmless.has(kind) ? 'none' : 'public');
}

/** Whether a step makes a commit that a later `push` step publishes. */
export function commitsForLater({ kind, settings }: Pick<StepSpec, 'kind' | 'settings'>): boolean {
  return kind === 'commit' && settingOf(settings, 'push') === 'after-gate';
}

/** One setting of a step; undefined where it is not given. */
export function settingOf(settings: Json, key: string): Json | undefined {
  return typeof settings === 'object' && settings !== null && !Array.isArray(settings)
    ? settings[key]
    : undefined;
}

/** The names in a setting that is a list of names. */
export function listIn(settings: Json, key: string): string[] {
  const list = settingOf(settings, key);
  return Array.isArray(list) ? list.filter((name) => typeof name === 'string') : [];
}

/** The artifacts that a step makes. */
export function produces({ kind, settings }: Pick<StepSpec, 'kind' | 'settings'>): string[] {
  return kind === 'run' || kind === 'shell' ? listIn(settings, 'produces') : [];
}

/**
 * Everything that a step writes outside, in the words of `protects`: its kind, channels, `storage:path` (as a template,
 * `releases:app-{version}.tar.gz`), registries, `branch:x` (of the line as its template, or `branch:default-branch`).
 * [] of a step that only looks, asks or stays inside.
 */
export function writesTo(
  step: StepSpec,
  { steps }: Pick<Operation, 'steps'>,
  process: Pick<Process, 'version' | 'artifacts' | 'channels'>,
): string[] {
  if (reachOf(step) === 'none') return [];
  const world: WriteWorld = {
    branch: process.version.branch ?? 'default-branch',
    archiveOf: (name) => {
      const archive = process.artifacts[name]?.archive;
      return archive === undefined ? undefined : `${archive.in}:${archive.path}`;
    },
    filesOf: (name) => {
      const channel = process.channels[name];
      return Object.values(channel?.files ?? {}).map((path) => `${channel?.in}:${path}`);
    },
    settingsOf: (id) => steps.find((other) => other.id === id)?.settings,
  };
  return [step.kind, ...(kindOf(step.kind)?.writes(step.settings, world) ?? [])];
}
