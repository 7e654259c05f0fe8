import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Environment } from '../config.js';
import type { Engine } from '../engine/engine.js';
import type { QueueWorker, StepJob } from '../engine/ports/queue.js';
import { systemClock } from '../engine/ports/clock.js';
import type { Reconciled } from '../engine/reconcile.js';
import { asSlipwayError } from '../error.js';
import type { Log } from '../log.js';
import { answerLeftovers, hear } from './dispatch.js';
import type { Installation } from './installation.js';
import { watchOffers } from './offers.js';
import { takeOwnership } from './owner.js';
import { readReactions } from './show/read-reactions.js';
import { openShow, type Show } from './show/show.js';
import { listen, socketPath, type Handles } from './socket.js';
import type { Verb } from './verb.js';
import { openWakers, requireSharedQueue, type FoundWakers } from './wakers.js';
import { dataFolder, openInstallation, openRecords, readInstallation, type Opened } from './wire.js';

/** What bots and workers do with the engine; handed in by `bin`. */
export interface JobList {
  advance(engine: Engine, run: string): Promise<void>;
  runStep(engine: Engine, job: StepJob, drain: AbortSignal): Promise<void>;
  reconcile(engine: Engine, which?: 'everything' | 'what-could-move'): Promise<Reconciled>;
  refreshBoard(rooms: Pick<Show, 'touch'>, run: string): void;
}

/** How long rooms are brought up to date at the end, in ms. */
const lastWordsMs = 2_000;

/** A bot that runs. */
export interface Bot {
  opened: Opened;
  installation: Installation;
  wakers: FoundWakers;
  reconciled: Reconciled;
  show: Show;
  /** What the bot answers on its socket; more can be added. */
  handles: Handles;
  /** Takes nothing new, lets requests end, gives local commands the drain time, then stops them as interrupted. */
  stop(): Promise<void>;
}

interface BotOptions {
  environment: Environment;
  verbs: readonly Verb[];
  jobs: JobList;
  log: Log;
  /** Whether this process runs steps too. */
  withWorker: boolean;
  concurrency: number;
  drainMs: number;
  /** How often what is open and could move is woken, in ms: a lost wake-up is found again by then at the latest. */
  reconcileMs: number;
}

/**
 * Starts the bot: owns the folder, finds a queue, listens on the socket, reconciles, and goes on until it is stopped.
 * @throws SlipwayError journal-owned | config-invalid | queue-unreachable | store-unsafe
 */
export async function startBot(options: BotOptions): Promise<Bot> {
  const { environment, verbs, log } = options;
  const names = new Set(verbs.map((verb) => verb.name));
  const data = dataFolder(environment);
  const installation = await readInstallation(environment, names);
  const records = await openRecords(installation, environment);
  await records.probe();
  const path = socketPath(data);
  if (installation.journal.kind === 'folder') await takeOwnership(records, path, systemClock.now());
  const wakers = await openWakers(environment, data, installation.name, log, 'bot');
  try {
    return await runBot(options, installation, wakers, path);
  } catch (error) {
    // A Redis that was started for nothing would go on without us.
    await wakers.close({ stopServer: true });
    throw error;
  }
}

async function runBot(
  options: BotOptions,
  installation: Installation,
  wakers: FoundWakers,
  path: string,
): Promise<Bot> {
  const { environment, verbs, jobs, log } = options;
  const names = new Set(verbs.map((verb) => verb.name));
  const opened = await openInstallation(environment, names, 'bot', wakers, log);
  requireSharedQueue(installation, environment);
  const { engine } = opened;
  await answerLeftovers(opened, verbs);
  const show = openShow(opened);
  const drain = new AbortController();
  const runStep = (job: StepJob): Promise<void> => jobs.runStep(engine, job, drain.signal);
  const consumer = await wakers.queue.work({
    advance: async (run) => {
      await jobs.advance(engine, run);
      jobs.refreshBoard(show, run);
    },
    ...((options.withWorker || !wakers.shared) && { runStep }),
    concurrency: options.concurrency,
  });
  const handles: Handles = new Map([['/', async (body) => hear(opened, verbs, body)]]);
  const server = await listen(path, handles);
  const reconciled = await jobs.reconcile(engine);
  // Chats take their time; whoever is slow holds up nobody.
  void readReactions({ opened, verbs });
  const offers = watchOffers(opened, () => show.touchAll());
  const timer = keepReconciled(options, engine, wakers);
  return {
    opened,
    installation,
    wakers,
    reconciled,
    show,
    handles,
    stop: () => stopBot({ server, consumer, show, offers, drain, timer, wakers, drainMs: options.drainMs }),
  };
}

/** Looks every second whether the queue's server forgot us, and wakes everything open then; from time to time, what could move. */
function keepReconciled(
  { jobs, reconcileMs, log }: BotOptions,
  engine: Engine,
  wakers: FoundWakers,
): NodeJS.Timeout {
  let last = performance.now();
  let isBusy = false;
  let owed = false;
  const look = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    try {
      // It says so once: what is owed stays owed until a reconciliation has succeeded.
      if (!(await engine.queue.remembers())) owed = true;
      if (!owed && performance.now() - last < reconcileMs) return;
      await jobs.reconcile(engine, owed ? 'everything' : 'what-could-move');
      owed = false;
      last = performance.now();
    } catch (error) {
      // What was recorded while the queue was away has woken nobody.
      owed = true;
      log.warn({ err: error }, `not reconciled: ${asSlipwayError(error).message}`);
      if (await revived(wakers, log)) log.warn('the Redis of our own had ended; it was started again');
    } finally {
      isBusy = false;
    }
  };
  return setInterval(() => void look(), 1_000);
}

async function revived(wakers: FoundWakers, log: Log): Promise<boolean> {
  try {
    return await wakers.revive();
  } catch (error) {
    log.warn({ err: error }, 'the Redis of our own could not be started again');
    return false;
  }
}

interface Stopping {
  server: Server;
  consumer: QueueWorker;
  show: Show;
  offers: { stop(): void };
  drain: AbortController;
  timer: NodeJS.Timeout;
  wakers: FoundWakers;
  drainMs: number;
}

async function stopBot({
  server,
  consumer,
  show,
  offers,
  drain,
  timer,
  wakers,
  drainMs,
}: Stopping): Promise<void> {
  clearInterval(timer);
  offers.stop();
  server.close();
  server.closeAllConnections();
  await drained(consumer, drain, drainMs);
  await lastWords(show);
  await show.stop();
  await wakers.close({ stopServer: true });
}

/** Rooms show what stands now, if their chats answer in time; else it is shown after the next start. */
async function lastWords(show: Show): Promise<void> {
  const late = new AbortController();
  await Promise.race([
    show.settled(),
    pause(lastWordsMs, undefined, { signal: late.signal }).catch(() => undefined),
  ]);
  late.abort();
}

/** Closes a consumer; what still runs after `drainMs` is told to stop. */
export async function drained(consumer: QueueWorker, drain: AbortController, drainMs: number): Promise<void> {
  const timer = setTimeout(() => drain.abort(), drainMs);
  try {
    await consumer.close();
  } finally {
    clearTimeout(timer);
  }
}
