import { createHash } from 'node:crypto';
import { CreateMultipartUploadCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { s3Storage, type S3Storage } from '../../src/services/storage/s3.js';
import type { Stored } from '../../src/services/storage/storage.js';
import { testClient } from '../contracts/places.js';
import { written } from '../contracts/storage.js';
import { until } from '../conversation/until.js';
import { startS3, type S3Fault, type S3FaultScope, type S3Server } from '../servers/s3.js';

let server: S3Server;
let storage: S3Storage;
beforeEach(async () => {
  server = await startS3();
  storage = s3Storage({
    client: await testClient(server.url),
    bucket: 'releases',
    prefix: '',
    partBytes: 5 * 1024 ** 2,
  });
  await storage.probe();
});
afterEach(async () => await server.close());

const unknown = { code: 'storage-failed', retryable: true };

const big = Buffer.alloc(11 * 1024 ** 2, 'b');
const conflict = { kind: 'status', status: 409, code: 'ConditionalRequestConflict' } as const;
const busy = { kind: 'status', status: 503, code: 'SlowDown' } as const;
const denied = { kind: 'status', status: 403, code: 'AccessDenied' } as const;
/** Requests since the probe. */
const asked = (part: string): string[] =>
  server.requests.filter((request) => !request.includes('.probe-') && request.includes(part));

test('probe refuses a bucket that ignores conditions, and names what it ignores', async () => {
  server.ignoreConditions = true;
  await expect(storage.probe()).rejects.toMatchObject({
    code: 'store-unsafe',
    message: 's3://releases ignores If-None-Match: it answered 200 to a second create.',
  });
  server.ignoreConditions = false;
  server.ignores.add('put-replace').add('complete-replace');
  await expect(storage.probe()).rejects.toMatchObject({
    message: 's3://releases ignores If-Match: it answered 200 to the replacement of an old version.',
  });
  server.ignoreConditions = false;
  const heal = server.fault({ kind: 'status', status: 501, code: 'NotImplemented' });
  await expect(storage.probe()).rejects.toMatchObject({
    code: 'store-unsafe',
    message: expect.stringContaining('has no If-None-Match: it answered 501 NotImplemented'),
  });
  heal();
  await storage.probe();
});

test('a wrong region or key is not taken for a server without conditions', async () => {
  server.fault({ kind: 'status', status: 400, code: 'AuthorizationHeaderMalformed' });
  await expect(storage.probe()).rejects.toMatchObject({
    code: 'storage-failed',
    message: expect.stringContaining('400 AuthorizationHeaderMalformed'),
  });
});

test('a write is refused before anything is sent where no way of writing refuses a second one', async () => {
  server.ignoreConditions = true;
  const other = s3Storage({ client: await testClient(server.url), bucket: 'releases', prefix: 'p/' });
  await expect(other.create('a', Buffer.from('x'), {})).rejects.toMatchObject({ code: 'store-unsafe' });
  expect(await other.head('a')).toBeUndefined();
  expect(asked('releases/p/a').filter((request) => !request.startsWith('HEAD'))).toEqual([]);
});

test('looking writes nothing, also before the first write', async () => {
  const before = server.requests.length;
  const other = s3Storage({ client: await testClient(server.url), bucket: 'releases', prefix: '' });
  await other.head('a');
  await other.read('a');
  expect(server.requests.slice(before)).toEqual(['HEAD releases/a', 'GET releases/a']);
});

test('the probe leaves nothing', async () => {
  expect(server.uploads.size).toBe(0);
  const left = [...server.commits.keys()].map((target) => target.replace('releases/', ''));
  expect(left.length).toBeGreaterThan(0);
  for (const key of left) expect(await storage.head(key)).toBeUndefined();
});

describe('an upload in parts', () => {
  test('begins anew after 409 at its end, and leaves no other upload', async () => {
    server.fault(conflict, { method: 'POST', query: 'uploadId', times: 2 });
    written(await storage.create('a', big, { run: 'r1' }));
    expect(asked('?uploads').filter((request) => request.startsWith('POST'))).toHaveLength(3);
    expect(server.commits.get('releases/a')).toBe(1);
    expect(server.uploads.size).toBe(0);
  });

  test('gives up after five 409s, retryable, and nothing is there', async () => {
    server.fault(conflict, { method: 'POST', query: 'uploadId' });
    await expect(storage.create('a', big, {})).rejects.toMatchObject(unknown);
    expect(await storage.head('a')).toBeUndefined();
    expect(server.uploads.size).toBe(0);
  });

  test('begins anew when somebody has ended it', async () => {
    const gone = { kind: 'status', status: 404, code: 'NoSuchUpload' } as const;
    server.fault(gone, { method: 'PUT', query: 'partNumber=2', times: 1 });
    written(await storage.create('a', big, {}));
    expect(server.commits.get('releases/a')).toBe(1);
    expect(server.uploads.size).toBe(0);
  });

  test('whose last answer is lost is an exception; head shows the object, and it is made once', async () => {
    server.fault({ kind: 'reset-after-commit' }, { method: 'POST', query: 'uploadId', times: 1 });
    await expect(storage.create('a', big, { run: 'r1' })).rejects.toMatchObject(unknown);
    expect(await storage.head('a')).toMatchObject({ size: big.length, metadata: { run: 'r1' } });
    expect(await storage.create('a', big, { run: 'r1' })).toBe('exists');
    expect(server.commits.get('releases/a')).toBe(1);
    expect(server.uploads.size).toBe(0);
  });

  test.each([
    ['503', busy],
    ['an error inside 200', { kind: 'status', status: 200, code: 'InternalError' } as const],
    ['a reset', { kind: 'reset' } as const],
  ])('that is not ended because of %s is taken away, and can be sent again', async (_, fault) => {
    server.fault(fault, { method: 'POST', query: 'uploadId', times: 1 });
    await expect(storage.create('a', big, {})).rejects.toMatchObject(unknown);
    expect(server.uploads.size).toBe(0);
    written(await storage.create('a', big, {}));
    expect(server.commits.get('releases/a')).toBe(1);
  });

  test('sends a part again, and only that part, when its answer is lost', async () => {
    server.fault({ kind: 'reset-after-commit' }, { method: 'PUT', query: 'partNumber=2', times: 2 });
    const { sha256 } = written(await storage.create('a', big, {}));
    expect(sha256).toBe(createHash('sha256').update(big).digest('hex'));
    expect(asked('partNumber=')).toHaveLength(5);
  });

  test('that fails in a part is taken away', async () => {
    server.fault(busy, { method: 'PUT', query: 'partNumber=3' });
    await expect(storage.create('a', big, {})).rejects.toMatchObject(unknown);
    expect(server.uploads.size).toBe(0);
    expect(await storage.head('a')).toBeUndefined();
  });

  test('takes away what our account began a day ago, and nothing else', async () => {
    const client = await testClient(server.url);
    const begin = async (Key: string): Promise<void> =>
      void (await client.send(new CreateMultipartUploadCommand({ Bucket: 'releases', Key })));
    await begin('old');
    server.account = 'somebody';
    await begin('of-others');
    server.account = 'slipway';
    server.aheadMs = 20 * 3_600_000;
    await begin('young');
    server.aheadMs = 25 * 3_600_000;
    written(await storage.create('a', big, {}));
    const left = (): string[] => [...server.uploads.values()].map(({ target }) => target);
    expect(left()).toEqual(['releases/of-others', 'releases/young']);
    server.aheadMs = 50 * 3_600_000;
    expect(await storage.sweep()).toBe(1);
    expect(left()).toEqual(['releases/of-others']);
  });

  test('does not fail because left-overs cannot be listed; sweep says what is missing', async () => {
    server.fault(denied, { method: 'GET', query: 'uploads' });
    written(await storage.create('a', big, {}));
    await expect(storage.sweep()).rejects.toMatchObject({
      code: 'storage-failed',
      hint: expect.stringContaining('s3:ListBucketMultipartUploads'),
    });
    expect(server.uploads.size).toBe(0);
  });
});

test('a large object goes in one PUT where the end of an upload in parts has no conditions', async () => {
  server.ignores.add('complete-create');
  await storage.probe();
  written(await storage.create('a', big, {}));
  expect(asked('?')).toEqual([]);
  expect(server.commits.get('releases/a')).toBe(1);
  expect(await storage.create('a', big, {})).toBe('exists');
});

const faults: [string, S3Fault, Pick<S3FaultScope, 'method' | 'query'>][] = [
  ['a reset', { kind: 'reset' }, {}],
  ['a reset after the commit', { kind: 'reset-after-commit' }, { method: 'PUT' }],
  ['a reset after the end', { kind: 'reset-after-commit' }, { method: 'POST', query: 'uploadId' }],
  ['503', busy, {}],
  ['503 at the end', busy, { method: 'POST', query: 'uploadId' }],
  ['409', conflict, { method: 'PUT' }],
  ['409 at the end', conflict, { method: 'POST', query: 'uploadId' }],
  ['an answer that is cut off', { kind: 'cut-answer' }, { method: 'POST' }],
  ['an answer to a look that is cut off', { kind: 'cut-answer' }, { method: 'GET' }],
  ['no answer', { kind: 'hang' }, { method: 'PUT', query: 'x-id=PutObject' }],
  ['no answer to the begin', { kind: 'hang' }, { method: 'POST', query: 'uploads' }],
  ['a commit that comes late', { kind: 'late-commit', commitDelayMs: 500 }, { method: 'PUT' }],
];

describe.each([
  ['one PUT', Buffer.from('one')],
  ['parts', big],
])('whoever looks before each attempt makes nothing twice and loses nothing, in %s', (_, body) => {
  test.each(faults)('%s', async (_name, fault, scope) => {
    // A large body has a longer limit than this: what is late arrives in time there.
    const client = await testClient(server.url, 250);
    const place = { client, bucket: 'releases', prefix: '', partBytes: 5 * 1024 ** 2 };
    const quick = s3Storage(place);
    await quick.probe();
    server.fault(fault, { ...scope, key: 'releases/a', times: 1 });
    /** As a step does it: it looks, writes on what it saw, and after an error of any kind looks again. */
    const publish = async (text: Buffer, may: string | undefined): Promise<Stored> => {
      for (let attempt = 1; attempt < 20; attempt += 1) {
        const there = await quick.head('a').catch(() => null);
        if (there === null) continue;
        const sha256 = createHash('sha256').update(text).digest('hex');
        if (there?.sha256 === sha256) return there;
        expect(there?.etag).toBe(may);
        const send =
          there === undefined ? quick.create('a', text, {}) : quick.replace('a', text, {}, there.etag);
        await send.catch((error: unknown) => expect(error).toMatchObject({ code: 'storage-failed' }));
      }
      throw new Error('never written');
    };
    const first = await publish(body, undefined);
    await server.idle();
    expect(server.commits.get('releases/a')).toBe(1);
    server.fault(fault, { ...scope, key: 'releases/a', times: 1 });
    const other = Buffer.concat([body, Buffer.from('and more')]);
    await publish(other, first.etag);
    await server.idle();
    expect(server.commits.get('releases/a')).toBe(2);
    expect((await quick.read('a'))?.byteLength).toBe(other.byteLength);
    // An upload whose begin was not answered has a name that nobody knows: it is found a day later.
    server.aheadMs = 25 * 3_600_000;
    await quick.sweep();
    expect(server.uploads.size).toBe(0);
  });
});

describe('what is read back', () => {
  test('other bytes are found where the server compares no checksums', async () => {
    server.checksums = 'ignored';
    await storage.probe();
    const heal = server.fault({ kind: 'garble' }, { method: 'PUT', times: 1 });
    await expect(storage.create('a', Buffer.from('x'), {})).rejects.toMatchObject({
      code: 'storage-failed',
      retryable: false,
      message: 's3://releases/a was read back and its bytes are others.',
    });
    heal();
    server.fault({ kind: 'garble' }, { method: 'POST', query: 'uploadId', times: 1 });
    await expect(storage.create('b', big, {})).rejects.toMatchObject({ retryable: false });
  });

  test('bytes that change on the way are refused by the server, and may be sent again', async () => {
    server.fault({ kind: 'status', status: 400, code: 'BadDigest' }, { method: 'PUT', times: 1 });
    await expect(storage.create('a', Buffer.from('x'), {})).rejects.toMatchObject(unknown);
    written(await storage.create('a', Buffer.from('x'), {}));
  });

  test('a write that was replaced before it was read back has happened', async () => {
    const client = await testClient(server.url);
    const look = server.fault({ kind: 'late-commit', commitDelayMs: 300 }, { method: 'HEAD', times: 1 });
    const ours = storage.create('a', Buffer.from('ours'), { by: 'us' });
    await until('our write is there', async () => server.commits.get('releases/a') === 1);
    await client.send(new PutObjectCommand({ Bucket: 'releases', Key: 'a', Body: 'theirs' }));
    expect(written(await ours)).toMatchObject({ metadata: { by: 'us' }, size: 4 });
    look();
  });
});

describe('a right that is missing is named', () => {
  test('to write', async () => {
    server.fault(denied, { method: 'PUT' });
    await expect(storage.create('app/1.0/a', Buffer.from('x'), {})).rejects.toMatchObject({
      code: 'storage-failed',
      retryable: false,
      message: expect.stringMatching(/^Not allowed to write to s3:\/\/releases: 403 AccessDenied/),
      hint: expect.stringContaining('Fix first: let the worker write s3://releases/app/1.0/'),
    });
    server.fault(denied, { method: 'POST' });
    await expect(storage.create('a', big, {})).rejects.toMatchObject({
      hint: expect.stringContaining('let the worker write'),
    });
    await expect(storage.probe()).rejects.toMatchObject({ code: 'storage-failed' });
  });

  test('to look, also where it is noticed only when a write is read back', async () => {
    server.fault(denied, { method: 'HEAD' });
    const missing = {
      code: 'storage-failed',
      retryable: false,
      message: 'Not allowed to look at s3://releases: 403 Forbidden',
      hint: expect.stringContaining('s3:ListBucket'),
    };
    await expect(storage.head('a')).rejects.toMatchObject(missing);
    await expect(storage.create('a', Buffer.from('x'), {})).rejects.toMatchObject(missing);
  });
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
