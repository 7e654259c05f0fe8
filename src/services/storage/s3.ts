import { createHash } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type GetObjectCommandOutput,
  type HeadObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { SlipwayError } from '../../error.js';
import { retryConflicts, retryHarmless, s3Problem } from '../s3-problem.js';
import { checkStorageKey } from './key.js';
import { probeConditions, probeKey, unsafeStorage } from './probe.js';
import type { Storage, Stored } from './storage.js';

/** The largest object of one PUT, by S3's rules. */
const largestPut = 5 * 1024 ** 3;

/** Our sha256 of the bytes, for servers that do not keep `x-amz-checksum-sha256`. */
const sha256Name = 'slipway-sha256';

/** A bucket and the part of it that is published to; `prefix` ends in `/` or is empty. */
export interface S3Place {
  client: S3Client;
  bucket: string;
  prefix: string;
}

/**
 * A bucket. Created with `If-None-Match: *`, replaced with `If-Match`. One PUT an object, so up to 5 GiB; multipart
 * uploads are not written yet. A write whose answer is lost throws `storage-failed`, retryable; `head` tells then.
 * S3's etag follows from the bytes alone: of two replacements of equal bytes with other metadata, both succeed.
 */
export function s3Storage({ client, bucket, prefix }: S3Place): Storage {
  const address = `s3://${bucket}${prefix === '' ? '' : `/${prefix.replace(/\/$/, '')}`}`;

  async function put(
    key: string,
    body: Uint8Array,
    metadata: Record<string, string>,
    condition: { IfNoneMatch: string } | { IfMatch: string },
  ): Promise<Stored | undefined> {
    if (body.byteLength > largestPut) {
      throw new SlipwayError(
        'storage-failed',
        `${key} has ${body.byteLength} bytes; one upload takes 5 GiB.`,
        {
          hint: 'Publish it in parts.',
        },
      );
    }
    const digest = createHash('sha256').update(body).digest();
    const sha256 = digest.toString('hex');
    const command = new PutObjectCommand({
      Bucket: bucket,
      Key: prefix + key,
      Body: body,
      Metadata: { ...encode(metadata), [sha256Name]: sha256 },
      ChecksumSHA256: digest.toString('base64'),
      ...condition,
    });
    try {
      const { ETag } = await retryConflicts(() => client.send(command));
      return ETag === undefined ? await head(key) : { etag: ETag, size: body.byteLength, sha256, metadata };
    } catch (error) {
      const { kind } = s3Problem(error);
      // missing: `If-Match` on a key that is gone.
      if (kind === 'condition' || (kind === 'missing' && 'IfMatch' in condition)) return undefined;
      throw error;
    }
  }

  async function head(key: string): Promise<Stored | undefined> {
    const request = { Bucket: bucket, Key: prefix + key, ChecksumMode: 'ENABLED' } as const;
    const answer = await orMissing(() => client.send(new HeadObjectCommand(request)));
    if (answer === undefined) return undefined;
    const sha256 = knownSha256(answer);
    if (sha256 !== undefined) return asStored(answer, sha256);
    // Put there by others, without a checksum: only the bytes tell.
    const whole = await get(key);
    return whole && asStored(whole.answer, createHash('sha256').update(whole.bytes).digest('hex'));
  }

  async function get(
    key: string,
  ): Promise<{ answer: GetObjectCommandOutput; bytes: Uint8Array } | undefined> {
    return await orMissing(async () => {
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: prefix + key }));
      return { answer, bytes: (await answer.Body?.transformToByteArray()) ?? new Uint8Array() };
    });
  }

  async function probe(): Promise<void> {
    const key = probeKey();
    try {
      await probeConditions(storage, key, { create: 'If-None-Match', replace: 'If-Match' });
    } catch (error) {
      const cause = error instanceof SlipwayError ? error.cause : error;
      const { kind, text } = s3Problem(cause);
      if (kind === 'unsupported')
        throw unsafeStorage(storage, `has no conditional writes: it answered ${text}.`, error);
      throw error;
    } finally {
      const request = { Bucket: bucket, Key: prefix + key };
      await retryHarmless(() => client.send(new DeleteObjectCommand(request))).catch(() => undefined);
    }
  }

  async function guard<T>(key: string, work: () => Promise<T>): Promise<T> {
    checkStorageKey(key);
    try {
      return await work();
    } catch (error) {
      throw asStorageError(error, address);
    }
  }

  const storage: Storage = {
    address,
    head: async (key) => await guard(key, () => head(key)),
    read: async (key) => await guard(key, async () => (await get(key))?.bytes),
    create: async (key, body, metadata) =>
      await guard(key, async () => (await put(key, body, metadata, { IfNoneMatch: '*' })) ?? 'exists'),
    replace: async (key, body, metadata, ifMatch) =>
      await guard(key, async () => (await put(key, body, metadata, { IfMatch: ifMatch })) ?? 'changed'),
    probe,
  };
  return storage;
}

async function orMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await retryHarmless(read);
  } catch (error) {
    if (s3Problem(error).kind === 'missing') return undefined;
    throw error;
  }
}

function asStored(answer: HeadObjectCommandOutput | GetObjectCommandOutput, sha256: string): Stored {
  const { [sha256Name]: _, ...metadata } = answer.Metadata ?? {};
  return { etag: answer.ETag ?? '', size: answer.ContentLength ?? 0, sha256, metadata: decode(metadata) };
}

/** The server's own checksum first: it is of the bytes that are there. One with `-` in it is of a multipart upload. */
function knownSha256({ ChecksumSHA256, Metadata }: HeadObjectCommandOutput): string | undefined {
  if (ChecksumSHA256 !== undefined && !ChecksumSHA256.includes('-')) {
    return Buffer.from(ChecksumSHA256, 'base64').toString('hex');
  }
  const ours = Metadata?.[sha256Name] ?? '';
  return /^[0-9a-f]{64}$/.test(ours) ? ours : undefined;
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

function asStorageError(error: unknown, address: string): SlipwayError {
  if (error instanceof SlipwayError) return error;
  const { kind, text, retryable, retryAfterMs } = s3Problem(error);
  const hint = retryable
    ? 'Check that the server of the bucket is up and can be reached from here.'
    : 'Check the name of the bucket, its region, and that the key may read and write there.';
  return new SlipwayError('storage-failed', `Cannot use ${address}: ${text}`, {
    hint: kind === 'full' ? 'Raise the quota of the bucket or free space, then retry.' : hint,
    retryable: retryable || kind === 'conflict',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    cause: error,
  });
}
