import { afterAll, afterEach, expect, test } from 'vitest';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

/** A bot whose `abandon` waits for a moment that is asked for. */
async function roomThatWaits(): Promise<Room> {
  const room = await openRoom();
  await room.edit('kestrel.yml', (text) =>
    text
      .replace(
        'reason: { type: text, about: Why }',
        'reason: { type: text, about: Why, optional: true }\n      when: { type: time, about: When }',
      )
      .replace(
        '    steps:\n      - uses: channel\n        move: [internal]\n        to: stable',
        "    steps:\n      - uses: wait\n        until: '{inputs.when}'\n      - uses: channel\n        move: [internal]\n        to: stable",
      ),
  );
  await room.over(await room.starts('ana', 'release cut'));
  return room;
}

test('a wait for a moment that is past goes on, and one for a moment to come waits', async () => {
  const room = await roomThatWaits();
  const said = await room.says('ana', "release abandon --input when='tomorrow'");
  expect(said.exit).not.toBe(0);
  expect(said.lines.join(' ')).toContain('is not a time with its zone');
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
  const run = await room.starts('ana', `release abandon --input when=${tomorrow}`);
  await room.until(run, (state) =>
    state.steps.some(({ outline, status }) => outline.id === 'wait' && status === 'waiting'),
  );
  expect((await room.shows(run)).join('\n')).toContain(tomorrow);
  room.clock.aheadMs = 2 * 86_400_000;
  await room.over(run);
});
