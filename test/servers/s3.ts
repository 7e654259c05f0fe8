import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { readBody } from './s3-body.js';
import { handle, type S3Answer, type S3State } from './s3-objects.js';

/** What goes wrong with a request instead of, or besides, its answer. */
export type S3Fault =
  /** The request is read and never answered, nothing is done. */
  | { kind: 'hang' }
  /** The connection is reset before anything is done. */
  | { kind: 'reset' }
  /** The request is carried out, then the connection is reset. */
  | { kind: 'reset-after-commit' }
  /** An error instead of the answer, nothing is done: 503 SlowDown, 429, 409 ConditionalRequestConflict. */
  | { kind: 'status'; status: number; code: string; retryAfter?: string }
  /** The first bytes of the answer, then a reset. */
  | { kind: 'cut-answer' }
  /** Carried out only after so long, and also if the client has gone by then. */
  | { kind: 'late-commit'; commitDelayMs: number };

/** Which requests a fault meets; all, for ever, unless told. */
export interface S3FaultScope {
  method?: string;
  /** A part of the key. */
  key?: string;
  times?: number;
}

export interface S3Options {
  /** `If-Match` and `If-None-Match` are not looked at. */
  ignoreConditions?: boolean;
  /** Buckets that exist; every name exists unless told. */
  buckets?: string[];
  /** Keys in one page of a list; 1,000 unless told. */
  pageSize?: number;
}

/** A running server; everything may be changed while it runs. */
export interface S3Server {
  readonly url: string;
  /** Every request waits so long before anything else. */
  latencyMs: number;
  ignoreConditions: boolean;
  /** How often each `bucket/key` was written. */
  readonly commits: ReadonlyMap<string, number>;
  /** Each request: `PUT bucket/key`. */
  readonly requests: readonly string[];
  /** Adds a fault; the function takes it away. */
  fault(fault: S3Fault, scope?: S3FaultScope): () => void;
  /** Resolves when no request is being worked on, late commits included. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** A small S3 server, in memory, on 127.0.0.1. Signatures are not checked, buckets are addressed by path. */
export async function startS3(options: S3Options = {}): Promise<S3Server> {
  const state: S3State = {
    objects: new Map(),
    commits: new Map(),
    buckets: options.buckets,
    pageSize: options.pageSize ?? 1000,
    ignoreConditions: options.ignoreConditions ?? false,
  };
  const requests: string[] = [];
  const working = new Set<Promise<unknown>>();
  let faults: { fault: S3Fault; scope: S3FaultScope; left: number }[] = [];

  function takeFault(method: string, key: string): S3Fault | undefined {
    const met = faults.find(
      ({ scope }) =>
        (scope.method ?? method) === method && (scope.key === undefined || key.includes(scope.key)),
    );
    if (met === undefined) return undefined;
    met.left -= 1;
    if (met.left === 0) faults = faults.filter((each) => each !== met);
    return met.fault;
  }

  async function serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = await readBody(request);
    const method = request.method ?? '';
    const url = new URL(request.url ?? '/', 'http://localhost');
    const target = decodeURIComponent(url.pathname.slice(1));
    requests.push(`${method} ${target}`);
    const fault = takeFault(method, target);
    if (server.latencyMs > 0) await sleep(server.latencyMs);
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    if (fault?.kind === 'status') {
      const headers = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
      send(response, method, { ...errorAnswer(fault), headers });
      return;
    }
    if (fault?.kind === 'late-commit') await sleep(fault.commitDelayMs);
    const answer = handle(state, { method, target, query: url.searchParams, headers: request.headers, body });
    if (fault?.kind === 'reset-after-commit') request.socket.resetAndDestroy();
    else if (fault?.kind === 'cut-answer') {
      response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.byteLength });
      response.write(answer.body.subarray(0, 1), () => request.socket.resetAndDestroy());
    } else send(response, method, answer);
  }

  const listener = http.createServer((request, response) => {
    const work: Promise<unknown> = serve(request, response)
      .catch(() => request.socket.destroy())
      .finally(() => working.delete(work));
    working.add(work);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));

  const server: S3Server = {
    url: addressOf(listener.address()),
    latencyMs: 0,
    get ignoreConditions() {
      return state.ignoreConditions;
    },
    set ignoreConditions(value) {
      state.ignoreConditions = value;
    },
    commits: state.commits,
    requests,
    fault(fault, scope = {}) {
      const entry = { fault, scope, left: scope.times ?? Infinity };
      faults.push(entry);
      return () => {
        faults = faults.filter((each) => each !== entry);
      };
    },
    async idle() {
      while (working.size > 0) await Promise.all(working);
    },
    async close() {
      listener.closeAllConnections();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
  return server;
}

function send(response: http.ServerResponse, method: string, answer: S3Answer): void {
  response.writeHead(answer.status, {
    'content-length': answer.body.byteLength,
    'x-amz-request-id': 'test',
    ...answer.headers,
  });
  response.end(method === 'HEAD' ? undefined : answer.body);
}

function errorAnswer({ status, code }: { status: number; code: string }): S3Answer {
  const xml = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>A fault of the test.</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(xml) };
}

function addressOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return `http://127.0.0.1:${address.port}`;
}
