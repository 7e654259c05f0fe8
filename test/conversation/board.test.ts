import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { openIndex } from '../../src/engine/open-index.js';
import { noiseIn, shows } from './board-words.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';
import { until } from './until.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const branch = 'release/kestrel-v0.44.0';

async function opened(): Promise<Room> {
  const room = await openRoom({ process: 'preset' });
  await room.over(await room.starts('ana', 'release cut'));
  return room;
}

async function fixed(room: Room, name = 'door'): Promise<void> {
  await room.origin.commit(branch, { [`${name}.txt`]: 'fixed\n' }, `fix: the ${name}`);
}

describe('the story of a release in its room', () => {
  test('a cut is one message that pings nobody, and one announcement elsewhere', async () => {
    const room = await opened();
    const { messages, threads, pings } = await noiseIn(room);
    expect({ messages, threads, pings }).toEqual({ messages: 1, threads: 0, pings: 0 });
    expect((await noiseIn(room, 'eng-process')).messages).toBe(1);
    expect((await noiseIn(room, 'releases')).messages).toBe(0);
  });

  test('its board shows what is there now, and what can be done next', async () => {
    const room = await opened();
    expect(await shows(room)).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: ready on internal
      ✅ 8 steps · done ‹span›
      internal serves 0.44.0rc1 sha256:…, read back ‹time›
      Asked by Ana ‹time› · plan XXXX-XXXX
      [Promote…]+ [Make rc2] [Abandon 0.44.0…]!"
    `);
  });

  test('a fixup has a board of its own, and the one before offers nothing any more', async () => {
    const room = await opened();
    await fixed(room);
    await room.over(await room.starts('ana', 'release fixup'));
    expect(await shows(room)).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: ready, then replaced by rc2
      ✅ 8 steps · done ‹span›
      internal served 0.44.0rc1 sha256:…, read back ‹time›
      Asked by Ana ‹time› · plan XXXX-XXXX
      [Record→]
      ----
      kestrel 0.44.0rc2: ready on internal
      ✅ 7 steps · done ‹span›
      internal serves 0.44.0rc2 sha256:…, read back ‹time›
      ⏭️ Cherry pick · skipped: nothing to pick
      Asked by Ana ‹time› · plan XXXX-XXXX
      [Promote…]+ [Make rc3] [Abandon 0.44.0…]!"
    `);
  });

  test('a promotion asks once, and shows what became of it', async () => {
    const room = await opened();
    const promote = await room.starts('ana', 'release promote');
    const seal = await room.seal(promote);
    expect(await shows(room)).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: ready on internal
      ✅ 8 steps · done ‹span›
      internal serves 0.44.0rc1 sha256:…, read back ‹time›
      Asked by Ana ‹time› · plan XXXX-XXXX
      [Record→]
      ----
      kestrel 0.44.0: promoting, approval 0 of 1
      ✅ Notes · done ‹span›
      ✅ Lock files · done ‹span›
      ✅ Bump commit ‹commit› · done ‹span›
      ✅ Build · done ‹span›
      ✋ Approval · waiting, 0 of 1, until ‹time›
      ▫️ Push · to do
      ▫️ Upload · to do
      ▫️ Tag · to do
      ▫️ Move internal and stable · to do
      ▫️ Announce · to do
      Asked by Ana ‹time› · plan XXXX-XXXX
      [Open the question→]+ [Details→] [Cancel the promotion]
      ----
      Approve kestrel 0.44.0 for stable? 0 of 1, seal XXXX-XXXX
      Ships 0.44.0, built from rc1, commit ‹commit›
      kestrel-0.44.0.tar.gz sha256:…, ‹size›
      Differs from rc1 in kestrel.lock, pyproject.toml only.
      internal 0.44.0rc1 → 0.44.0, stable nothing → 0.44.0
      Changes 9
      Votes none yet
      Can decide @Ben. Not Ana, who asked
      Expires ‹time›, ‹span› after it was asked; then nothing ships
      ⚠️ The next approval · warning: it starts the promotion at once
      ✅ here is the same vote; remove it to withdraw. 👍 is no vote. ❌ holds until removed or explained.
      [Approve and promote]+ [Reject…] [What ships→]"
    `);

    await room.says('ben', `approve ${promote} --seal ${seal}`);
    await room.over(promote);
    expect(await shows(room)).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: ready, then 0.44.0 was released
      ✅ 8 steps · done ‹span›
      internal served 0.44.0rc1 sha256:…, read back ‹time›
      Asked by Ana ‹time› · plan XXXX-XXXX
      [Record→]
      ----
      kestrel 0.44.0: released to stable
      ✅ 10 steps · done ‹span›
      Read back ‹time›: push, upload, tag, internal, stable (last).
      Approved by Ben · seal XXXX-XXXX
      ‹span› of machines, ‹span› of waiting: approval ‹span›
      Asked by Ana ‹time› · plan XXXX-XXXX
      [Record→]
      ----
      kestrel 0.44.0: approved by Ben
      Seal XXXX-XXXX, ‹time›. The promotion went on."
    `);
    const { messages, threads } = await noiseIn(room);
    // The board of the cut, the board of the promotion, the question.
    expect({ messages, threads }).toEqual({ messages: 3, threads: 0 });
    expect(await openIndex(room.opened.records).list('boards')).toEqual([]);
  });

  test('edits stay within the budget', async () => {
    const room = await opened();
    const promote = await room.starts('ana', 'release promote');
    const seal = await room.seal(promote);
    await room.says('ben', `approve ${promote} --seal ${seal}`);
    const { steps } = await room.over(promote);
    const { edits } = await noiseIn(room);
    const votes = 1;
    for (const count of Object.values(edits)) expect(count).toBeLessThanOrEqual(2 + 2 * steps.length + votes);
    expect(edits[`${promote}_board`]).toBeGreaterThan(0);
  });

  test('rooms that see the project too have the board, and no question', async () => {
    const room = await openRoom({ process: 'preset' });
    await room.set('slipway.yaml', ['projects', 'kestrel', 'also-in'], ['releases']);
    await room.over(await room.starts('ana', 'release cut'));
    const promote = await room.starts('ana', 'release promote');
    await room.seal(promote);
    await room.shown();
    expect(await room.markers('releases')).toEqual(['kestrel_0.44.0_cut_1_board', `${promote}_board`]);
    expect(await room.markers()).toHaveLength(3);
  });
});

