import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { lookForOffers } from '../../src/app/offers.js';
import { steady } from './board-words.js';
import { leaveRooms, openRoom, removeSandboxes, type Room, type RoomOptions } from './room.js';
import { textOf } from './talking.js';
import { until } from './until.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const cut = 'kestrel_0.44.0_cut_1';
const branch = 'release/kestrel-v0.44.0';

async function said(room: Room, marker: string): Promise<string> {
  await room.shown();
  return steady(textOf(await room.message(marker)));
}

async function cutDone(options: RoomOptions = {}): Promise<Room> {
  const room = await openRoom({ process: 'preset', ...options });
  await room.over(await room.starts('ana', 'release cut'));
  return room;
}

/** A room whose cut stands in front of a step until it is let go. */
async function cutHeld(step: string): Promise<{ room: Room; letGo: () => void }> {
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const room = await openRoom({
    process: 'preset',
    at: (point, one) => (point === 'before-send' && one.step === step ? held : undefined),
  });
  await room.step(await room.starts('ana', 'release cut'), step, 'claimed');
  return { room, letGo };
}

/** A room whose build fails. */
async function buildFails(): Promise<Room> {
  const room = await openRoom({ process: 'preset' });
  await room.origin.commit('main', { 'build.sh': 'echo cannot link\nexit 3\n' }, 'build: fails');
  await room.set('kestrel.yml', ['patch', 'build', 'run'], ['sh', 'build.sh']);
  await room.step(await room.starts('ana', 'release cut'), 'build', 'failed');
  return room;
}

describe('a queue', () => {
  test('[Leave the queue] takes out what its own answer was about, also pressed twice', async () => {
    const { room, letGo } = await cutHeld('channel');
    const first = await room.types('ana', '/release fixup');
    const second = await room.types('ben', '/release fixup');
    await room.types('ben', '/release fixup');
    expect((await room.presses('ben', 'Leave the queue', { answer: second })).text).toContain(
      'Left the queue: fixup of kestrel 0.44.0.',
    );
    await room.presses('ana', 'Leave the queue', { answer: first });
    // Ben's other one waits alone by now; it is not what this button was about.
    expect((await room.presses('ana', 'Leave the queue', { answer: first })).text).toContain('Nothing');
    expect((await room.opened.engine.lines.load('kestrel_0.44.0'))?.queue).toMatchObject([
      { by: { name: 'Ben' } },
    ]);
    letGo();
    await room.over(cut);
  });

  test('what leaves it without being started is told to who asked, and stands in the status', async () => {
    const { room, letGo } = await cutHeld('channel');
    room.clock.aheadMs = (36 - new Date().getUTCHours()) * 3_600_000;
    await room.types('ben', '/release fixup');
    letGo();
    await room.over(cut);
    const told = async (): Promise<string[]> => {
      await room.shown();
      const all = await room.opened.local.messages.all({ person: 'ben' });
      return all.flatMap(({ message }) => (message === undefined ? [] : [textOf(message)]));
    };
    await until('ben is told', async () => (await told()).length > 0);
    expect(await told()).toEqual([
      'Your fixup of kestrel 0.44.0 left the queue. Nothing was started.\n' +
        `There is nothing new on ${branch} since 0.44.0rc1.`,
    ]);
    expect((await room.types('ana', '/release status')).text).toContain(
      '⚠️ fixup of kestrel 0.44.0 · warning: asked by Ben, not started',
    );
    room.crash();
    await room.start();
    expect(await told()).toHaveLength(1);
  });
});

