import { createHash } from 'node:crypto';
import type { GetObjectCommandOutput, HeadObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import type { Stored } from './storage.js';

/** A bucket and the part of it that is published to; `prefix` ends in `/` or is empty. */
export interface S3Place {
  client: S3Client;
  bucket: string;
  prefix: string;
  /** Objects above this many bytes are uploaded in parts of that size; 16 MiB unless told, 5 MiB at least. */
  partBytes?: number;
}

/** What a write depends on: that there is nothing, or exactly what was seen. */
export type Condition = { IfNoneMatch: string } | { IfMatch: string };

/** One object on its way; `key` has the prefix in front. */
export interface Upload {
  key: string;
  body: Uint8Array;
  metadata: Record<string, string>;
  /** undefined: whatever stands there; for the probe's own throw-away keys only. */
  condition: Condition | undefined;
  /** Whether checksums are sent for the server to compare. */
  checksums: boolean;
}

/** What the server said of a write that it carried out. */
export interface Uploaded {
  etag: string | undefined;
  /** The checksum that the server must show for these bytes, in base64; of the parts' checksums if there are parts. */
  checksum: string;
}

/** Our sha256 of the bytes, for objects of which the server keeps none of the whole. */
const sha256Name = 'slipway-sha256';

/** sha256 of bytes. */
export function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** Metadata of ours as it is sent. */
export function sentMetadata(body: Uint8Array, metadata: Record<string, string>): Record<string, string> {
  return { ...encode(metadata), [sha256Name]: digestOf(body).toString('hex') };
}

/** What an answer tells, with the digest of the bytes. */
export function asStored(answer: HeadObjectCommandOutput | GetObjectCommandOutput, sha256: string): Stored {
  const { [sha256Name]: _, ...metadata } = answer.Metadata ?? {};
  return { etag: answer.ETag ?? '', size: answer.ContentLength ?? 0, sha256, metadata: decode(metadata) };
}

/**
 * The digest of the whole as far as an answer tells it, in hex. The server's own checksum comes first: it is of the
 * bytes that are there. One with `-` in it is of an upload in parts, where only our own metadata names the whole.
 */
export function knownSha256({ ChecksumSHA256, Metadata }: HeadObjectCommandOutput): string | undefined {
  if (ChecksumSHA256 !== undefined && !ChecksumSHA256.includes('-')) {
    return Buffer.from(ChecksumSHA256, 'base64').toString('hex');
  }
  const ours = Metadata?.[sha256Name] ?? '';
  return /^[0-9a-f]{64}$/.test(ours) ? ours : undefined;
}

/** Time limit in ms for a request with a body: at least 256 KiB a second. Small ones have the client's own. */
export function timeLimit(bytes: number): { requestTimeout?: number } {
  return bytes <= 1024 ** 2 ? {} : { requestTimeout: 10_000 + Math.ceil(bytes / 262.144) };
}

/** Headers hold printable ASCII and lose blanks at their ends; the rest is percent-encoded. */
function encode(metadata: Record<string, string>): Record<string, string> {
  return mapValues(metadata, (value) => value.replaceAll(/[^\x20-\x7e]+|%|^ | $/gu, encodeURIComponent));
}

function decode(metadata: Record<string, string>): Record<string, string> {
  return mapValues(metadata, (value) => {
    try {
      return decodeURIComponent(value);
    } catch {
      return value; // written by others
    }
  });
}

function mapValues(
  record: Record<string, string>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
