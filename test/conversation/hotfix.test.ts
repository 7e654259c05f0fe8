import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const branch = (version: string): string => `release/kestrel-v${version}`;

/** A room whose process can hotfix. */
async function openWithHotfix(): Promise<Room> {
  const room = await openRoom();
  await room.set('kestrel.yml', ['operations', 'hotfix'], {
    about: 'Open a patch line from the last stable release; fixup and promote follow.',
    line: 'new -> open',
    from: 'last-final',
    next: ['patch'],
    steps: [
      { uses: 'branch' },
      { uses: 'commit', id: 'bump', version: true, message: 'Bumping Kestrel Version to v{version}' },
    ],
  });
  return room;
}

async function promoted(room: Room, line = ''): Promise<void> {
  const promote = await room.starts('ana', `release promote ${line}`);
  await room.says('ben', `approve ${promote} --seal ${await room.seal(promote)}`);
  await room.over(promote);
}

/** Cut and promoted from the default branch. */
async function released(room: Room): Promise<void> {
  await room.over(await room.starts('ana', 'release cut'));
  await promoted(room);
}

async function raised(room: Room, from: string, to: string): Promise<void> {
  const file = await room.origin.read('main', 'pyproject.toml');
  await room.origin.commit('main', {
    'pyproject.toml': `${file.replace(from, to)}\n`,
    'NOTES.md': `${to}\n`,
  });
}

