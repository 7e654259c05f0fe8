import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type MultipartUpload,
} from '@aws-sdk/client-s3';
import { retryHarmless } from '../s3-problem.js';
import { probeKey } from './probe.js';
import type { S3Place } from './s3-object.js';

/** An upload that began so long before another one is nobody's any more, in ms: no step takes that long. */
const staleMs = 24 * 3_600_000;

/**
 * Takes away what killed processes left: uploads in parts below our prefix, begun by the same account as `own`, which
 * must be under way, and a day before it. Both times are the server's. Returns how many there were.
 */
export async function abortLeftovers(place: S3Place, own: string): Promise<number> {
  const { client, bucket } = place;
  const uploads = await listUploads(place);
  const ours = uploads.find((upload) => upload.UploadId === own);
  const began = ours?.Initiated?.getTime();
  if (began === undefined) return 0;
  const stale = uploads.filter(
    ({ Initiated, Initiator }) =>
      Initiated !== undefined &&
      began - Initiated.getTime() > staleMs &&
      Initiator?.ID === ours?.Initiator?.ID,
  );
  for (const { Key, UploadId } of stale) {
    const command = new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId });
    await retryHarmless(() => client.send(command));
  }
  return stale.length;
}

/** The same without an upload of one's own under way. */
export async function sweepLeftovers(place: S3Place): Promise<number> {
  const { client, bucket, prefix } = place;
  const Key = prefix + probeKey();
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }));
  if (UploadId === undefined) return 0;
  try {
    return await abortLeftovers(place, UploadId);
  } finally {
    const command = new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId });
    await retryHarmless(() => client.send(command)).catch(() => undefined);
  }
}

async function listUploads({ client, bucket, prefix }: S3Place): Promise<MultipartUpload[]> {
  const all: MultipartUpload[] = [];
  let after: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {};
  while (after !== undefined) {
    const command: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({
      Bucket: bucket,
      Prefix: prefix,
      ...after,
    });
    const page = await retryHarmless(() => client.send(command));
    all.push(...(page.Uploads ?? []));
    after =
      page.IsTruncated === true
        ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
        : undefined;
  }
  return all;
}
