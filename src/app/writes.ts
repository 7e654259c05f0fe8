import { kindOf } from '../process/kinds/index.js';
import type { Operation, Process, StepSpec } from '../process/process-file.js';
import { fileAddress } from './addresses.js';
import type { Installation, Project } from './installation.js';

/** What is behind the names of places. */
type Places = Pick<Installation, 'storage' | 'registries'>;

/** What a step writes to, as `protects` names it. */
export interface Writes {
  /** Channels, registries, `storage:path`, `branch:name`; placeholders are not filled in. */
  things: string[];
  /** Whether a thing is, or with some value of its placeholders could be, among what the step writes; its kind counts too. */
  covers(thing: string): boolean;
}

/** Whether a step is a gate that people approve: nothing behind it happens before they did. */
export function isGate(step: StepSpec): boolean {
  return step.kind === 'approve';
}

/** Whether people decide at a step by the rules of the policy: a gate, and what they confirm or tick by hand. */
export function isAsked(step: StepSpec): boolean {
  return isGate(step) || step.kind === 'issues' || step.kind === 'checklist';
}

/**
 * What a step of a project writes to. A place counts by where it is, not by its name: two storages may lie in each other,
 * and two registries be one.
 */
export function writesOf(
  step: Pick<StepSpec, 'kind' | 'settings'>,
  operation: Pick<Operation, 'series' | 'steps'>,
  project: Pick<Project, 'name' | 'process'>,
  places: Places,
): Writes {
  const { process } = project;
  const inProject = (text: string): string => text.replaceAll('{project}', project.name);
  const filesOf = (channel: string): string[] => {
    const found = Object.hasOwn(process.channels, channel) ? process.channels[channel] : undefined;
    return found === undefined ? [] : Object.values(found.files).map((path) => `${found.in}:${path}`);
  };
  const world = {
    branch: branchOf(process, operation),
    archiveOf(artifact: string): string | undefined {
      const archive = process.artifacts[artifact]?.archive;
      return archive === undefined ? undefined : `${archive.in}:${archive.path}`;
    },
    filesOf,
    settingsOf: (id: string): unknown => operation.steps.find((one) => one.id === id)?.settings,
  };
  // A kind that the catalogue does not have is known by its name only.
  const things = (kindOf(step.kind)?.writes(step.settings, world) ?? []).map(inProject);
  const written = things.flatMap((thing) => [thing, ...placesOf(places, thing)]);
  return {
    things,
    covers(thing) {
      if (step.kind === thing) return true;
      // Who protects a channel protects what it serves.
      const meant = [thing, ...filesOf(thing).map(inProject)];
      const all = meant.flatMap((one) => [one, ...placesOf(places, one)]);
      return all.some((one) => written.some((other) => couldBe(other, one) || couldBeDefault(other, one)));
    },
  };
}

/** Where a thing is, in texts that are equal for the same place. */
function placesOf({ storage, registries }: Places, thing: string): string[] {
  const [name = '', ...rest] = thing.split(':');
  const path = rest.join(':');
  const spec = Object.hasOwn(storage, name) ? storage[name] : undefined;
  if (path !== '') return spec === undefined ? [] : [fileAddress(spec, path)];
  const registry = Object.hasOwn(registries, thing) ? registries[thing] : undefined;
  if (registry === undefined) return [];
  const url = registry.url.replace(/\/+$/, '');
  return registry.kind === 'oci' ? [`image:${url}/*`, `oci://${url}/*`] : [`${registry.kind} ${url}`];
}

/** The branches of the operation's lines are templates too; without one the default branch is written. */
function branchOf(process: Process, { series }: Pick<Operation, 'series'>): string {
  const [first = 'main'] = series;
  const own = first === 'main' ? process.version.branch : process.series[first]?.branch;
  return own ?? 'default-branch';
}

const defaultBranch = 'branch:default-branch';
/** A branch by its whole name. */
const oneBranch = /^branch:[^{}*]+$/;

/** Which branch is the default one only the remote knows: a whole name may be its name, said by the one or the other. */
function couldBeDefault(written: string, text: string): boolean {
  const isSaid = written === defaultBranch || text === defaultBranch;
  return isSaid && oneBranch.test(written) && oneBranch.test(text);
}

/**
 * Whether a text with placeholders could become another one: each stands for anything, which is more than it can be, so
 * that nothing protected is taken for something else. A protected `releases:*` stands for all that begins so.
 */
export function couldBe(template: string, text: string): boolean {
  if (template === text) return true;
  const [first = '', ...rest] = template.split(/\{[^{}]*\}/);
  if (text.endsWith('*')) {
    const begin = text.slice(0, -1);
    return template.startsWith(begin) || (rest.length > 0 && begin.startsWith(first));
  }
  const last = rest.pop();
  if (last === undefined || !text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length >= at + last.length && text.endsWith(last);
}
