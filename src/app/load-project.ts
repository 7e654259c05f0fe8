import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { readProcess, type ProcessOptions } from '../process/load-process.js';
import { toDictionary } from '../process/names.js';
import type { YamlText } from '../process/position.js';
import type { Problem } from '../process/problems.js';
import type { Process } from '../process/process-file.js';
import { unknown } from '../process/prove-names.js';
import type { Surroundings } from '../process/prove-names.js';
import type { StepKinds } from '../process/read-steps.js';
import { didYouMean } from '../suggest.js';
import { isPath, repoOf } from './addresses.js';
import type { InstallationFile } from './installation-file.js';
import type { Project } from './installation.js';
import { readPresets, type PresetFile } from './preset-files.js';

type ProjectFile = InstallationFile['projects'][string];

/** What the projects were read from, besides slipway.yaml; and those that could be read. */
interface Loaded {
  projects: Record<string, Project>;
  /** Absolute. */
  files: string[];
}

/** Loads the process of every project, from a preset or a file; what is wrong is added to `problems`. */
export async function loadProjects(
  content: InstallationFile,
  yaml: YamlText,
  kinds: StepKinds,
  verbs: ReadonlySet<string>,
  problems: Problem[],
): Promise<Loaded> {
  const presets = await readPresets();
  const projects: [string, Project][] = [];
  const files = new Set<string>();
  const seen = (file: PresetFile | undefined): PresetFile | undefined => {
    if (file !== undefined) files.add(file.path);
    return file;
  };
  for (const [name, spec] of Object.entries(content.projects)) {
    problems.push(...nameProblems(name, spec, content, yaml));
    const source = await sourceOf(name, spec, yaml, presets, problems);
    const folder = dirname(yaml.file);
    const forge = spec.forge === undefined ? undefined : content.forges[spec.forge];
    const repo = repoOf(spec.repo, folder, forge);
    if ('message' in repo) problems.push(yaml.problem(['projects', name, repo.key], repo.message));
    if (source === undefined) continue;
    files.add(source.path);
    const read = readProcess(source.file, source.text, kinds, surroundings(content, spec, verbs), {
      presets: (preset) => seen(presets.get(preset)),
      presetNames: [...presets.keys()],
      files: (path, from) => seen(readBeside(path, from, presets)),
      ...(typeof spec.process !== 'string' && { patch: { yaml, path: ['projects', name, 'process'] } }),
    });
    if ('problems' in read) {
      problems.push(...read.problems);
      continue;
    }
    if ('message' in repo) continue;
    projects.push([name, projectFrom(name, spec, repo, source.path, withTagPrefix(read.process, spec))]);
  }
  return { projects: toDictionary(Object.fromEntries(projects)), files: [...files] };
}

/** What is behind the names that a process uses. */
function surroundings(
  content: InstallationFile,
  spec: ProjectFile,
  verbs: ReadonlySet<string>,
): Surroundings {
  const { rooms, announcements, storage, trackers, registries, workers, roles } = content;
  return {
    rooms: new Set([...Object.keys(rooms), ...Object.keys(announcements)]),
    storages: new Set(Object.keys(storage)),
    trackers: new Set(Object.keys(trackers)),
    registries: new Set(Object.keys(registries)),
    workers: new Set(Object.keys(workers)),
    contacts: new Set(Object.keys(spec.contacts)),
    roles: new Set(Object.keys(roles)),
    verbs,
    secrets: new Map(
      Object.entries(spec.secrets).map(([secret, { steps }]) => [secret, new Set(steps)] as const),
    ),
  };
}

/** What a process file alone may extend: presets, and files beside it. */
export async function processSources(): Promise<Pick<ProcessOptions, 'presets' | 'presetNames' | 'files'>> {
  const presets = await readPresets();
  return {
    presets: (name) => presets.get(name),
    presetNames: [...presets.keys()],
    files: (path, from) => readBeside(path, from, presets),
  };
}

