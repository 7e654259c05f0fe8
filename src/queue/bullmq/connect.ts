import { Redis, ReplyError } from 'ioredis';
import type { RedisOptions } from 'ioredis';
import { SlipwayError } from '../../error.js';

/** How long a call may take before it is refused, in ms. Below the 3 s after which Slack calls a command dead. */
export const callLimitMs = 2_000;

/** Where errors go that no call can report: a connection that broke, a job that could not be settled. */
export type OnError = (error: Error) => void;

/**
 * Lets each text through once in `everyMs`: while the server is away every connection reports every try, some 20 a
 * second.
 */
export function seldom(onError: OnError, everyMs = 10_000): OnError {
  const last = new Map<string, number>();
  return (error) => {
    const now = performance.now();
    if (now - (last.get(error.message) ?? Number.NEGATIVE_INFINITY) < everyMs) return;
    // Texts may hold numbers and ids; this must not grow with them.
    if (last.size >= 100) last.clear();
    last.set(error.message, now);
    onError(error);
  };
}

/** `redis://`, `rediss://`, `unix:///path` or `/path`; what ioredis understands. */
function target(address: string): string {
  return address.startsWith('unix://') ? address.slice('unix://'.length) : address;
}

/** The address without its credentials, as a person may see it. */
export function shownAddress(address: string): string {
  const plain = target(address);
  if (plain.startsWith('/')) return plain.split('?')[0] ?? plain;
  try {
    const url = new URL(plain);
    return `${url.hostname}:${url.port || '6379'}`;
  } catch {
    return 'the given address';
  }
}

function open(address: string, options: RedisOptions, onError: OnError): Redis {
  const client = new Redis(target(address), {
    lazyConnect: true,
    connectTimeout: callLimitMs,
    // After a failover the old connection may lead to what is now a replica.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    ...options,
  });
  // Without a listener ioredis writes to the console; with none on a Node emitter the process would end.
  client.on('error', onError);
  return client;
}

/**
 * The connection for calls: each one fails within `callLimitMs` while the server is away or hangs, and the
 * connection finds back by itself. A call that was refused may still be carried out when the server returns
 * (it was already sent); everything here is safe to happen late or twice.
 */
export function callConnection(address: string, onError: OnError): Redis {
  return open(
    address,
    {
      commandTimeout: callLimitMs,
      // Calls wait out a short absence. The queue of waiting calls is emptied every 5 tries, so it stays small.
      enableOfflineQueue: true,
      maxRetriesPerRequest: 5,
      retryStrategy: (times) => Math.min(50 * times, 300),
      // A host that vanished without a word: drop the socket long before the kernel would (15 min).
      socketTimeout: 2 * callLimitMs,
    },
    onError,
  );
}

/**
 * The connection of BullMQ's workers, and the one that BullMQ copies from it to block on: they wait for the server
 * as long as it takes. `isClosed` ends the trying; without it a worker could not be closed while the server is away.
 */
export function workerConnection(address: string, onError: OnError, isClosed: () => boolean): Redis {
  return open(
    address,
    {
      maxRetriesPerRequest: null,
      retryStrategy: (times) => (isClosed() ? null : Math.min(50 * times, 500)),
      // Above the 10 s that BullMQ blocks at most.
      socketTimeout: 20_000,
    },
    onError,
  );
}

/** Connects, and rejects with what the server said: ioredis itself only says that the connection is closed. */
export async function connectNow(client: Redis): Promise<void> {
  let said: Error | undefined;
  const note = (error: Error): void => void (said = error);
  client.on('error', note);
  try {
    await client.connect();
  } catch (error) {
    throw said ?? error;
  } finally {
    client.off('error', note);
  }
}

/** What a server says when the same request may succeed in a moment. */
const passing = /^(LOADING|BUSY|READONLY|MASTERDOWN|TRYAGAIN|CLUSTERDOWN|NOREPLICAS|OOM)\b/;

/** Any failure of a call as `queue-unreachable`; retryable unless the server understood and said no. */
export function unreachable(what: string, error: unknown): SlipwayError {
  if (error instanceof SlipwayError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const refused = error instanceof ReplyError && !passing.test(text);
  return new SlipwayError('queue-unreachable', `Redis did not ${what}: ${text || 'no answer'}`, {
    cause: error,
    retryable: !refused,
    hint: refused
      ? 'Redis refused the command: check the user, the password and the rights in REDIS_URL.'
      : 'Check that Redis runs and that this host reaches it; nothing is lost, the journal holds every decision.',
  });
}

/** Runs a call; rejects with `queue-unreachable` at the latest half a second after `limitMs`. */
export async function reach<T>(what: string, call: () => Promise<T>, limitMs = callLimitMs): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    // ioredis limits each command; this limits a call that BullMQ makes of several.
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer in ${limitMs} ms`)), limitMs + 500);
    });
    return await Promise.race([call(), late]);
  } catch (error) {
    throw unreachable(what, error);
  } finally {
    clearTimeout(timer);
  }
}
