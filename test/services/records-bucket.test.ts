import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Records } from '../../src/engine/ports/records.js';
import { bucketRecords } from '../../src/services/records/bucket.js';
import { testClient } from '../contracts/places.js';
import { startS3, type S3Server } from '../servers/s3.js';

let server: S3Server;
let records: Records;
beforeEach(async () => {
  server = await startS3({ buckets: ['journal'] });
  records = await open();
});
afterEach(async () => await server.close());

const open = async (requestTimeoutMs?: number, bucket = 'journal'): Promise<Records> =>
  bucketRecords({ client: await testClient(server.url, requestTimeoutMs), bucket, prefix: 'p/' });
const body = Buffer.from('event');
const unknown = { code: 'journal-unreachable', retryable: true };

test('pages through two thousand keys', async () => {
  const keys = Array.from({ length: 2000 }, (_, at) => `many/${at % 7}/${String(at).padStart(5, '0')}`);
  const rest = keys.values();
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      for (const key of rest) await records.create(key, body);
    }),
  );
  const all = [...keys].sort();
  expect(await records.list('many/')).toEqual(all);
  expect(await records.list('many/', all[1499])).toEqual(all.slice(1500));
  expect(server.requests.filter((request) => request === 'GET journal/')).toHaveLength(3);
  expect(await records.names('many/')).toEqual(['0', '1', '2', '3', '4', '5', '6']);
});

test('pages through names', async () => {
  await server.close();
  server = await startS3({ pageSize: 2 });
  records = await open();
  for (const key of ['n/a/1', 'n/a/2', 'n/a-b', 'n/b', 'n/c/1', 'n/c/2', 'n/c/3', 'n/d'])
    await records.create(key, body);
  expect(await records.names('n/')).toEqual(['a', 'a-b', 'b', 'c', 'd']);
  expect(await records.list('n/')).toHaveLength(8);
});

test('probe refuses a bucket that ignores If-None-Match', async () => {
  server.ignoreConditions = true;
  await expect(records.probe()).rejects.toMatchObject({
    code: 'store-unsafe',
    message: 'bucket s3://journal/p ignores If-None-Match: it answered 200 to a second create.',
  });
  server.fault({ kind: 'status', status: 501, code: 'NotImplemented' }, { method: 'PUT' });
  await expect(records.probe()).rejects.toMatchObject({ code: 'store-unsafe' });
  expect(await records.list('')).toEqual([]);
});

test('a reset after the commit is an exception, and read shows the record', async () => {
  server.fault({ kind: 'reset-after-commit' }, { method: 'PUT', times: 1 });
  await expect(records.create('run/1', body)).rejects.toMatchObject(unknown);
  expect(Buffer.from((await records.read('run/1')) ?? [])).toEqual(body);
  expect(server.commits.get('journal/p/run/1')).toBe(1);
  expect(server.requests.filter((request) => request.startsWith('PUT'))).toHaveLength(1);
});

test('a request that hangs is an exception within its time limit', async () => {
  const quick = await open(200);
  server.fault({ kind: 'hang' }, { method: 'PUT', times: 1 });
  await expect(quick.create('run/1', body)).rejects.toMatchObject(unknown);
  expect(await quick.read('run/1')).toBeUndefined();
  expect(await quick.create('run/1', body)).toBe(true);
});

test('a commit that comes after the client gave up is found, and is not made twice', async () => {
  const quick = await open(200);
  server.fault({ kind: 'late-commit', commitDelayMs: 400 }, { method: 'PUT', times: 1 });
  await expect(quick.create('run/1', body)).rejects.toMatchObject(unknown);
  expect(await quick.read('run/1')).toBeUndefined();
  await server.idle();
  expect(await quick.read('run/1')).toBeDefined();
  expect(await quick.create('run/1', body)).toBe(false);
  expect(server.commits.get('journal/p/run/1')).toBe(1);
});

test('tries again after 409, and only then', async () => {
  server.fault(
    { kind: 'status', status: 409, code: 'ConditionalRequestConflict' },
    { method: 'PUT', times: 3 },
  );
  expect(await records.create('run/1', body)).toBe(true);
  expect(server.requests.filter((request) => request.startsWith('PUT'))).toHaveLength(4);
});

test.each([
  [503, 'SlowDown', true],
  [500, 'InternalError', true],
  [429, 'TooManyRequests', true],
  [403, 'AccessDenied', false],
])('a write answered %i %s is sent once; retryable: %s', async (status, code, retryable) => {
  server.fault({ kind: 'status', status, code, retryAfter: '7' }, { method: 'PUT' });
  await expect(records.create('run/1', body)).rejects.toMatchObject({
    code: 'journal-unreachable',
    retryable,
    retryAfterMs: 7000,
    message: expect.stringContaining(`${status} ${code}`),
  });
  expect(server.requests).toHaveLength(1);
});

test('reads are tried again, three times in all', async () => {
  await records.create('run/1', body);
  server.fault({ kind: 'status', status: 503, code: 'SlowDown' }, { method: 'GET', times: 1 });
  server.fault({ kind: 'cut-answer' }, { method: 'GET', times: 1 });
  expect(Buffer.from((await records.read('run/1')) ?? [])).toEqual(body);
  server.fault({ kind: 'reset' }, { method: 'GET' });
  await expect(records.read('run/1')).rejects.toMatchObject(unknown);
  await expect(records.list('run/')).rejects.toMatchObject(unknown);
});

test('a quota is journal-full, a wrong bucket is not retried', async () => {
  server.fault({ kind: 'status', status: 507, code: 'XMinioStorageFull' }, { method: 'PUT', times: 1 });
  await expect(records.create('run/1', body)).rejects.toMatchObject({ code: 'journal-full' });
  const wrong = await open(undefined, 'other');
  const refused = {
    code: 'journal-unreachable',
    retryable: false,
    message: expect.stringContaining('NoSuchBucket'),
  };
  await expect(wrong.read('run/1')).rejects.toMatchObject(refused);
  await expect(wrong.create('run/1', body)).rejects.toMatchObject(refused);
});

test('nobody listening is an exception', async () => {
  await server.close();
  await expect(records.create('run/1', body)).rejects.toMatchObject(unknown);
  server = await startS3();
});
