import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { unadopted } from '../../src/app/adoption.js';
import { projectOf } from '../../src/app/policies.js';
import { planOf } from '../../src/engine/frozen-plan.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const branch = 'release/kestrel-v0.44.0';

/** What people have done by hand before Slipway came: 0.43.2 released, 0.44.0 at rc2, 0.42.0 given up. */
async function madeByHand(room: Room): Promise<{ rc2: string }> {
  const refs = await room.origin.refs();
  const main = refs['refs/heads/main'] ?? '';
  const old = refs['refs/tags/kestrel-v0.43.2'] ?? '';
  await room.origin.point(`refs/heads/${branch}`, main);
  await room.origin.point('refs/tags/kestrel-v0.44.0rc1', main);
  const rc2 = await room.origin.commit(branch, { 'NOTES.md': 'fixed\n' });
  await room.origin.point('refs/tags/kestrel-v0.44.0rc2', rc2);
  await room.origin.point('refs/heads/release/kestrel-v0.42.0', old);
  await room.origin.point('refs/tags/kestrel-v0.42.0rc1', old);
  for (const strange of ['kestrel-v0.44.0-foo', 'kestrel-v00.44.0', 'kestrel-v0.44.0rc', 'other-v9.0.0'])
    await room.origin.point(`refs/tags/${strange}`, old);
  return { rc2 };
}

/** What a look names for its confirmation. */
async function hashShown(room: Room, words = 'adopt'): Promise<string> {
  const { lines } = await room.says('ana', words);
  const [, hash = ''] = /--confirm ([0-9A-F-]{19})/.exec(lines.join('\n')) ?? [];
  return hash;
}

