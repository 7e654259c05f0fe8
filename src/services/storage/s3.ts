import { createHash } from 'node:crypto';
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { SlipwayError } from '../../error.js';
import { retryHarmless, s3Problem } from '../s3-problem.js';
import { checkStorageKey } from './key.js';
import { unsafeStorage } from './probe.js';
import { tryParts, tryPut, type Honoured, type PutFeatures } from './s3-features.js';
import { sweepLeftovers } from './s3-leftovers.js';
import { asStored, digestOf, knownSha256, type Condition, type S3Place, type Uploaded } from './s3-object.js';
import { storageFailure, type Doing } from './s3-failure.js';
import { largestPut, partBytesOf, putInParts, putWhole } from './s3-upload.js';
import type { Storage, Stored } from './storage.js';

export type { S3Place } from './s3-object.js';

/** A bucket as a storage, and its housekeeping. */
export interface S3Storage extends Storage {
  /**
   * Takes away uploads in parts that processes of ours began more than a day ago and never ended; returns how many.
   * @throws SlipwayError storage-failed, naming the right that is missing
   */
  sweep(): Promise<number>;
}

/**
 * A bucket. Created with `If-None-Match: *`, replaced with `If-Match`: one PUT, or above `partBytes` an upload in parts
 * of which the last request carries the condition. What the server really honours is tried before the first write, and
 * what it does not honour is not used: the other way is taken, or the write is refused. Looking needs no such trial.
 * What was written is read back. A write whose answer is lost throws `storage-failed`, retryable; `head` tells then.
 * S3's etag follows from the bytes alone: of two replacements of equal bytes with other metadata, both succeed.
 */
export function s3Storage(place: S3Place): S3Storage {
  const { client, bucket, prefix } = place;
  const address = `s3://${bucket}${prefix === '' ? '' : `/${prefix.replace(/\/$/, '')}`}`;
  const put = once(async () => await tryPut(place));
  const parts = once(async () => await tryParts(place, (await put()).checksums));

  /** Which of the two ways a write goes. @throws SlipwayError store-unsafe, naming what is missing */
  async function isForParts(size: number, feature: keyof Honoured): Promise<boolean> {
    const whole = await put();
    const isBig = size > partBytesOf(place);
    if (!isBig && whole[feature] === '') return false;
    const inParts = await parts();
    if (inParts[feature] === '') return true;
    if (whole[feature] === '' && size <= largestPut) return false;
    throw unsafeStorage({ address }, whole[feature] === '' ? inParts[feature] : whole[feature]);
  }

  async function write(
    key: string,
    body: Uint8Array,
    metadata: Record<string, string>,
    condition: Condition,
  ): Promise<Stored | undefined> {
    const feature = 'IfMatch' in condition ? 'replace' : 'create';
    const send = (await isForParts(body.byteLength, feature)) ? putInParts : putWhole;
    const { checksums } = await put();
    const upload = { key: prefix + key, body, metadata, condition, checksums: checksums !== 'refused' };
    const sent = await send(place, upload);
    return sent && (await readBack(key, body, metadata, sent, await put()));
  }

  /**
   * What was sent, once the server has shown it. When another etag stands there already, somebody has replaced it since:
   * our write happened before.
   */
  async function readBack(
    key: string,
    body: Uint8Array,
    metadata: Record<string, string>,
    { etag, checksum }: Uploaded,
    { checksums }: PutFeatures,
  ): Promise<Stored> {
    const sha256 = digestOf(body).toString('hex');
    const answer = await ask('look', key, () => headOf(key));
    if (answer === undefined && etag === undefined) throw differs(key, 'it is not there');
    const stored = { etag: etag ?? answer?.ETag ?? '', size: body.byteLength, sha256, metadata };
    if (answer === undefined || (etag !== undefined && answer.ETag !== etag)) return stored;
    if (answer.ContentLength !== body.byteLength)
      throw differs(key, `it has ${answer.ContentLength ?? 0} bytes instead of ${body.byteLength}`);
    if (answer.ChecksumSHA256 !== undefined && answer.ChecksumSHA256 !== checksum)
      throw differs(key, 'its checksum is another one');
    if (knownSha256(answer) !== sha256) throw differs(key, 'its digest is another one');
    // Nobody has compared the bytes yet.
    if (checksums === 'verified') return stored;
    const there = await ask('look', key, () => hashOf(key));
    if (there !== undefined && there.etag === stored.etag && there.sha256 !== sha256)
      throw differs(key, 'its bytes are others');
    return stored;
  }

  function differs(key: string, why: string): SlipwayError {
    return new SlipwayError('storage-failed', `${address}/${key} was read back and ${why}.`, {
      hint: 'What stands there is not what was sent. Find out what the server, or something before it, does to uploads.',
    });
  }

  async function headOf(key: string) {
    const request = { Bucket: bucket, Key: prefix + key, ChecksumMode: 'ENABLED' } as const;
    return await orMissing(() => client.send(new HeadObjectCommand(request)));
  }

  async function head(key: string): Promise<Stored | undefined> {
    const answer = await headOf(key);
    if (answer === undefined) return undefined;
    const sha256 = knownSha256(answer);
    if (sha256 !== undefined) return asStored(answer, sha256);
    // Put there by others, without a checksum: only the bytes tell.
    return (await hashOf(key))?.stored;
  }

  /** In a stream: what others put there may be larger than the memory that we want to use. */
  async function hashOf(key: string) {
    return await orMissing(async () => {
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: prefix + key }));
      const hash = createHash('sha256');
      const reader = answer.Body?.transformToWebStream().getReader();
      for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
        hash.update(part.value);
      const sha256 = hash.digest('hex');
      return { sha256, etag: answer.ETag ?? '', stored: asStored(answer, sha256) };
    });
  }

  async function read(key: string): Promise<Uint8Array | undefined> {
    return await orMissing(async () => {
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: prefix + key }));
      return (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
    });
  }

  async function probe(): Promise<void> {
    const whole = await put.anew();
    const inParts = await parts.anew();
    for (const feature of ['create', 'replace'] as const)
      if (whole[feature] !== '' && inParts[feature] !== '') throw unsafeStorage({ address }, whole[feature]);
  }

  async function ask<T>(doing: Doing, key: string, work: () => Promise<T>): Promise<T> {
    checkStorageKey(key);
    try {
      return await work();
    } catch (error) {
      throw storageFailure(error, address, doing, key);
    }
  }

  return {
    address,
    head: async (key) => await ask('look', key, () => head(key)),
    read: async (key) => await ask('look', key, () => read(key)),
    create: async (key, body, metadata) =>
      (await ask('write', key, () => write(key, body, metadata, { IfNoneMatch: '*' }))) ?? 'exists',
    replace: async (key, body, metadata, ifMatch) =>
      (await ask('write', key, () => write(key, body, metadata, { IfMatch: ifMatch }))) ?? 'changed',
    probe: async () => await ask('write', 'probe', probe),
    sweep: async () => await ask('list', 'uploads', () => sweepLeftovers(place)),
  };
}

/** The answer of the first call that had one; `anew` asks again. */
function once<T>(look: () => Promise<T>): (() => Promise<T>) & { anew: () => Promise<T> } {
  let known: Promise<T> | undefined;
  const anew = (): Promise<T> => {
    const asked = look();
    known = asked;
    asked.catch(() => {
      if (known === asked) known = undefined;
    });
    return asked;
  };
  return Object.assign(() => known ?? anew(), { anew });
}

async function orMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await retryHarmless(read);
  } catch (error) {
    if (s3Problem(error).kind === 'missing') return undefined;
    throw error;
  }
}
