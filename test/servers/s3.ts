import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { readBody } from './s3-body.js';
import { handle } from './s3-objects.js';
import type { S3Condition, S3State, S3Upload } from './s3-state.js';
import type { S3Answer } from './s3-xml.js';

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
  /** Carried out, and other bytes than those that came in are kept. */
  | { kind: 'garble' }
  /** The first bytes of the answer, then a reset. */
  | { kind: 'cut-answer' }
  /** Carried out only after so long, and also if the client has gone by then. */
  | { kind: 'late-commit'; commitDelayMs: number };

/** Which requests a fault meets; all, for ever, unless told. */
export interface S3FaultScope {
  method?: string;
  /** A part of the key. */
  key?: string;
  /** A part of the query: `uploadId=`, `partNumber=2`, `uploads`. */
  query?: string;
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
  /** Conditions that are not looked at, one by one. */
  readonly ignores: Set<S3Condition>;
  /** What is done with the checksum of a write: compared and kept, not looked at, or refused with 501. */
  checksums: 'verified' | 'ignored' | 'refused';
  /** How far its clock is ahead, and the account that begins uploads. */
  aheadMs: number;
  account: string;
  /** Uploads in parts that are under way, by id. */
  readonly uploads: ReadonlyMap<string, S3Upload>;
  /** How often each `bucket/key` was written. */
  readonly commits: ReadonlyMap<string, number>;
  /** Each request: `PUT bucket/key`, with `?query` where it is about an upload in parts. */
  readonly requests: readonly string[];
  /** Adds a fault; the function takes it away. */
  fault(fault: S3Fault, scope?: S3FaultScope): () => void;
  /** Resolves when no request is being worked on, late commits included. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const all: S3Condition[] = ['put-create', 'put-replace', 'complete-create', 'complete-replace'];

/** A small S3 server, in memory, on 127.0.0.1. Signatures are not checked, buckets are addressed by path. */
export async function startS3(options: S3Options = {}): Promise<S3Server> {
  const state: S3State = {
    objects: new Map(),
    commits: new Map(),
    buckets: options.buckets,
    pageSize: options.pageSize ?? 1000,
    ignores: new Set(options.ignoreConditions === true ? all : []),
    checksums: 'verified',
    uploads: new Map(),
    begun: 0,
    aheadMs: 0,
    account: 'slipway',
  };
  const requests: string[] = [];
  const working = new Set<Promise<unknown>>();
  let faults: { fault: S3Fault; scope: S3FaultScope; left: number }[] = [];

  function takeFault(method: string, key: string, query: string): S3Fault | undefined {
    const met = faults.find(
      ({ scope }) =>
        (scope.method ?? method) === method &&
        (scope.key === undefined || key.includes(scope.key)) &&
        (scope.query === undefined || query.includes(scope.query)),
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
    const isMultipart = url.searchParams.has('uploads') || url.searchParams.has('uploadId');
    requests.push(`${method} ${target}${isMultipart ? url.search : ''}`);
    const fault = takeFault(method, target, url.search);
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
    const { headers } = request;
    const answer = handle(state, { method, target, query: url.searchParams, headers, body });
    if (fault?.kind === 'garble') garble(state, target);
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
      return state.ignores.size === all.length;
    },
    set ignoreConditions(value) {
      state.ignores.clear();
      if (value) for (const one of all) state.ignores.add(one);
    },
    ignores: state.ignores,
    get checksums() {
      return state.checksums;
    },
    set checksums(value) {
      state.checksums = value;
    },
    get aheadMs() {
      return state.aheadMs;
    },
    set aheadMs(value) {
      state.aheadMs = value;
    },
    get account() {
      return state.account;
    },
    set account(value) {
      state.account = value;
    },
    uploads: state.uploads,
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

/** Changes the last byte of what stands there; its headers stay. */
function garble(state: S3State, target: string): void {
  const object = state.objects.get(target);
  if (object === undefined) return;
  const body = Buffer.from(object.body);
  body[body.length - 1] = (body.at(-1) ?? 0) ^ 1;
  state.objects.set(target, { ...object, body });
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
