import { z } from 'zod';
import type { Records } from '../../src/engine/ports/records.js';
import type { s3Client } from '../../src/services/s3-client.js';
import type { Storage } from '../../src/services/storage/storage.js';

/** A folder or a bucket, in a form that a child process can be given. */
export const placeShape = z.union([
  z.object({ root: z.string() }),
  z.object({
    url: z.string(),
    bucket: z.string(),
    prefix: z.string(),
    /** Above so many bytes a storage uploads in parts. */
    partBytes: z.number().optional(),
  }),
]);

export type Place = z.infer<typeof placeShape>;

// Imported when asked for: the SDK takes a child process longer to load than its work takes.

/** Records in a place. */
export async function openRecords(place: Place): Promise<Records> {
  if ('root' in place) {
    const { folderRecords } = await import('../../src/services/records/folder.js');
    return folderRecords(place.root);
  }
  const { bucketRecords } = await import('../../src/services/records/bucket.js');
  return bucketRecords({ client: await testClient(place.url), bucket: place.bucket, prefix: place.prefix });
}

/** A storage in a place. */
export async function openStorage(place: Place): Promise<Storage> {
  if ('root' in place) {
    const { folderStorage } = await import('../../src/services/storage/folder.js');
    return folderStorage(place.root);
  }
  const { s3Storage } = await import('../../src/services/storage/s3.js');
  const { url, bucket, prefix, partBytes } = place;
  return s3Storage({
    client: await testClient(url),
    bucket,
    prefix,
    ...(partBytes !== undefined && { partBytes }),
  });
}

/** A client for the test server. */
export async function testClient(
  url: string,
  requestTimeoutMs = 10_000,
): Promise<ReturnType<typeof s3Client>> {
  const { s3Client: open } = await import('../../src/services/s3-client.js');
  return open({
    endpoint: url,
    region: 'us-east-1',
    keyId: 'test',
    secret: 'test',
    pathStyle: true,
    requestTimeoutMs,
  });
}
