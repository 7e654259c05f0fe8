import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { parseDocument } from 'yaml';
import { verbs } from '../../commands/index.js';
import { jobs } from '../../jobs/index.js';
import { hear } from '../../src/app/dispatch.js';
import type { Reply } from '../../src/app/verb.js';
import { readReactions } from '../../src/app/show/read-reactions.js';
import { openShow, type Show } from '../../src/app/show/show.js';
import { openInstallation, type Opened } from '../../src/app/wire.js';
import { isAtRest } from '../../src/chat/terminal/follow.js';
import { board } from '../../src/chat/views/board.js';
import { stopped } from '../../src/chat/views/stopped.js';
import { readEnvironment } from '../../src/config.js';
import type { Engine, EngineSettings } from '../../src/engine/engine.js';
import type { StepJob } from '../../src/engine/ports/queue.js';
import { systemClock } from '../../src/engine/ports/clock.js';
import { shortSeal } from '../../src/release/canonical.js';
import type { RunEvent } from '../../src/release/run-events.js';
import { stepOf, type RunState, type StepStatus } from '../../src/release/run-state.js';
import { memoryLeases } from '../../src/queue/memory/leases.js';
import { memoryQueue } from '../../src/queue/memory/queue.js';
import { makeSandbox, type Sandbox } from '../../src/sandbox/make-sandbox.js';
import type { AnyStepKind } from '../../src/steps/step.js';
import { openOrigin, type Origin } from './origin.js';
import { openTalk, type Talk } from './talking.js';
import { until } from './until.js';
import { parse } from './words.js';

/** A sandbox with its bot and a worker in this process, and people who talk to it. */
export interface Room extends Talk {
  sandbox: Sandbox;
  opened: Opened;
  engine: Engine;
  origin: Origin;
  /** What the operator's log says. */
  warnings: string[];
  /** How far the bot's clock is ahead, in ms. */
  clock: { aheadMs: number };
  /** Says something as a person; words are read as a shell would. */
  says(person: string, line: string, request?: string): Promise<Reply>;
  /** Says something that starts a run; returns the run. Fails when it does not. */
  starts(person: string, line: string): Promise<string>;
  /** Waits until the run is as wanted. */
  until(run: string, is: (state: RunState) => boolean): Promise<RunState>;
  /** Waits until a step stands so. */
  step(run: string, step: string, status: StepStatus): Promise<RunState>;
  /** Waits until the run goes nowhere by itself. */
  rest(run: string): Promise<RunState>;
  /** Waits until the run is over, and fails when it is not over in this way. */
  over(run: string, outcome?: string): Promise<RunState>;
  state(run: string): Promise<RunState>;
  /** The run's events, oldest first. */
  events(run: string): Promise<RunEvent[]>;
  /** The seal of the run's open question, as people read it. */
  seal(run: string, gate?: string): Promise<string>;
  /** Board and what stands in the way, as lines. */
  shows(run: string): Promise<string[]>;
  /** Changes slipway.yaml or the process file as its text. */
  edit(file: 'slipway.yaml' | 'kestrel.yml', change: (text: string) => string): Promise<void>;
  /** Sets one value in slipway.yaml or the process file. */
  set(file: 'slipway.yaml' | 'kestrel.yml', path: (string | number)[], value: unknown): Promise<void>;
  /** What rooms show has caught up with the journal. */
  shown(): Promise<void>;
  /** The version that a channel serves. */
  serves(channel: 'stable' | 'internal'): Promise<string>;
  /** Stops the bot as SIGTERM does, with this time for commands. */
  stop(drainMs?: number): Promise<void>;
  /** Leaves the bot as it stands, as `kill -9` does: what it was doing never ends. */
  crash(): void;
  /** A bot again, over what is there. */
  start(): Promise<void>;
}

/** What a test may have otherwise. */
export interface RoomOptions {
  settings?: Partial<EngineSettings>;
  kinds?: readonly AnyStepKind[];
  environment?: Record<string, string>;
  /** How many workers run steps, each with a claim name of its own. */
  workers?: number;
  /** The journal's folder instead of the sandbox's own. */
  journal?: string;
  /** Called at each named moment of a step. */
  at?: Engine['at'];
  /** `preset`: the sandbox's own process, which extends a preset, instead of the flat file of the fixtures. */
  process?: 'flat' | 'preset';
}

