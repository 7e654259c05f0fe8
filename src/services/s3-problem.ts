import { STATUS_CODES } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** What an S3 server, or the way to it, answered instead of what was asked. */
export interface S3Problem {
  /**
   * missing: no such key. condition: `If-Match` or `If-None-Match` was refused, nothing was written.
   * conflict: another write of the key was under way, nothing was written. upload-gone: somebody has ended the upload
   * in parts. digest: the bytes that arrived have another checksum, nothing was written. forbidden: the key has not
   * the right. unsupported: the server does not know the request. full: no space or over a limit. other: the rest;
   * after a write it is unknown whether it happened.
   */
  kind:
    | 'missing'
    | 'condition'
    | 'conflict'
    | 'upload-gone'
    | 'digest'
    | 'forbidden'
    | 'unsupported'
    | 'full'
    | 'other';
  /** For people: `503 SlowDown: Please reduce your request rate.` */
  text: string;
  /** Of the answer; undefined: there was none. */
  status?: number;
  /** The same request can succeed later: network, 5xx, 429. */
  retryable: boolean;
  /** What `Retry-After` asked for. */
  retryAfterMs?: number;
}

const answerShape = z.object({
  name: z.string().catch('Error'),
  message: z.string().catch(''),
  code: z.string().optional().catch(undefined),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional().catch(undefined),
  $response: z
    .object({ headers: z.record(z.string(), z.string()) })
    .optional()
    .catch(undefined),
});

const fullCodes = new Set([
  'EntityTooLarge',
  'QuotaExceeded',
  'XMinioStorageFull',
  'XMinioAdminBucketQuotaExceeded',
]);

const digestCodes = new Set([
  'BadDigest',
  'InvalidDigest',
  'XAmzContentChecksumMismatch',
  'XAmzContentSHA256Mismatch',
]);

/** What servers say of a header that they do not know; other answers of 400 are of wrong names and regions. */
const unknownCodes = new Set(['InvalidArgument', 'InvalidRequest', 'NotImplemented']);

/** What an error of the SDK means. */
export function s3Problem(error: unknown): S3Problem {
  const parsed = answerShape.safeParse(error);
  if (!parsed.success) return { kind: 'other', text: String(error), retryable: false };
  const { name, message, code, $metadata, $response } = parsed.data;
  const status = $metadata?.httpStatusCode;
  if (status === undefined) {
    // No answer at all: refused, reset, timed out, cut off in the middle. Node's own ERR_ codes are wrong calls.
    const isNetwork = name === 'TimeoutError' || (code !== undefined && !code.startsWith('ERR_'));
    const text = isNetwork ? `no answer (${code ?? name}: ${message})` : `${name}: ${message}`;
    return { kind: 'other', text, retryable: isNetwork };
  }
  const retryAfterMs = secondsOrDate($response?.headers['retry-after']);
  // An answer to HEAD has no body, so that the SDK knows no name.
  const isNamed = name !== 'Unknown' && name !== 'UnknownError' && name !== String(status);
  return {
    kind: kindOf(status, name),
    status,
    text: isNamed ? `${status} ${name}: ${message}` : `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd(),
    // An answer of 200 that cannot be read was cut off or came from something in between.
    retryable: status === 429 || status >= 500 || status < 300,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function kindOf(status: number, name: string): S3Problem['kind'] {
  if (fullCodes.has(name) || status === 507) return 'full';
  // By name too: the end of an upload in parts can be refused inside an answer that began as 200.
  if (status === 412 || name === 'PreconditionFailed') return 'condition';
  if (status === 409 || name === 'ConditionalRequestConflict') return 'conflict';
  if (status === 403 || status === 401) return 'forbidden';
  if (status === 501 || status === 405 || (status === 400 && unknownCodes.has(name))) return 'unsupported';
  if (status === 400 && digestCodes.has(name)) return 'digest';
  if (status === 404 && name === 'NoSuchUpload') return 'upload-gone';
  return status === 404 && name !== 'NoSuchBucket' ? 'missing' : 'other';
}

/** The header as ms from now: seconds, or a date of HTTP. */
function secondsOrDate(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

const longestPauseMs = 2000;

/** Sends what may be repeated (reads, deletes) up to three times while what stands in the way may pass. */
export async function retryHarmless<T>(request: () => Promise<T>): Promise<T> {
  return await retry(request, 3, (problem) => problem.retryable);
}

/** Writes, again only where the server said that nothing was written because another write was under way. */
export async function retryConflicts<T>(write: () => Promise<T>): Promise<T> {
  return await retry(write, 10, (problem) => problem.kind === 'conflict');
}

async function retry<T>(
  send: () => Promise<T>,
  times: number,
  isWorth: (problem: S3Problem) => boolean,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      const problem = s3Problem(error);
      if (attempt === times || !isWorth(problem)) throw error;
      await sleep(Math.min(problem.retryAfterMs ?? 25 * 2 ** attempt, longestPauseMs));
    }
  }
}
