import { cp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { removeSandboxes } from '../conversation/room.js';
import { until } from '../conversation/until.js';
import { endProcesses, openCommandLine } from './command-line.js';

afterEach(endProcesses);
afterAll(removeSandboxes);

const memory = { SLIPWAY_QUEUE: 'memory' };
const cut = 'kestrel_0.44.0_cut_1';

test('backup, loss, restore in another folder: an open run goes on there', { timeout: 120_000 }, async () => {
  const line = await openCommandLine(memory);
  const go = await line.holdBuild();
  const bot = await line.start(['start', '--drain', '0']);
  await line.slipway('release', 'cut', '--as', 'ana', '--detach');
  await until('the build is claimed', async () =>
    (await line.events(cut)).some((event) => event.type === 'step.claimed' && event.step === 'build'),
  );
  await bot.stop();
  const kept = join(line.folder, 'kept');
  const backup = await line.slipway('backup', kept);
  expect(backup.exit).toBe(0);
  expect(backup.out).toContain(`slipway restore ${kept}`);
  expect((await stat(join(kept, 'keys', 'journal.key'))).mode & 0o077).toBe(0);

  const other = await openCommandLine(memory);
  const full = await other.slipway('restore', join(line.folder, 'nothing-there'));
  expect(full.exit).not.toBe(0);
  // The same world outside: repository and storage are not part of a backup.
  for (const part of ['origin', 'storage', 'kestrel.yml'])
    await cp(join(line.folder, part), join(other.folder, part), { recursive: true, force: true });
  await rm(join(line.folder, 'journal'), { recursive: true });
  const restored = await other.slipway('restore', kept);
  expect(restored.exit).toBe(0);
  expect(restored.out).toContain('1 runs');
  expect((await stat(join(other.folder, 'data', 'keys', 'journal.key'))).mode & 0o077).toBe(0);
  expect((await other.slipway('verify')).exit).toBe(0);
  // Doing it again changes nothing.
  expect((await other.slipway('restore', kept)).exit).toBe(0);
  await writeFile(go, '');
  await other.start();
  await until('the cut is done there', async () =>
    (await other.events(cut)).some((event) => event.type === 'run.finished' && event.outcome === 'done'),
  );
  const owned = await other.slipway('restore', kept);
  expect(owned.exit).toBe(1);
  expect(owned.err).toContain('Nothing was restored');
});

test(
  'a machine that has made a key of its own is told before anything is restored',
  { timeout: 120_000 },
  async () => {
    const line = await openCommandLine(memory);
    await (await line.start()).stop();
    const kept = join(line.folder, 'kept');
    await line.slipway('backup', kept);
    const other = await openCommandLine(memory);
    await (await other.start()).stop();
    const before = await readdir(join(other.folder, 'journal'));
    const refused = await other.slipway('restore', kept);
    expect(refused.exit).toBe(1);
    expect(refused.err).toContain('another journal key');
    expect(await readdir(join(other.folder, 'journal'))).toEqual(before);
  },
);

test('a backup is put among nothing else', { timeout: 120_000 }, async () => {
  const line = await openCommandLine(memory);
  await (await line.start()).stop();
  const folder = join(line.folder, 'mine');
  await mkdir(folder);
  await writeFile(join(folder, 'notes.txt'), 'mine');
  const refused = await line.slipway('backup', folder);
  expect(refused.exit).toBe(1);
  expect(refused.err).toContain('holds something else: notes.txt\nNothing was copied. Name a new folder.');
  expect(await readdir(folder)).toEqual(['notes.txt']);
  // One that was cut off goes on.
  await rm(join(folder, 'notes.txt'));
  expect((await line.slipway('backup', folder)).exit).toBe(0);
  expect((await line.slipway('backup', folder)).exit).toBe(0);
});

test('a journal whose key is gone is not given a new one', { timeout: 120_000 }, async () => {
  const line = await openCommandLine(memory);
  const bot = await line.start();
  await line.slipway('release', 'cut', '--as', 'ana');
  await bot.stop();
  await rm(join(line.folder, 'data', 'keys'), { recursive: true });
  const started = await line.slipway('start');
  expect(started.exit).toBe(1);
  expect(started.err).toContain('SLIPWAY_DATA');
});
