import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { SlipwayError } from '../error.js';
import { readProcess } from '../process/load-process.js';
import { toDictionary } from '../process/names.js';
import { readYaml } from '../process/position.js';
import type { YamlText } from '../process/position.js';
import { problemsError } from '../process/problems.js';
import type { Problem } from '../process/problems.js';
import { unknown } from '../process/prove-names.js';
import type { Surroundings } from '../process/prove-names.js';
import type { StepKinds } from '../process/read-steps.js';
import { parseShape } from '../process/shape.js';
import { isPath, repoOf, storageOf } from './addresses.js';
import { InstallationFile } from './installation-file.js';
import type { GateRule, Installation, Policy, Project, StorageSpec } from './installation.js';
import { peopleProblems, policyProblems, protectionProblems } from './policy-checks.js';
import { collisionProblems, projectProblems } from './project-checks.js';

/**
 * Loads `slipway.yaml` and the process file of every project. `verbs` are the words that the bot itself understands.
 * @throws SlipwayError config-invalid, its message all problems of all files, a line each
 */
export async function loadInstallation(
  file: string,
  kinds: StepKinds,
  verbs: ReadonlySet<string>,
): Promise<Installation> {
  const text = await readText(file);
  if (text === undefined) {
    throw new SlipwayError('config-invalid', `${file}: cannot be read`, {
      hint: 'Is this the path of slipway.yaml?',
    });
  }
  const source = readYaml(file, text);
  if ('problems' in source) throw problemsError(source.problems);
  const { yaml } = source;
  const shape = parseShape(InstallationFile, yaml.data, yaml, []);
  if ('problems' in shape) throw problemsError(shape.problems);

  const content = shape.value;
  const problems = peopleProblems(content, yaml);
  const storage = resolveStorage(content, dirname(file), yaml, problems);
  const journal = resolveJournal(content, storage, dirname(file), yaml, problems);
  const around = {
    rooms: new Set(Object.keys(content.rooms)),
    storages: new Set(Object.keys(content.storage)),
    verbs,
  };
  const projects: [string, Project][] = [];
  for (const name of Object.keys(content.projects)) {
    const project = await loadProject(name, content, yaml, kinds, around, problems);
    if (project !== undefined) projects.push([name, project]);
  }
  const installation: Installation = {
    file: resolve(file),
    name: content.name,
    timeZone: content['time-zone'],
    journal,
    git: content.git.identity,
    runAs: content['run-as'],
    isolation: content.isolation,
    rooms: content.rooms,
    people: content.people,
    roles: content.roles,
    policies: mapValues(content.policies, policyFrom),
    storage,
    projects: toDictionary(Object.fromEntries(projects)),
  };
  problems.push(...projectProblems(installation, yaml), ...collisionProblems(installation, yaml));
  problems.push(...protectionProblems(installation, yaml));
  // With a process missing, its policy would seem to name things that do not exist.
  if (projects.length === Object.keys(content.projects).length) {
    problems.push(...policyProblems(installation, kinds.keys(), yaml));
  }
  if (problems.length > 0) throw problemsError(problems);
  return installation;
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}

function resolveStorage(
  content: InstallationFile,
  folder: string,
  yaml: YamlText,
  problems: Problem[],
): Record<string, StorageSpec> {
  const storage = toDictionary<StorageSpec>({});
  for (const [name, spec] of Object.entries(content.storage)) {
    const result = storageOf(spec, folder);
    if ('storage' in result) storage[name] = result.storage;
    else {
      const path = ['storage', name, ...(result.key === '' ? [] : [result.key])];
      problems.push(yaml.problem(path, result.message, result.key === 'url' ? 'value' : 'key'));
    }
  }
  return storage;
}

function resolveJournal(
  { journal, storage: declared }: InstallationFile,
  storage: Record<string, StorageSpec>,
  folder: string,
  yaml: YamlText,
  problems: Problem[],
): Installation['journal'] {
  if ('folder' in journal) return { kind: 'folder', folder: resolve(folder, journal.folder) };
  const path = ['journal', 'bucket'];
  problems.push(...unknown('storage', journal.bucket, Object.keys(declared), path, yaml));
  if (storage[journal.bucket]?.kind === 'folder') {
    problems.push(yaml.problem(path, `"${journal.bucket}" is a folder: write "journal: { folder: … }"`));
  }
  return { kind: 'bucket', storage: journal.bucket };
}

async function loadProject(
  name: string,
  content: InstallationFile,
  yaml: YamlText,
  kinds: StepKinds,
  around: Surroundings,
  problems: Problem[],
): Promise<Project | undefined> {
  const spec = content.projects[name];
  if (spec === undefined) return undefined;
  const at = ['projects', name];
  const folder = dirname(yaml.file);
  problems.push(...unknown('room', spec.room, Object.keys(content.rooms), [...at, 'room'], yaml));
  if (spec.policy !== undefined) {
    problems.push(...unknown('policy', spec.policy, Object.keys(content.policies), [...at, 'policy'], yaml));
  }
  const repo = repoOf(spec.repo, folder);
  if ('message' in repo) problems.push(yaml.problem([...at, repo.key], repo.message));
  if (!isPath(spec.process)) {
    problems.push(yaml.problem([...at, 'process'], 'not a process file: write a path such as ./kestrel.yml'));
    return undefined;
  }
  const shown = isAbsolute(spec.process) ? spec.process : join(folder, spec.process);
  const text = await readText(shown);
  if (text === undefined) {
    problems.push(yaml.problem([...at, 'process'], `${shown} cannot be read`));
    return undefined;
  }
  const granted = Object.entries(spec.secrets).map(
    ([secret, { steps }]) => [secret, new Set(steps)] as const,
  );
  const result = readProcess(shown, text, kinds, { ...around, secrets: new Map(granted) });
  if ('problems' in result) {
    problems.push(...result.problems);
    return undefined;
  }
  if ('message' in repo) return undefined;
  const secrets = mapValues(spec.secrets, ({ env, steps, after }) => ({ env, steps, after }));
  const { sandbox, room, policy = '' } = spec;
  const processFile = resolve(shown);
  return { name, sandbox, ...repo, processFile, process: result.process, policy, room, secrets };
}

function policyFrom({ operations, gates, skip }: InstallationFile['policies'][string]): Policy {
  return {
    operations,
    gates: mapValues(gates, ({ rules, requester, expires, reject, protects }): GateRule => ({
      rules,
      requesterMayVote: requester === 'may-vote',
      expiresMs: expires,
      reject,
      protects,
    })),
    skip: skip === undefined ? undefined : { who: skip.who, second: skip.second },
  };
}

function mapValues<From, To>(entries: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return toDictionary(
    Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, change(value)])),
  );
}
