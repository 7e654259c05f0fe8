import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { noiseIn, steady } from './board-words.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';
import { textOf } from './talking.js';
import { until } from './until.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

/** A room whose cut is one command that waits for a file `go`, and says in a file `sent` that it began. */
async function withMail(settings: object): Promise<Room> {
  const room = await openRoom();
  const { folder } = room.sandbox;
  const script = `echo sent >> ${folder}/sent; until test -e ${folder}/go; do sleep 0.05; done`;
  await room.set(
    'kestrel.yml',
    ['operations', 'cut', 'steps'],
    [
      { run: ['sh', '-c', script], id: 'mail', ...settings },
      { uses: 'announce', to: ['eng-process'], text: 'Kestrel {version} is cut.' },
    ],
  );
  return room;
}

const sent = ({ sandbox }: Room): Promise<string> =>
  readFile(join(sandbox.folder, 'sent'), 'utf8').catch(() => '');
const go = ({ sandbox }: Room): Promise<void> => writeFile(join(sandbox.folder, 'go'), '');
const board = async (room: Room, run: string): Promise<string> => {
  const all = await room.markers();
  return all.includes(`${run}_board`) ? steady(textOf(await room.message(`${run}_board`))) : '';
};

describe('a step that runs', () => {
  test('is shown by itself: a worker that claims it wakes nobody', async () => {
    const room = await withMail({});
    const run = await room.starts('ana', 'release cut');
    await until(
      'the board says that it runs',
      async () => /⏳ .*running/.test(await board(room, run)),
      () => board(room, run),
    );
    await go(room);
    await room.over(run);
    await until('the board says that it is over', async () => (await board(room, run)).includes('2 steps'));
  });
});

describe('an outcome that nobody can look up', () => {
  test('is one question, which pings who asked and closes with its answer', async () => {
    const room = await withMail({ effect: 'once' });
    const run = await room.starts('ana', 'release cut');
    await until('it is sent', async () => (await sent(room)) !== '');
    await room.stop();
    await room.start();
    await room.step(run, 'mail', 'unknown');
    await room.shown();
    const question = `${run}_mail_unknown`;
    expect(steady(textOf(await room.message(question)))).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: one answer needed, Mail
      Looked up ‹time›, not remembered. Public: nothing. Perhaps public: mail. Not public: announce.
      Unknown: Was it done? The worker was told to stop.
      The run waits. If mail was done, it goes on; if not, mail is done now.
      @Ana · attempt 1
      [It was done] [Do it now]"
    `);
    expect(await noiseIn(room)).toMatchObject({ messages: 2, threads: 0, pings: 1 });
    await go(room);
    await room.says('ben', `answer ${run} --made`);
    await room.over(run);
    await room.shown();
    expect(steady(textOf(await room.message(question)))).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: Mail answered
      Ben answered ‹time›. Mail counts as done."
    `);
    expect(await noiseIn(room)).toMatchObject({ messages: 2, threads: 0, pings: 0 });
  });
});

describe('a pin', () => {
  test('is one line in the room, and stands on the board of what is open while it holds', async () => {
    const room = await openRoom({ process: 'preset' });
    await room.set('slipway.yaml', ['policies', 'standard', 'operations', 'point'], {
      start: ['coordinator'],
    });
    await room.over(await room.starts('ana', 'release cut'));
    const run = await room.starts('ana', 'release promote');
    await room.seal(run);
    const pinned = await room.says('ana', 'point internal 0.44.0rc1 --reason "a demo"');
    expect(pinned.lines.join()).not.toContain('Nothing was changed');
    await room.shown();
    const lines = async (): Promise<string[]> => {
      const markers = (await room.markers()).filter((one) => one.startsWith('kestrel_line_'));
      return Promise.all(markers.map(async (one) => textOf(await room.message(one))));
    };
    expect(await lines()).toHaveLength(1);
    expect((await lines())[0]).toContain('"a demo"');
    expect(await board(room, run)).toContain('pinned to 0.44.0rc1');
    await room.says('ana', 'unpoint internal');
    await room.shown();
    expect(await lines()).toHaveLength(2);
    expect(await board(room, run)).not.toContain('pinned');
  });
});
