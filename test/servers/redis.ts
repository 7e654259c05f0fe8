import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A real redis-server on a loopback port, made to be mistreated. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts again on the same port; kills first what still runs. Without `args` that persist it comes back empty. */
  restart(): Promise<void>;
  /** SIGSTOP: takes connections (the kernel does) and answers nothing. */
  stop(): void;
  /** SIGCONT. */
  cont(): void;
  /** Ends it for good and removes its folder. */
  end(): Promise<void>;
}

/** Said wherever a suite leaves out what needs a server. */
export const redisMissing = 'skipped: redis-server is not installed; .ci/run installs it';

/** Where redis-server is, or undefined. */
export function redisProgram(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, 'redis-server')).find(isRunnable);
}

function isRunnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts a server that answers when the promise resolves. `args` are redis-server's own and come last;
 * `replicaOf` makes it a replica of that one. It ends with this process at the latest.
 */
export async function startRedis(
  options: { port?: number; args?: string[]; replicaOf?: TestRedis } = {},
): Promise<TestRedis> {
  const program = redisProgram();
  if (program === undefined) throw new Error(redisMissing);
  const port = options.port ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), 'slipway-test-redis-'));
  const fixed = { port: String(port), bind: '127.0.0.1', save: '', appendonly: 'no', dir: folder };
  const args = Object.entries(fixed).flatMap(([name, value]) => [`--${name}`, value]);
  args.push('--maxmemory-policy', 'noeviction');
  if (options.replicaOf) args.push('--replicaof', '127.0.0.1', String(options.replicaOf.port));
  args.push(...(options.args ?? []));

  let child = await launch(program, args);
  const kill = (): Promise<void> => killed(child);
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return child.pid ?? -1;
    },
    kill,
    restart: async () => {
      await kill();
      child = await launch(program, args);
    },
    stop: () => void child.kill('SIGSTOP'),
    cont: () => void child.kill('SIGCONT'),
    end: async () => {
      await kill();
      process.off('exit', endWithUs);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function launch(program: string, args: string[]): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${said.slice(-500)}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-5_000);
      if (said.includes('Ready to accept connections')) resolve(child);
    });
  });
}

function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no port'));
      });
    });
  });
}
