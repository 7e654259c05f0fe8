import { randomBytes } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type ListObjectsV2CommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Records } from '../../engine/ports/records.js';
import { SlipwayError } from '../../error.js';
import { retryConflicts, retryHarmless, s3Problem } from '../s3-problem.js';
import { checkKey, checkPrefix, inByteOrder } from './key.js';

/** A bucket and the part of it that is ours; `prefix` ends in `/` or is empty. */
export interface BucketPlace {
  client: S3Client;
  bucket: string;
  prefix: string;
}

/**
 * Records in an S3 bucket, created with `If-None-Match: *`, for installations on many machines.
 * A create whose answer does not come throws `journal-unreachable`, retryable; whether it happened shows `read`.
 */
export function bucketRecords({ client, bucket, prefix: own }: BucketPlace): Records {
  const place = `bucket s3://${bucket}${own === '' ? '' : `/${own.replace(/\/$/, '')}`}`;

  async function put(key: string, body: Uint8Array): Promise<boolean> {
    const request = { Bucket: bucket, Key: own + key, Body: body, IfNoneMatch: '*' };
    try {
      await retryConflicts(() => client.send(new PutObjectCommand(request)));
      return true;
    } catch (error) {
      if (s3Problem(error).kind === 'condition') return false;
      throw error;
    }
  }

  async function get(key: string): Promise<Uint8Array | undefined> {
    try {
      return await retryHarmless(async () => {
        const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: own + key }));
        return (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
      });
    } catch (error) {
      if (s3Problem(error).kind === 'missing') return undefined;
      throw error;
    }
  }

  async function pages(
    prefix: string,
    options: { StartAfter?: string; Delimiter?: string },
  ): Promise<ListObjectsV2CommandOutput[]> {
    const all: ListObjectsV2CommandOutput[] = [];
    let token: string | undefined;
    do {
      const request = { Bucket: bucket, Prefix: own + prefix, ContinuationToken: token, ...options };
      const page = await retryHarmless(() => client.send(new ListObjectsV2Command(request)));
      all.push(page);
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return all;
  }

  async function list(prefix: string, after: string): Promise<string[]> {
    const keys = (await pages(prefix, after === '' ? {} : { StartAfter: own + after }))
      .flatMap((page) => page.Contents ?? [])
      .map((object) => (object.Key ?? '').slice(own.length));
    return inByteOrder(keys.filter((key) => key > after));
  }

  async function names(prefix: string): Promise<string[]> {
    const found = new Set<string>();
    for (const page of await pages(prefix, { Delimiter: '/' })) {
      for (const { Key = '' } of page.Contents ?? []) found.add(Key.slice(own.length + prefix.length));
      for (const { Prefix = '' } of page.CommonPrefixes ?? []) {
        found.add(Prefix.slice(own.length + prefix.length, -1));
      }
    }
    return inByteOrder(found);
  }

  async function probe(): Promise<void> {
    const key = `.probe-${randomBytes(8).toString('hex')}`;
    try {
      if (!(await put(key, Buffer.from('first'))))
        throw unsafe('refuses to create a new key with If-None-Match.');
      if (!(await put(key, Buffer.from('second')))) return;
      throw unsafe('ignores If-None-Match: it answered 200 to a second create.');
    } catch (error) {
      const { kind, text } = s3Problem(error);
      if (kind === 'unsupported') throw unsafe(`does not know If-None-Match: it answered ${text}.`, error);
      throw error;
    } finally {
      await remove(key).catch(() => undefined);
    }
  }

  function unsafe(fact: string, cause?: unknown): SlipwayError {
    return new SlipwayError('store-unsafe', `${place} ${fact}`, {
      hint: 'Two processes could both write one event. Use a store with conditional writes, or the folder journal.',
      cause,
    });
  }

  async function remove(key: string): Promise<void> {
    // Deleting twice is deleting, so this write may be repeated.
    await retryHarmless(() => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: own + key })));
  }

  async function guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw asBucketError(error, place);
    }
  }

  return {
    place,
    async create(key, body) {
      checkKey(key);
      return await guard(() => put(key, body));
    },
    async read(key) {
      checkKey(key);
      return await guard(() => get(key));
    },
    async list(prefix, after = '') {
      checkPrefix(prefix);
      return await guard(() => list(prefix, after));
    },
    async names(prefix) {
      checkPrefix(prefix);
      return await guard(() => names(prefix));
    },
    async remove(key) {
      checkKey(key);
      await guard(() => remove(key));
    },
    async probe() {
      await guard(probe);
    },
  };
}

function asBucketError(error: unknown, place: string): SlipwayError {
  if (error instanceof SlipwayError) return error;
  const { kind, text, retryable, retryAfterMs } = s3Problem(error);
  if (kind === 'full') {
    return new SlipwayError('journal-full', `No space left for the journal in ${place}: ${text}`, {
      hint: 'Raise the quota of the bucket or free space. What was recorded before is whole.',
      cause: error,
    });
  }
  return new SlipwayError('journal-unreachable', `The journal in ${place} cannot be used: ${text}`, {
    hint: retryable
      ? 'Check that the server of the bucket is up and can be reached from here.'
      : 'Check the name of the bucket, its region, and that the key may read, list, write and delete there.',
    // A conflict that lasts is a busy key, not a wrong request.
    retryable: retryable || kind === 'conflict',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    cause: error,
  });
}
