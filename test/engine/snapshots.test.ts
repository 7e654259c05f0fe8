import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { runJournal } from '../../src/engine/journals.js';
import { verifyJournal } from '../../src/engine/verify.js';
import type { Records } from '../../src/engine/ports/records.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from '../conversation/room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

/** A run with a long history that waits for people. */
async function longRun(): Promise<{ room: Room; run: string; seq: number }> {
  const room = await openRoom();
  await room.set('kestrel.yml', ['operations', 'cut', 'steps', 2, 'run'], ['false']);
  const run = await room.starts('ana', 'release cut');
  await room.step(run, 'build', 'failed');
  for (let turn = 0; turn < 15; turn += 1) {
    await room.says('ana', `pause ${run} --reason "turn ${turn}"`);
    await room.says('ben', `resume ${run}`);
  }
  const { seq } = await room.rest(run);
  return { room, run, seq };
}

/** Reads a run as a new process would; counts the records of its journal that are read. */
async function readAnew(room: Room, run: string): Promise<{ seq: number; reads: number }> {
  let reads = 0;
  const counted: Records = {
    ...room.engine.records,
    read: (key) => {
      if (key.startsWith(`runs/${run}/`)) reads += 1;
      return room.engine.records.read(key);
    },
  };
  const { keys, clock } = room.engine;
  const state = await runJournal({ records: counted, keys, clock }).load(run);
  return { seq: state?.seq ?? 0, reads };
}

test('a new process reads on from the newest snapshot', async () => {
  const { room, run, seq } = await longRun();
  const anew = await readAnew(room, run);
  expect(anew.seq).toBe(seq);
  expect(anew.reads).toBeLessThan(seq - 20);
  expect((await verifyJournal(room.engine)).problems).toEqual([]);
});

test.each([
  ['changed', (text: string): string => text.replace('turn', 'burn')],
  ['cut short', (text: string): string => text.slice(0, 100)],
  ['of another version', (text: string): string => text.replace('"v":1', '"v":7')],
])('one that is %s is not believed: the journal is read from its start', async (_, change) => {
  const { room, run, seq } = await longRun();
  const folder = join(room.sandbox.folder, 'journal', 'snapshots', 'runs', run);
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    const text = await readFile(file, 'utf8');
    expect(change(text)).not.toBe(text);
    await writeFile(file, change(text));
  }
  const anew = await readAnew(room, run);
  expect(anew.seq).toBe(seq);
  expect(anew.reads).toBeGreaterThanOrEqual(seq);
});
