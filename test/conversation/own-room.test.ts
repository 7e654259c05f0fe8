import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { supersededAnnouncements } from '../../src/app/superseded-announcements.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';
import { announcedIn } from './said.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const projectRoom = ['projects', 'kestrel', 'room'];

async function promoted(room: Room, version = ''): Promise<string> {
  const run = await room.starts('ana', `release promote ${version}`);
  await room.says('ben', `approve ${run} --seal ${await room.seal(run)}`);
  await room.over(run);
  return run;
}

describe('the room of the project', () => {
  test('is left out of an announcement: the finished board says it there', async () => {
    const room = await openRoom();
    await room.set('slipway.yaml', projectRoom, 'eng-process');
    const cut = await room.over(await room.starts('ana', 'release cut'));
    expect(cut.steps.map((step) => step.outline.kind)).not.toContain('announce');
    await promoted(room);
    expect(await announcedIn(room.opened, 'eng-process')).toEqual([]);
    expect(await announcedIn(room.opened, 'releases')).toEqual(['Kestrel 0.44.0 is stable.']);
  });

  test('is used where an operation does nothing else', async () => {
    const room = await openRoom();
    await room.set('slipway.yaml', projectRoom, 'eng-process');
    await room.edit('kestrel.yml', (text) =>
      text.replace(
        /( {2}abandon:\n)/,
        `  hello:\n    about: Say hello.\n    line: none\n    steps:\n      - uses: announce\n        to: [eng-process]\n        text: Hello.\n\n$1`,
      ),
    );
    await room.over(await room.starts('ana', 'release hello'));
    expect(await announcedIn(room.opened, 'eng-process')).toHaveLength(1);
  });
});

describe('an announcement', () => {
  test('is superseded by the next final version, in every room that it was made in', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    const first = await promoted(room);
    expect(await supersededAnnouncements(room.opened, await room.state(first))).toEqual([]);
    const file = await room.origin.read('main', 'pyproject.toml');
    const raised = `${file.replace('"0.44.0"', '"0.45.0"')}\n`;
    await room.origin.commit('main', { 'pyproject.toml': raised, 'door.txt': 'open\n' }, 'feat: a door');
    const cut = await room.starts('ana', 'release cut');
    await room.over(cut);
    expect(await supersededAnnouncements(room.opened, await room.state(cut))).toEqual([]);
    const second = await promoted(room);
    const state = await room.state(second);
    const before = await room.state(first);
    const found = await supersededAnnouncements(room.opened, state);
    expect(found.map(({ room: name, marker }) => [name, marker])).toEqual([
      ['eng-process', `${first}_announce`],
      ['releases', `${first}_announce`],
    ]);
    expect(found[0]?.facts).toEqual({
      project: 'kestrel',
      version: '0.44.0',
      by: state.created.version,
      at: state.steps.findLast((step) => !step.outline.followUp)?.endedAt,
      announcedAt: before.steps.find((step) => step.outline.kind === 'announce')?.endedAt,
      text: 'Kestrel 0.44.0 is stable.',
    });
  });
});
