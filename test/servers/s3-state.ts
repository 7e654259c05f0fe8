import { createHash } from 'node:crypto';
import type http from 'node:http';
import { failure, type S3Answer } from './s3-xml.js';

/** A stored object. */
export interface S3Object {
  body: Buffer;
  etag: string;
  modified: Date;
  /** `x-amz-meta-*`, the content type and checksums, as they were sent. */
  headers: Record<string, string>;
}

/** Everything that the server keeps. Objects and commits go by `bucket/key`. */
export interface S3State {
  objects: Map<string, S3Object>;
  commits: Map<string, number>;
  buckets: string[] | undefined;
  pageSize: number;
  ignores: Set<S3Condition>;
  checksums: 'verified' | 'ignored' | 'refused';
  /** Uploads in parts that are under way, by id, and how many were ever begun. */
  uploads: Map<string, S3Upload>;
  begun: number;
  /** How far the server's clock is ahead, and who it says begins uploads. */
  aheadMs: number;
  account: string;
}

/** A condition of one of the two ways to write. */
export type S3Condition = 'put-create' | 'put-replace' | 'complete-create' | 'complete-replace';

/** A request as it came in. */
export interface S3Request {
  method: string;
  /** `bucket/key`, or `bucket`. */
  target: string;
  query: URLSearchParams;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

/** An upload in parts that was begun and neither ended nor taken away. */
export interface S3Upload {
  target: string;
  began: number;
  account: string;
  headers: Record<string, string>;
  parts: Map<number, { body: Buffer; etag: string; sha256: string | undefined }>;
}

/** The refusal of a write whose condition is not met, unless this server ignores it. */
export function condition(
  state: S3State,
  { target, headers }: S3Request,
  way: 'put' | 'complete',
): S3Answer | undefined {
  const standing = state.objects.get(target);
  const create = headers['if-none-match'] === '*' && !state.ignores.has(`${way}-create`);
  if (create && standing !== undefined) return failure(412, 'PreconditionFailed');
  const wanted = state.ignores.has(`${way}-replace`) ? undefined : headers['if-match'];
  if (wanted !== undefined && standing === undefined) return failure(404, 'NoSuchKey');
  if (wanted !== undefined && wanted !== '*' && wanted !== standing?.etag)
    return failure(412, 'PreconditionFailed');
  return undefined;
}

/** The refusal of bytes that do not fit their checksum, or of any checksum. */
export function wrongChecksum(
  state: S3State,
  headers: http.IncomingHttpHeaders,
  body: Buffer,
): S3Answer | undefined {
  const checksum = headers['x-amz-checksum-sha256'];
  if (checksum === undefined || state.checksums === 'ignored') return undefined;
  if (state.checksums === 'refused') return failure(501, 'NotImplemented');
  const own = createHash('sha256').update(body).digest('base64');
  return checksum === own ? undefined : failure(400, 'BadDigest');
}

/** From here on everybody sees it. */
export function commit(state: S3State, target: string, object: S3Object): void {
  state.objects.set(target, object);
  state.commits.set(target, (state.commits.get(target) ?? 0) + 1);
}

/** The headers that an object keeps. */
export function keptHeaders(headers: http.IncomingHttpHeaders): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) =>
    /^(x-amz-meta-.*|x-amz-checksum-(sha256|crc32c?|sha1|crc64nvme)|content-type|cache-control)$/.test(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}
