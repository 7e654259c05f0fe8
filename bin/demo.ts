import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ask, socketPath } from '../src/app/socket.js';
import type { Opened } from '../src/app/wire.js';
import { follow, isAtRest } from '../src/chat/terminal/follow.js';
import { question } from '../src/chat/views/question.js';
import { span } from '../src/chat/views/marks.js';
import { readEnvironment, type Environment } from '../src/config.js';
import { count } from '../src/engine/gate.js';
import { readSealed } from '../src/engine/read-outputs.js';
import { SlipwayError } from '../src/error.js';
import type { RunState } from '../src/release/run-state.js';
import { shortSeal } from '../src/release/canonical.js';
import { makeSandbox, type Sandbox } from '../src/sandbox/make-sandbox.js';
import { whatExists } from '../src/sandbox/what-exists.js';
import { openReader } from './environment.js';
import { act } from './say.js';

/** How many worker processes the demo starts where a Redis is found. */
const workers = 2;

/** The main job from end to end on a real repository, with a worker killed on the way. Exit code 0: everything exists and was read back. */
export async function demo(folder: string | undefined): Promise<number> {
  const begun = performance.now();
  const place = folder ?? (await mkdtemp(join(tmpdir(), 'slipway-demo-')));
  title('A project with a history, a bare origin and a build');
  const sandbox = await makeSandbox(place, { path: readEnvironment().path });
  const environment = readEnvironment({
    ...process.env,
    SLIPWAY_CONFIG: sandbox.config,
    SLIPWAY_DATA: join(sandbox.folder, 'data'),
  });
  tell(`origin   ${sandbox.repo}`, `process  ${sandbox.process}`, `policy   ${sandbox.config}`);
  const stage = new Stage(sandbox, environment);
  try {
    title('slipway start');
    await stage.start();
    const reader = await openReader(environment);
    await cut(stage, reader);
    const promoted = await promote(stage, reader);
    title('What exists now, each thing read back');
    const found = await whatExists(sandbox, reader, promoted);
    tell(...found.lines);
    tell(
      '',
      `${span(performance.now() - begun)} in all. Look around: cd ${place}`,
      'and then, with SLIPWAY_CONFIG=slipway.yaml SLIPWAY_DATA=data: slipway start, slipway status, slipway release …',
    );
    return found.complete ? 0 : 1;
  } finally {
    await stage.stop();
  }
}

async function cut(stage: Stage, reader: Opened): Promise<void> {
  title('ana: slipway release cut');
  const run = await stage.says('ana', 'release', { operation: 'cut' });
  let isKilled = false;
  const state = await show(reader, run, async (now) => {
    const building = now.steps.find((step) => step.outline.id === 'build' && step.status === 'claimed');
    if (!isKilled && building !== undefined) {
      isKilled = true;
      await stage.killWorker(building.worker);
    }
    return isAtRest(now);
  });
  requireDone(state);
  if (!isKilled)
    throw new SlipwayError('internal', 'The worker was not killed: the build was too fast to be seen.');
}

async function promote(stage: Stage, reader: Opened): Promise<RunState> {
  title('ana: slipway release promote');
  const run = await stage.says('ana', 'release', { operation: 'promote' });
  const waiting = await show(reader, run, isAtRest);
  const gate = waiting.gates['approve'];
  if (gate === undefined) throw stuck(waiting);
  tell(
    '',
    ...question(
      waiting,
      gate,
      await readSealed(reader.engine, gate.seal),
      await count(reader.engine, waiting, gate),
    ),
    '',
  );
  const seal = shortSeal(gate.seal);
  title(`ana: slipway approve --seal ${seal}`);
  const own = await act(stage.environment, {
    verb: 'approve',
    args: { run, seal },
    as: 'ana',
    request: randomUUID(),
  });
  tell(...own.lines);
  if (own.exit === 0) throw new SlipwayError('internal', 'The requester could approve her own release.');
  title(`ben: slipway approve --seal ${seal}`);
  await stage.says('ben', 'approve', { run, seal });
  const state = await show(reader, run, isAtRest);
  requireDone(state);
  return state;
}