describe('a board tells what is so now', () => {
  test('a candidate that was replaced served, and does not serve', async () => {
    const room = await cutDone();
    await room.origin.commit(branch, { 'door.txt': 'fixed\n' }, 'fix: the door');
    const fixup = await room.starts('ana', 'release fixup');
    await room.over(fixup);
    expect(await said(room, `${cut}_board`)).toContain('internal served 0.44.0rc1');
    expect(await said(room, `${fixup}_board`)).toContain('internal serves 0.44.0rc2');
  });

  test('a build of latest that went well warns of nothing', async () => {
    const room = await openRoom({ process: 'preset' });
    const run = await room.starts('ana', 'release latest');
    await room.over(run);
    const board = await said(room, `${run}_board`);
    expect(board).toContain('latest serves 0.44.0');
    expect(board).not.toContain('warning');
  });

  test('nobody waits for the approval of a promotion that was cancelled', async () => {
    const room = await cutDone();
    const run = await room.starts('ana', 'release promote');
    await room.seal(run);
    await room.types('ana', `/release cancel ${run}`);
    await room.over(run, 'cancelled');
    const board = await said(room, `${run}_board`);
    expect(board).toContain('🚫 Approval · void');
    expect(board).not.toContain('waiting');
  });

  test('a promotion that a fixup came before names the candidate, and no id', async () => {
    const room = await cutDone();
    const run = await room.starts('ana', 'release promote');
    await room.seal(run);
    await room.origin.commit(branch, { 'door.txt': 'fixed\n' }, 'fix: the door');
    const answer = await room.types('ben', '/release fixup');
    expect(answer.text).toContain(
      'It supersedes the promote that was under way, which had published nothing.',
    );
    await room.over('kestrel_0.44.0_fixup_1');
    await room.over(run, 'superseded');
    expect(await said(room, `${run}_board`)).toContain('Superseded by rc2,');
  });

  test('a promotion whose line was given up leads to no candidate', async () => {
    const room = await cutDone();
    const run = await room.starts('ana', 'release promote');
    await room.seal(run);
    await room.shown();
    const question = (await room.markers()).find((one) => one.includes('_approve_')) ?? '';
    await room.over(await room.starts('ana', 'release abandon --input "reason=too late"'));
    await room.over(run, 'superseded');
    expect(await said(room, `${run}_board`)).toContain('Superseded by the abandon,');
    expect(await said(room, question)).toContain('approval void, 0.44.0 is given up');
    expect(await said(room, question)).toContain('[Open the board→]');
  });

  test('asking for what is under way names what is, and no id', async () => {
    const room = await cutDone();
    await room.seal(await room.starts('ana', 'release promote'));
    expect((await room.types('ben', '/release promote')).text).toBe(
      'promote of kestrel 0.44.0 is under way already.\nNothing was started.\n[Open the board→]',
    );
  });

  test('a hotfix says where its fix goes, and counts no version commits of ours', async () => {
    const room = await cutDone();
    const promote = await room.starts('ana', 'release promote');
    const seal = await room.seal(promote);
    await room.says('ben', `approve ${promote} --seal ${seal}`);
    await room.over(promote);
    const hotfix = await room.starts('ana', 'release hotfix');
    await room.over(hotfix);
    expect(await said(room, `${hotfix}_board`)).toContain(
      'Next: merge the fix into release/kestrel-v0.44.1, then make a candidate.',
    );
    await room.origin.commit('release/kestrel-v0.44.1', { 'door.txt': 'fixed\n' }, 'fix: the door');
    const fixup = await room.starts('ana', 'release fixup');
    await room.over(fixup);
    expect(await said(room, `${fixup}_board`)).toContain('· 1 change ·');
  });
});

describe('a failure', () => {
  test('counts every attempt, and answers by the names of the board', async () => {
    const room = await buildFails();
    const question = `${cut}_build_failed`;
    await room.shown();
    expect((await room.presses('ana', 'Retry build', { marker: question })).text).toBe(
      'Build is tried again.',
    );
    await room.until(cut, ({ steps }) =>
      steps.some(
        ({ attempt, status, outline }) => outline.id === 'build' && attempt === 2 && status === 'failed',
      ),
    );
    expect(await said(room, question)).toContain('ended with exit code 3. Tried 2 times.');
    const { text } = await room.types('ana', `/release cancel ${cut}`);
    expect(text).toContain('Public: branch, bump commit. Not public: upload, move internal, tag, announce.');
    await room.over(cut, 'cancelled');
    const status = async (): Promise<string> => (await room.types('ana', '/release status')).text;
    const wayOn = '⚠️ kestrel 0.44.0 · warning: its first run stopped. Next: /release cut 0.44.0';
    await until('the status tells the way on', async () => (await status()).includes(wayOn), status);
  });

  test('with a long cause still says how often it was tried', async () => {
    const room = await openRoom({ process: 'preset' });
    const long = `${'a very long name '.repeat(20)}.sh`;
    await room.set('kestrel.yml', ['patch', 'build', 'run'], ['sh', long]);
    await room.step(await room.starts('ana', 'release cut'), 'build', 'failed');
    expect(await said(room, `${cut}_build_failed`)).toMatch(/ Tried once\.\n/);
  });
});

