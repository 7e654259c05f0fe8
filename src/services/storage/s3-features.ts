import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { retryHarmless, s3Problem } from '../s3-problem.js';
import { probeKey } from './probe.js';
import { digestOf, type Condition, type S3Place, type Upload, type Uploaded } from './s3-object.js';
import { putInParts, putWhole } from './s3-upload.js';

/** Whether a way of writing refuses a second create, and a replacement of what is there no more: '' it does, else what it did. */
export interface Honoured {
  create: string;
  replace: string;
}

/**
 * What the server does with the checksum that a write carries. verified: bytes that do not fit are refused. ignored:
 * they are taken. refused: it takes no write that has one.
 */
export type Checksums = 'verified' | 'ignored' | 'refused';

/** How a bucket can be written, as tried; never as documented. */
export interface PutFeatures extends Honoured {
  checksums: Checksums;
}

type Write = (place: S3Place, upload: Upload) => Promise<Uploaded | undefined>;

/** Tries one PUT with throw-away keys. @throws what the server answers for other reasons, such as a missing right */
export async function tryPut(place: S3Place): Promise<PutFeatures> {
  return await withKeys(place, async (fresh, standing) => {
    const checksums = await tryChecksums(place, standing);
    return { checksums, ...(await tryConditions(place, putWhole, checksums, fresh, standing)) };
  });
}

/** Tries uploads in parts with throw-away keys. @throws as `tryPut` */
export async function tryParts(place: S3Place, checksums: Checksums): Promise<Honoured> {
  return await withKeys(
    place,
    async (fresh, standing) => await tryConditions(place, putInParts, checksums, fresh, standing),
  );
}

async function withKeys<T>(place: S3Place, work: (a: string, b: string) => Promise<T>): Promise<T> {
  const { client, bucket, prefix } = place;
  const keys = [prefix + probeKey(), prefix + probeKey()] as const;
  try {
    return await work(...keys);
  } finally {
    for (const Key of keys) {
      const command = new DeleteObjectCommand({ Bucket: bucket, Key });
      await retryHarmless(() => client.send(command)).catch(() => undefined);
    }
  }
}

async function tryChecksums(place: S3Place, key: string): Promise<Checksums> {
  const send = async (ChecksumSHA256: string): Promise<void> => {
    const Body = Buffer.from('checked');
    const command = new PutObjectCommand({ Bucket: place.bucket, Key: key, Body, ChecksumSHA256 });
    await place.client.send(command);
  };
  try {
    await send(digestOf(Buffer.from('checked')).toString('base64'));
  } catch (error) {
    if (!isUnknownToServer(error)) throw error;
    return 'refused';
  }
  try {
    await send(digestOf(Buffer.from('other bytes')).toString('base64'));
    return 'ignored';
  } catch (error) {
    if (s3Problem(error).status === 400) return 'verified';
    throw error;
  }
}

/** The server answered that it does not do this, rather than failed at it. */
function isUnknownToServer(error: unknown): boolean {
  return s3Problem(error).kind === 'unsupported';
}

async function tryConditions(
  place: S3Place,
  write: Write,
  checksums: Checksums,
  fresh: string,
  standing: string,
): Promise<Honoured> {
  const send = async (key: string, text: string, condition?: Condition): Promise<Uploaded | undefined> =>
    await write(place, {
      key,
      body: Buffer.from(text),
      metadata: {},
      condition,
      checksums: checksums !== 'refused',
    });
  const way = write === putWhole ? '' : ' at the end of an upload in parts';
  const create = await fact(`If-None-Match${way}`, async () => {
    const condition = { IfNoneMatch: '*' };
    if ((await send(fresh, 'first', condition)) === undefined)
      return `says of a new key that it exists (If-None-Match${way}).`;
    const second = await send(fresh, 'second', condition);
    return second === undefined ? '' : `ignores If-None-Match${way}: it answered 200 to a second create.`;
  });
  const replace = await fact(`If-Match${way}`, async () => {
    const first = await send(standing, 'first');
    if (first?.etag === undefined) return `answers no etag${way}.`;
    const condition = { IfMatch: first.etag };
    if ((await send(standing, 'second', condition)) === undefined)
      return `refuses If-Match${way} with the right version.`;
    const third = await send(standing, 'third', condition);
    return third === undefined
      ? ''
      : `ignores If-Match${way}: it answered 200 to the replacement of an old version.`;
  });
  return { create, replace };
}

async function fact(feature: string, look: () => Promise<string>): Promise<string> {
  try {
    return await look();
  } catch (error) {
    if (!isUnknownToServer(error)) throw error;
    return `has no ${feature}: it answered ${s3Problem(error).text}.`;
  }
}
