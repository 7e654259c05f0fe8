import { isAbsolute, relative } from 'node:path';
import type { YamlText } from '../process/position.js';
import type { Problem } from '../process/problems.js';
import { addressOf, fileAddress, overlap } from './addresses.js';
import { mayRunCommands } from './installation.js';
import type { Installation, Project } from './installation.js';
import { everyOperation } from './variants.js';

/** What a project may have at all: a sandbox nothing of the real world, and commands only where they are kept apart. */
export function projectProblems(installation: Installation, yaml: YamlText): Problem[] {
  return Object.values(installation.projects).flatMap((project) => [
    ...sandboxProblems(installation, project, yaml),
    ...isolationProblems(installation, project, yaml),
    ...journalProblems(installation, project, yaml),
  ]);
}

function sandboxProblems(
  { storage, rooms, announcements }: Installation,
  project: Project,
  yaml: YamlText,
): Problem[] {
  if (!project.sandbox) return [];
  const at = ['projects', project.name];
  const problems: Problem[] = [];
  if (project.forge !== undefined) {
    const message = 'a sandbox project has no keys of a forge';
    problems.push(yaml.problem([...at, 'forge'], message, 'key'));
  }
  const places = [
    project.room,
    ...project.alsoIn,
    ...(project.securityRoom === undefined ? [] : [project.securityRoom]),
  ];
  for (const name of new Set([...places, ...audiencesOf(project)])) {
    const room = rooms[name];
    // A name of nothing is told where it stands.
    if (room === undefined && announcements[name] === undefined) continue;
    if (room !== undefined && room.slack === undefined && room.discord === undefined) continue;
    const message = `a sandbox project speaks in rooms of this machine only, and "${name}" is somewhere else`;
    problems.push(yaml.problem([...at, 'sandbox'], message));
  }
  if (!project.repoIsLocal) {
    problems.push(
      yaml.problem([...at, 'repo'], 'a sandbox project has a repository on this machine: write a path'),
    );
  }
  for (const name of storagesOf(project)) {
    const spec = storage[name];
    if (spec === undefined || spec.kind === 'folder') continue;
    const message = `a sandbox project keeps everything in folders, and "${name}" is ${addressOf(spec)}`;
    problems.push(yaml.problem([...at, 'sandbox'], message));
  }
  return problems;
}

/** What a process writes may not lie among the records that decide everything. */
function journalProblems({ journal, storage }: Installation, project: Project, yaml: YamlText): Problem[] {
  if (journal.kind !== 'bucket' || !storagesOf(project).has(journal.storage)) return [];
  // A folder can hold no journal of this kind, which is told by itself.
  if (storage[journal.storage]?.kind !== 's3') return [];
  const message = `its files would lie among those of the journal, which is in "${journal.storage}"`;
  return [yaml.problem(['projects', project.name, 'process'], message)];
}

/** Kinds of steps that run programs of the project. */
const runsProjectCode: ReadonlySet<string> = new Set(['run', 'shell', 'follow']);

function isolationProblems(installation: Installation, project: Project, yaml: YamlText): Problem[] {
  if (mayRunCommands(installation, project)) return [];
  const steps = everyOperation(project.process).flatMap(({ operation }) => operation.steps);
  const isOurs = (label: string): boolean => (installation.workers[label]?.kind ?? 'worker') === 'worker';
  const commands = new Set(
    steps
      .filter(({ kind, runsOn }) => runsProjectCode.has(kind) && isOurs(runsOn))
      .map(({ id }) => `"${id}"`),
  );
  if (commands.size === 0) return [];
  const message = `${[...commands].join(', ')} would run as the bot's own user and could read its secrets: set "run-as", or accept that with "isolation: none"`;
  return [yaml.problem(['projects', project.name, 'process'], message)];
}