describe('a question', () => {
  test('that is held says so wherever its state is told', async () => {
    const room = await cutDone();
    const run = await room.starts('ana', 'release promote');
    await room.seal(run);
    await room.shown();
    const marker = (await room.markers()).find((one) => one.includes('_approve_')) ?? '';
    await room.reacts('ben', marker, '❌');
    await room.shown();
    await room.presses('ben', 'Approve', { marker });
    expect((await room.types('ana', '/release status')).text).toContain('approval 1 of 1, held by Ben,');
    expect((await room.says('ana', 'status')).lines.join('\n')).toContain(
      'Held by Ben: no vote opens it until that is lifted.',
    );
  });

  test('that a merge has made void says what brings the release on', async () => {
    const room = await cutDone();
    const run = await room.starts('ana', 'release promote');
    await room.seal(run);
    await room.shown();
    const marker = (await room.markers()).find((one) => one.includes('_approve_')) ?? '';
    await room.origin.commit(branch, { 'door.txt': 'fixed\n' }, 'fix: the door');
    await room.presses('ben', 'Approve and promote', { marker });
    await room.over(run, 'superseded');
    expect(await said(room, marker)).toContain('Next: make rc2 of what is there now, then promote it.');
  });

  test('is not rejected without a reason, in words that people use', async () => {
    const room = await cutDone();
    await room.seal(await room.starts('ana', 'release promote'));
    await room.shown();
    const marker = (await room.markers()).find((one) => one.includes('_approve_')) ?? '';
    const { text } = await room.presses('ben', 'Reject…', { marker, values: { reason: '' } });
    expect(text.split('\n')[0]).toBe('reason is missing.');
  });
});

test('an offer keeps the name of the candidate that took it up, also when the line is released', async () => {
  const room = await cutDone();
  await room.origin.commit(branch, { 'door.txt': 'fixed\n' }, 'fix: the door');
  await lookForOffers(room.opened, () => undefined);
  const offer = 'kestrel_0.44.0_offer-after-0.44.0rc1';
  await room.shown();
  await room.presses('ana', 'Make rc2', { marker: offer });
  await room.over('kestrel_0.44.0_fixup_1');
  const promote = await room.starts('ana', 'release promote');
  const seal = await room.seal(promote);
  await room.says('ben', `approve ${promote} --seal ${seal}`);
  await room.over(promote);
  expect(await said(room, offer)).toContain('kestrel 0.44.0: 1 change taken into rc2');
});

test('a plan names steps as the board will', async () => {
  const room = await openRoom({ process: 'preset' });
  const { text } = await room.types('ana', '/release plan cut');
  expect(text).toContain('Public afterwards: all but lock files, build.');
});

test('a pin that was lifted already is not said to be lifted again', async () => {
  const room = await cutDone();
  await room.set('slipway.yaml', ['policies', 'standard', 'operations', 'point'], {
    start: ['coordinator'],
  });
  await room.types('ana', '/release point internal 0.44.0rc1 --reason "db migration"');
  await room.types('ana', '/release unpoint internal');
  await room.types('ana', '/release unpoint internal');
  await room.shown();
  expect((await room.sees()).filter((one) => one.includes('not pinned any more'))).toHaveLength(1);
});

test('who asks in the wrong room is led to each room once', async () => {
  const room = await openRoom({ process: 'preset' });
  await cp(room.sandbox.repo, join(room.sandbox.folder, 'origin', 'otter.git'), { recursive: true });
  const process = await readFile(room.sandbox.process, 'utf8');
  const otters = process
    .replace('process: kestrel', 'process: otter')
    .replaceAll(/(tarball: [a-z/]*|path: ')kestrel/g, '$1otter');
  await writeFile(join(room.sandbox.folder, 'otter.yml'), otters);
  const own = ['otter:', '  sandbox: true', '  repo: ./origin/otter.git', '  process: ./otter.yml'];
  const lines = [...own, '  policy: standard', '  room: rel-kestrel'].map((line) => `  ${line}\n`).join('');
  await room.edit('slipway.yaml', (text) => `${text.trimEnd()}\n${lines}`);
  const { text } = await room.types('ana', '/release cut', { room: 'eng-process' });
  expect(text).toBe(
    [
      'No project is released in #eng-process. Nothing was started.',
      'kestrel is released in #rel-kestrel.',
      'otter is released in #rel-kestrel.',
      '[Go to #rel-kestrel→]',
    ].join('\n'),
  );
});
