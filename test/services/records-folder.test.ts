import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { folderRecords } from '../../src/services/records/folder.js';
import { newFolder, newSmallDisk, removeFolders } from '../contracts/folders.js';

afterAll(removeFolders);

test('makes nothing until the first create', async () => {
  const root = path.join(await newFolder(), 'data', 'journal');
  const records = folderRecords(root);
  expect(await records.list('')).toEqual([]);
  expect(await records.read('a')).toBeUndefined();
  expect(await readdir(path.dirname(path.dirname(root)))).toEqual([]);
  expect(await records.create('a', Buffer.from('x'))).toBe(true);
  expect(await readdir(path.join(root, '.tmp'))).toEqual([]);
});

test('says nothing of temporary files and removes those older than an hour', async () => {
  const root = await newFolder();
  const temporary = path.join(root, '.tmp');
  await mkdir(temporary);
  await writeFile(path.join(temporary, 'old'), 'half a rec');
  await writeFile(path.join(temporary, 'young'), 'half a rec');
  const twoHoursAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
  await utimes(path.join(temporary, 'old'), twoHoursAgo, twoHoursAgo);
  const records = folderRecords(root);
  await records.create('a', Buffer.from('x'));
  expect(await records.list('')).toEqual(['a']);
  expect(await records.names('')).toEqual(['a']);
  expect(await readdir(temporary)).toEqual(['young']);
});

test('shows no folder that a dead process left empty', async () => {
  const root = await newFolder();
  await mkdir(path.join(root, 'runs', 'r1', 'deep'), { recursive: true });
  const records = folderRecords(root);
  expect(await records.names('')).toEqual([]);
  expect(await records.names('runs/')).toEqual([]);
  await records.create('runs/r1/deep/1', Buffer.from('x'));
  expect(await records.names('runs/')).toEqual(['r1']);
});

test('refuses a record with the name of a folder', async () => {
  const records = folderRecords(await newFolder());
  await records.create('a/b', Buffer.from('x'));
  await expect(records.create('a', Buffer.from('x'))).rejects.toMatchObject({ code: 'internal' });
});

test('says journal-unreachable where a file stands in the way', async () => {
  const file = path.join(await newFolder(), 'file');
  await writeFile(file, '');
  const records = folderRecords(file);
  await expect(records.create('a', Buffer.from('x'))).rejects.toMatchObject({
    code: 'journal-unreachable',
    retryable: false,
    hint: expect.stringContaining('folder'),
  });
});

test('says journal-full on a full disk, shows no half record, and goes on when there is space', async (context) => {
  const disk = await newSmallDisk();
  if (disk === undefined) return context.skip('mounting a small disk needs root on Linux');
  await writeFile(path.join(disk, 'ballast'), Buffer.alloc(300_000));
  const root = path.join(disk, 'journal');
  const records = folderRecords(root);
  const body = Buffer.alloc(30_000, 'r');
  const answers = await Promise.allSettled(
    Array.from({ length: 60 }, (_, at) => records.create(`run/${String(at).padStart(3, '0')}`, body)),
  );
  const failures = answers.filter((answer) => answer.status === 'rejected').map(({ reason }) => reason);
  expect(failures.length).toBeGreaterThan(20);
  for (const failure of failures) {
    expect(failure).toMatchObject({ code: 'journal-full', hint: expect.stringContaining('Free space') });
  }
  const kept = await records.list('run/');
  expect(kept).toHaveLength(60 - failures.length);
  for (const key of kept) expect(await readFile(path.join(root, key))).toEqual(body);
  expect(await readdir(path.join(root, '.tmp'))).toEqual([]);

  await writeFile(path.join(disk, 'ballast'), '');
  const failed = answers.findIndex((answer) => answer.status === 'rejected');
  expect(await records.create(`run/${String(failed).padStart(3, '0')}`, body)).toBe(true);
  expect(await records.list('run/')).toHaveLength(61 - failures.length);
});
