import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { folderStorage } from '../../src/services/storage/folder.js';
import type { Storage } from '../../src/services/storage/storage.js';
import { newFolder, newSmallDisk, removeFolders } from '../contracts/folders.js';
import { written } from '../contracts/storage.js';

let root: string;
let storage: Storage;
beforeEach(async () => {
  root = await newFolder();
  storage = folderStorage(root, './storage/releases');
});
afterAll(removeFolders);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const file = (): string => path.join(root, 'app/channel.txt');
const own = (): string => path.join(root, '.slipway/generations/app%2Fchannel.txt');
const create = async (text: string): Promise<string> =>
  written(await storage.create('app/channel.txt', Buffer.from(text), { is: text })).etag;

/** Puts a version record and its bytes there, as a process leaves them that died before it moved the bytes. */
async function crashedWrite(n: number, text: string, isFresh: boolean): Promise<void> {
  const bytes = `${n}.0123456789abcdef.bytes`;
  const record = { n, sha256: sha256(text), size: text.length, metadata: { is: text }, bytes, isFresh };
  await mkdir(own(), { recursive: true });
  await writeFile(path.join(own(), bytes), text);
  await writeFile(path.join(own(), `${n}.json`), JSON.stringify(record));
}

test('people find the file under its key, and nothing is left over', async () => {
  const first = await create('one');
  await storage.replace('app/channel.txt', Buffer.from('two'), {}, first);
  expect(await readFile(file(), 'utf8')).toBe('two');
  expect(await readdir(own())).toEqual(['1.json', '2.json']);
  expect(storage.address).toBe('./storage/releases');
});

test.each([
  ['head', () => storage.head('app/channel.txt'), expect.objectContaining({ size: 3 })],
  ['read', () => storage.read('app/channel.txt'), Buffer.from('two')],
  ['create', () => storage.create('app/channel.txt', Buffer.from('x'), {}), 'exists'],
  ['replace', (etag: string) => storage.replace('app/channel.txt', Buffer.from('x'), {}, etag), 'changed'],
])('%s repairs a replacement that was cut off', async (_, look, answer) => {
  const first = await create('one');
  await crashedWrite(2, 'two', false);
  expect(await readFile(file(), 'utf8')).toBe('one');
  expect(await look(first)).toEqual(answer);
  expect(await readFile(file(), 'utf8')).toBe('two');
  expect(await storage.head('app/channel.txt')).toMatchObject({
    sha256: sha256('two'),
    metadata: { is: 'two' },
  });
});

test('repairs a first write that was cut off, before and after it was linked', async () => {
  await crashedWrite(1, 'one', true);
  expect(await storage.head('app/channel.txt')).toMatchObject({ metadata: { is: 'one' } });
  await rm(path.join(root, 'app'), { recursive: true });
  await crashedWrite(1, 'one', true);
  await mkdir(path.join(root, 'app'));
  await link(path.join(own(), '1.0123456789abcdef.bytes'), file());
  expect(await storage.create('app/channel.txt', Buffer.from('x'), {})).toBe('exists');
  expect(await readFile(file(), 'utf8')).toBe('one');
  expect(await readdir(own())).toEqual(['1.json']);
});

test('what writers left that lost or died is removed by the next write', async () => {
  const first = await create('one');
  await writeFile(path.join(own(), '1.ffff.bytes'), 'lost');
  await writeFile(path.join(own(), '2.ffff.tmp'), 'died');
  await writeFile(path.join(own(), '3.ffff.bytes'), 'is perhaps being written');
  written(await storage.replace('app/channel.txt', Buffer.from('two'), {}, first));
  expect(await readdir(own())).toEqual(['1.json', '2.json', '3.ffff.bytes']);
});