describe('a project that was released by hand', () => {
  test('is shown as it stands; a look changes nothing', async () => {
    const room = await openRoom();
    const { rc2 } = await madeByHand(room);
    const before = await room.origin.refs();
    const look = await room.says('cat', 'adopt');
    expect(look).toMatchObject({
      exit: 0,
      data: {
        lines: [
          { target: '0.43.2', settled: 'promoted', tag: 'kestrel-v0.43.2' },
          { target: '0.44.0', settled: 'open', version: '0.44.0rc2', candidate: 2, commit: rc2, branch },
        ],
        ambiguous: [{ target: '0.42.0', mayOpen: true }],
        changed: [],
        strange: ['kestrel-v0.44.0-foo', 'kestrel-v0.44.0rc', 'kestrel-v00.44.0'],
      },
    });
    expect(look.lines.join('\n')).toMatch(/Nothing was changed[^]*--open 0\.42\.0[^]*--confirm/);
    expect(await room.engine.lines.ids()).toEqual([]);
    expect(await room.origin.refs()).toEqual(before);
    const { services, installation } = room.opened;
    const project = projectOf(await installation(), 'kestrel');
    const git = await services.git('kestrel');
    expect(await unadopted(git, project, [])).toEqual(['0.43.2', '0.44.0']);
    expect(await unadopted(git, project, ['0.44.0'])).toEqual(['0.43.2']);
  });

  test('is taken over by who may, and only as it was shown', async () => {
    const room = await openRoom();
    await madeByHand(room);
    const hash = await hashShown(room);
    expect((await room.says('cat', `adopt --confirm ${hash}`)).lines.join(' ')).toContain('needs the role');
    expect((await room.says('ana', 'adopt --confirm 0000-0000')).lines.join(' ')).toContain(
      'Nothing was taken over',
    );
    expect((await room.says('ana', `adopt --confirm ${hash.slice(0, 3)}`)).exit).toBe(1);
    await room.origin.point(
      'refs/tags/kestrel-v0.44.0rc3',
      (await room.origin.refs())[`refs/heads/${branch}`] ?? '',
    );
    expect(await room.says('ana', `adopt --confirm ${hash}`)).toMatchObject({ exit: 1 });
    expect(await room.engine.lines.ids()).toEqual([]);

    const now = await hashShown(room);
    expect(now).not.toBe(hash);
    expect(await room.says('ana', `adopt --confirm ${now.toLowerCase()}`)).toMatchObject({ exit: 0 });
    expect(await room.engine.lines.ids()).toEqual(['kestrel_0.43.2', 'kestrel_0.44.0']);
    const status = (await room.says('ana', 'status')).lines.join('\n');
    expect(status).toContain('kestrel 0.44.0 · open, newest 0.44.0rc3');
    expect((await room.says('ana', 'adopt')).lines[0]).toContain('nothing to take over');
    expect((await room.says('ana', `adopt --confirm ${now}`)).lines.join(' ')).toContain(
      'nothing to take over',
    );
    expect((await room.says('ana', 'verify')).exit).toBe(0);
  });

  test('goes on as if Slipway had made it: cut refused, fixup takes the next number, promote ships', async () => {
    const room = await openRoom();
    await madeByHand(room);
    await room.says('ana', `adopt --confirm ${await hashShown(room)}`);
    const cut = await room.says('ana', 'release cut');
    expect(cut.exit).toBe(1);
    expect(cut.lines.join(' ')).toContain('open already, at 0.44.0rc2');
    await room.origin.commit(branch, { 'MORE.md': 'fixed again\n' });
    const fixup = await room.over(await room.starts('ben', 'release fixup'));
    expect(fixup.created.version).toBe('0.44.0rc3');
    expect((await planOf(room.engine, fixup.created.plan)).previous).toBe('0.43.2');
    expect(await room.serves('internal')).toBe('0.44.0rc3');
    const promote = await room.starts('ana', 'release promote');
    await room.says('ben', `approve ${promote} --seal ${await room.seal(promote)}`);
    await room.over(promote);
    expect(await room.serves('stable')).toBe('0.44.0');
    expect((await room.says('ana', 'adopt')).data).toMatchObject({ lines: [], changed: [] });
  });

  test('the candidate that was made by hand can be promoted itself', async () => {
    const room = await openRoom();
    const { rc2 } = await madeByHand(room);
    await room.says('ana', `adopt --confirm ${await hashShown(room)}`);
    const promote = await room.starts('ana', 'release promote');
    expect((await room.state(promote)).created.commit).toBe(rc2);
    await room.says('ben', `approve ${promote} --seal ${await room.seal(promote)}`);
    await room.over(promote);
    expect(await room.serves('stable')).toBe('0.44.0');
  });

  test('a line with two readings is opened by who names it', async () => {
    const room = await openRoom();
    await madeByHand(room);
    const unknown = await room.says('ana', 'adopt --open 0.1.0');
    expect(unknown).toMatchObject({ exit: 1 });
    const hash = await hashShown(room, 'adopt --open 0.42.0');
    expect((await room.says('ana', `adopt --confirm ${hash}`)).exit).toBe(1);
    expect((await room.says('ana', `adopt --open 0.42.0 --confirm ${hash}`)).exit).toBe(0);
    expect((await room.engine.lines.load('kestrel_0.42.0'))?.settled).toBe('open');
  });

  test('a candidate that is not on its branch is left alone', async () => {
    const room = await openRoom();
    const main = (await room.origin.refs())['refs/heads/main'] ?? '';
    await room.origin.point(`refs/heads/${branch}`, main);
    const aside = await room.origin.commit('main', { 'NOTES.md': 'aside\n' });
    await room.origin.point('refs/tags/kestrel-v0.44.0rc1', aside);
    const look = await room.says('ana', 'adopt');
    expect(look.data).toMatchObject({ ambiguous: [{ target: '0.44.0', mayOpen: false }] });
    expect(look.lines.join('\n')).toContain('is not on the branch');
  });

  test('what is changed by hand later is shown, and never overwritten', async () => {
    const room = await openRoom();
    const { rc2 } = await madeByHand(room);
    await room.says('ana', `adopt --confirm ${await hashShown(room)}`);
    const main = (await room.origin.refs())['refs/heads/main'] ?? '';
    await room.origin.point('refs/tags/kestrel-v0.44.0rc2', main);
    await room.origin.remove('refs/tags/kestrel-v0.43.2');
    const look = (await room.says('ana', 'adopt')).lines.join('\n');
    expect(look).toContain(
      `kestrel-v0.44.0rc2 was moved by hand from ${rc2.slice(0, 7)} to ${main.slice(0, 7)}`,
    );
    expect(look).toContain('0.43.2 was released, and its tag is gone');
    const promote = await room.says('ana', 'release promote');
    expect(promote.exit).toBe(1);
    expect((await room.origin.refs())['refs/tags/kestrel-v0.44.0rc2']).toBe(main);
  });
});
