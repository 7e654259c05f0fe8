import { createHash } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { s3Storage } from '../../src/services/storage/s3.js';
import type { Storage } from '../../src/services/storage/storage.js';
import { testClient } from '../contracts/places.js';
import { written } from '../contracts/storage.js';
import { startS3, type S3Server } from '../servers/s3.js';

let server: S3Server;
let storage: Storage;
beforeEach(async () => {
  server = await startS3();
  storage = s3Storage({ client: await testClient(server.url), bucket: 'releases', prefix: '' });
});
afterEach(async () => await server.close());

const unknown = { code: 'storage-failed', retryable: true };

test('probe refuses a bucket that ignores conditions', async () => {
  server.ignoreConditions = true;
  await expect(storage.probe()).rejects.toMatchObject({
    code: 'store-unsafe',
    message: 's3://releases ignores If-None-Match: it answered 200 to a second create.',
  });
  server.ignoreConditions = false;
  server.fault({ kind: 'status', status: 501, code: 'NotImplemented' }, { method: 'PUT', times: 1 });
  await expect(storage.probe()).rejects.toMatchObject({ code: 'store-unsafe' });
});

test('reports what others have put there', async () => {
  const body = Buffer.from('by hand');
  const sha256 = createHash('sha256').update(body).digest('hex');
  const client = await testClient(server.url);
  await client.send(
    new PutObjectCommand({ Bucket: 'releases', Key: 'a', Body: body, Metadata: { note: '100%' } }),
  );
  const seen = written(await storage.head('a'));
  expect(seen).toMatchObject({ sha256, size: 7, metadata: { note: '100%' } });
  expect(await storage.create('a', Buffer.from('x'), {})).toBe('exists');
  written(await storage.replace('a', Buffer.from('ours'), {}, seen.etag));
});

test('a reset after the commit is an exception, and head shows the object', async () => {
  server.fault({ kind: 'reset-after-commit' }, { method: 'PUT', times: 1 });
  await expect(storage.create('a', Buffer.from('x'), { run: 'r1' })).rejects.toMatchObject(unknown);
  expect(await storage.head('a')).toMatchObject({ metadata: { run: 'r1' } });
  expect(server.commits.get('releases/a')).toBe(1);
});

test('writes are sent once, save after 409; reads again after 503', async () => {
  server.fault(
    { kind: 'status', status: 503, code: 'SlowDown', retryAfter: '2' },
    { method: 'PUT', times: 1 },
  );
  await expect(storage.create('a', Buffer.from('x'), {})).rejects.toMatchObject({
    ...unknown,
    retryAfterMs: 2000,
  });
  server.fault(
    { kind: 'status', status: 409, code: 'ConditionalRequestConflict' },
    { method: 'PUT', times: 2 },
  );
  written(await storage.create('a', Buffer.from('x'), {}));
  server.fault({ kind: 'status', status: 503, code: 'SlowDown' }, { method: 'HEAD', times: 2 });
  expect(await storage.head('a')).toBeDefined();
});