let template: Promise<string> | undefined;
const rooms: Room[] = [];
const folders: string[] = [];

async function makeTemplate(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-template-'));
  folders.push(folder);
  const { repo, process: file } = await makeSandbox(join(folder, 'sandbox'), {
    path: process.env['PATH'] ?? '',
  });
  // A process in one flat file, so that a test can change any line of it.
  await cp(fileURLToPath(new URL('../fixtures/kestrel.yml', import.meta.url)), file);
  const origin = openOrigin(repo);
  // Its own tests take two processes and most of the time of a build.
  const build = await origin.read('main', 'scripts/build.mjs');
  await origin.commit(
    'main',
    { 'scripts/build.mjs': build.replace('\ntest();\n', '\n') },
    'Build without tests',
  );
  return join(folder, 'sandbox');
}

/** A new sandbox: one is made for a test file, the others are copies of it. */
export async function newSandbox(): Promise<Sandbox> {
  template ??= makeTemplate();
  const from = await template;
  const folder = await mkdtemp(join(tmpdir(), 'slipway-room-'));
  folders.push(folder);
  await cp(from, folder, { recursive: true });
  return {
    folder,
    config: join(folder, 'slipway.yaml'),
    process: join(folder, 'kestrel.yml'),
    repo: join(folder, 'origin', 'kestrel.git'),
    storage: { releases: join(folder, 'storage', 'releases'), latest: join(folder, 'storage', 'latest') },
  };
}

/** Stops every bot of this file and removes what it left; for afterEach. */
export async function leaveRooms(): Promise<void> {
  for (const room of rooms.splice(0)) await room.stop(0);
}

/** Removes every folder of this file; for afterAll. */
export async function removeSandboxes(): Promise<void> {
  template = undefined;
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
}

/** Replaces a text file as a whole: who reads it meanwhile sees the old or the new one. */
async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

/** Sets a value in a YAML file. */
export async function setYaml(file: string, path: (string | number)[], value: unknown): Promise<void> {
  const document = parseDocument(await readFile(file, 'utf8'));
  document.setIn(path, value);
  await replace(file, document.toString());
}

/** A running bot, and how to end it. */
interface Running {
  opened: Opened;
  show: Show;
  stop(drainMs: number): Promise<void>;
  crash(): void;
}

/** Makes a sandbox and opens it with the real engine over the in-process queue. */
export async function openRoom(options: RoomOptions = {}): Promise<Room> {
  const sandbox = await newSandbox();
  if (options.process === 'preset')
    await cp(fileURLToPath(new URL('../../presets/sandbox/kestrel.yml', import.meta.url)), sandbox.process);
  if (options.journal !== undefined) await setYaml(sandbox.config, ['journal'], { folder: options.journal });
  const clock = { aheadMs: 0 };
  const warnings: string[] = [];
  let running: Running | undefined = await run(sandbox, options, clock, warnings);
  const now = (): Opened => {
    if (running === undefined) throw new Error('the bot is stopped');
    return running.opened;
  };
  const state = async (id: string): Promise<RunState> => {
    const found = await now().engine.runs.load(id);
    if (found === undefined) throw new Error(`there is no run ${id}`);
    return found;
  };
  const shows = async (id: string): Promise<string[]> => {
    const found = await state(id);
    return [...board(found), ...stopped(found)];
  };
  const room: Room = {
    ...openTalk(() => ({ opened: now(), verbs })),
    sandbox,
    get opened() {
      return now();
    },
    get engine() {
      return now().engine;
    },
    origin: openOrigin(sandbox.repo),
    warnings,
    clock,
    async says(person, line, request = randomUUID()) {
      const by = { issuer: 'local', workspace: 'sandbox', user: person, name: person };
      return hear(now(), verbs, { request, ...parse(line, verbs), by });
    },
    async starts(person, line) {
      const reply = await room.says(person, line);
      if (reply.follow === undefined) throw new Error(reply.lines.join('\n'));
      return reply.follow;
    },
    until: (id, is) =>
      until(
        `${id} is as wanted`,
        async () => {
          const found = await now().engine.runs.load(id);
          return found !== undefined && is(found) && found;
        },
        async () => [...(await shows(id).catch(String)), ...warnings].join('\n'),
      ),
    step: (id, step, status) => room.until(id, (now) => stepOf(now, step)?.status === status),
    rest: (id) => room.until(id, isAtRest),
    async over(id, outcome = 'done') {
      const found = await room.until(
        id,
        (one) => one.finished !== undefined || (isAtRest(one) && stopped(one).length > 0),
      );
      if (found.finished?.outcome !== outcome) throw new Error((await shows(id)).join('\n'));
      return found;
    },
    state,
    async events(id) {
      const events: RunEvent[] = [];
      await now().engine.runs.replay(id, (_, event) => void events.push(event));
      return events;
    },
    async seal(id, gate = 'approve') {
      const found = await room.until(id, (one) => one.gates[gate] !== undefined);
      return shortSeal(found.gates[gate]?.seal ?? '');
    },
    shows,
    edit: async (file, change) => {
      const path = join(sandbox.folder, file);
      await replace(path, change(await readFile(path, 'utf8')));
    },
    set: (file, path, value) => setYaml(join(sandbox.folder, file), path, value),
    async shown() {
      await running?.show.settled();
    },
    async serves(channel) {
      const key = channel === 'stable' ? 'kestrel.tar.gz' : 'internal/kestrel.tar.gz';
      const services = await now().services.of('kestrel', '');
      return (await (await services.storage('latest')).head(key))?.metadata['version'] ?? '';
    },
    async stop(drainMs = 0) {
      const old = running;
      running = undefined;
      await old?.stop(drainMs);
    },
    crash() {
      running?.crash();
      running = undefined;
    },
    async start() {
      running = await run(sandbox, options, clock, warnings);
    },
  };
  rooms.push(room);
  return room;
}

