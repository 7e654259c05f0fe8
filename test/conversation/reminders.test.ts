import { afterAll, afterEach, expect, test } from 'vitest';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const hour = 3_600_000;

async function waiting(prepare?: (room: Room) => Promise<void>): Promise<{ room: Room; run: string }> {
  const room = await openRoom();
  await prepare?.(room);
  await room.over(await room.starts('ana', 'release cut'));
  const run = await room.starts('ana', 'release promote');
  await room.seal(run);
  return { room, run };
}

const reminded = async (room: Room, run: string): Promise<number[]> =>
  (await room.events(run)).flatMap((event) => (event.type === 'gate.reminded' ? [event.share] : []));

test('people are reminded at half of the time, at four fifths, and then it expires', async () => {
  const { room, run } = await waiting();
  await room.rest(run);
  expect(await reminded(room, run)).toEqual([]);
  room.clock.aheadMs = 12.5 * hour;
  await room.until(run, (state) => state.gates['approve']?.reminded?.length === 1);
  room.clock.aheadMs = 20 * hour;
  await room.until(run, (state) => state.gates['approve']?.reminded?.length === 2);
  room.clock.aheadMs = 25 * hour;
  await room.over(run, 'expired');
  expect(await reminded(room, run)).toEqual([50, 80]);
});

test('once, when the bot was away for both', async () => {
  const { room, run } = await waiting();
  await room.stop();
  room.clock.aheadMs = 20 * hour;
  await room.start();
  await room.until(run, (state) => state.gates['approve']?.reminded !== undefined);
  await room.rest(run);
  expect(await reminded(room, run)).toEqual([80]);
});

test('when the policy says so', async () => {
  const { room, run } = await waiting((made) =>
    made.set('slipway.yaml', ['policies', 'standard', 'gates', 'approve', 'remind'], ['6h']),
  );
  room.clock.aheadMs = 7 * hour;
  await room.until(run, (state) => state.gates['approve']?.reminded !== undefined);
  room.clock.aheadMs = 25 * hour;
  await room.over(run, 'expired');
  expect(await reminded(room, run)).toEqual([25]);
});
