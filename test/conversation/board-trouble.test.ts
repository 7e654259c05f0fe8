import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { line, lines } from '../../src/chat/compose.js';
import { openIndex } from '../../src/engine/open-index.js';
import { lookForOffers } from '../../src/app/offers.js';
import { noiseIn, steady } from './board-words.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';
import { textOf } from './talking.js';
import { until } from './until.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const cutBoard = 'kestrel_0.44.0_cut_1_board';

/** A room whose build fails as long as there is a file. */
async function withTrouble(): Promise<{ room: Room; heal: () => Promise<void> }> {
  const room = await openRoom({ process: 'preset' });
  const trouble = join(room.sandbox.folder, 'trouble');
  await writeFile(trouble, '');
  const build = `test ! -e ${trouble} || { echo cannot link; exit 3; }\nexec node scripts/build.mjs\n`;
  await room.origin.commit('main', { 'build.sh': build }, 'build: may fail');
  await room.set('kestrel.yml', ['patch', 'build', 'run'], ['sh', 'build.sh']);
  return { room, heal: () => rm(trouble) };
}

async function said(room: Room, marker: string, name?: string): Promise<string> {
  await room.shown();
  return steady(textOf(await room.message(marker, name)));
}

describe('a step that fails', () => {
  test('is one question; failing again edits it, and solved it has no buttons', async () => {
    const { room, heal } = await withTrouble();
    const cut = await room.starts('ana', 'release cut');
    await room.step(cut, 'build', 'failed');
    const question = `${cut}_build_failed`;
    expect(await said(room, question)).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: failed at step 4 of 8, Build
      "sh build.sh" ended with exit code 3. Tried once.
      Public: branch, bump commit. Not public: upload, move internal, tag, announce. internal serves nothing yet.
      Retry runs build again. What is done before it stays.
      The log has its last words. Fix it and start anew, or retry if it may pass.
        $ sh build.sh
        cannot link
      @Ana · attempt 1 · whole log, 2 lines
      [Retry build]+ [Abandon 0.44.0…]!"
    `);
    expect(await said(room, cutBoard)).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: failed at step 4 of 8, Build
      ✅ Branch release/kestrel-v0.44.0 · done ‹span›
      ✅ Lock files · done ‹span›
      ✅ Bump commit ‹commit› · done ‹span›
      ❌ Build · failed ‹time›
      ▫️ Upload · to do
      ▫️ Move internal · to do
      ▫️ Tag · to do
      ▫️ Announce · to do
      Asked by Ana ‹time› · plan XXXX-XXXX
      [Open the question→]+ [Details→]"
    `);
    expect(await noiseIn(room)).toMatchObject({ messages: 2 });

    await room.says('ana', `retry ${cut} build`);
    await room.until(cut, ({ steps }) =>
      steps.some(
        ({ outline, attempt, status }) => outline.id === 'build' && attempt === 2 && status === 'failed',
      ),
    );
    expect(await said(room, question)).toContain('attempt 2');
    expect(await noiseIn(room)).toMatchObject({ messages: 2 });

    await heal();
    await room.says('ben', `retry ${cut} build`);
    await room.over(cut);
    expect(await said(room, question)).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: Build solved
      Ben retried ‹time›. Build done ‹time›."
    `);
    expect((await room.message(question)).buttons.filter(({ does }) => does.is !== 'go')).toEqual([]);
    expect(await noiseIn(room)).toMatchObject({ messages: 2 });
  });

  test('of a run that is given up asks nothing any more', async () => {
    const { room } = await withTrouble();
    const cut = await room.starts('ana', 'release cut');
    await room.step(cut, 'build', 'failed');
    await room.shown();
    await room.says('ana', `cancel ${cut}`);
    await room.over(cut, 'cancelled');
    await room.shown();
    const { buttons } = await room.message(`${cut}_build_failed`);
    expect(buttons.filter(({ does }) => does.is !== 'go')).toEqual([]);
  });
});

describe('a crash', () => {
  test('in the middle of a step leaves one board, which is right again', async () => {
    const hang = new Promise<void>(() => undefined);
    let isHanging = true;
    const room = await openRoom({
      process: 'preset',
      settings: { leaseMs: 1_000 },
      at: (point, { step }) => (isHanging && point === 'before-send' && step === 'tag' ? hang : undefined),
    });
    const cut = await room.starts('ana', 'release cut');
    await room.step(cut, 'tag', 'claimed');
    await room.shown();
    room.crash();
    isHanging = false;
    await room.start();
    await room.over(cut);
    expect(await said(room, cutBoard)).toContain('ready on internal');
    expect(await noiseIn(room)).toMatchObject({ messages: 1, pings: 0 });
  });

  test('right before the last edit leaves no stale board', async () => {
    const room = await openRoom({ process: 'preset' });
    await room.over(await room.starts('ana', 'release cut'));
    await room.shown();
    const [board] = await room.opened.local.search('rel-kestrel', cutBoard);
    if (board === undefined) throw new Error('there is no board');
    const blocks = [lines(line('as it was'))];
    await room.opened.local.edit(board, { header: '', mood: 'running', blocks, buttons: [], text: 'stale' });
    room.crash();
    await room.start();
    expect(await said(room, cutBoard)).toContain('ready on internal');
    expect(await openIndex(room.opened.records).list('boards')).toEqual(['kestrel_0.44.0_cut_1']);
  });

  test('of a chat: the release goes on, and the room is right when it is back', async () => {
    const room = await openRoom({ process: 'preset' });
    const { local } = room.opened;
    const { post } = local;
    local.post = async (name, ...said) => {
      if (name === 'rel-kestrel') throw new Error('the chat is away');
      return post(name, ...said);
    };
    await room.over(await room.starts('ana', 'release cut'));
    await room.shown();
    expect(await room.markers()).toEqual([]);
    expect(room.warnings.join()).toContain('the chat is away');
    local.post = post;
    await room.shown();
    expect(await room.markers()).toEqual([cutBoard]);
  });
});

describe('a question that waits', () => {
  const hour = 3_600_000;

  test('reminds in the thread at half of its time and near its end, and tells people alone once', async () => {
    const room = await openRoom({ process: 'preset' });
    // Asked at 16:00, so that the last reminder comes when nobody sleeps.
    room.clock.aheadMs = (40 - new Date().getUTCHours()) * hour;
    await room.over(await room.starts('ana', 'release cut'));
    const promote = await room.starts('ana', 'release promote');
    await room.seal(promote);
    await room.shown();
    expect(await noiseIn(room)).toMatchObject({ messages: 3, threads: 0 });

    room.clock.aheadMs += 13 * hour;
    await room.until(promote, ({ gates }) => gates['approve']?.reminded?.length === 1);
    expect(await noiseIn(room)).toMatchObject({ messages: 3, threads: 1 });
    const toldBen = async (): Promise<number> =>
      (await room.opened.local.messages.all({ person: 'ben' })).length;
    expect(await toldBen()).toBe(0);

    room.clock.aheadMs += 7 * hour;
    await room.until(promote, ({ gates }) => gates['approve']?.reminded?.length === 2);
    expect(await noiseIn(room)).toMatchObject({ messages: 3, threads: 2 });
    expect(await toldBen()).toBe(1);
    room.crash();
    await room.start();
    expect(await noiseIn(room)).toMatchObject({ messages: 3, threads: 2 });
    expect(await toldBen()).toBe(1);

    room.clock.aheadMs += 5 * hour;
    await room.over(promote, 'expired');
    const { messages, threads } = await noiseIn(room);
    expect({ messages, threads }).toEqual({ messages: 3, threads: 2 });
  });
});

describe('what holds for more than a run', () => {
  test('is one line in the room, on and off; boards show it meanwhile', async () => {
    const room = await openRoom({ process: 'preset' });
    await room.over(await room.starts('ana', 'release cut'));
    await room.says('ana', 'stop-everything --reason "the cable is cut"');
    // By itself: nobody asks the room to catch up.
    const spoken = async (): Promise<boolean> =>
      (await room.markers()).some((one) => one.startsWith('all_line_'));
    await until('the room says it', spoken);
    const lines = async (): Promise<string[]> => {
      await room.shown();
      const markers = (await room.markers()).filter((one) => one.startsWith('all_line_'));
      return Promise.all(markers.map((one) => said(room, one)));
    };
    expect(await lines()).toHaveLength(1);
    expect((await lines())[0]).toContain('"the cable is cut"');
    await room.says('ana', 'resume-everything');
    expect(await lines()).toHaveLength(2);
    room.crash();
    await room.start();
    expect(await lines()).toHaveLength(2);
  });

  test('merged fixes are offered in one message, which closes when the next candidate is made', async () => {
    const room = await openRoom({ process: 'preset' });
    await room.over(await room.starts('ana', 'release cut'));
    const branch = 'release/kestrel-v0.44.0';
    const look = (): Promise<void> =>
      lookForOffers(room.opened, () => {
        for (const call of room.opened.afterActs) call();
      });
    const offer = 'kestrel_0.44.0_offer-after-0.44.0rc1';
    await room.origin.commit(branch, { 'door.txt': 'fixed\n' }, 'fix: the door');
    await look();
    expect(await said(room, offer)).toMatchInlineSnapshot(`
      "kestrel 0.44.0: 1 change merged since rc1
      ‹commit› fix: the door · Cat Moreau
      rc2 builds the branch and moves internal. Nothing was started.
      [Make rc2]+ [Not now]"
    `);
    await room.origin.commit(branch, { 'roof.txt': 'fixed\n' }, 'fix: the roof');
    await look();
    expect(await said(room, offer)).toContain('the roof');
    expect(await noiseIn(room)).toMatchObject({ messages: 2 });
    await room.over(await room.starts('ana', 'release fixup'));
    await room.shown();
    const { buttons } = await room.message(offer);
    expect(buttons.filter(({ does }) => does.is !== 'go')).toEqual([]);
  });

  test('merged fixes are offered on a line too that was begun by hand', async () => {
    const room = await openRoom({ process: 'preset' });
    const branch = 'release/kestrel-v0.44.0';
    const main = (await room.origin.refs())['refs/heads/main'] ?? '';
    await room.origin.point(`refs/heads/${branch}`, main);
    await room.origin.point('refs/tags/kestrel-v0.44.0rc1', main);
    const { lines } = await room.says('ana', 'adopt');
    const [, hash = ''] = /--confirm ([0-9A-F-]{19})/.exec(lines.join('\n')) ?? [];
    expect(await room.says('ana', `adopt --confirm ${hash}`)).toMatchObject({ exit: 0 });
    await room.origin.commit(branch, { 'door.txt': 'fixed\n' }, 'fix: the door');
    await lookForOffers(room.opened, () => undefined);
    expect(await said(room, 'kestrel_0.44.0_offer-after-0.44.0rc1')).toContain('fix: the door');
  });
});
