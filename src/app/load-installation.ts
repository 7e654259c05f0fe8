import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { SlipwayError } from '../error.js';
import { toDictionary } from '../process/names.js';
import { readYaml } from '../process/position.js';
import type { YamlText } from '../process/position.js';
import { problemsError } from '../process/problems.js';
import type { Problem } from '../process/problems.js';
import { unknown } from '../process/prove-names.js';
import type { StepKinds } from '../process/read-steps.js';
import { parseShape } from '../process/shape.js';
import { storageOf } from './addresses.js';
import { freezeProblems } from './freeze-checks.js';
import { InstallationFile } from './installation-file.js';
import type { Freeze, Installation, PersonSpec, Role, RoomSpec, StorageSpec } from './installation.js';
import { loadProjects } from './load-project.js';
import { peopleProblems } from './people-checks.js';
import { policyProblems } from './policy-checks.js';
import { collisionProblems, projectProblems } from './project-checks.js';
import { protectionProblems } from './protection-checks.js';
import { exceptionFrom, resolvePolicies } from './resolve-policies.js';

/**
 * Loads `slipway.yaml` and the process of every project. `verbs` are the words that the bot itself understands.
 * @throws SlipwayError config-invalid, its message all problems of all files, a line each
 */
export async function loadInstallation(
  file: string,
  kinds: StepKinds,
  verbs: ReadonlySet<string>,
): Promise<Installation> {
  const result = await checkInstallation(file, kinds, verbs);
  if ('problems' in result) throw problemsError(result.problems);
  return result.installation;
}

/**
 * Loads `slipway.yaml` and the process of every project; what is wrong is data.
 * @throws SlipwayError config-invalid where the file cannot be read at all
 */
export async function checkInstallation(
  file: string,
  kinds: StepKinds,
  verbs: ReadonlySet<string>,
): Promise<{ installation: Installation } | { problems: Problem[] }> {
  const source = readYaml(file, await readText(file));
  if ('problems' in source) return source;
  const { yaml } = source;
  const shape = parseShape(InstallationFile, yaml.data, yaml, []);
  if ('problems' in shape) return shape;

  const content = shape.value;
  const problems = peopleProblems(content, yaml);
  const storage = resolveStorage(content, dirname(file), yaml, problems);
  const journal = resolveJournal(content, storage, dirname(file), yaml, problems);
  const policies = resolvePolicies(content.policies, yaml, problems);
  const loaded = await loadProjects(content, yaml, kinds, verbs, problems);
  const { name, team, 'time-zone': timeZone, 'run-as': runAs, isolation, records } = content;
  const { chat, forges, trackers, registries, announcements, workers } = content;
  const installation: Installation = {
    file: resolve(file),
    files: [resolve(file), ...loaded.files],
    name,
    team,
    timeZone,
    journal,
    // Nobody owns a name under .invalid, so no forge takes these commits for somebody's.
    git: content.git?.identity ?? { name: 'Slipway', email: `${name}@slipway.invalid` },
    runAs,
    isolation,
    breakGlass: exceptionFrom(content['break-glass']),
    rooms: mapValues(content.rooms, roomFrom),
    people: mapValues(content.people, personFrom),
    roles: mapValues(content.roles, roleFrom),
    policies,
    freezes: content.freezes.map((freeze) => freezeFrom(freeze, timeZone)),
    chat,
    forges,
    storage,
    records,
    trackers,
    registries,
    announcements,
    workers,
    projects: loaded.projects,
  };
  problems.push(...projectProblems(installation, yaml), ...collisionProblems(installation, yaml));
  problems.push(...protectionProblems(installation, yaml));
  // With a process missing, its policy would seem to name things that do not exist.
  if (Object.keys(loaded.projects).length === Object.keys(content.projects).length) {
    problems.push(...policyProblems(installation, content, kinds.keys(), yaml));
    problems.push(...freezeProblems(installation, yaml));
  }
  return problems.length > 0 ? { problems } : { installation };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new SlipwayError('config-invalid', `${file}: cannot be read`, {
      hint: 'Is this the path of slipway.yaml? SLIPWAY_CONFIG names it.',
      cause: error,
    });
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
  const { records } = content;
  if (records !== undefined)
    problems.push(...unknown('storage', records, Object.keys(content.storage), ['records'], yaml));
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

function roomFrom({
  slack,
  discord,
  local,
  private: isPrivate,
}: InstallationFile['rooms'][string]): RoomSpec {
  return { slack, discord, local, private: isPrivate };
}

function personFrom(written: InstallationFile['people'][string], id: string): PersonSpec {
  const { name = id, slack, discord, github, asana, email } = written;
  return { name, slack, discord, github, asana, email };
}

function roleFrom(role: InstallationFile['roles'][string]): Role {
  if (Array.isArray(role)) return role;
  if ('slack-group' in role) return { in: 'slack-group', id: role['slack-group'] };
  if ('discord-role' in role) return { in: 'discord-role', id: role['discord-role'] };
  if ('forge-team' in role) return { in: 'forge-team', id: role['forge-team'] };
  return { in: 'room', id: role.room };
}

function freezeFrom(freeze: InstallationFile['freezes'][number], timeZone: string): Freeze {
  const { name, zone = timeZone, blocks, except, projects } = freeze;
  const window =
    'every' in freeze
      ? ({ kind: 'weekly', ...freeze.every } as const)
      : ({ kind: 'dated', from: freeze.from, to: freeze.to } as const);
  return { name, zone, window, blocks, projects, except };
}

function mapValues<From, To>(
  entries: Record<string, From>,
  change: (value: From, key: string) => To,
): Record<string, To> {
  return toDictionary(
    Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, change(value, key)])),
  );
}