describe('what is newer takes the buttons', () => {
  test('of a candidate that another one has replaced', async () => {
    const room = await opened();
    await room.shown();
    expect((await room.message('kestrel_0.44.0_cut_1_board')).buttons.length).toBeGreaterThan(1);
    await fixed(room);
    const fixup = await room.starts('ana', 'release fixup');
    await room.over(fixup);
    // By itself: nobody asks the room to catch up.
    const live = async (marker: string): Promise<number> =>
      (await room.message(marker)).buttons.filter(({ does }) => does.is !== 'go').length;
    await until('the old board offers nothing', async () => (await live('kestrel_0.44.0_cut_1_board')) === 0);
    await until('the new board offers what is next', async () => (await live(`${fixup}_board`)) > 1);
  });

  test('for a while: they come back when what was newer is cancelled', async () => {
    const room = await opened();
    const live = async (): Promise<number> => {
      const { buttons } = await room.message('kestrel_0.44.0_cut_1_board');
      return buttons.filter(({ does }) => does.is !== 'go').length;
    };
    await room.shown();
    const all = await live();
    expect(all).toBeGreaterThan(1);
    const promote = await room.starts('ana', 'release promote');
    await room.seal(promote);
    await room.shown();
    expect(await live()).toBe(0);
    await room.says('ana', `cancel ${promote}`);
    await room.over(promote, 'cancelled');
    // By itself: nobody asks the room to catch up.
    await until('the buttons are back', async () => (await live()) === all);
  });

  test('of a question that a fixup has made void; the next one is asked anew, and pings', async () => {
    const room = await opened();
    const first = await room.starts('ana', 'release promote');
    const old = await room.seal(first);
    await room.shown();
    const [question] = (await room.markers()).filter((one) => one.startsWith(`${first}_approve_`));
    await fixed(room);
    await room.over(await room.starts('ana', 'release fixup'));
    await room.over(first, 'superseded');
    await room.shown();
    // Nobody can answer it any more; it leads to what came instead.
    expect((await room.message(question ?? '')).buttons.filter(({ does }) => does.is !== 'go')).toEqual([]);
    expect((await noiseIn(room)).pings).toBe(0);

    const second = await room.starts('ana', 'release promote');
    expect(await room.seal(second)).not.toBe(old);
    await room.shown();
    expect((await noiseIn(room)).pings).toBe(1);
    const asked = (await room.markers()).filter((one) => one.includes('_approve_'));
    expect(asked).toHaveLength(2);
    expect((await room.says('ben', `approve ${first} --seal ${old}`)).exit).toBe(1);
  });
});
