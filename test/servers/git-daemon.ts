import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { environment } from '../services/git-origin.js';

/** A port of this machine that nobody listens on right now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Serves the repositories under `root` with `git daemon`, writable; `stop` waits until it has ended. */
export async function startDaemon(root: string) {
  const port = await freePort();
  const address = ['--listen=127.0.0.1', `--port=${port}`, '--reuseaddr'];
  const options = ['--verbose', '--export-all', '--enable=receive-pack', `--base-path=${root}`, ...address];
  const child = spawn('git', ['daemon', ...options], {
    env: environment,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Ready to rumble')) resolve();
    });
    child.on('close', () => reject(new Error(`git daemon ended: ${said}`)));
  });
  return {
    url: (name: string) => `git://127.0.0.1:${port}/${name}`,
    stop: async () => {
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      await ended;
    },
  };
}
