import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ask, socketPath } from '../src/app/socket.js';
import type { Reply } from '../src/app/verb.js';
import type { Environment } from '../src/config.js';
import { SlipwayError } from '../src/error.js';
import type { Sandbox } from '../src/sandbox/make-sandbox.js';
import { act } from './say.js';

/** How many worker processes the demo starts where a Redis is found. */
const workers = 2;

/** The process of `slipway start` that the demo runs beside itself. */
export class Stage {
  readonly #sandbox: Sandbox;
  readonly environment: Environment;
  readonly #variables: Record<string, string | undefined>;
  #child: ChildProcess | undefined;

  /** `variables`: the environment of the process that is started, which `environment` was read from. */
  constructor(sandbox: Sandbox, environment: Environment, variables: Record<string, string | undefined>) {
    this.#sandbox = sandbox;
    this.environment = environment;
    this.#variables = variables;
  }

  async start(): Promise<void> {
    const { folder } = this.#sandbox;
    const child = fork(process.argv[1] ?? '', ['start', '--no-web', '--workers', String(workers)], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: {
        ...this.#variables,
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

  /** Says something as a person and prints the answer, whatever it is. */
  async hears(person: string, verb: string, args: Record<string, string>): Promise<Reply> {
    const reply = await act(this.environment, { verb, args, as: person, request: randomUUID() });
    tell(...reply.lines);
    return reply;
  }

  /** Says something as a person; returns the run that it is about. */
  async says(person: string, verb: string, args: Record<string, string>): Promise<string> {
    const reply = await this.hears(person, verb, args);
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

/** Prints the heading of a scene. */
export function title(text: string): void {
  process.stdout.write(`\n── ${text}\n`);
}

/** Prints lines; paths below this folder are shortened. */
export function tell(...lines: string[]): void {
  process.stdout.write(
    `${lines.map((line) => line.replaceAll(`${relative('/', process.cwd())}/`, '')).join('\n')}\n`,
  );
}
