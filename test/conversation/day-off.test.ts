import { afterAll, afterEach, expect, test } from 'vitest';
import { leaveRooms, openRoom, removeSandboxes } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const hour = 3_600_000;

test('who says "not me today" is told nothing alone that day; the room goes on naming him', async () => {
  const room = await openRoom({ process: 'preset' });
  await room.set('slipway.yaml', ['time-zone'], 'UTC');
  // Asked at 16:00, so that the last reminder would come at noon.
  room.clock.aheadMs = (40 - new Date().getUTCHours()) * hour;
  await room.over(await room.starts('ana', 'release cut'));
  const promote = await room.starts('ana', 'release promote');
  await room.seal(promote);
  room.clock.aheadMs += 13 * hour;
  await room.until(promote, ({ gates }) => gates['approve']?.reminded?.length === 1);
  const reply = await room.says('ben', 'not-me-today');
  expect(reply.lines.join(' ')).toContain('until tomorrow');

  room.clock.aheadMs += 7 * hour;
  await room.until(promote, ({ gates }) => gates['approve']?.reminded?.length === 2);
  await room.shown();
  const told = await room.opened.local.messages.all({ person: 'ben' });
  expect(told).toEqual([]);
  const reminders = (await room.markers()).filter((one) => one.includes('_reminder-'));
  expect(reminders).toHaveLength(2);

  const stranger = await room.says('dora', 'not-me-today');
  expect(stranger.lines.join(' ')).toContain('nobody');
});
