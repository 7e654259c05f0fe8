import { Redis } from 'ioredis';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { advance } from '../src/engine/advance.js';
import type { Records } from '../src/engine/ports/records.js';
import { reconcile } from '../src/engine/reconcile.js';
import { runStep } from '../src/engine/run-step.js';
import { redisLeases } from '../src/queue/bullmq/leases.js';
import { bullmqQueue } from '../src/queue/bullmq/queue.js';
import { folderRecords } from '../src/services/records/folder.js';
import { approve } from '../src/steps/approve.js';
import { startRedis } from '../test/servers/redis.js';
import { plainEngine, startRuns } from './plain-engine.js';
import type { Bench, Row } from './row.js';
import { statusRow } from './status-time.js';
import { emptyRepository, inFolder } from './temporary.js';

const many = 1_000;
const idleMs = 10_000;

/** What one installation cost while nothing happened, a second; and one look of the reconciler. */
interface Idle {
  commands: number;
  journal: number;
  cpuMs: number;
  reconcile: { commands: number; writes: number };
}

/**
 * What runs cost that wait for approval, against a single one that waits in the same process: a run that waits for
 * people stands in the due set with the time of its expiry, and nothing may look at it before.
 */
export const waiting: Bench = {
  name: 'waiting',
  run: () =>
    inFolder(async (folder) => {
      const redis = await startRedis();
      try {
        const one = await idleWith(1, join(folder, 'one'), redis.url);
        const all = await idleWith(many, join(folder, 'many'), redis.url);
        return [
          // The same number of polls; what is left is when BullMQ's own timers happen to fall into the window.
          row('Redis commands a second', all.commands, one.commands, 1.5),
          // Both are 0; one a second is added to both so that there is a ratio.
          row('journal operations a second, plus 1', all.journal + 1, one.journal + 1, 1.5),
          // Timers and the blocking read of BullMQ; a poll for each run would be 100 times as much, a busy machine 2.
          row('CPU, ms a second', all.cpuMs, one.cpuMs, 3),
          {
            what: `reconciler over ${many} waiting runs: Redis commands`,
            ours: String(all.reconcile.commands),
            reference: `${many} runs`,
            ratio: all.reconcile.commands / many,
            // Who waits for people is not woken.
            limit: { is: 'at most', ratio: 0.1 },
          },
          {
            what: `reconciler over ${many} waiting runs: journal writes`,
            ours: String(all.reconcile.writes),
            reference: `${many} runs`,
            ratio: all.reconcile.writes / many,
            limit: { is: 'at most', ratio: 0 },
          },
          await statusRow(join(folder, 'history')),
        ];
      } finally {
        await redis.end();
      }
    }),
};

function row(what: string, ours: number, reference: number, most: number): Row {
  return {
    what: `${many} runs wait for approval: ${what}`,
    ours: ours.toFixed(1),
    reference: `${reference.toFixed(1)} with 1 waiting`,
    ratio: ours / reference,
    limit: { is: 'at most', ratio: most },
  };
}

/** Brings that many runs to their gate, then looks on while nothing happens. */
async function idleWith(runs: number, folder: string, url: string): Promise<Idle> {
  const name = `waiting-${runs}`;
  const queue = await bullmqQueue({ address: url, name });
  const leases = await redisLeases({ address: url, name });
  const counted = countedRecords(folderRecords(folder));
  const engine = await plainEngine({
    records: counted.records,
    queue,
    leases,
    steps: [approve],
    repo: await emptyRepository(`${folder}-origin`),
    mirror: `${folder}-mirror`,
    warn: (text, error) => process.stderr.write(`${text} ${String(error)}\n`),
  });
  const never = new AbortController().signal;
  try {
    await startRuns(engine, runs);
    const arrived = new Set<string>();
    await queue.work({
      concurrency: 20,
      advance: async (run) => {
        await advance(engine, run);
        arrived.add(run);
      },
      runStep: (job) => runStep(engine, job, never),
    });
    while (arrived.size < runs) await pause(100);
    await pause(2_000);
    const idle = await measured(url, counted, idleMs, () => pause(idleMs));
    const looked = await measured(url, counted, 1_000, async () => {
      await reconcile(engine, 'what-could-move');
      await pause(2_000);
    });
    const background = Math.round(idle.commands * 2);
    return {
      commands: idle.commands,
      journal: idle.reads + idle.writes,
      cpuMs: idle.cpuMs,
      reconcile: { commands: Math.max(0, looked.commands - background), writes: looked.writes },
    };
  } finally {
    await queue.close();
    await leases.close();
  }
}

interface Counted {
  records: Records;
  reads: () => number;
  writes: () => number;
}

function countedRecords(inner: Records): Counted {
  let reads = 0;
  let writes = 0;
  const records: Records = {
    ...inner,
    create: (key, body) => {
      writes += 1;
      return inner.create(key, body);
    },
    read: (key) => {
      reads += 1;
      return inner.read(key);
    },
    list: (prefix, after) => {
      reads += 1;
      return inner.list(prefix, after);
    },
    names: (prefix) => {
      reads += 1;
      return inner.names(prefix);
    },
  };
  return { records, reads: () => reads, writes: () => writes };
}

/** What happened in `spanMs`, a second. */
async function measured(url: string, counted: Counted, spanMs: number, work: () => Promise<void>) {
  const client = new Redis(url);
  const perSecond = (count: number): number => (count * 1_000) / spanMs;
  const before = {
    commands: await commandsOf(client),
    reads: counted.reads(),
    writes: counted.writes(),
    cpu: process.cpuUsage(),
  };
  await work();
  const { user, system } = process.cpuUsage(before.cpu);
  const found = {
    commands: perSecond((await commandsOf(client)) - before.commands),
    reads: perSecond(counted.reads() - before.reads),
    writes: perSecond(counted.writes() - before.writes),
    cpuMs: perSecond((user + system) / 1_000),
  };
  client.disconnect();
  return found;
}

/** Commands so far, with those that scripts called. */
async function commandsOf(client: Redis): Promise<number> {
  const sent = /^total_commands_processed:(\d+)/m.exec(await client.info('stats'))?.[1];
  return Number(sent);
}
