import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { roomsOf } from '../chat/announce.js';
import type { Chat } from '../chat/chat.js';
import { localChat, type LocalChat } from '../chat/local/local-chat.js';
import type { Environment } from '../config.js';
import { openBlobs } from '../engine/blobs.js';
import { engineDefaults, type Engine, type EngineSettings } from '../engine/engine.js';
import { haltJournal, lineJournal, projectJournal, runJournal } from '../engine/journals.js';
import { systemClock } from '../engine/ports/clock.js';
import type { Leases } from '../engine/ports/leases.js';
import type { Queue } from '../engine/ports/queue.js';
import type { Records } from '../engine/ports/records.js';
import { SlipwayError } from '../error.js';
import type { Log } from '../log.js';
import { lineId } from '../release/run-id.js';
import { folderRecords } from '../services/records/folder.js';
import { folderStorage } from '../services/storage/folder.js';
import type { Storage } from '../services/storage/storage.js';
import { stepKinds } from '../steps/index.js';
import type { AnyStepKind } from '../steps/step.js';
import type { Installation, StorageSpec } from './installation.js';
import { openKeys } from './journal-key.js';
import { fillLateTexts } from './late-texts.js';
import { loadInstallation } from './load-installation.js';
import { makePlanner } from './planner.js';
import { publishedArtifacts, publishedBy } from '../engine/read-outputs.js';
import { policiesOf } from './policies.js';
import { rereader } from './rereader.js';
import { knownSecrets, projectServices, type ProjectServices } from './services.js';

/** slipway.yaml and its processes, as they are now. @throws SlipwayError config-invalid */
export async function readInstallation(
  environment: Environment,
  verbs: ReadonlySet<string>,
): Promise<Installation> {
  return loadInstallation(environment.config, new Map(stepKinds.map((kind) => [kind.name, kind])), verbs);
}

/** What this process is: the bot signs and decides, a worker runs steps, a reader only looks. */
export type Role = 'bot' | 'worker' | 'reader';

/** The installation that a process works in, opened. */
export interface Opened {
  installation: () => Promise<Installation>;
  data: string;
  records: Records;
  engine: Engine;
  services: ProjectServices;
  /** Every chat that the installation is in. */
  chats: readonly Chat[];
  /** The local workspace, which is always one of them. */
  local: LocalChat;
  /** Called after everything that somebody did, whatever journal it went into. */
  afterActs: Set<() => void>;
}

/** What wakes the engine, and who holds what. */
export interface Wakers {
  queue: Queue;
  leases: Leases;
}

/** Where Slipway keeps what belongs to this machine: SLIPWAY_DATA, else `.slipway` beside slipway.yaml. */
export function dataFolder(environment: Environment): string {
  return environment.data ?? join(dirname(environment.config), '.slipway');
}

/**
 * Opens journal, blobs, services and engine of an installation. The only place that knows which vendors exist; what is
 * not configured is not imported.
 * @throws SlipwayError config-invalid | store-unsafe | journal-unreachable
 */
export async function openInstallation(
  environment: Environment,
  verbs: ReadonlySet<string>,
  role: Role,
  wakers: Wakers,
  log: Log,
  overrides: { settings?: Partial<EngineSettings>; kinds?: readonly AnyStepKind[] } = {},
): Promise<Opened> {
  const kinds = new Map((overrides.kinds ?? stepKinds).map((kind) => [kind.name, kind]));
  const current = rereader(environment.config, () => loadInstallation(environment.config, kinds, verbs));
  const installation = await current();
  if (role !== 'reader') knownSecrets(installation, environment);
  const data = dataFolder(environment);
  const storage = storages(current, environment);
  const records = await openRecords(installation, environment);
  const keys = await openKeys(installation, environment, data, role, records);
  const clock = systemClock;
  const deps = { records, keys, clock };
  const runs = runJournal(deps);
  const lines = lineJournal(deps);
  const projects = projectJournal(deps);
  const blobs = openBlobs(records);
  const settings = { ...engineDefaults, ...overrides.settings };
  const local = localChat(records, async () => Object.keys((await current()).rooms), clock.now);
  const chats: Chat[] = [local];
  const services = projectServices({
    environment,
    data,
    current,
    storage,
    rooms: roomsOf(chats),
    blobs,
    lines,
    projects,
    runs,
    graceMs: settings.graceMs,
  });
  const engine: Engine = {
    worker: `${role}-${process.pid}-${randomUUID().slice(0, 8)}`,
    ...deps,
    runs,
    lines,
    projects,
    halts: haltJournal(deps),
    blobs,
    ...wakers,
    kinds,
    services: services.of,
    planner: makePlanner({
      current,
      git: services.git,
      storage,
      lines: services.lines,
      now: clock.now,
      lineOf: (project, target) => lines.load(lineId(project, target)),
      kinds,
      published: (line) => publishedBy({ runs, blobs }, line),
      candidate: (line) => publishedArtifacts({ runs, blobs }, line),
    }),
    fillLate: fillLateTexts,
    policies: policiesOf(current, projects),
    settings,
    at: () => undefined,
    warn: (text, error) => log.warn({ err: error }, text),
  };
  return { installation: current, data, records, engine, services, chats, local, afterActs: new Set() };
}

/** The journal's store. @throws SlipwayError config-invalid | secret-missing */
export async function openRecords(installation: Installation, environment: Environment): Promise<Records> {
  if (installation.journal.kind === 'folder') return folderRecords(installation.journal.folder);
  const spec = installation.storage[installation.journal.storage];
  if (spec?.kind !== 's3')
    throw new SlipwayError(
      'config-invalid',
      `The journal's storage "${installation.journal.storage}" is no bucket.`,
    );
  const { bucketRecords } = await import('../services/records/bucket.js');
  return bucketRecords({
    client: await clientOf(spec, environment),
    bucket: spec.bucket,
    prefix: spec.prefix,
  });
}

async function clientOf(spec: Extract<StorageSpec, { kind: 's3' }>, environment: Environment) {
  const { s3Client } = await import('../services/s3-client.js');
  const endpoint = spec.endpoint ?? environment.s3Endpoint;
  return s3Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    region: spec.region ?? 'us-east-1',
    keyId: environment.setting(spec.keyIdEnv),
    secret: environment.secret(spec.secretEnv),
    pathStyle: endpoint !== undefined,
  });
}

function storages(
  current: () => Promise<Installation>,
  environment: Environment,
): (name: string) => Promise<Storage> {
  const opened = new Map<string, Promise<Storage>>();
  const open = async (spec: StorageSpec): Promise<Storage> => {
    if (spec.kind === 'folder') return folderStorage(spec.folder);
    const { s3Storage } = await import('../services/storage/s3.js');
    // It is probed before its first write: who only looks, as a dry run does, leaves no throw-away key behind.
    return s3Storage({
      client: await clientOf(spec, environment),
      bucket: spec.bucket,
      prefix: spec.prefix,
    });
  };
  return async (name) => {
    const spec = (await current()).storage[name];
    if (spec === undefined)
      throw new SlipwayError('config-invalid', `slipway.yaml has no storage "${name}".`);
    const key = JSON.stringify(spec);
    const known = opened.get(key) ?? open(spec);
    opened.set(key, known);
    known.catch(() => opened.delete(key));
    return known;
  };
}
