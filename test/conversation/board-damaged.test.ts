import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { lookForOffers } from '../../src/app/offers.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

/** A second project before kestrel, with a room of its own. */
async function withOtter(): Promise<Room> {
  const room = await openRoom({ process: 'preset' });
  const { sandbox } = room;
  const kestrel = await readFile(sandbox.process, 'utf8');
  const otter = kestrel.replaceAll('kestrel', 'otter').replaceAll('otter.lock', 'kestrel.lock');
  await writeFile(join(sandbox.folder, 'otter.yml'), otter);
  await room.edit('slipway.yaml', (text) =>
    text
      .replace('rooms:\n', 'rooms:\n  rel-otter: { local: rel-otter }\n')
      .replace(
        'projects:\n',
        `projects:\n  otter:\n    repo: ${sandbox.repo}\n    process: ./otter.yml\n    policy: standard\n    sandbox: true\n    room: rel-otter\n`,
      ),
  );
  return room;
}

const damaged = Buffer.from('{"torn');

test('a journal of a project that cannot be read keeps nothing from being told in other rooms', async () => {
  const room = await withOtter();
  await room.opened.records.create('projects/otter/00000001.json', damaged);
  await room.types('ana', '/release stop-everything --reason "keys leaked"');
  await room.types('ana', '/release freeze kestrel --until 4h --reason "quarter end"');
  await room.shown();
  const seen = (await room.sees()).join('\n');
  expect(seen).toContain('Everything · paused by Ana');
  expect(seen).toContain('kestrel · frozen until');
  expect((await room.sees('rel-otter')).join('\n')).toContain('Everything · paused by Ana');
  // What is wrong is said by the status, with everything else that it knows.
  const { text } = await room.types('ana', '/release status');
  expect(text).toContain('projects/otter/00000001.json is damaged');
  expect(text).toContain('kestrel · frozen until');
});

test('a line that cannot be read keeps nothing of another one from being looked at and shown', async () => {
  const room = await openRoom({ process: 'preset' });
  await room.over(await room.starts('ana', 'release cut'));
  await room.shown();
  await room.stop();
  await room.start();
  const { records } = room.opened;
  await records.create('lines/kestrel_0.1.0/00000001.json', damaged);
  await records.create('open/lines/kestrel_0.1.0', Buffer.from(''));
  await room.origin.commit('release/kestrel-v0.44.0', { 'FIX.md': 'fix\n' }, 'Fix a crash');
  await lookForOffers(room.opened, () => undefined);
  await room.shown();
  expect((await room.sees()).join('\n')).toContain('kestrel 0.44.0: 1 change merged since rc1');
});
