import { afterAll, afterEach, expect, test } from 'vitest';
import { offerOf, type Offered } from '../../src/app/offered.js';
import { lookForOffers } from '../../src/app/offers.js';
import { projectOf } from '../../src/app/policies.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const branch = 'release/kestrel-v0.44.0';

async function open(): Promise<Room> {
  const room = await openRoom();
  await room.over(await room.starts('ana', 'release cut'));
  return room;
}

/** Looks at the branches; the runs whose rooms have something to show. */
async function look(room: Room): Promise<string[]> {
  const touched: string[] = [];
  await lookForOffers(room.opened, (run) => touched.push(run));
  return touched;
}

async function offer(room: Room): Promise<Offered> {
  const project = projectOf(await room.opened.installation(), 'kestrel');
  const found = await offerOf(room.opened, project, 'kestrel_0.44.0');
  if (found === undefined) throw new Error('nothing is offered');
  return found;
}

test('what is merged since a candidate is offered once, with everything that was merged', async () => {
  const room = await open();
  expect(await look(room)).toEqual([]);
  await room.origin.commit('main', { 'main.txt': 'x\n' }, 'fix: on main only');
  const door = await room.origin.commit(branch, { 'door.txt': 'open\n' }, 'fix: the door\n\nSaid at length.');
  expect(await look(room)).toEqual(['kestrel_0.44.0_cut_1']);
  expect(await look(room)).toEqual([]);
  const roof = await room.origin.commit(branch, { 'roof.txt': 'tight\n' }, 'fix: the \u202eroof');
  expect(await look(room)).toEqual(['kestrel_0.44.0_cut_1']);
  const { facts, isOpen } = await offer(room);
  expect(isOpen).toBe(true);
  expect(facts).toEqual({
    project: 'kestrel',
    line: '0.44.0',
    candidate: '0.44.0rc1',
    next: '0.44.0rc2',
    head: roof,
    count: 2,
    commits: [
      { sha: roof, subject: String.raw`fix: the \u202eroof`, author: 'Cat Moreau' },
      { sha: door, subject: 'fix: the door', author: 'Cat Moreau' },
    ],
    operation: 'fixup',
    moves: ['internal'],
    setAside: undefined,
    made: '',
  });
  await room.over(await room.starts('ben', 'release fixup'));
  expect(await look(room)).toEqual([]);
  expect(await offer(room)).toMatchObject({ isOpen: false, facts: { made: '0.44.0rc2' } });
});

test('not now is remembered until more is merged', async () => {
  const room = await open();
  expect((await room.says('ana', 'not-now')).lines[0]).toBe('Nothing is offered of kestrel.');
  const door = await room.origin.commit(branch, { 'door.txt': 'open\n' }, 'fix: the door');
  await look(room);
  expect((await room.says('cat', 'not-now')).exit).toBe(1);
  const said = await room.says('ana', `not-now 0.44.0 --head ${door}`);
  expect(said.lines).toEqual([
    'Set aside: what was merged into kestrel 0.44.0. slipway release fixup still works.',
  ]);
  expect((await room.says('ben', 'not-now')).exit).toBe(0);
  room.crash();
  await room.start();
  expect(await look(room)).toEqual([]);
  expect(await offer(room)).toMatchObject({ isOpen: false, facts: { setAside: { by: { name: 'Ana' } } } });

  await room.origin.commit(branch, { 'roof.txt': 'tight\n' }, 'fix: the roof');
  await look(room);
  expect(await offer(room)).toMatchObject({ isOpen: true, offer: { count: 2 } });
  expect((await room.says('ana', `not-now --head ${door}`)).lines[0]).toContain('has moved on since');
});

test('it is gone when the branch is put back, and never made of a branch that was rewritten', async () => {
  const room = await open();
  const refs = await room.origin.refs();
  const rc1 = refs[`refs/heads/${branch}`] ?? '';
  await room.origin.commit(branch, { 'door.txt': 'open\n' }, 'fix: the door');
  await look(room);
  await room.origin.point(`refs/heads/${branch}`, rc1);
  await look(room);
  expect(await offer(room)).toMatchObject({ isOpen: false, offer: { count: 0 } });
  await room.origin.point(`refs/heads/${branch}`, refs['refs/heads/main'] ?? '');
  await look(room);
  expect((await offer(room)).isOpen).toBe(false);
});

test('who gives the line up has answered it', async () => {
  const room = await open();
  await room.origin.commit(branch, { 'door.txt': 'open\n' }, 'fix: the door');
  await look(room);
  await room.over(await room.starts('ana', 'release abandon --input "reason=too late"'));
  const { isOpen, facts } = await offer(room);
  expect({ isOpen, operation: facts.operation, made: facts.made }).toEqual({
    isOpen: false,
    operation: undefined,
    made: '',
  });
});
