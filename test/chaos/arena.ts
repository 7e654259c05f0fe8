import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { newJournalKey } from '../../src/engine/keys.js';
import type { Engine } from '../../src/engine/engine.js';
import type { RunState } from '../../src/release/run-state.js';
import { SlipwayError } from '../../src/error.js';
import { startRedis, type TestRedis } from '../servers/redis.js';
import { buildEngine, keyFiles } from './build-engine.js';
import type { ChildSettings, Mutation } from './child-settings.js';
import { makeCrew, type Crew } from './crew.js';
import { judge } from './judge.js';
import { startOrigin, type Origin } from './origin.js';
import { makePerson, stuck, type Person } from './people.js';
import { atTheEnd, killed, startScript } from './processes.js';
import type { Random } from './random.js';
import { tellRedis } from './redis-words.js';
import { namesOf } from './release-plan.js';
import type { Outcome } from './result.js';
import { makeTrapFolders, setTrap, type Trap } from './traps.js';
import { until } from './until.js';
import { Answers } from './world-calls.js';
import { callWorld, reportOf } from './world-client.js';

/** What an arena is made of. */
export interface ArenaOptions {
  random: Random;
  bots: number;
  workers: number;
  /** Steps that a worker runs at once. */
  concurrency: number;
  mutation?: Mutation | undefined;
  /** Shares of writes that the world refuses, and that it makes and never answers. */
  refuses?: number;
  cuts?: number;
  /** Where the journal is, if not in the arena's folder. */
  journal?: string;
  /** Where the clients find Redis, if not at the server itself. */
  redis?: { url: string; server: TestRedis };
  redisArgs?: string[];
  /** Failures that the person retries. */
  retryCodes?: string[];
  /** The share of dead workers that a bot is told of at once, as by a parent that has seen them exit. */
  expels?: number;
  owns?: boolean;
  triples?: boolean;
  clockOf?: (name: string) => number;
}

/** The longest that the world commits after a request. The lease is longer, as DESIGN demands. */
const lateMs = 300;
const leaseMs = 2_000;
const settleMs = 2_500;

/** One world with its processes, in a folder of its own. */
export interface Arena {
  folder: string;
  redis: TestRedis;
  crew: Crew;
  origin: Origin;
  world: string;
  /** Ours: it consumes nothing. */
  engine: Engine;
  person: Person;
  trap(trap: Trap): void;
  /** Redis forgets everything. */
  flush(): Promise<void>;
  /** Tells the bots that a worker is dead, as its parent would. */
  expel(pid: number): Promise<void>;
  /** Delivers a request until somebody has answered it. */
  start(target: string): Promise<void>;
  /** Delivers it once more, to any bot, and cares for no answer. */
  deliver(target: string): Promise<void>;
  state(target: string): Promise<RunState | undefined>;
  /** Waits until every run is over and swept, or can never be. Returns how many are. */
  settled(targets: readonly string[], limitMs: number, onProgress?: (done: number) => void): Promise<number>;
  /** Waits until a run is finished, swept or not. */
  finished(target: string, limitMs: number): Promise<void>;
  /** Lets everybody end what he does, and judges. */
  judge(targets: readonly string[]): Promise<Outcome>;
  end(): Promise<void>;
}