/** A file beside the one that extends it; the loader of processes takes no path that leaves the folder. */
function readBeside(
  path: string,
  from: string,
  presets: ReadonlyMap<string, PresetFile>,
): PresetFile | undefined {
  const preset = [...presets.values()].find(({ file }) => file === from);
  const folder = dirname(preset?.path ?? from);
  try {
    const file = join(folder, path);
    return { file, path: resolve(file), text: readFileSync(file, 'utf8') };
  } catch {
    return undefined;
  }
}

/** The names that a project uses of slipway.yaml. */
function nameProblems(name: string, spec: ProjectFile, content: InstallationFile, yaml: YamlText): Problem[] {
  const at = ['projects', name];
  const rooms = Object.keys(content.rooms);
  const problems = unknown('room', spec.room, rooms, [...at, 'room'], yaml);
  for (const [index, room] of spec['also-in'].entries())
    problems.push(...unknown('room', room, rooms, [...at, 'also-in', index], yaml));
  const secret = spec['security-room'];
  if (secret !== undefined) {
    const path = [...at, 'security-room'];
    problems.push(...unknown('room', secret, rooms, path, yaml));
    if (content.rooms[secret]?.private === false)
      problems.push(yaml.problem(path, `"${secret}" is not "private": what is said there is for few`));
  }
  if (spec.policy !== undefined)
    problems.push(...unknown('policy', spec.policy, Object.keys(content.policies), [...at, 'policy'], yaml));
  if (spec.forge !== undefined)
    problems.push(...unknown('forge', spec.forge, Object.keys(content.forges), [...at, 'forge'], yaml));
  for (const [contact, person] of Object.entries(spec.contacts))
    problems.push(
      ...unknown('person', person, Object.keys(content.people), [...at, 'contacts', contact], yaml),
    );
  if (spec.lines !== undefined) {
    const message =
      'a process for some lines only is not possible yet: they would be built with the other one';
    problems.push(yaml.problem([...at, 'lines'], message, 'key'));
  }
  return problems;
}

/** The text that a project's process is read from; undefined where there is none, which is told. */
async function sourceOf(
  name: string,
  spec: ProjectFile,
  yaml: YamlText,
  presets: ReadonlyMap<string, PresetFile>,
  problems: Problem[],
): Promise<PresetFile | undefined> {
  const isChanged = typeof spec.process !== 'string';
  const said = typeof spec.process === 'string' ? spec.process : spec.process.extends;
  const path = ['projects', name, 'process', ...(isChanged ? ['extends'] : [])];
  const refuse = (message: string): undefined => void problems.push(yaml.problem(path, message));
  if (said === 'repo')
    return refuse(
      'a process from the repository is not possible yet: name a preset, or a path such as ./kestrel.yml',
    );
  if (isPath(said)) {
    const folder = dirname(yaml.file);
    const file = isAbsolute(said) ? said : join(folder, said);
    try {
      return { file, path: resolve(file), text: await readFile(file, 'utf8') };
    } catch {
      return refuse(`${file} cannot be read`);
    }
  }
  return (
    presets.get(said) ??
    refuse(
      `there is no preset "${said}"${didYouMean(said, presets.keys()) || '; a file is written as a path: ./kestrel.yml'}`,
    )
  );
}

/** With `tag-prefix` the tags of a project begin otherwise, so that a repository can hold several. */
function withTagPrefix(process: Process, spec: ProjectFile): Process {
  const prefix = spec['tag-prefix'];
  if (prefix === undefined) return process;
  return { ...process, version: { ...process.version, tag: `${prefix}{version}` } };
}

function projectFrom(
  name: string,
  spec: ProjectFile,
  repo: { repo: string; repoIsLocal: boolean },
  processFile: string,
  process: Process,
): Project {
  const secrets = Object.entries(spec.secrets).map(([secret, { env, steps, operations, after }]) => [
    secret,
    { env, steps, operations, after },
  ]);
  const { sandbox, forge, room, policy = '', contacts, paths } = spec;
  return {
    name,
    sandbox,
    ...repo,
    forge,
    processFile,
    process,
    policy,
    room,
    alsoIn: spec['also-in'],
    securityRoom: spec['security-room'],
    contacts,
    paths,
    secrets: toDictionary(Object.fromEntries(secrets)),
  };
}
