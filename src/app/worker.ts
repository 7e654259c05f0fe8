import type { Environment } from '../config.js';
import type { StepJob } from '../engine/ports/queue.js';
import type { Log } from '../log.js';
import { drained, type JobList } from './bot.js';
import type { Verb } from './verb.js';
import { openWakers, requireSharedQueue } from './wakers.js';
import { dataFolder, openInstallation, readInstallation } from './wire.js';

/** A process that runs steps and nothing else. It has no key to write what people do. */
export interface StepWorker {
  name: string;
  stop(): Promise<void>;
}

interface WorkerOptions {
  environment: Environment;
  verbs: readonly Verb[];
  jobs: JobList;
  log: Log;
  concurrency: number;
  drainMs: number;
}

/** Starts a worker beside a bot, on the same machine or on another. @throws SlipwayError queue-unreachable | config-invalid */
export async function startWorker({
  environment,
  verbs,
  jobs,
  log,
  concurrency,
  drainMs,
}: WorkerOptions): Promise<StepWorker> {
  const names = new Set(verbs.map((verb) => verb.name));
  const installation = await readInstallation(environment, names);
  requireSharedQueue(installation, environment);
  const wakers = await openWakers(environment, dataFolder(environment), installation.name, log, 'worker');
  const { engine } = await openInstallation(environment, names, 'worker', wakers, log);
  const drain = new AbortController();
  const runStep = (job: StepJob): Promise<void> => jobs.runStep(engine, job, drain.signal);
  const consumer = await wakers.queue.work({ runStep, concurrency });
  return {
    name: engine.worker,
    async stop() {
      await drained(consumer, drain, drainMs);
      await wakers.close({ stopServer: false });
    },
  };
}