/** Builds an arena and starts its crew. */
export async function openArena(options: ArenaOptions): Promise<Arena> {
  const { random } = options;
  const folder = mkdtempSync(join(tmpdir(), 'slipway-chaos-'));
  const forget = atTheEnd(() => rmSync(folder, { recursive: true, force: true }));
  makeTrapFolders(folder);
  for (const name of ['log', 'data']) await mkdir(join(folder, name));
  const key = newJournalKey();
  await writeFile(join(folder, keyFiles.secret), key.secret);
  await writeFile(join(folder, keyFiles.open), key.open);
  const own = options.redis === undefined ? await startRedis({ args: options.redisArgs ?? [] }) : undefined;
  const server = own ?? options.redis?.server;
  if (server === undefined) throw new Error('no redis');
  const origin = await startOrigin(folder);
  const world = await startWorld(folder, options);
  const base: Omit<ChildSettings, 'role' | 'name'> = {
    folder,
    journal: options.journal ?? join(folder, 'journal'),
    redis: options.redis?.url ?? server.url,
    world: world.address,
    origin: origin.url,
    leaseMs,
    settleMs,
    concurrency: options.concurrency,
    clockMs: 0,
    owns: options.owns ?? false,
    triples: options.triples ?? false,
    ...(options.mutation && { mutation: options.mutation }),
  };
  const { engine, close } = await buildEngine({ ...base, role: 'harness', name: 'harness' });
  const crew: Crew = makeCrew(base, (worker) => {
    if (!random.chance(options.expels ?? 0)) return;
    for (const bot of crew.members('bot')) crew.tell(bot.pid, { expel: worker });
  });
  const clock = options.clockOf ?? (() => 0);
  const add = (role: 'bot' | 'worker', name: string): Promise<void> =>
    crew.add(role, name, { clockMs: clock(name) });
  for (let n = 1; n <= options.bots; n += 1) await add('bot', `bot-${n}`);
  await Promise.all(Array.from({ length: options.workers }, (_, n) => add('worker', `worker-${n + 1}`)));
  const retryCodes = options.retryCodes ?? [];
  const person = makePerson(engine, world.address, retryCodes);
  const over = new Map<string, string>();

  async function seed(target: string): Promise<void> {
    const { pointer } = namesOf(target);
    const body = randomBytes(32).toString('base64');
    const who = { pid: 0, target: 'seed', step: 'channel' };
    const metadata = { version: '0.0.1' };
    // The world may refuse it, like any other request.
    await until('the pointer stands', 10_000, async () => {
      await callWorld(world.address, { op: 'create', key: pointer, body, metadata, who }, Answers.create);
      return true;
    });
  }

  async function start(target: string): Promise<void> {
    await seed(target);
    await until(`somebody starts ${target}`, 60_000, () => askAnyBot(target));
  }

  async function askAnyBot(target: string): Promise<string | undefined> {
    const ready = crew.members('bot').filter((bot) => bot.isReady);
    const bot = ready[random.index(ready.length)];
    if (bot === undefined) return undefined;
    return crew.ask({ ask: 0, request: `r-${target}`, target, commit: origin.commit }, bot.pid);
  }

  /** One look at a run. '' means that it goes on. */
  async function look(target: string): Promise<string> {
    const state = await engine.runs.load(namesOf(target).run);
    if (state === undefined) return '';
    const isSwept = state.steps.every((step) => step.settleAt === 0);
    if (state.finished !== undefined) return isSwept ? 'over' : '';
    await person.look(target, state);
    return stuck(state, retryCodes);
  }

  async function settled(
    targets: readonly string[],
    limitMs: number,
    onProgress: (done: number) => void = () => undefined,
  ): Promise<number> {
    const end = performance.now() + limitMs;
    for (;;) {
      for (const target of targets.filter((one) => !over.has(one))) {
        const how = await look(target).catch((error: unknown) => {
          const damaged = error instanceof SlipwayError && error.code === 'journal-damaged';
          return damaged ? error.message : '';
        });
        if (how !== '') over.set(target, how);
      }
      const done = targets.filter((target) => over.has(target)).length;
      onProgress(done);
      if (done === targets.length || performance.now() > end) return done;
      await pause(100);
    }
  }

  return {
    folder,
    redis: server,
    crew,
    origin,
    world: world.address,
    engine,
    person,
    trap: (trap) => setTrap(folder, trap),
    flush: async () => void (await tellRedis(server.port, 'FLUSHALL')),
    async expel(pid) {
      const name = await until(`${pid} is seen to be dead`, 5_000, () => crew.nameOf(pid), 5);
      for (const bot of crew.members('bot')) crew.tell(bot.pid, { expel: `${name}-${pid}-` });
    },
    start,
    deliver: async (target) => void (await askAnyBot(target)),
    state: (target) => engine.runs.load(namesOf(target).run),
    settled,
    async finished(target, limitMs) {
      await until(`${target} is finished`, limitMs, async () => {
        const state = await engine.runs.load(namesOf(target).run);
        if (state !== undefined && state.finished === undefined) await person.look(target, state);
        return state?.finished !== undefined || undefined;
      });
    },
    async judge(targets) {
      await crew.retireAll('worker');
      await crew.retireAll('bot');
      await until('the world has nothing left to do', 10_000, async () => {
        const { pending } = await reportOf(world.address);
        return pending.length === 0 ? true : undefined;
      });
      const outcome = await judge(engine, origin, await reportOf(world.address), targets);
      return { ...outcome, kills: crew.deaths(), asked: outcome.asked + person.retries() };
    },
    async end() {
      await crew.end();
      await close();
      await world.stop();
      await origin.stop();
      await own?.end();
      forget();
      if (process.env['CHAOS_KEEP'] === undefined) rmSync(folder, { recursive: true, force: true });
      else console.log(`kept ${folder}`);
    },
  };
}

async function startWorld(folder: string, options: ArenaOptions) {
  const { refuses = 0, cuts = 0, random } = options;
  const settings = { folder, seed: random.index(2 ** 31), lateMs, refuses, cuts };
  const child = startScript('world-main.ts', join(folder, 'log', 'world.log'), {
    WORLD: JSON.stringify(settings),
  });
  const { port } = await new Promise<{ port: number }>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the world ended')));
    child.once('message', (message) => resolve(z.object({ port: z.number() }).parse(message)));
  });
  return { address: `http://127.0.0.1:${port}/`, stop: () => killed(child) };
}
