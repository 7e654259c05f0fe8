import { Queue as BullQueue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { join } from 'node:path';
import { advance } from '../src/engine/advance.js';
import type { Engine } from '../src/engine/engine.js';
import { runStep } from '../src/engine/run-step.js';
import { offerOptions, wakeOptions } from '../src/queue/bullmq/jobs.js';
import { redisLeases } from '../src/queue/bullmq/leases.js';
import { bullmqQueue } from '../src/queue/bullmq/queue.js';
import { folderRecords } from '../src/services/records/folder.js';
import { startRedis } from '../test/servers/redis.js';
import { nothing, plainEngine, startRuns } from './plain-engine.js';
import { quantile, type Bench, type Row } from './row.js';
import { emptyRepository, inFolder } from './temporary.js';

const steps = 8;
const concurrency = 20;
/** Of one run: an advance when it is created and after each step, and the steps. */
const jobsOfRun = steps + 1 + steps;
/** Ours and the reference take turns, so that both see the same machine. */
const rounds = 5;
const runsOfRound = 40;

/**
 * How many jobs of both kinds the engine does in a second, with every event durable in a folder before it counts,
 * against BullMQ workers that do nothing, on the same Redis with `appendfsync always`.
 */
export const engine: Bench = {
  name: 'engine',
  run: () =>
    inFolder(async (folder) => {
      const redis = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
      try {
        await ours(join(folder, 'warm'), redis.url, 'warm', 20);
        await chained(redis.url, 'warm', 20);
        const took: { ours: number; chained: number; filled: number }[] = [];
        for (let round = 0; round < rounds; round += 1) {
          took.push({
            filled: await filled(redis.url, `filled-${round}`, runsOfRound),
            ours: await ours(join(folder, `ours-${round}`), redis.url, `ours-${round}`, runsOfRound),
            chained: await chained(redis.url, `chained-${round}`, runsOfRound),
          });
        }
        const rate = (ms: number): number => ((runsOfRound * jobsOfRun) / ms) * 1_000;
        const row = (reference: string, which: 'chained' | 'filled'): Row => ({
          what: `engine, ${rounds * runsOfRound} runs x ${steps} steps: jobs a second`,
          ours: quantile(
            took.map((one) => rate(one.ours)),
            0.5,
          ).toFixed(0),
          reference: `${quantile(
            took.map((one) => rate(one[which])),
            0.5,
          ).toFixed(0)} ${reference}`,
          // Of each round by itself, so that a moment in which the machine was busy spoils one of them only.
          ratio: quantile(
            took.map((one) => one[which] / one.ours),
            0.5,
          ),
        });
        return [
          {
            ...row('empty BullMQ workers that add the next job', 'chained'),
            limit: { is: 'at least', ratio: 0.3 },
          },
          row('empty BullMQ workers on a filled queue', 'filled'),
        ];
      } finally {
        await redis.end();
      }
    }),
};

/** Takes runs that are created already to their end; returns the time in ms. */
async function ours(folder: string, url: string, name: string, runs: number): Promise<number> {
  const queue = await bullmqQueue({ address: url, name });
  const leases = await redisLeases({ address: url, name });
  const built = await plainEngine({
    records: folderRecords(folder),
    queue,
    leases,
    steps: Array.from({ length: steps }, () => nothing),
    repo: await emptyRepository(`${folder}-origin`),
    mirror: `${folder}-mirror`,
    warn: (text, error) => process.stderr.write(`${text} ${String(error)}\n`),
  });
  try {
    await startRuns(built, runs);
    return await timed((end) => consume(built, runs, end));
  } finally {
    await queue.close();
    await leases.close();
  }
}

async function consume(built: Engine, runs: number, end: () => void): Promise<void> {
  const last = new Set<string>();
  const watched: Engine = {
    ...built,
    at: (point, { run, step }) => {
      if (point === 'after-done' && step === `step-${steps}`) last.add(run);
    },
  };
  let open = runs;
  const never = new AbortController().signal;
  await built.queue.work({
    concurrency,
    advance: async (run) => {
      const isLast = last.delete(run);
      await advance(watched, run);
      if (!isLast) return;
      const state = await built.runs.load(run);
      if (state?.finished?.outcome !== 'done') throw new Error(`${run} is not done.`);
      open -= 1;
      if (open === 0) end();
    },
    runStep: (job) => runStep(watched, job, never),
  });
}

/** Runs `work` until it says that it ended; ms. */
async function timed(work: (end: () => void) => Promise<void>): Promise<number> {
  const begun = performance.now();
  await new Promise<void>((resolve, refuse) => {
    work(resolve).catch(refuse);
  });
  return performance.now() - begun;
}

/** The same jobs in the same order with the same options, by workers that only add the next one. */
async function chained(url: string, name: string, runs: number): Promise<number> {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const common = { connection, prefix: `{${name}}` };
  const wakes = new BullQueue('advance', common);
  const offers = new BullQueue('run-step', common);
  const wake = (run: string): Promise<unknown> => wakes.add('advance', { run }, wakeOptions(run));
  for (let n = 1; n <= runs; n += 1) await wake(`run-${n}`);
  const did = new Map<string, number>();
  let open = runs;
  const workers: Worker[] = [];
  const took = await timed(async (end) => {
    const options = { ...common, concurrency };
    workers.push(
      new Worker<{ run: string }>(
        'advance',
        async ({ data: { run } }) => {
          const attempt = (did.get(run) ?? 0) + 1;
          did.set(run, attempt);
          if (attempt <= steps) {
            const job = { run, step: 'step', attempt };
            await offers.add('run-step', job, offerOptions(job));
          } else {
            open -= 1;
            if (open === 0) end();
          }
        },
        options,
      ),
      new Worker<{ run: string }>('run-step', async ({ data: { run } }) => void (await wake(run)), options),
    );
  });
  await Promise.all([...workers, wakes, offers].map((one) => one.close()));
  connection.disconnect();
  return took;
}

/** The same number of jobs of each kind, all waiting before the workers start, which do nothing at all. */
async function filled(url: string, name: string, runs: number): Promise<number> {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const common = { connection, prefix: `{${name}}` };
  const wakes = new BullQueue('advance', common);
  const offers = new BullQueue('run-step', common);
  const each = (count: number): number[] => Array.from({ length: runs * count }, (_, n) => n);
  await wakes.addBulk(
    each(steps + 1).map((n) => ({
      name: 'advance',
      data: { run: `run-${n}` },
      opts: wakeOptions(`run-${n}`),
    })),
  );
  await offers.addBulk(
    each(steps).map((n) => {
      const job = { run: `run-${n}`, step: 'step', attempt: 1 };
      return { name: 'run-step', data: job, opts: offerOptions(job) };
    }),
  );
  let open = runs * jobsOfRun;
  const workers: Worker[] = [];
  const took = await timed(async (end) => {
    const handle = async (): Promise<void> => {
      open -= 1;
      if (open === 0) end();
    };
    for (const queue of ['advance', 'run-step'])
      workers.push(new Worker(queue, handle, { ...common, concurrency }));
  });
  await Promise.all([...workers, wakes, offers].map((one) => one.close()));
  connection.disconnect();
  return took;
}
