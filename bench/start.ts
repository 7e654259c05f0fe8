import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { act } from '../bin/say.js';
import { openReader } from '../bin/environment.js';
import { readEnvironment, type Environment } from '../src/config.js';
import { shortSeal } from '../src/release/canonical.js';
import type { RunState } from '../src/release/run-state.js';
import { makeSandbox } from '../src/sandbox/make-sandbox.js';
import { memoryOf } from './memory.js';
import { megabytes, milliseconds, quantile, type Bench } from './row.js';
import { inFolder } from './temporary.js';

const starts = 5;
const program = join(import.meta.dirname, '..', 'dist', 'bin', 'slipway.js');
/** What Slipway may have to import; discord.js is not installed. Nothing is done with them. */
const libraries = ['bullmq', 'ioredis', '@aws-sdk/client-s3', '@slack/bolt'];
/** How long after a release the process counts as idle. */
const idleMs = 5_000;

/**
 * The compiled program in a sandbox with a Redis of its own: how long until it is ready, against a Node process that
 * does nothing; and how much memory it and its Redis take, idle after one release, against a Node process that only
 * imports the libraries.
 */
export const start: Bench = {
  name: 'start',
  run: () =>
    inFolder(async (folder) => {
      const sandbox = await makeSandbox(join(folder, 'sandbox'));
      const variables = {
        ...process.env,
        SLIPWAY_CONFIG: sandbox.config,
        SLIPWAY_DATA: join(folder, 'data'),
        SLIPWAY_LOG: 'silent',
        REDIS_URL: '',
      };
      const environment = readEnvironment(variables);
      const ready: number[] = [];
      const bare: number[] = [];
      for (let n = 0; n < starts; n += 1) {
        bare.push(await bareStart());
        const begun = performance.now();
        const child = await startSlipway(variables);
        ready.push(performance.now() - begun);
        await stop(child);
      }
      const child = await startSlipway(variables);
      const redis = await ownRedis(folder);
      try {
        await release(environment);
        await pause(idleMs);
        const ours = (await memoryOf(child.pid ?? 0)) + (await memoryOf(redis));
        const reference = await libraryMemory();
        const [took, empty] = [quantile(ready, 0.5), quantile(bare, 0.5)];
        return [
          {
            what: `start until "Ready.", median of ${starts}`,
            ours: milliseconds(took),
            reference: `${milliseconds(empty)} node -e 0`,
            ratio: took / empty,
            absolute: { text: 'under 2 s', met: took < 2_000 },
          },
          {
            what: 'memory with redis-server, idle after cut and promote',
            ours: megabytes(ours),
            reference: `${megabytes(reference)} node that imports ${libraries.join(', ')}`,
            ratio: ours / reference,
            absolute: { text: 'under 256 MB', met: ours < 256e6 },
          },
        ];
      } finally {
        await stop(child);
      }
    }),
};

async function bareStart(): Promise<number> {
  const begun = performance.now();
  await exited(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }));
  return performance.now() - begun;
}

function startSlipway(variables: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, 'start'], {
    env: variables,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  return new Promise((resolve, refuse) => {
    child.once('exit', () => refuse(new Error(`slipway start ended before it was ready:\n${said}`)));
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.includes('Ready.')) resolve(child);
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  const gone = exited(child);
  child.kill('SIGTERM');
  await gone;
}

function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

/** The pid of the Redis that slipway started. */
async function ownRedis(folder: string): Promise<number> {
  const text = await readFile(join(folder, 'data', 'run', 'redis.json'), 'utf8');
  return z.object({ pid: z.number() }).parse(JSON.parse(text)).pid;
}

/** Cuts a candidate and promotes it, as people of the sandbox would. */
async function release(environment: Environment): Promise<void> {
  const reader = await openReader(environment);
  const says = async (as: string, verb: string, args: Record<string, string>): Promise<string> => {
    const reply = await act(environment, { verb, args, as, request: randomUUID() });
    if (reply.exit !== 0 || reply.follow === undefined) throw new Error(reply.lines.join('\n'));
    return reply.follow;
  };
  const until = async (run: string, isThere: (state: RunState) => boolean): Promise<RunState> => {
    for (const end = performance.now() + 60_000; performance.now() < end; await pause(100)) {
      const state = await reader.engine.runs.load(run);
      if (state !== undefined && isThere(state)) return state;
    }
    throw new Error(`${run} did not get there in a minute.`);
  };
  const isDone = (state: RunState): boolean => state.finished?.outcome === 'done';
  await until(await says('ana', 'release', { operation: 'cut' }), isDone);
  const run = await says('ana', 'release', { operation: 'promote' });
  const { gates } = await until(run, (state) => state.gates['approve'] !== undefined);
  await says('ben', 'approve', { run, seal: shortSeal(gates['approve']?.seal ?? '') });
  await until(run, isDone);
}

async function libraryMemory(): Promise<number> {
  const code = `await Promise.all(${JSON.stringify(libraries)}.map((name) => import(name))); console.log('imported'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: join(import.meta.dirname, '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  await pause(1_000);
  const memory = await memoryOf(child.pid ?? 0);
  await stop(child);
  return memory;
}
