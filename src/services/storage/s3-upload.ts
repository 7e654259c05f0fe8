import { setTimeout as sleep } from 'node:timers/promises';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
} from '@aws-sdk/client-s3';
import { SlipwayError } from '../../error.js';
import { retryConflicts, retryHarmless, s3Problem } from '../s3-problem.js';
import { abortLeftovers } from './s3-leftovers.js';
import { digestOf, sentMetadata, timeLimit, type S3Place, type Upload, type Uploaded } from './s3-object.js';

/** The largest object of one PUT, by S3's rules. */
export const largestPut = 5 * 1024 ** 3;

const defaultPartBytes = 16 * 1024 ** 2;
/** By S3's rules. */
const [smallestPart, mostParts] = [5 * 1024 ** 2, 10_000];
/** How many parts are under way at once. */
const atOnce = 4;
/** How often an upload that met another one is started anew. */
const mostUploads = 5;

/** Sizes above this many bytes go in parts. */
export function partBytesOf({ partBytes = defaultPartBytes }: S3Place): number {
  return Math.max(partBytes, smallestPart);
}

/** One PUT. undefined: the condition was not met, nothing was written. */
export async function putWhole(place: S3Place, upload: Upload): Promise<Uploaded | undefined> {
  const { key, body, metadata, condition } = upload;
  const checksum = digestOf(body).toString('base64');
  const command = new PutObjectCommand({
    Bucket: place.bucket,
    Key: key,
    Body: body,
    Metadata: sentMetadata(body, metadata),
    ...(upload.checksums && { ChecksumSHA256: checksum }),
    ...condition,
  });
  try {
    const { ETag } = await retryConflicts(() => place.client.send(command, timeLimit(body.byteLength)));
    return { etag: ETag, checksum };
  } catch (error) {
    if (isRefusedByCondition(error, upload)) return undefined;
    throw error;
  }
}

/**
 * An upload in parts, of which only the last request shows anything to the outside. undefined: the condition was not
 * met, nothing was written. One that failed is taken away again, as far as the server can be reached; what a killed
 * process left is taken away by a later upload.
 */
export async function putInParts(place: S3Place, upload: Upload): Promise<Uploaded | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const id = await begin(place, upload);
    try {
      return await finish(place, upload, id);
    } catch (error) {
      // Also after a lost answer: either it was too late, or a request that is still under way finds nothing to end.
      await abort(place, upload.key, id).catch(() => undefined);
      if (isRefusedByCondition(error, upload)) return undefined;
      const { kind } = s3Problem(error);
      // An end that met another write cannot be sent again: by S3's rules the whole upload starts anew.
      if (attempt === mostUploads || (kind !== 'conflict' && kind !== 'upload-gone')) throw error;
      await sleep(25 * 2 ** attempt);
    }
  }
}

async function begin(place: S3Place, { key, body, metadata, checksums }: Upload): Promise<string> {
  const { UploadId } = await place.client.send(
    new CreateMultipartUploadCommand({
      Bucket: place.bucket,
      Key: key,
      Metadata: sentMetadata(body, metadata),
      ...(checksums && { ChecksumAlgorithm: 'SHA256', ChecksumType: 'COMPOSITE' }),
    }),
  );
  if (UploadId !== undefined) return UploadId;
  throw new SlipwayError('storage-failed', `The server of ${place.bucket} began an upload without a name.`, {
    hint: 'Nothing was stored. It does not speak S3 well enough for uploads in parts.',
  });
}

async function finish(place: S3Place, upload: Upload, id: string): Promise<Uploaded> {
  const { key, body, condition, checksums } = upload;
  const parts = await sendParts(place, upload, id);
  if (parts.length > 1) await abortLeftovers(place, id).catch(() => undefined);
  const answer = await place.client.send(
    new CompleteMultipartUploadCommand({
      Bucket: place.bucket,
      Key: key,
      UploadId: id,
      MultipartUpload: { Parts: parts.map(({ part }) => part) },
      ...(checksums && { ChecksumType: 'COMPOSITE' }),
      ...condition,
    }),
    timeLimit(body.byteLength),
  );
  const all = digestOf(Buffer.concat(parts.map(({ digest }) => digest))).toString('base64');
  return { etag: answer.ETag, checksum: `${all}-${parts.length}` };
}

interface SentPart {
  part: CompletedPart;
  digest: Buffer;
}

async function sendParts(place: S3Place, upload: Upload, id: string): Promise<SentPart[]> {
  const { byteLength } = upload.body;
  const size = Math.max(partBytesOf(place), Math.ceil(byteLength / mostParts));
  // An empty object has one empty part.
  const count = Math.max(1, Math.ceil(byteLength / size));
  const sent: SentPart[] = [];
  let next = 0;
  let isBroken = false;
  const lane = async (): Promise<void> => {
    while (next < count && !isBroken) {
      const at = next;
      next += 1;
      try {
        const bytes = upload.body.subarray(at * size, (at + 1) * size);
        sent[at] = await sendPart(place, upload, id, at + 1, bytes);
      } catch (error) {
        isBroken = true;
        throw error;
      }
    }
  };
  // All to the end: a part that arrives after the upload was taken away would stay there.
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(atOnce, count) }, lane));
  for (const one of lanes) if (one.status === 'rejected') throw one.reason;
  return sent;
}

async function sendPart(
  place: S3Place,
  { key, checksums }: Upload,
  id: string,
  number: number,
  bytes: Uint8Array,
): Promise<SentPart> {
  const digest = digestOf(bytes);
  const checksum = digest.toString('base64');
  const command = new UploadPartCommand({
    Bucket: place.bucket,
    Key: key,
    UploadId: id,
    PartNumber: number,
    Body: bytes,
    ...(checksums && { ChecksumSHA256: checksum }),
  });
  // A part sent twice is one part, and nobody sees it.
  const answer = await retryHarmless(() => place.client.send(command, timeLimit(bytes.byteLength)));
  if (answer.ChecksumSHA256 !== undefined && answer.ChecksumSHA256 !== checksum) {
    throw new SlipwayError('storage-failed', `Part ${number} of ${key} did not arrive as it was sent.`, {
      hint: 'Nothing was stored. Retry; if it happens again, something on the way changes the bytes.',
      retryable: true,
    });
  }
  const part = {
    PartNumber: number,
    ETag: answer.ETag,
    ...(checksums && { ChecksumSHA256: checksum }),
  };
  return { part, digest };
}

async function abort({ client, bucket }: S3Place, key: string, id: string): Promise<void> {
  const command = new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: id });
  await retryHarmless(() => client.send(command));
}

function isRefusedByCondition(error: unknown, { condition }: Upload): boolean {
  const { kind } = s3Problem(error);
  if (condition === undefined) return false;
  // missing: `If-Match` on a key that is gone.
  return kind === 'condition' || (kind === 'missing' && 'IfMatch' in condition);
}