test('a file put there by hand exists, without metadata, and can be replaced as seen', async () => {
  await mkdir(path.dirname(file()));
  await writeFile(file(), 'by hand');
  const seen = written(await storage.head('app/channel.txt'));
  expect(seen).toMatchObject({ sha256: sha256('by hand'), size: 7, metadata: {} });
  expect(await storage.create('app/channel.txt', Buffer.from('x'), {})).toBe('exists');
  await writeFile(file(), 'again');
  expect(await storage.replace('app/channel.txt', Buffer.from('x'), {}, seen.etag)).toBe('changed');
  const now = written(await storage.head('app/channel.txt'));
  written(await storage.replace('app/channel.txt', Buffer.from('ours'), {}, now.etag));
  expect(await readFile(file(), 'utf8')).toBe('ours');
});

test.each(['in place', 'by another file'])(
  'a file changed by hand %s is reported as it is and left alone',
  async (how) => {
    const etag = await create('one');
    const other = path.join(root, 'other');
    await writeFile(other, 'by hand');
    if (how === 'in place') await writeFile(file(), 'by hand');
    else await rename(other, file());
    const seen = written(await storage.head('app/channel.txt'));
    expect(seen).toMatchObject({ sha256: sha256('by hand'), size: 7, metadata: {} });
    expect(seen.etag).not.toBe(etag);
    expect(await storage.replace('app/channel.txt', Buffer.from('x'), {}, etag)).toBe('changed');
    expect(await readFile(file(), 'utf8')).toBe('by hand');
  },
);

test('a file put there by hand while a first write was cut off stays', async () => {
  await crashedWrite(1, 'one', true);
  await mkdir(path.dirname(file()));
  await writeFile(file(), 'by hand');
  expect(await storage.head('app/channel.txt')).toMatchObject({ sha256: sha256('by hand'), metadata: {} });
});

test('a file removed by hand is gone, and can be created again with a new etag', async () => {
  const first = await create('one');
  await rm(path.dirname(file()), { recursive: true });
  expect(await storage.head('app/channel.txt')).toBeUndefined();
  expect(await storage.replace('app/channel.txt', Buffer.from('x'), {}, first)).toBe('changed');
  expect(await create('one')).not.toBe(first);
  expect(await readFile(file(), 'utf8')).toBe('one');
});

test('a damaged record is an error, not a missing file', async () => {
  await create('one');
  await writeFile(path.join(own(), '2.json'), '{"n":');
  await expect(storage.head('app/channel.txt')).rejects.toMatchObject({
    code: 'storage-failed',
    retryable: false,
  });
});

test('a full disk is an error with a hint and leaves what was there', async (context) => {
  const disk = await newSmallDisk();
  if (disk === undefined) return context.skip('mounting a small disk needs root on Linux');
  const small = folderStorage(disk);
  const first = written(await small.create('a', Buffer.alloc(500_000, 'a'), {}));
  const tooMuch = Buffer.alloc(700_000, 'b');
  const full = { code: 'storage-failed', hint: expect.stringContaining('Free space') };
  await expect(small.replace('a', tooMuch, {}, first.etag)).rejects.toMatchObject(full);
  await expect(small.create('b', tooMuch, {})).rejects.toMatchObject(full);
  expect(await small.head('a')).toEqual(first);
  expect(await small.head('b')).toBeUndefined();
  written(await small.replace('a', Buffer.from('small'), {}, first.etag));
  written(await small.create('b', tooMuch, {}));
});

test('a disk that may not be written is an error that names what is missing', async (context) => {
  const disk = await newSmallDisk();
  if (disk === undefined) return context.skip('mounting a small disk needs root on Linux');
  const small = folderStorage(disk, './releases');
  const first = written(await small.create('a', Buffer.from('x'), {}));
  await promisify(execFile)('mount', ['-o', 'remount,ro', disk]);
  await expect(small.create('b', Buffer.from('x'), {})).rejects.toMatchObject({
    code: 'storage-failed',
    retryable: false,
    message: expect.stringContaining('Not allowed to use ./releases'),
    hint: 'Fix first: let the user of the worker read and write ./releases.',
  });
  expect(await small.head('a')).toEqual(first);
});
