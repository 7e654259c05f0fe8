import { afterAll, afterEach, expect, test } from 'vitest';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const said = async (room: Room, who: string, line: string): Promise<string> =>
  (await room.says(who, line)).lines.join('\n');
const queueOf = async (room: Room): Promise<string[]> =>
  ((await room.engine.lines.load('kestrel_0.44.0'))?.queue ?? []).map(({ request }) => request);

/** A cut that is paused, so that what is asked waits. */
async function busy(): Promise<Room> {
  const room = await openRoom();
  const cut = await room.starts('ana', 'release cut');
  await room.says('ana', `pause ${cut}`);
  return room;
}

test('who waits may leave the queue; what runs goes on', async () => {
  const room = await busy();
  await room.says('ana', 'release fixup', 'of-ana');
  await room.says('ben', 'release fixup', 'of-ben');
  expect(await said(room, 'ben', 'leave-queue')).toBe(
    'Left the queue: fixup of kestrel 0.44.0. Nothing was started. What runs goes on.',
  );
  expect(await queueOf(room)).toEqual(['of-ana']);
  expect((await room.engine.lines.load('kestrel_0.44.0'))?.left).toMatchObject({ why: 'taken out by Ben' });
  await room.says('ana', 'resume kestrel_0.44.0_cut_1');
  await room.over('kestrel_0.44.0_cut_1');
});

test('somebody else is taken out only by who may act on runs, and by name where several wait', async () => {
  const room = await busy();
  await room.says('ana', 'release fixup', 'one');
  expect(await said(room, 'cat', 'leave-queue')).toContain('needs the role');
  await room.says('ana', 'release fixup', 'two');
  expect(await said(room, 'ben', 'leave-queue')).toBe(
    'Several things wait.\nNothing was changed. Name one: 0.44.0 fixup, 0.44.0 fixup.',
  );
  expect(await said(room, 'ben', 'leave-queue fixup --entry two')).toContain('Left the queue');
  expect(await queueOf(room)).toEqual(['one']);
  expect(await said(room, 'ben', 'leave-queue 0.44.0 fixup')).toContain('Left the queue');
  expect(await said(room, 'ben', 'leave-queue')).toContain('Nothing that was asked for waits');
});
