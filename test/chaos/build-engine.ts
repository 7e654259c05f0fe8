import { appendFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openBlobs } from '../../src/engine/blobs.js';
import type { Engine, Policies } from '../../src/engine/engine.js';
import { haltJournal, lineJournal, projectJournal, runJournal } from '../../src/engine/journals.js';
import { journalKeys } from '../../src/engine/keys.js';
import type { Clock } from '../../src/engine/ports/clock.js';
import type { Records } from '../../src/engine/ports/records.js';
import { SlipwayError } from '../../src/error.js';
import { redisLeases } from '../../src/queue/bullmq/leases.js';
import { bullmqQueue } from '../../src/queue/bullmq/queue.js';
import type { Git } from '../../src/services/git/git.js';
import { openGit } from '../../src/services/git/remote.js';
import { folderRecords } from '../../src/services/records/folder.js';
import { stepKinds } from '../../src/steps/index.js';
import type { AnyStepKind, Services } from '../../src/steps/step.js';
import type { ChildSettings } from './child-settings.js';
import { anybodysLeases, blind, dated, foreverMs, overwriting, unsearched, unswept } from './mutations.js';
import { chaosPlanner, namesOf, storageName } from './release-plan.js';
import { stepInto } from './traps.js';
import { mailKind, worldCommands, worldRooms, worldStorage } from './world-adapters.js';

/** An engine of the product over the world, with the clock that can be moved. */
export interface Built {
  engine: Engine;
  clock: { offsetMs: number };
  close(): Promise<void>;
}

/** Files of the journal key: the private half for bots, the public one for workers. */
export const keyFiles = { secret: 'journal.key', open: 'journal.pub' };

/** Wires the engine by hand, as src/app/wire.ts does, with our adapters for what is outside and our traps. */
export async function buildEngine(settings: ChildSettings): Promise<Built> {
  const { folder, mutation, role } = settings;
  const moved = { offsetMs: settings.clockMs };
  const clock: Clock = { now: () => Date.now() + moved.offsetMs, monotonic: () => performance.now() };
  const before = (run: string, step: string): void => stepInto(folder, 'in-request', { run, step });
  const pem = await readFile(join(folder, role === 'worker' ? keyFiles.open : keyFiles.secret), 'utf8');
  const records = recordsOf(settings);
  const deps = { records, keys: journalKeys(pem), clock };
  const kinds = new Map(kindsOf(settings).map((kind) => [kind.name, kind]));
  const warn = (text: string, error?: unknown): void => {
    const why = error instanceof Error ? error.message : '';
    appendFileSync(
      join(folder, 'log', `${settings.name}.log`),
      `${new Date().toISOString()} ${process.pid} ${text} ${why}\n`,
    );
  };
  const options = {
    sweepEveryMs: 200,
    sweepAgainMs: 2_000,
    lockMs: 1_500,
    stalledEveryMs: 500,
    retryFirstMs: 100,
    retryCapMs: 1_000,
    onError: (error: Error) => warn('queue', error),
  };
  const onError = options.onError;
  const queue = await bullmqQueue({ address: settings.redis, name: 'chaos', options });
  const isLeaseless = mutation === 'no-lease-check' && role === 'worker';
  const real = await redisLeases({ address: settings.redis, name: 'chaos', onError });
  const leases = isLeaseless ? anybodysLeases : real;
  const services = await servicesOf(settings, clock, before);
  const claimed = new Map<string, Set<string>>();
  const engine: Engine = {
    worker: `${settings.name}-${process.pid}-`,
    ...deps,
    runs: runJournal(deps),
    lines: lineJournal(deps),
    projects: projectJournal(deps),
    halts: haltJournal(deps),
    blobs: openBlobs(records),
    queue,
    leases,
    kinds,
    services: async (_, step) => {
      if (role === 'worker') failInServices(folder, step, claimed.get(step) ?? new Set());
      return services;
    },
    planner: chaosPlanner(kinds),
    fillLate: (_, step) => step.config,
    policies: nobody,
    settings: { leaseMs: isLeaseless ? foreverMs : settings.leaseMs, retryScale: 0.1, graceMs: 1_000 },
    at: (point, where) => {
      if (point === 'after-claim')
        claimed.set(where.step, (claimed.get(where.step) ?? new Set()).add(where.run));
      stepInto(folder, point, where);
    },
    warn,
  };
  const close = async (): Promise<void> => {
    await queue.close();
    await real.close();
  };
  return { engine, clock: moved, close };
}

