import { join } from 'node:path';
import pino from 'pino';
import { z } from 'zod';
import { verbs } from '../../commands/index.js';
import { openInstallation } from '../../src/app/wire.js';
import { readEnvironment } from '../../src/config.js';
import { advance } from '../../src/engine/advance.js';
import type { Engine, EngineSettings } from '../../src/engine/engine.js';
import { lineJournal, runJournal } from '../../src/engine/journals.js';
import { systemClock } from '../../src/engine/ports/clock.js';
import type { Leases } from '../../src/engine/ports/leases.js';
import type { Queue } from '../../src/engine/ports/queue.js';
import { runStep } from '../../src/engine/run-step.js';
import { start } from '../../src/engine/start.js';
import type { RunEvent } from '../../src/release/run-events.js';
import type { RunState } from '../../src/release/run-state.js';
import { memoryLeases } from '../../src/queue/memory/leases.js';
import { memoryQueue } from '../../src/queue/memory/queue.js';
import { stepKinds } from '../../src/steps/index.js';
import { defineStep, type AnyStepKind } from '../../src/steps/step.js';
import { newSandbox, setYaml } from '../conversation/room.js';
import { until } from '../conversation/until.js';

/** What the effects of the test's own steps do, and what they left. */
export interface Outside {
  /** How often each effect was sent, by step id. */
  sent: Map<string, number>;
  /** How often each step has come to its effect, whoever ran it. */
  turns: Map<string, number>;
  /** Runs within an attempt, right before its effect. */
  before(step: string, turn: number): Promise<void>;
}

/** Several bots and workers over one folder, each with journals of its own, as processes would have them. */
export interface Crew {
  outside: Outside;
  bots: Engine[];
  workers: Engine[];
  queue: Queue;
  leases: Leases;
  warnings: string[];
  /** Starts a cut as the first bot. */
  cut(): Promise<string>;
  /** Consumes the queue: every job goes to `times` of them at the same moment. */
  work(times?: number): Promise<void>;
  until(run: string, is: (state: RunState) => boolean): Promise<RunState>;
  done(run: string): Promise<RunEvent[]>;
  /** One more bot, with a queue that remembers nothing. */
  another(queue?: Queue): Promise<Engine>;
  close(): Promise<void>;
}

const ana = { issuer: 'local', workspace: 'sandbox', user: 'ana', name: 'Ana' } as const;

/** Steps `post` (searched) and `put` (conditional) with an effect that is counted. */
function kindsOn(outside: Outside): AnyStepKind[] {
  const make = (name: string, effect: 'searched' | 'conditional'): AnyStepKind =>
    defineStep({
      name,
      config: z.strictObject({}),
      needs: [] as const,
      public: () => 'reversible',
      effect: () => effect,
      plan: () => `Make the effect of ${name}`,
      find: async ({ id }) =>
        outside.sent.has(id) ? { is: 'same', output: {}, proof: 'there' } : { is: 'absent' },
      run: async ({ id, effect: send }) => {
        const turn = (outside.turns.get(id) ?? 0) + 1;
        outside.turns.set(id, turn);
        await outside.before(id, turn);
        await send(async () => {
          // What refuses a second one does so here.
          if (effect === 'searched' || !outside.sent.has(id))
            outside.sent.set(id, (outside.sent.get(id) ?? 0) + 1);
        });
        return { result: 'done', output: {}, proof: 'made' };
      },
    });
  return [...stepKinds, make('post', 'searched'), make('put', 'conditional')];
}