function audiencesOf({ process }: Project): string[] {
  return everyOperation(process).flatMap(({ operation }) =>
    operation.steps.flatMap(({ kind, settings }) => {
      if (kind !== 'announce' || typeof settings !== 'object' || settings === null || Array.isArray(settings))
        return [];
      const { to } = settings;
      return Array.isArray(to) ? to.filter((name) => typeof name === 'string') : [];
    }),
  );
}

function storagesOf({ process }: Project): Set<string> {
  const archives = Object.values(process.artifacts).flatMap(({ archive }) =>
    archive === undefined ? [] : [archive.in],
  );
  return new Set([...archives, ...Object.values(process.channels).map((channel) => channel.in)]);
}

/** What stands before a colon in `protects` and is no storage. */
const reserved = new Set(['branch', 'image', 'oci']);

/** Two things that would write to the same place without knowing of each other. */
export function collisionProblems(installation: Installation, yaml: YamlText): Problem[] {
  const problems: Problem[] = [];
  const taken = new Map<string, string>();
  /** Reports `owner` at a path if somebody else has the place. */
  const take = (
    place: string,
    owner: string,
    path: readonly string[],
    message: (other: string) => string,
  ): void => {
    const other = taken.get(place);
    if (other === undefined) taken.set(place, owner);
    else if (other !== owner) problems.push(yaml.problem(path, message(other)));
  };
  for (const [name, room] of Object.entries(installation.rooms)) {
    for (const chat of ['slack', 'discord', 'local'] as const) {
      const id = room[chat];
      if (id === undefined) continue;
      take(`${chat} ${id}`, name, ['rooms', name, chat], (other) => `the room "${other}" is "${id}" already`);
    }
  }
  for (const name of Object.keys(installation.announcements)) {
    if (installation.rooms[name] === undefined) continue;
    problems.push(yaml.problem(['announcements', name], `"${name}" is a room already`, 'key'));
  }
  for (const [name, spec] of Object.entries(installation.storage)) {
    const path = ['storage', name, 'url'];
    if (reserved.has(name)) {
      const message = `"${name}" means something else in "protects"; give this storage another name`;
      problems.push(yaml.problem(['storage', name], message, 'key'));
    }
    take(`storage ${addressOf(spec)}`, name, path, (other) => `the storage "${other}" is the same place`);
    const { journal } = installation;
    const kept = journal.kind === 'bucket' ? installation.storage[journal.storage] : undefined;
    if (kept !== undefined && journal.kind === 'bucket' && name !== journal.storage && overlap(spec, kept))
      problems.push(
        yaml.problem(path, 'the journal is in this bucket: give it one, or a prefix, of its own'),
      );
    if (spec.kind !== 'folder' || journal.kind !== 'folder') continue;
    if (!isWithin(spec.folder, journal.folder) && !isWithin(journal.folder, spec.folder)) continue;
    problems.push(yaml.problem(path, 'the journal is in this folder, or this folder in the journal'));
  }
  for (const { name, repo, process } of Object.values(installation.projects)) {
    const path = ['projects', name, 'process'];
    const repoPath = ['projects', name, 'repo'];
    take(
      `tag ${repo} ${process.version.tag}`,
      name,
      repoPath,
      (other) => `"${other}" has the same repository and tags`,
    );
    const files = [
      ...Object.values(process.artifacts).flatMap(({ archive }) => archive ?? []),
      ...Object.values(process.channels).flatMap((it) =>
        Object.values(it.files).map((path) => ({ in: it.in, path })),
      ),
    ];
    for (const file of files) {
      const inStorage = file.path.replaceAll('{project}', name);
      const address = `${file.in}:${inStorage}`;
      const spec = installation.storage[file.in];
      const place = spec === undefined ? address : fileAddress(spec, inStorage);
      take(`file ${place}`, name, path, (other) => `"${other}" writes ${address} too`);
    }
  }
  return problems;
}

function isWithin(inner: string, outer: string): boolean {
  const way = relative(outer, inner);
  return !isAbsolute(way) && way !== '..' && !way.startsWith('../');
}
