import type { z } from 'zod';
import type { Artifact, Channel, Metric, OperationFile, ProcessFile, VariantFile } from './file-shape.js';
import type { Change } from './patch.js';
import type { YamlText } from './position.js';
import type { Path } from './problems.js';
import { below } from './raw-step.js';
import type { Place } from './raw-step.js';
import { seriesRuleOf, versionRuleOf } from './version-rule.js';
import type { SeriesRule, VersionRule } from './version-rule.js';

/** A part of a process with where it was written, and in which file of the chain, the deepest first. */
export interface Entry<T> {
  value: T;
  at: Place;
  level: number;
}

type Section<T> = ReadonlyMap<string, Entry<T>>;

/** A process as its files say it together, before its operations are resolved. */
export interface World {
  version: Entry<VersionRule> | undefined;
  series: Section<SeriesRule>;
  artifacts: Section<Artifact>;
  channels: Section<Channel>;
  metrics: Section<Metric>;
  parts: Section<unknown[]>;
  operations: Section<z.output<typeof OperationFile>>;
  variants: Section<z.output<typeof VariantFile>>;
  /** All patches in the order in which they are applied. */
  changes: readonly Change[];
}

/** One thing that a file says: what is wrong afterwards and was right before is told at its place. */
export interface Unit {
  at: Place;
  apply(world: World): World;
}

/** A process that says nothing yet. */
export const emptyWorld: World = {
  version: undefined,
  series: new Map(),
  artifacts: new Map(),
  channels: new Map(),
  metrics: new Map(),
  parts: new Map(),
  operations: new Map(),
  variants: new Map(),
  changes: [],
};

/** What some units say together. */
export function build(base: World, units: readonly Unit[]): World {
  return units.reduce((world, unit) => unit.apply(world), base);
}

/** The level of the highest file that says something in a world. */
export function levelOf({ version, changes, ...world }: World): number {
  const { series, artifacts, channels, metrics, parts, operations, variants } = world;
  const sections = [series, artifacts, channels, metrics, parts, operations, variants];
  const levels = sections.flatMap((section) => [...section.values()].map(({ level }) => level));
  return Math.max(version?.level ?? 0, ...levels, ...changes.map(({ level }) => level));
}

/** Everything that a file of the chain says, one unit an entry: sections are merged by name, then comes its patch. */
export function unitsOf(file: ProcessFile, yaml: YamlText, level: number): Unit[] {
  const top: Place = { yaml, path: [] };
  const { version } = file;
  const units: Unit[] = [];
  if (version !== undefined) {
    const entry = { value: versionRuleOf(version), at: below(top, 'version'), level };
    units.push({ at: entry.at, apply: (world) => ({ ...world, version: entry }) });
  }
  /** A unit for each entry of a section. */
  const section = <T>(
    name: string,
    entries: Record<string, T>,
    put: (world: World, entry: Named<T>) => World,
  ): void => {
    for (const [key, value] of Object.entries(entries)) {
      const entry = { key, value, at: below(top, name, key), level };
      units.push({ at: entry.at, apply: (world) => put(world, entry) });
    }
  };
  section('series', file.series, (world, { value, ...entry }) => ({
    ...world,
    series: put(world.series, { ...entry, value: seriesRuleOf(value) }),
  }));
  section('artifacts', file.artifacts, (world, it) => ({ ...world, artifacts: put(world.artifacts, it) }));
  section('channels', file.channels, (world, it) => ({ ...world, channels: put(world.channels, it) }));
  section('metrics', file.metrics, (world, it) => ({ ...world, metrics: put(world.metrics, it) }));
  section('parts', file.parts, (world, it) => ({ ...world, parts: put(world.parts, it) }));
  section('operations', file.operations, (world, it) => ({
    ...world,
    operations: put(world.operations, it),
  }));
  return [...units, ...patchUnits(file, top, level)];
}

/** The variants and the patch of a file, or of a project. */
export function patchUnits(
  { patch, variants }: Pick<ProcessFile, 'patch' | 'variants'>,
  at: Place,
  level: number,
): Unit[] {
  const declared = Object.entries(variants).map(([name, value]): Unit => {
    const entry = { key: name, value, at: below(at, 'variants', name), level };
    return { at: entry.at, apply: (world) => ({ ...world, variants: put(world.variants, entry) }) };
  });
  return [...declared, ...changesOf(patch, below(at, 'patch'), level, undefined).map(changeUnit)];
}

/** The changes of a patch in the order in which they are written. */
export function changesOf(
  patch: Readonly<Record<string, unknown>>,
  at: Place,
  level: number,
  only: readonly string[] | undefined,
): Change[] {
  return Object.entries(patch).map(([name, value]) => ({ name, value, at: below(at, name), level, only }));
}

/** A change of a patch as a unit. */
export function changeUnit(change: Change): Unit {
  return { at: change.at, apply: (world) => ({ ...world, changes: [...world.changes, change] }) };
}

/** The changes of some variants, in the order in which the variants are declared. */
export function variantChanges(world: World, names: readonly string[]): Change[] {
  return [...world.variants].flatMap(([name, { value, at, level }]) =>
    names.includes(name) ? changesOf(value.patch, below(at, 'patch'), level, value.for) : [],
  );
}

/** Whether something of a file is told at a path below a place. */
export function isWithin({ yaml, path }: Place, file: string, inner: Path | undefined): boolean {
  return yaml.file === file && inner !== undefined && path.every((key, index) => inner[index] === key);
}

interface Named<T> extends Entry<T> {
  key: string;
}

function put<T>(section: Section<T>, { key, ...entry }: Named<T>): Section<T> {
  return new Map([...section, [key, entry]]);
}
