import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { jobs } from '../../jobs/index.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const hour = 3_600_000;
const said = async (room: Room, who: string, line: string): Promise<string> =>
  (await room.says(who, line)).lines.join('\n');

describe('a freeze that somebody says', () => {
  test('stops what it does not allow until its time, and ends by itself', async () => {
    const room = await openRoom();
    const line = 'freeze --until 4h --reason "quarter end" --allow "cut fixup"';
    const frozen = await said(room, 'ana', line);
    expect(frozen).toMatch(
      /^🔒 kestrel · frozen until \w{3} \d\d:\d\d Europe\/London by Ana: "quarter end"\.\nNothing was stopped: what runs goes on\. cut and fixup are allowed\.$/,
    );
    await room.over(await room.starts('ana', 'release cut'));
    const refused = await room.says('ben', 'release promote');
    expect(refused).toMatchObject({ exit: 1, data: { error: { code: 'refused' } } });
    expect(refused.lines.join('\n')).toMatch(
      /^🔒 kestrel · frozen until \w{3} \d\d:\d\d Europe\/London by Ana: "quarter end"\.\nNothing was started\. cut and fixup are allowed\. You may start it all the same: add --reason "…"\.$/,
    );
    expect(await said(room, 'ben', 'release promote --dry-run')).toContain('frozen until');
    room.clock.aheadMs = 4.1 * hour;
    await room.starts('ben', 'release promote');
  });

  test('lets those through who could lift it, with a reason that stands in the record', async () => {
    const room = await openRoom();
    await said(room, 'ana', 'freeze kestrel --until 3d --reason "quarter end"');
    expect(await said(room, 'ben', 'release cut')).toContain('No operation is allowed.');
    const run = await room.starts('ben', 'release cut --reason "security fix"');
    expect((await room.state(run)).created.because).toBe('in the freeze "quarter end": "security fix"');
  });

  test('does not let through who may not lift it, whatever his reason', async () => {
    const room = await openRoom();
    await room.set('slipway.yaml', ['policies', 'standard', 'operations', 'freeze'], {
      start: ['coordinator'],
    });
    await said(room, 'ana', 'freeze --until 3d --reason "quarter end"');
    expect(await said(room, 'ben', 'release cut --reason "security fix"')).toContain(
      'Nothing was started. No operation is allowed. An exception is for coordinator, with a reason.',
    );
  });

  test('is lifted before its time, survives a crash until then, and nobody else may', async () => {
    const room = await openRoom();
    await said(room, 'ben', 'freeze --until 2h --reason "quarter end"');
    room.crash();
    await room.start();
    expect(await said(room, 'ana', 'release cut')).toContain('by Ben: "quarter end"');
    expect((await room.says('cat', 'unfreeze')).exit).toBe(1);
    expect(await said(room, 'ana', 'unfreeze')).toBe(
      'kestrel is not frozen any more: "quarter end" was lifted. What waits in its queues starts by itself.',
    );
    expect(await said(room, 'ana', 'unfreeze')).toBe(
      'kestrel was not frozen by anybody. Nothing was changed.',
    );
    await room.starts('ana', 'release cut');
  });

  test.each([
    ['freeze --until yesterday --reason x', '"yesterday" is no time that is understood.'],
    ['freeze --until "2020-01-01 09:00" --reason x', 'is over already'],
    ['freeze --until "2099-01-01 09:00" --reason x', 'more than a year away'],
    ['freeze --until 2h --reason x --allow promot', 'did you mean "promote"?'],
  ])('refuses what cannot be meant: %s', async (line, why) => {
    const room = await openRoom();
    const reply = await room.says('ana', line);
    expect(reply.exit).toBe(2);
    expect(reply.lines.join(' ')).toContain(why);
    expect(reply.lines.join(' ')).toContain('Nothing was frozen.');
  });

  test('is for those whom the policy names; without a rule for nobody', async () => {
    const room = await openRoom();
    const line = 'freeze --until 2h --reason x';
    expect(await said(room, 'cat', line)).toContain('needs the role coordinator or maintainer');
    await room.edit('slipway.yaml', (text) => text.replace(/ {6}freeze: .*\n/, ''));
    expect(await said(room, 'ana', line)).toContain('Nobody may freeze kestrel.');
  });
});

describe('a queue in a freeze', () => {
  /** A fixup that waits behind a cut while kestrel is frozen. */
  async function waiting(): Promise<Room> {
    const room = await openRoom();
    const cut = await room.starts('ana', 'release cut');
    await said(room, 'ben', 'release fixup --again');
    await said(room, 'ana', 'freeze --until 2h --reason "quarter end"');
    await room.over(cut);
    await jobs.reconcile(room.engine);
    const line = await room.engine.lines.load('kestrel_0.44.0');
    expect(line).toMatchObject({ settled: 'open', queue: [{ operation: 'fixup' }] });
    expect(line).not.toHaveProperty('active');
    return room;
  }

  test('waits, and starts when the freeze is over', async () => {
    const room = await waiting();
    room.clock.aheadMs = 2.1 * hour;
    await jobs.reconcile(room.engine);
    await room.over('kestrel_0.44.0_fixup_1');
  });

  test('starts when the freeze is lifted', async () => {
    const room = await waiting();
    await said(room, 'ana', 'unfreeze');
    await room.over('kestrel_0.44.0_fixup_1');
  });
});
