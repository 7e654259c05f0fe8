import { fork, type ChildProcess } from 'node:child_process';
import { jobs } from '../jobs/index.js';
import { verbs } from '../commands/index.js';
import { startBot, type Bot } from '../src/app/bot.js';
import { startWorker } from '../src/app/worker.js';
import { expelWorker } from '../src/engine/expel.js';
import { readEnvironment, type Environment } from '../src/config.js';
import { openHalf } from '../src/engine/keys.js';
import { openLogger } from '../src/log.js';
import { environmentToStart } from './practice.js';
import { serveWorkspace } from './workspace.js';

/** Options of `slipway start`. */
export interface StartOptions extends WorkOptions {
  workers: number;
  /** Whether the local workspace is served, and at which port of 127.0.0.1 first. */
  web: boolean;
  port: number;
}

/** Options of `slipway start` and `slipway worker`. */
export interface WorkOptions {
  concurrency: number;
  drainMs: number;
}

const reconcileMs = 30_000;

/** Runs bot, queue and workers of an installation until SIGTERM or SIGINT. */
export async function start({ workers, concurrency, drainMs, web, port }: StartOptions): Promise<number> {
  const environment = await environmentToStart();
  const log = openLogger(environment.logLevel);
  const options = { environment, verbs, jobs, log, concurrency, drainMs, reconcileMs };
  const bot = await startBot({ ...options, withWorker: workers === 0 });
  const workspace = web ? await besideBot(bot, () => serveWorkspace(bot, environment, port)) : undefined;
  const children = bot.wakers.shared
    ? superviseWorkers(bot, workers, { concurrency, drainMs, env: workerVariables(environment) })
    : undefined;
  if (workers > 0 && children === undefined) {
    process.stdout.write('Steps run in this process: workers of their own need Redis.\n');
  }
  const lines = [...banner(bot, children === undefined ? 0 : workers), ...(workspace?.lines ?? []), 'Ready.'];
  process.stdout.write(`${lines.join('\n')}\n`);
  await toldToStop();
  process.stdout.write('Stopping: nothing new starts, what runs may end.\n');
  await workspace?.stop();
  await children?.stop();
  await bot.stop();
  return 0;
}

/** What cannot start beside the bot ends it: a Redis of its own would go on without it. */
async function besideBot<T>(bot: Bot, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    await bot.stop();
    throw error;
  }
}

function banner({ installation, wakers, reconciled, opened }: Bot, workers: number): string[] {
  const { runs, lookedUp, leftAlone } = reconciled;
  return [
    `Slipway owns ${opened.records.place} (installation "${installation.name}", projects: ${Object.keys(installation.projects).join(', ')})`,
    `Queue: ${wakers.text}`,
    `Steps run in ${workers === 0 ? 'this process' : `${workers} worker processes`}`,
    ...(installation.runAs === undefined
      ? [
          `Project commands run as this user${installation.isolation === 'none' ? ' (isolation: none)' : ', in sandbox projects only'}`,
        ]
      : [`Project commands run as ${installation.runAs}`]),
    runs === 0
      ? 'Nothing is open.'
      : `${runs} open ${runs === 1 ? 'run goes' : 'runs go'} on; ${lookedUp} ${lookedUp === 1 ? 'step is' : 'steps are'} looked up.`,
    ...leftAlone.map(({ run, why }) => `⚠️ ${run} is left alone: ${why}`),
  ];
}

/** What a worker process gets: everything but the secret half of the journal key. */
function workerVariables({ journalKey }: Environment): NodeJS.ProcessEnv {
  const { SLIPWAY_JOURNAL_KEY: _, SLIPWAY_JOURNAL_KEY_FILE: _file, ...rest } = process.env;
  return journalKey === undefined ? rest : { ...rest, SLIPWAY_JOURNAL_KEY: openHalf(journalKey) };
}

interface Supervised {
  stop(): Promise<void>;
}

/** Keeps worker processes alive. What a dead one had claimed is taken over at once: its parent has seen it die. */
function superviseWorkers(
  bot: Bot,
  count: number,
  options: { concurrency: number; drainMs: number; env: NodeJS.ProcessEnv },
): Supervised {
  const children = new Set<ChildProcess>();
  let isStopping = false;
  const launch = (): void => {
    const args = [
      'worker',
      '--concurrency',
      String(options.concurrency),
      '--drain',
      String(options.drainMs / 1000),
    ];
    const child = fork(process.argv[1] ?? '', args, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: options.env,
    });
    children.add(child);
    const begun = performance.now();
    child.once('exit', (_, signal) => {
      children.delete(child);
      if (isStopping) return;
      bot.opened.engine.warn(
        `worker ${child.pid} ended${signal === null ? '' : ` with ${signal}`}; another one is started`,
      );
      void expelWorker(bot.opened.engine, `worker-${child.pid}-`).catch((error: unknown) =>
        bot.opened.engine.warn('its steps wait for their lease', error),
      );
      // One that dies at once would be started thousands of times.
      setTimeout(launch, performance.now() - begun > 5_000 ? 0 : 1_000);
    });
  };
  for (let n = 0; n < count; n += 1) launch();
  return {
    async stop() {
      isStopping = true;
      await Promise.all(
        [...children].map(
          (child) =>
            new Promise<void>((resolve) => {
              child.once('exit', () => resolve());
              child.kill('SIGTERM');
            }),
        ),
      );
    },
  };
}

/** Runs steps only, beside a bot. */
export async function work({ concurrency, drainMs }: WorkOptions): Promise<number> {
  const environment = readEnvironment();
  const log = openLogger(environment.logLevel);
  const worker = await startWorker({ environment, verbs, jobs, log, concurrency, drainMs });
  process.stdout.write(`${worker.name} takes steps.\n`);
  await toldToStop();
  await worker.stop();
  return 0;
}

/** Until a signal comes, or until the parent that started this process is gone. */
function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
    if (process.send !== undefined) process.once('disconnect', () => resolve());
  });
}
