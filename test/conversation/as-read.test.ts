import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { steady } from './board-words.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';
import { textOf } from './talking.js';
import { until } from './until.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const hour = 3_600_000;
const branch = 'release/kestrel-v0.44.0';

/** A message as a reader compares it with its mock-up. */
async function reads(room: Room, marker: string, name?: string): Promise<string> {
  await room.shown();
  return steady(textOf(await room.message(marker, name)));
}

/** The marker of the newest question of a run. */
async function questionOf(room: Room, run: string): Promise<string> {
  await room.seal(run);
  await room.shown();
  const asked = (await room.markers()).filter((one) => one.startsWith(`${run}_approve_`));
  return asked.at(-1) ?? '';
}

async function cut(room: Room): Promise<string> {
  const run = await room.starts('ana', 'release cut');
  await room.over(run);
  return run;
}

async function promoted(room: Room, version = ''): Promise<string> {
  const run = await room.starts('ana', `release promote ${version}`);
  await room.reacts('ben', await questionOf(room, run), '✅');
  await room.over(run);
  return run;
}

describe('what a room reads', () => {
  test('while a cut is running', async () => {
    const room = await openRoom({ process: 'preset' });
    const go = join(room.sandbox.folder, 'go');
    const wait = `until test -e ${go}; do sleep 0.05; done; exec node scripts/build.mjs`;
    await room.set('kestrel.yml', ['patch', 'build', 'run'], ['sh', '-c', wait]);
    const run = await room.starts('ana', 'release cut');
    await room.step(run, 'build', 'claimed');
    const board = `${run}_board`;
    await until('the board shows the build', async () => (await reads(room, board)).includes('⏳'));
    expect(await reads(room, board)).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: cutting, step 4 of 8
      ✅ Branch release/kestrel-v0.44.0 · done ‹span›
      ✅ Lock files · done ‹span›
      ✅ Bump commit ‹commit› · done ‹span›
      ⏳ Build · running since ‹time›
      ▫️ Upload · to do
      ▫️ Move internal · to do
      ▫️ Tag · to do
      ▫️ Announce · to do
      Asked by Ana ‹time› · plan XXXX-XXXX
      [Details→] [Cancel the cut]"
    `);
    await writeFile(go, '');
    await room.over(run);
  });

  test('when a fixup comes before an approval', async () => {
    const room = await openRoom({ process: 'preset' });
    await cut(room);
    const promote = await room.starts('ana', 'release promote');
    const question = await questionOf(room, promote);
    await room.origin.commit(branch, { 'door.txt': 'fixed\n' }, 'fix: the door');
    await room.over(await room.starts('ben', 'release fixup'));
    expect(await reads(room, question)).toMatchInlineSnapshot(`
      "kestrel 0.44.0: approval void, rc2 comes first
      Seal XXXX-XXXX was about commit ‹commit›. Nothing shipped. This promotion is over.
      [Open rc2→]"
    `);
  });

  test('when somebody has pushed to what is being approved', async () => {
    const room = await openRoom({ process: 'preset' });
    await cut(room);
    const promote = await room.starts('ana', 'release promote');
    const question = await questionOf(room, promote);
    await room.origin.commit(branch, { 'door.txt': 'fixed\n' }, 'fix: the door');
    const late = await room.reacts('ben', question, '✅');
    expect(steady(late.text)).toMatchInlineSnapshot(`
      "Approval void: branch release/kestrel-v0.44.0 moved from ‹commit› to ‹commit›.
      Nothing shipped. This run is over; start it again to approve what is there now."
    `);
    expect(await reads(room, question)).toMatchInlineSnapshot(`
      "kestrel 0.44.0: approval void, the branch moved
      Seal XXXX-XXXX was about commit ‹commit›. Nothing shipped. This promotion is over.
      What changed: branch release/kestrel-v0.44.0 moved from ‹commit› to ‹commit›. Next: make rc2 of what is there now, then promote it."
    `);
  });

  test('when a promotion is rejected with a reason', async () => {
    const room = await openRoom({ process: 'preset' });
    await cut(room);
    const promote = await room.starts('ana', 'release promote');
    const question = await questionOf(room, promote);
    const values = { reason: 'Crash on first start on arm.' };
    const answer = await room.presses('ben', 'Reject…', { marker: question, values });
    expect(steady(answer.text)).toMatchInlineSnapshot(
      `"Rejected: "Crash on first start on arm.". Nothing shipped. This run is over."`,
    );
    await room.over(promote, 'rejected');
    expect(await reads(room, question)).toMatchInlineSnapshot(`
      "kestrel 0.44.0: promotion rejected by Ben
      "Crash on first start on arm." ‹time›.
      Nothing shipped. stable serves nothing yet, internal 0.44.0rc1. Next: merge a fix and make rc2, or abandon.
      [Abandon 0.44.0…]!"
    `);
  });

  test('of a release, and of the one after it', async () => {
    const room = await openRoom({ process: 'preset' });
    await cut(room);
    const first = await promoted(room);
    const announced = `${first}_announce`;
    expect(await reads(room, announced, 'releases')).toMatchInlineSnapshot(`
      "Kestrel 0.44.0 is stable.

      Fixed
      - lines with tabs were measured too short

      Changed
      - Build without tests
      - Say in the README what the exit codes mean
      - More than one file at a time
      - Begin 0.44.0
      - Bumping Kestrel Version to v0.43.2
      - Pack the archive without any tool but node
      - A first test
      - Kestrel, out of the old tools repository"
    `);
    await room.over(await room.starts('ana', 'release hotfix'));
    await room.origin.commit('release/kestrel-v0.44.1', { 'door.txt': 'fixed\n' }, 'fix: the door');
    await room.over(await room.starts('ana', 'release fixup'));
    await promoted(room, '0.44.1');
    expect(await reads(room, announced, 'releases')).toMatchInlineSnapshot(`
      "kestrel 0.44.0 is superseded by 0.44.1, ‹time›. Update to 0.44.1.
      As announced ‹time›:
      Kestrel 0.44.0 is stable.

      Fixed
      - lines with tabs were measured too short

      Changed
      - Build without tests
      - Say in the README what the exit codes mean
      - More than one file at a time
      - Begin 0.44.0
      - Bumping Kestrel Version to v0.43.2
      - Pack the archive without any tool but node
      - A first test
      - Kestrel, out of the old tools repository"
    `);
    const history = await room.types('ana', '/release history');
    expect(steady(history.text)).toMatchInlineSnapshot(`
      "kestrel: history, page 1 of 1
      0.44.1 · released ‹time›, 1 approval, ‹span› waiting
      0.44.0 · released ‹time›, 1 approval, ‹span› waiting"
    `);
  });

  test('while an approval waits too long', async () => {
    const room = await openRoom({ process: 'preset' });
    await room.set('slipway.yaml', ['time-zone'], 'UTC');
    // Asked at 16:00, so that the last reminder comes when nobody sleeps.
    room.clock.aheadMs = (40 - new Date().getUTCHours()) * hour;
    await cut(room);
    const promote = await room.starts('ana', 'release promote');
    const question = await questionOf(room, promote);
    room.clock.aheadMs += 20 * hour;
    await room.until(promote, ({ gates }) => (gates['approve']?.reminded ?? []).some((share) => share >= 80));
    await room.shown();
    const reminder = (await room.markers()).find((one) => one.includes('_reminder-')) ?? '';
    expect(await reads(room, reminder)).toMatchInlineSnapshot(
      `"✋ Seal XXXX-XXXX · waiting, 0 of 1. @Ben can decide. ‹span› left."`,
    );
    const told = await room.opened.local.messages.all({ person: 'ben' });
    expect(told.map(({ message }) => (message === undefined ? '' : steady(textOf(message)))))
      .toMatchInlineSnapshot(`
      [
        "kestrel 0.44.0 waits for you. ‹span› left, then nothing ships.
      [Open the question→] [Not me today]",
      ]
    `);
    room.clock.aheadMs += 5 * hour;
    await room.over(promote, 'expired');
    expect(await reads(room, question)).toMatchInlineSnapshot(`
      "kestrel 0.44.0: approval expired with 0 of 1
      Expired ‹time› with 0 of 1. Nothing shipped. stable serves nothing yet, internal 0.44.0rc1.
      [Ask again]"
    `);
  });
});
