import { afterAll, afterEach, expect, test } from 'vitest';
import { leaveRooms, openRoom, removeSandboxes } from './room.js';
import { saidIn } from './said.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

test('what a person types is never taken for a placeholder, early or late', async () => {
  const room = await openRoom();
  await room.over(await room.starts('ana', 'release cut'));
  const run = await room.starts(
    'ana',
    "release abandon --input 'reason={notes} {version} {steps.channel.x}'",
  );
  await room.over(run);
  const said = await saidIn(room.opened, 'eng-process', `${run}_announce`);
  expect(said.map((text) => text.split('\n'))).toEqual([
    [
      'Kestrel 0.44.0 is abandoned: {notes} {version} {steps.channel.x}',
      '⚠️ channel · skipped: "nothing is stable yet: internal serves 0.44.0rc1"',
    ],
  ]);
});
