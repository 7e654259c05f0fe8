import { afterAll, afterEach, expect, test } from 'vitest';
import { shortSeal } from '../../src/release/canonical.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

/** A promotion by Ana that waits at its gate; Ben can open it. */
async function waiting(): Promise<{
  room: Room;
  run: string;
  say: (who: string, verb: string) => Promise<string>;
}> {
  const room = await openRoom();
  await room.over(await room.starts('ana', 'release cut'));
  const run = await room.starts('ana', 'release promote');
  const seal = await room.seal(run);
  const say = async (who: string, verb: string): Promise<string> =>
    (await room.says(who, `${verb} ${run} --seal ${seal}`)).lines.join(' ');
  return { room, run, say };
}

test('while somebody holds the gate no votes open it, also after a crash; who lets go opens it', async () => {
  const { room, run, say } = await waiting();
  expect(await say('ana', 'hold')).toMatch(
    /^Held: seal .*No votes open it until you let go, or reject it\.$/,
  );
  expect(await say('ana', 'hold')).toMatch(/^Held before: /);
  expect(await say('ben', 'approve')).toMatch(/^Counted: .*1 of 1\. Held by Ana: no vote opens it/);
  await room.rest(run);
  room.crash();
  await room.start();
  await room.rest(run);
  expect((await room.state(run)).gates['approve']).toMatchObject({
    votes: [{ by: { name: 'Ben' } }],
    holds: [{ by: { name: 'Ana' } }],
  });
  expect((await room.state(run)).gates['approve']).not.toHaveProperty('decided');
  expect(await room.serves('stable')).toBe('');

  expect(await say('ben', 'unhold')).toMatch(/^You held nothing/);
  expect(await say('ana', 'unhold')).toContain('Its votes suffice: approved.');
  await room.over(run);
  expect(await room.serves('stable')).toBe('0.44.0');
  expect((await room.events(run)).filter(({ type }) => type === 'gate.held')).toHaveLength(1);
  expect(await say('ben', 'hold')).toBe('The question is decided: approved. Nothing was held.');
});

test('two hold it: the last one who lets go decides', async () => {
  const { room, run, say } = await waiting();
  await say('ana', 'hold');
  await say('ben', 'hold');
  await say('ben', 'approve');
  expect(await say('ben', 'unhold')).toMatch(/^Not held by you any more: seal .{9}\.$/);
  expect((await room.state(run)).gates['approve']).not.toHaveProperty('decided');
  expect(await say('ana', 'unhold')).toContain('approved');
  await room.over(run);
});

test('who holds may explain it: the run is rejected, with the reason', async () => {
  const { room, run, say } = await waiting();
  await say('ben', 'hold');
  expect(await say('ben', 'reject --reason "crash on arm"')).toContain('Rejected: "crash on arm"');
  await room.over(run, 'rejected');
  expect(await room.serves('stable')).toBe('');
});

test('only who may vote or reject, and who asked, can hold; and only what was read', async () => {
  const { room, run, say } = await waiting();
  expect(await say('cat', 'hold')).toContain('Cat may not hold');
  expect(await say('zed', 'hold')).toContain('nobody who may act');
  expect((await room.says('ben', `hold ${run} --seal 0000-0000`)).lines[0]).toContain(
    'not what is asked now',
  );
  expect((await room.state(run)).gates['approve']).not.toHaveProperty('holds');
});

test('who lost the role holds nothing any more: the votes decide', async () => {
  const { room, run, say } = await waiting();
  await room.set('slipway.yaml', ['people', 'dan'], { name: 'Dan' });
  await room.set('slipway.yaml', ['roles', 'maintainer'], ['ana', 'ben', 'dan']);
  expect(await say('dan', 'hold')).toContain('Held');
  expect(await say('ben', 'approve')).toMatch(/^Counted/);
  await room.set('slipway.yaml', ['roles', 'maintainer'], ['ana', 'ben']);
  expect(await say('ben', 'approve')).toMatch(/^Approved/);
  await room.over(run);
});

test('a question that is over cannot be held', async () => {
  const { room, run, say } = await waiting();
  const before = (await room.state(run)).gates['approve']?.seal ?? '';
  room.clock.aheadMs = 25 * 3_600_000;
  expect(await say('ben', 'hold')).toMatch(
    /^Not held: the question expired|^The question is decided: expired/,
  );
  await room.over(run, 'expired');
  room.clock.aheadMs = 0;
  // Asked again: a new run, a new question.
  const again = await room.starts('ana', 'release promote');
  expect(again).toBe('kestrel_0.44.0_promote_2');
  const seal = await room.seal(again);
  expect(seal).not.toBe(shortSeal(before));
  expect((await room.says('ben', `approve ${again} --seal ${seal}`)).lines[0]).toMatch(/^Approved/);
  await room.over(again);
});