/** Nobody approves anything here: the process has no gate. */
const nobody: Policies = {
  gate: async () => {
    throw new SlipwayError('internal', 'There is no gate.');
  },
  people: async () => [],
  resolve: async () => undefined,
  heldUntil: async () => undefined,
};

/** The trap of a project whose services cannot be opened for once: a mirror that is busy, a file that is edited. */
function failInServices(folder: string, step: string, runs: ReadonlySet<string>): void {
  try {
    for (const run of runs) stepInto(folder, 'in-services', { run, step });
  } catch {
    throw new SlipwayError('git-failed', 'The mirror could not be opened.', { retryable: true });
  }
}

function recordsOf(settings: ChildSettings): Records {
  const { journal, folder, mutation, role } = settings;
  const inner = folderRecords(journal);
  const records = mutation === 'no-create-only' && role !== 'harness' ? overwriting(inner, journal) : inner;
  const full = new Map<string, number>();
  return {
    ...records,
    async create(key, body) {
      const [, run] = /^runs\/([^/]+)\//.exec(key) ?? [];
      const [, step, type] =
        /"step":"([^"]+)","type":"(step\.\w+)"/.exec(Buffer.from(body).toString('utf8')) ?? [];
      if (run === undefined || step === undefined) return records.create(key, body);
      if (type === 'step.intent') stepInto(folder, 'in-write', { run, step });
      if (type === 'step.done') {
        const place = `${run} ${step}`;
        try {
          stepInto(folder, 'full-at-done', { run, step });
        } catch {
          full.set(place, performance.now() + settings.leaseMs * 2);
        }
        if (performance.now() < (full.get(place) ?? 0))
          throw new SlipwayError('journal-full', 'No space left for the journal (a trap).');
      }
      return records.create(key, body);
    },
  };
}

function kindsOf(settings: ChildSettings): AnyStepKind[] {
  const { folder, world, mutation, settleMs } = settings;
  const before = (run: string, step: string): void => stepInto(folder, 'in-request', { run, step });
  const all = [...stepKinds, mailKind(world, before)].map((kind) =>
    kind.settleMs > 0 ? { ...kind, settleMs } : kind,
  );
  if (mutation === 'no-find') return blind(all);
  return mutation === 'no-sweep' ? unswept(all) : all;
}

async function servicesOf(
  settings: ChildSettings,
  clock: Clock,
  before: (run: string, step: string) => void,
): Promise<Services> {
  const { folder, world, mutation, origin } = settings;
  const remote = await openGit({ url: origin, mirror: join(folder, 'data', 'git', 'chaos.git') });
  const git = traced(remote, folder, before);
  const rooms = worldRooms(world, before);
  const storage = worldStorage(world, before);
  return {
    git: mutation === 'no-deterministic-objects' ? dated(git, clock) : git,
    identity: { name: 'Slipway', email: 'slipway@example.com' },
    storage: async (name) => {
      if (name !== storageName) throw new SlipwayError('config-invalid', `There is no storage "${name}".`);
      return storage;
    },
    // Only while it posts: the sweep is another guard.
    rooms: mutation === 'no-search' && settings.role === 'worker' ? unsearched(rooms) : rooms,
    commands: worldCommands(world, before, (target) => namesOf(target).run),
    lines: async () => [],
    pinOf: async () => undefined,
    archived: async () => ({ is: 'gone' }),
  };
}

/** Notes who pushes, for the hook of the origin that kills him. */
function traced(git: Git, folder: string, before: (run: string, step: string) => void): Git {
  return {
    ...git,
    async push(updates) {
      for (const { ref, expected } of updates) {
        const [, kind, name = ''] = /^refs\/(heads\/release\/|tags\/v)(.+)$/.exec(ref) ?? [];
        const target = kind === 'tags/v' ? name.replace(/rc1$/, '') : name;
        const step = kind === 'tags/v' ? 'tag' : expected === 'absent' ? 'branch' : 'commit';
        const { run } = namesOf(target);
        await writeFile(join(folder, 'senders', `${run}~${step}`), String(process.pid));
        before(run, step);
      }
      return git.push(updates);
    },
  };
}
