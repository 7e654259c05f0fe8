import { isAbsolute, relative } from 'node:path';
import type { YamlText } from '../process/position.js';
import type { Problem } from '../process/problems.js';
import { addressOf } from './addresses.js';
import { mayRunCommands } from './installation.js';
import type { Installation, Project } from './installation.js';

/** What a project may have at all: a sandbox nothing of the real world, and commands only where they are kept apart. */
export function projectProblems(installation: Installation, yaml: YamlText): Problem[] {
  return Object.values(installation.projects).flatMap((project) => [
    ...sandboxProblems(installation, project, yaml),
    ...isolationProblems(installation, project, yaml),
  ]);
}

function sandboxProblems({ storage }: Installation, project: Project, yaml: YamlText): Problem[] {
  if (!project.sandbox) return [];
  const at = ['projects', project.name];
  const problems: Problem[] = [];
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

function isolationProblems(installation: Installation, project: Project, yaml: YamlText): Problem[] {
  if (mayRunCommands(installation, project)) return [];
  const steps = Object.values(project.process.operations).flatMap((operation) => operation.steps);
  const commands = new Set(steps.filter(({ kind }) => kind === 'run').map(({ id }) => `"${id}"`));
  if (commands.size === 0) return [];
  const message = `${[...commands].join(', ')} would run as the bot's own user and could read its secrets: set "run-as", or accept that with "isolation: none"`;
  return [yaml.problem(['projects', project.name, 'process'], message)];
}

function storagesOf({ process }: Project): Set<string> {
  const archives = Object.values(process.artifacts).flatMap(({ archive }) =>
    archive === undefined ? [] : [archive.in],
  );
  return new Set([...archives, ...Object.values(process.channels).map((channel) => channel.in)]);
}

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
  for (const [name, { local }] of Object.entries(installation.rooms)) {
    const path = ['rooms', name, 'local'];
    take(`room ${local}`, name, path, (other) => `the room "${other}" is "${local}" already`);
  }
  for (const [name, spec] of Object.entries(installation.storage)) {
    const path = ['storage', name, 'url'];
    take(`storage ${addressOf(spec)}`, name, path, (other) => `the storage "${other}" is the same place`);
    const { journal } = installation;
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
      const address = `${file.in}:${file.path.replaceAll('{project}', name)}`;
      take(`file ${address}`, name, path, (other) => `"${other}" writes ${address} too`);
    }
  }
  return problems;
}

function isWithin(inner: string, outer: string): boolean {
  const way = relative(outer, inner);
  return !isAbsolute(way) && way !== '..' && !way.startsWith('../');
}
