import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { SlipwayError } from '../../error.js';
import { processIdentity } from '../../process-identity.js';

/** A server that we started, as `redis.json` in the run folder keeps it. */
export type OwnServer = z.infer<typeof ownServer>;

const ownServer = z.object({
  pid: z.int().positive(),
  /** See `processIdentity`. */
  identity: z.string(),
  socket: z.string(),
  folder: z.string(),
});

/** The kernel's limit of a socket path is 108 bytes on Linux and 104 on macOS, with the final zero. */
const socketPathLimit = 100;

const recordIn = (runFolder: string): string => join(runFolder, 'redis.json');

/** The server that an earlier process started in this folder and could not end, if that very process still runs. */
export async function runningServer(runFolder: string): Promise<OwnServer | undefined> {
  try {
    const server = ownServer.parse(JSON.parse(await readFile(recordIn(runFolder), 'utf8')));
    return (await runs(server)) ? server : undefined;
  } catch {
    // Absent or half written: what it named cannot be told from somebody else's process, so it is left alone.
    return undefined;
  }
}

/** Whether it is still that very process. */
export async function runs(server: OwnServer): Promise<boolean> {
  return (await processIdentity(server.pid)) === server.identity;
}

/**
 * Starts `program` on a unix socket in a folder that only this user can enter. Keeps nothing on disk. In the folder of
 * one that has died it answers at the same address.
 */
export async function launchServer(
  program: string,
  runFolder: string,
  inFolder?: string,
): Promise<OwnServer> {
  await mkdir(runFolder, { recursive: true, mode: 0o700 });
  const folder = inFolder ?? (await socketFolder(runFolder));
  const socket = join(folder, 'redis.sock');
  const log = join(folder, 'redis.log');
  await Promise.all([rm(socket, { force: true }), rm(log, { force: true })]);
  const settings = {
    port: '0',
    unixsocket: socket,
    unixsocketperm: '600',
    save: '',
    appendonly: 'no',
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
    dir: folder,
    logfile: log,
    loglevel: 'warning',
  };
  // Of its own process group: Ctrl-C in the terminal is for the bot, which still needs the queue to close.
  const child = spawn(
    program,
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    { detached: true, stdio: 'ignore' },
  );
  const state: { failure?: string } = {};
  child.once('error', (error) => (state.failure = error.message));
  child.once('exit', (code, signal) => (state.failure = `it ended with ${signal ?? code}`));
  child.unref();

  const { pid } = child;
  const identity = pid === undefined ? undefined : await processIdentity(pid);
  if (pid !== undefined && identity !== undefined) {
    const server: OwnServer = { pid, identity, socket, folder };
    // Before it answers: should we be killed now, the next start finds it.
    await writeFile(recordIn(runFolder), JSON.stringify(server), { mode: 0o600 });
    const giveUpAt = performance.now() + 5_000;
    while (state.failure === undefined && performance.now() < giveUpAt) {
      if (await accepts(socket)) return server;
      await pause(10);
    }
    const said = await readFile(log, 'utf8').catch(() => '');
    await endServer(server, runFolder);
    throw notStarted(program, `${state.failure ?? 'no socket after 5 s'}. ${said.trim().slice(-300)}`);
  }
  throw notStarted(program, state.failure ?? 'it ended at once');
}

function notStarted(program: string, why: string): SlipwayError {
  return new SlipwayError('queue-unreachable', `${program} did not start: ${why.trim()}`, {
    hint: 'Set REDIS_URL to use another server, or take the program off PATH to use the in-process queue.',
  });
}

async function socketFolder(runFolder: string): Promise<string> {
  const folder = join(runFolder, 'redis');
  if (Buffer.byteLength(join(folder, 'redis.sock')) > socketPathLimit)
    return mkdtemp(join(tmpdir(), 'slipway-redis-'));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // It may have been there already, with other rights.
  await chmod(folder, 0o700);
  return folder;
}

/** The file is there before the server listens on it. */
function accepts(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const client = connect(socket, () => {
      client.destroy();
      resolve(true);
    });
    client.once('error', () => resolve(false));
  });
}

/** Ends that process and no other, also when its pid was given to another meanwhile. */
export async function endServer(server: OwnServer, runFolder: string): Promise<void> {
  // At once and for sure: it keeps nothing on disk, so there is nothing that it could save.
  if (await runs(server)) signalTo(server.pid, 'SIGKILL');
  const giveUpAt = performance.now() + 3_000;
  while (performance.now() < giveUpAt && (await runs(server))) await pause(5);
  await rm(server.folder, { recursive: true, force: true });
  await rm(recordIn(runFolder), { force: true });
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself in between.
  }
}