describe('a hotfix', () => {
  test('opens the patch line at the released tag; fixup makes rc1, promote releases it', async () => {
    const room = await openWithHotfix();
    await released(room);
    const before = await room.origin.refs();
    // What is on the default branch by now does not come with it.
    await room.origin.commit('main', { 'LATER.md': 'not in the hotfix\n' });

    const hotfix = await room.starts('ana', 'release hotfix');
    expect(hotfix).toBe('kestrel_0.44.1_hotfix_1');
    await room.over(hotfix);
    expect(await room.origin.read(branch('0.44.1'), 'pyproject.toml')).toContain('"0.44.1"');
    await expect(room.origin.read(branch('0.44.1'), 'LATER.md')).rejects.toThrow('LATER.md');
    const refs = await room.origin.refs();
    expect(refs['refs/tags/kestrel-v0.44.0']).toBe(before['refs/tags/kestrel-v0.44.0']);
    expect(refs['refs/tags/kestrel-v0.44.1']).toBeUndefined();

    const early = await room.says('ana', 'release promote');
    expect(early.exit).toBe(1);
    expect(early.lines.join(' ')).toContain('has a branch and no candidate yet');
    const empty = await room.says('ana', 'release fixup');
    expect(empty.exit).toBe(1);
    expect(empty.lines.join(' ')).toMatch(
      /nothing new on release\/kestrel-v0\.44\.1 since 0\.44\.0.*--again/,
    );

    await room.origin.commit(branch('0.44.1'), { 'FIX.md': 'fixed\n' });
    const fixup = await room.over(await room.starts('ben', 'release fixup'));
    expect(fixup.created.version).toBe('0.44.1rc1');
    expect(await room.serves('internal')).toBe('0.44.1rc1');
    await promoted(room);
    expect(await room.serves('stable')).toBe('0.44.1');
    expect((await room.origin.refs())['refs/tags/kestrel-v0.44.1']).toBe(
      (await room.origin.refs())[`refs/heads/${branch('0.44.1')}`],
    );
  });

  test('asked twice, also at the same moment, is one line', async () => {
    const room = await openWithHotfix();
    await released(room);
    const both = await Promise.all([
      room.says('ana', 'release hotfix'),
      room.says('ben', 'release hotfix 0.44.0'),
    ]);
    expect(both.map((reply) => reply.follow)).toEqual(Array(2).fill('kestrel_0.44.1_hotfix_1'));
    await room.over('kestrel_0.44.1_hotfix_1');
    const late = await room.says('ben', 'release hotfix');
    expect(late).toMatchObject({ exit: 0, data: { answer: 'show', run: 'kestrel_0.44.1_hotfix_1' } });
    // Named by the line that it opened, it is the same.
    expect((await room.says('ben', 'release hotfix 0.44.1')).data).toEqual(late.data);
    expect((await room.engine.lines.ids()).toSorted()).toEqual(['kestrel_0.44.0', 'kestrel_0.44.1']);
  });

  test('a line with a candidate takes a fixup instead', async () => {
    const room = await openWithHotfix();
    await room.over(await room.starts('ana', 'release cut'));
    const open = await room.says('ana', 'release hotfix 0.44.0');
    expect(open.exit).toBe(1);
    expect(open.lines.join(' ')).toContain('fixup');
    const none = await room.says('ana', 'release hotfix');
    expect(none.exit).toBe(1);
    expect(none.lines.join(' ')).toContain('No version of kestrel was released yet');
    expect((await room.says('ana', 'release hotfix 0.43.2')).lines.join(' ')).toContain('was never released');
  });

  test('a number is never used twice: abandoned ones are passed over, released ones are built upon', async () => {
    const room = await openWithHotfix();
    await released(room);
    await room.over(await room.starts('ana', 'release hotfix'));
    await room.over(await room.starts('ana', "release abandon --input 'reason=wrong idea'"));
    const second = await room.over(await room.starts('ana', 'release hotfix'));
    expect(second.created.run).toBe('kestrel_0.44.2_hotfix_1');
    await room.origin.commit(branch('0.44.2'), { 'FIX.md': 'fixed\n' });
    await room.over(await room.starts('ana', 'release fixup'));
    await promoted(room);
    // Of what was released first, and yet it begins at what was released last.
    const third = await room.over(await room.starts('ana', 'release hotfix 0.44.0'));
    expect(third.created.run).toBe('kestrel_0.44.3_hotfix_1');
    expect(await room.origin.read(branch('0.44.3'), 'FIX.md')).toBe('fixed');
  });

  test('lines run side by side, and channels follow the highest', async () => {
    const room = await openWithHotfix();
    await released(room);
    await raised(room, '"0.44.0"', '"0.45.0"');
    await room.over(await room.starts('ana', 'release cut'));
    await room.over(await room.starts('ben', 'release hotfix'));
    await room.origin.commit(branch('0.44.1'), { 'FIX.md': 'fixed\n' });
    const several = await room.says('ana', 'release fixup');
    expect(several.exit).toBe(2);
    expect(several.lines.join(' ')).toContain('Several lines are open: 0.44.1, 0.45.0');
    await room.over(await room.starts('ana', 'release fixup 0.44.1'));
    expect(await room.serves('internal')).toBe('0.45.0rc1');
    await promoted(room, '0.44.1');
    expect(await room.serves('stable')).toBe('0.44.1');
    expect(await room.serves('internal')).toBe('0.45.0rc1');
  });

  test('a tag that somebody moved or deleted is no release to begin at', async () => {
    const room = await openWithHotfix();
    await released(room);
    const refs = await room.origin.refs();
    await room.origin.point('refs/tags/kestrel-v0.44.0', refs['refs/heads/main'] ?? '');
    const moved = await room.says('ana', 'release hotfix');
    expect(moved.exit).toBe(1);
    expect(moved.lines.join(' ')).toMatch(/The tag kestrel-v0\.44\.0 stands at .*Nothing was started/);
    await room.origin.remove('refs/tags/kestrel-v0.44.0');
    expect((await room.says('ana', 'release hotfix')).lines.join(' ')).toContain('stands at nothing');
    expect(Object.keys(await room.origin.refs())).not.toContain(`refs/heads/${branch('0.44.1')}`);
  });

  test('of a version that was released by hand begins at its tag, once somebody has taken it over', async () => {
    const room = await openWithHotfix();
    const { 'refs/tags/kestrel-v0.43.2': tagged } = await room.origin.refs();
    expect((await room.says('ana', 'release hotfix')).lines.join(' ')).toContain('slipway adopt');
    const look = await room.says('ana', 'adopt');
    const [, hash = ''] = /--confirm ([0-9A-F-]{19})/.exec(look.lines.join('\n')) ?? [];
    expect((await room.says('ana', `adopt --confirm ${hash}`)).exit).toBe(0);
    const hotfix = await room.over(await room.starts('ana', 'release hotfix'));
    expect(hotfix.created).toMatchObject({ run: 'kestrel_0.43.3_hotfix_1', commit: tagged });
    await room.origin.commit(branch('0.43.3'), { 'FIX.md': 'fixed\n' });
    const fixup = await room.over(await room.starts('ben', 'release fixup'));
    expect(fixup.created.version).toBe('0.43.3rc1');
  });

  test('that stopped after an effect goes on with what it made', async () => {
    const room = await openWithHotfix();
    await released(room);
    // The branch is made, then the version file is gone, as far as the process says.
    const place = ['operations', 'hotfix', 'steps', 1];
    await room.set('kestrel.yml', place, { run: ['node', '-e', 'process.exit(1)'], id: 'bump' });
    const first = await room.starts('ana', 'release hotfix');
    await room.rest(first);
    await room.says('ana', `cancel ${first}`);
    await room.over(first, 'cancelled');
    await room.set('kestrel.yml', place, {
      uses: 'commit',
      id: 'bump',
      version: true,
      message: 'Bumping Kestrel Version to v{version}',
    });
    const again = await room.over(await room.starts('ben', 'release hotfix'));
    expect(again.created.run).toBe('kestrel_0.44.1_hotfix_2');
    expect(await room.origin.read(branch('0.44.1'), 'pyproject.toml')).toContain('"0.44.1"');
  });
});
