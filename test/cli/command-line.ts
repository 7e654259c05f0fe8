import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { RunEvent } from '../../src/release/run-events.js';
import { newSandbox, setYaml } from '../conversation/room.js';
import { until } from '../conversation/until.js';

/** How a command ended. */
export interface Ended {
  exit: number | null;
  out: string;
  err: string;
}

/** A `slipway start` or `slipway worker` that runs. */
export interface Running {
  pid: number;
  /** Everything that it has said so far. */
  said(): string;
  /** SIGTERM, and waits for the end. */
  stop(): Promise<Ended>;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
  ended: Promise<Ended>;
}

/** An installation that is used by processes of its own. */
export interface CommandLine {
  /** Where commands run. */
  cwd: string;
  /** Where slipway.yaml is. */
  folder: string;
  variables: Record<string, string>;
  /** Runs a command to its end. */
  slipway(...words: string[]): Promise<Ended>;
  /** Runs a command whose answer is JSON. */
  asks(...words: string[]): Promise<unknown>;
  /** Starts bot or worker, and waits until it says that it is ready. */
  start(words?: string[], variables?: Record<string, string>): Promise<Running>;
  events(run: string): Promise<RunEvent[]>;
  /** Makes the build of a cut wait until `go` exists in the folder. */
  holdBuild(): Promise<string>;
}

const children = new Set<ChildProcess>();
const lines: CommandLine[] = [];
const emptied: string[] = [];
const root = resolve(import.meta.dirname, '..', '..');
/** By whole paths: a command may run in any folder. */
const program = ['--import', createRequire(import.meta.url).resolve('tsx'), join(root, 'bin', 'slipway.ts')];
const patienceMs = 60_000;

function launch(
  words: string[],
  variables: Record<string, string>,
  cwd: string,
): { child: ChildProcess; said: () => string; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [...program, ...words], {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...variables },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let out = '';
  let err = '';
  child.stdout?.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (err += text.toString()));
  const late = setTimeout(() => child.kill('SIGKILL'), 3 * patienceMs);
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (exit) => {
      clearTimeout(late);
      children.delete(child);
      resolve({ exit, out, err });
    });
  });
  return { child, said: () => out + err, ended };
}

/** A new sandbox with its own data folder. */
export async function openCommandLine(more: Record<string, string> = {}): Promise<CommandLine> {
  const sandbox = await newSandbox();
  const { folder } = sandbox;
  const variables = {
    SLIPWAY_CONFIG: sandbox.config,
    SLIPWAY_DATA: join(folder, 'data'),
    SLIPWAY_LOG: 'error',
    ...more,
  };
  return lineIn(root, folder, variables);
}

/** A folder without anything, where no installation is named; `start` makes a practice project in it. */
export async function openEmptyFolder(more: Record<string, string> = {}): Promise<CommandLine> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-empty-'));
  emptied.push(folder);
  return lineIn(folder, join(folder, '.slipway', 'sandbox'), { SLIPWAY_LOG: 'error', ...more });
}

function lineIn(cwd: string, folder: string, variables: Record<string, string>): CommandLine {
  const line: CommandLine = {
    cwd,
    folder,
    variables,
    slipway: (...words) => launch(words, variables, cwd).ended,
    async asks(...words) {
      const { out } = await launch([...words, '--json'], variables, cwd).ended;
      return JSON.parse(out);
    },
    async start(words = ['start'], own = {}) {
      const { child, said, ended } = launch(words, { ...variables, ...own }, cwd);
      const isReady = (): boolean => /^Ready\.$|takes steps\.$/m.test(said());
      let isOver = false;
      void ended.finally(() => (isOver = true));
      await until('it is ready', () => isReady() || isOver, said);
      if (!isReady()) throw new Error(`slipway ${words.join(' ')} ended: ${said()}`);
      return {
        pid: child.pid ?? 0,
        said,
        ended,
        async stop() {
          child.kill('SIGTERM');
          return ended;
        },
        async kill() {
          child.kill('SIGKILL');
          await new Promise<void>((resolve) => {
            if (child.exitCode !== null || child.signalCode !== null) resolve();
            else child.once('exit', () => resolve());
          });
        },
      };
    },
    events: (run) => eventsIn(join(folder, 'journal', 'runs', run)),
    async holdBuild() {
      const go = join(folder, 'go');
      await setYaml(
        join(folder, 'kestrel.yml'),
        ['operations', 'cut', 'steps', 2, 'run'],
        ['sh', '-c', `until test -e ${go}; do sleep 0.05; done; node scripts/build.mjs`],
      );
      return go;
    },
  };
  lines.push(line);
  return line;
}

const Record = z.object({ event: RunEvent });

async function eventsIn(folder: string): Promise<RunEvent[]> {
  const names = (await readdir(folder).catch(() => [])).toSorted();
  const records = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return records.map((text) => Record.parse(JSON.parse(text)).event);
}

/** Ends every process of this file that still runs, and the Redis servers that killed owners left; for afterEach. */
export async function endProcesses(): Promise<void> {
  await Promise.all(
    [...children].map(
      (child) =>
        new Promise<void>((resolve) => {
          child.once('close', () => resolve());
          child.kill('SIGKILL');
        }),
    ),
  );
  for (const { folder, variables } of lines.splice(0)) {
    const text = await readFile(join(dataOf(folder, variables), 'run', 'redis.json'), 'utf8').catch(() => '');
    const pid = z.object({ pid: z.int() }).safeParse(text === '' ? undefined : JSON.parse(text)).data?.pid;
    if (pid === undefined) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Its owner has ended it.
    }
  }
  for (const folder of emptied.splice(0)) await rm(folder, { recursive: true, force: true });
}

const dataOf = (folder: string, variables: Record<string, string>): string =>
  variables['SLIPWAY_DATA'] ?? join(folder, '.slipway');