/** What src/app/bot.ts does without a socket and an owner, so that it can be stopped and started within one process. */
async function run(
  sandbox: Sandbox,
  options: RoomOptions,
  ahead: { aheadMs: number },
  warnings: string[],
): Promise<Running> {
  const environment = readEnvironment({
    PATH: process.env['PATH'],
    SLIPWAY_CONFIG: sandbox.config,
    SLIPWAY_DATA: join(sandbox.folder, 'data'),
    ...options.environment,
  });
  const clock = { now: () => Date.now() + ahead.aheadMs, monotonic: systemClock.monotonic };
  const queue = memoryQueue(clock, { sweepEveryMs: 50, retryFirstMs: 50, retryCapMs: 500 });
  const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) });
  const names = new Set(verbs.map((verb) => verb.name));
  const settings = { graceMs: 400, retryScale: 0.05, ...options.settings };
  const { kinds } = options;
  const opened = await openInstallation(
    environment,
    names,
    'bot',
    { queue, leases: memoryLeases(clock) },
    log,
    { settings, ...(kinds !== undefined && { kinds }) },
  );
  const engine: Engine = { ...opened.engine, clock, ...(options.at !== undefined && { at: options.at }) };
  const drain = new AbortController();
  const here: Opened = { ...opened, engine };
  const show = openShow(here);
  const advance = async (id: string): Promise<void> => {
    await jobs.advance(engine, id);
    show.touch(id);
  };
  const consumers = [await queue.work({ advance, concurrency: 4 })];
  const count = options.workers ?? 1;
  for (let n = 1; n <= count; n += 1) {
    const worker: Engine = { ...engine, worker: `worker-${n}` };
    const runStep = (job: StepJob): Promise<void> => jobs.runStep(worker, job, drain.signal);
    consumers.push(await queue.work({ runStep, concurrency: count > 1 ? 1 : 4 }));
  }
  const { leftAlone } = await jobs.reconcile(engine);
  await readReactions({ opened: here, verbs });
  // As the banner says it.
  warnings.push(...leftAlone.map((one) => `${one.run} is left alone: ${one.why}`));
  return {
    opened: here,
    show,
    crash() {
      void show.stop().catch(() => undefined);
      // A step that hangs never ends, so nobody waits for it; what is done after the stop is nothing.
      void Promise.all(consumers.map((consumer) => consumer.close())).catch(() => undefined);
      void queue.close().catch(() => undefined);
    },
    async stop(drainMs) {
      const timer = setTimeout(() => drain.abort(), drainMs);
      await Promise.all(consumers.map((consumer) => consumer.close()));
      clearTimeout(timer);
      await show.stop();
      await queue.close();
    },
  };
}
