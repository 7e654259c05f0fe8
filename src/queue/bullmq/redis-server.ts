import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { callConnection, connectNow, reach, shownAddress } from './connect.js';
import { endServer, launchServer, runningServer, runs } from './own-server.js';
import type { OwnServer } from './own-server.js';
import { serverFacts } from './server-facts.js';

/** A server to put the queue on. */
export interface FoundRedis {
  /** For `bullmqQueue` and `redisLeases`. May hold a password: never show it. */
  address: string;
  /** For the banner: which server, version, where, and whose. */
  text: string;
  /** Ends the server if it is ours, and exactly that process; leaves any other alone. */
  stop(): Promise<void>;
  /** Starts one that is ours and has died again, empty, at the same address. true: it did. */
  revive(): Promise<boolean>;
}

/** The part of the environment that is read. */
export interface RedisEnvironment {
  REDIS_URL?: string | undefined;
  PATH?: string | undefined;
}

/**
 * The server to use: `REDIS_URL`, else one of our own that still runs (its owner was killed), else a new one from
 * `valkey-server` or `redis-server` on PATH, on a unix socket that only this user can open. undefined: there is
 * none. Throws `queue-unreachable` when the given server is away or the found program does not start.
 */
export async function findRedis(env: RedisEnvironment, runFolder: string): Promise<FoundRedis | undefined> {
  if (env.REDIS_URL) {
    const address = env.REDIS_URL;
    const software = await softwareAt(address);
    const text = `${software} at ${shownAddress(address)}`;
    return { address, text, stop: async () => undefined, revive: async () => false };
  }
  const earlier = await runningServer(runFolder);
  const program = await onPath(['valkey-server', 'redis-server'], env.PATH ?? '');
  if (earlier) {
    try {
      return await found(earlier, program, runFolder, 'of our own, still running from before');
    } catch {
      // Ours, but it hangs: two servers must not share a socket path.
      await endServer(earlier, runFolder);
    }
  }
  if (!program) return undefined;
  return found(await launchServer(program, runFolder), program, runFolder, 'of our own');
}

async function found(
  first: OwnServer,
  program: string | undefined,
  runFolder: string,
  whose: string,
): Promise<FoundRedis> {
  let server = first;
  const text = `${await softwareAt(server.socket)} ${whose} (${server.socket}, pid ${server.pid})`;
  return {
    address: server.socket,
    text,
    stop: () => endServer(server, runFolder),
    revive: async () => {
      if (program === undefined || (await runs(server))) return false;
      server = await launchServer(program, runFolder, server.folder);
      return true;
    },
  };
}

async function softwareAt(address: string): Promise<string> {
  const client = callConnection(address, () => undefined);
  try {
    return await reach('answer', async () => {
      await connectNow(client);
      return (await serverFacts(client)).software;
    });
  } finally {
    client.disconnect();
  }
}

async function onPath(programs: string[], path: string): Promise<string | undefined> {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  for (const file of programs.flatMap((program) => folders.map((folder) => join(folder, program)))) {
    const isRunnable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isRunnable) return file;
  }
  return undefined;
}