/** Opens a crew whose cut has these steps. */
export async function openCrew(options: {
  steps: Record<string, unknown>[];
  bots?: number;
  workers?: number;
  /** How far the clock of each worker, and of each bot, is ahead in ms. */
  aheadMs?: { bots: number; workers: number };
  settings?: Partial<EngineSettings>;
}): Promise<Crew> {
  const sandbox = await newSandbox();
  await setYaml(sandbox.process, ['operations', 'cut', 'steps'], options.steps);
  const environment = readEnvironment({
    PATH: process.env['PATH'],
    SLIPWAY_CONFIG: sandbox.config,
    SLIPWAY_DATA: join(sandbox.folder, 'data'),
  });
  const outside: Outside = { sent: new Map(), turns: new Map(), before: async () => undefined };
  const warnings: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) });
  const fresh = (): Queue =>
    memoryQueue(systemClock, { sweepEveryMs: 20, sweepAgainMs: 200, retryFirstMs: 20, retryCapMs: 200 });
  const queue = fresh();
  const leases = memoryLeases(systemClock);
  const queues = [queue];
  const names = new Set(verbs.map((verb) => verb.name));
  const settings = { retryScale: 0.02, graceMs: 300, ...options.settings };
  const open = async (role: 'bot' | 'worker', aheadMs: number, on: Queue): Promise<Engine> => {
    const { engine } = await openInstallation(environment, names, role, { queue: on, leases }, log, {
      kinds: kindsOn(outside),
      settings,
    });
    const clock = { now: () => Date.now() + aheadMs, monotonic: systemClock.monotonic };
    const deps = { records: engine.records, keys: engine.keys, clock };
    return { ...engine, clock, runs: runJournal(deps), lines: lineJournal(deps) };
  };
  const ahead = options.aheadMs ?? { bots: 0, workers: 0 };
  const bots: Engine[] = [];
  const workers: Engine[] = [];
  for (let n = 0; n < (options.bots ?? 1); n += 1) bots.push(await open('bot', ahead.bots, queue));
  for (let n = 0; n < (options.workers ?? 1); n += 1)
    workers.push(await open('worker', ahead.workers, queue));
  const [first] = bots;
  if (first === undefined) throw new Error('a crew has a bot');
  const drain = new AbortController();
  const crew: Crew = {
    outside,
    bots,
    workers,
    queue,
    leases,
    warnings,
    async cut() {
      const started = await start(first, {
        request: 'one',
        project: 'kestrel',
        operation: 'cut',
        kind: 'start',
        target: '0.44.0',
        inputs: {},
        by: ana,
      });
      if (started.answer !== 'started') throw new Error(started.answer);
      return started.run;
    },
    async work(times = 1) {
      const all = async (crowd: Engine[], job: (engine: Engine) => Promise<void>): Promise<void> => {
        const each = Array.from({ length: times }, (_, n) => crowd[n % crowd.length] ?? first);
        const ended = await Promise.allSettled(each.map(job));
        const failed = ended.find((one) => one.status === 'rejected');
        if (failed !== undefined) throw failed.reason;
      };
      if (times > 1) {
        await queue.work({
          advance: (run) => all(bots, (engine) => advance(engine, run)),
          runStep: (job) => all(workers, (engine) => runStep(engine, job, drain.signal)),
          concurrency: 4,
        });
        return;
      }
      for (const engine of bots) await queue.work({ advance: (run) => advance(engine, run), concurrency: 2 });
      for (const engine of workers)
        await queue.work({ runStep: (job) => runStep(engine, job, drain.signal), concurrency: 1 });
    },
    until: (run, is) =>
      until(
        `${run} is as wanted`,
        async () => {
          const state = await first.runs.load(run);
          return state !== undefined && is(state) && state;
        },
        async () => JSON.stringify((await first.runs.load(run))?.steps, undefined, 1) + warnings.join('\n'),
      ),
    async done(run) {
      await crew.until(run, (state) => state.finished?.outcome === 'done');
      const events: RunEvent[] = [];
      await first.runs.replay(run, (_, event) => void events.push(event));
      return events;
    },
    async another(on) {
      const other = on ?? fresh();
      queues.push(other);
      return open('bot', ahead.bots, other);
    },
    async close() {
      drain.abort();
      for (const one of queues) await one.close();
    },
  };
  return crew;
}