async function show(
  reader: Opened,
  run: string,
  each: (state: RunState) => Promise<boolean> | boolean,
): Promise<RunState> {
  // One line a change: the demo says things in between, which a board that is redrawn would swallow.
  const screen = { stream: process.stdout, live: false };
  const state = await follow(() => reader.engine.runs.load(run), screen, each);
  if (state === undefined) throw new SlipwayError('internal', `${run} was never created.`);
  return state;
}

function requireDone(state: RunState): void {
  if (state.finished?.outcome !== 'done') throw stuck(state);
}

function stuck(state: RunState): SlipwayError {
  const failed = state.steps.find((step) => step.status === 'failed');
  return new SlipwayError(
    'internal',
    `${state.created.run} stopped: ${failed?.failure?.message ?? 'it does not go on'}.`,
  );
}

/** The process of `slipway start` that the demo runs beside itself. */
class Stage {
  readonly #sandbox: Sandbox;
  readonly environment: Environment;
  #child: ChildProcess | undefined;

  constructor(sandbox: Sandbox, environment: Environment) {
    this.#sandbox = sandbox;
    this.environment = environment;
  }

  async start(): Promise<void> {
    const { config, folder } = this.#sandbox;
    const child = fork(process.argv[1] ?? '', ['start', '--workers', String(workers)], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: {
        ...process.env,
        SLIPWAY_CONFIG: config,
        SLIPWAY_DATA: join(folder, 'data'),
        SLIPWAY_LOG: 'silent',
      },
    });
    this.#child = child;
    await new Promise<void>((resolve, refuse) => {
      child.stdout?.on('data', (text: Buffer) => {
        process.stdout.write(text.toString().replaceAll(folder, '.'));
        if (text.includes('Ready.')) resolve();
      });
      child.once('exit', () =>
        refuse(new SlipwayError('internal', 'slipway start ended before it was ready.')),
      );
    });
  }

  /** Says something as a person; returns the run that it is about. */
  async says(person: string, verb: string, args: Record<string, string>): Promise<string> {
    const reply = await act(this.environment, { verb, args, as: person, request: randomUUID() });
    tell(...reply.lines);
    if (reply.exit !== 0 || reply.follow === undefined)
      throw new SlipwayError('refused', reply.lines.join(' '));
    return reply.follow;
  }

  /** Kills the process that holds a step, as a machine would that loses its power. */
  async killWorker(worker: string): Promise<void> {
    const pid = Number(/-(\d+)-/.exec(worker)?.[1]);
    const isOwner = pid === this.#child?.pid;
    const gone = isOwner ? this.#ended() : Promise.resolve();
    process.kill(pid, 'SIGKILL');
    tell(
      `  ⚡ kill -9 ${pid}: ${isOwner ? 'the bot is gone, and with it the build that it ran' : 'the worker that builds is gone'}`,
    );
    if (!isOwner) return;
    await gone;
    tell('  slipway start, again');
    await this.start();
  }

  async stop(): Promise<void> {
    if (this.#child === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = this.#ended();
    this.#child.kill('SIGTERM');
    const late = setTimeout(() => this.#child?.kill('SIGKILL'), 20_000);
    await gone;
    clearTimeout(late);
    // Nobody listens any more.
    while (
      (await ask(socketPath(join(this.#sandbox.folder, 'data')), {}).catch(() => undefined)) !== undefined
    )
      await pause(50);
  }

  #ended(): Promise<void> {
    const child = this.#child;
    return new Promise((resolve) => (child === undefined ? resolve() : child.once('exit', () => resolve())));
  }
}

function title(text: string): void {
  process.stdout.write(`\n── ${text}\n`);
}

function tell(...lines: string[]): void {
  process.stdout.write(
    `${lines.map((line) => line.replaceAll(`${relative('/', process.cwd())}/`, '')).join('\n')}\n`,
  );
}
