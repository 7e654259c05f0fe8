import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { leaveRooms, openRoom, removeSandboxes } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const branch = 'release/kestrel-v0.44.0';

describe('where', () => {
  test('a commit is: in releases, candidates, channels, and since when', async () => {
    const room = await openRoom();
    const refs = await room.origin.refs();
    const old = refs['refs/tags/kestrel-v0.43.2'] ?? '';
    const main = refs['refs/heads/main'] ?? '';
    await room.over(await room.starts('ana', 'release cut'));
    const fix = await room.origin.commit(branch, { 'NOTES.md': 'fixed\n' }, 'fix: \u001b[2Jcrash');
    await room.over(await room.starts('ben', 'release fixup'));

    const released = await room.says('cat', `where ${old.slice(0, 9)}`);
    expect(released.data).toMatchObject({
      commit: old,
      in: [
        { version: '0.43.2', isFinal: true, since: Date.parse('2025-09-05T10:15:00+01:00') },
        { version: '0.44.0rc1', isFinal: false, name: 'open' },
      ],
      branches: ['main', branch],
    });
    expect(released.lines.join('\n')).toMatch(/released · in 0\.43\.2 since 5 Sep 2025 09:15 UTC/);

    const candidate = await room.says('cat', `where ${main}`);
    expect(candidate.data).toMatchObject({
      in: [{ version: '0.44.0rc1' }],
      channels: [
        { channel: 'internal', version: '0.44.0rc2', holds: true },
        { channel: 'stable', version: '', holds: false },
      ],
    });
    expect(candidate.lines.join('\n')).toContain('Not in any release yet.');
    const fixed = await room.says('cat', `where ${fix}`);
    expect(fixed.data).toMatchObject({ in: [{ version: '0.44.0rc2', line: '0.44.0' }], branches: [branch] });
    expect(fixed.lines.join('\n')).not.toContain('\u001b');

    const promote = await room.starts('ana', 'release promote');
    await room.says('ben', `approve ${promote} --seal ${await room.seal(promote)}`);
    const { finished } = await room.over(promote);
    const now = await room.says('cat', `where ${fix.slice(0, 7)}`);
    expect(now.data).toMatchObject({ in: [{ version: '0.44.0', isFinal: true, since: finished?.at }] });
    expect(now.lines.join('\n')).toContain('stable has it: it serves 0.44.0');
  });

  test('a commit that was picked is in the versions that hold the pick', async () => {
    const room = await openRoom({ process: 'preset' });
    await room.over(await room.starts('ana', 'release cut'));
    const fix = await room.origin.commit('main', { 'door.txt': 'open\n' }, 'fix: the door');
    expect((await room.says('cat', `where ${fix}`)).lines.join('\n')).toContain('Not in any release yet');
    await room.over(await room.starts('ana', `release fixup --input commits=${fix}`));
    const said = await room.says('cat', `where ${fix}`);
    expect(said.data).toMatchObject({
      in: [{ version: '0.44.0rc2', isFinal: false, as: expect.stringMatching(/^[0-9a-f]{40}$/) }],
      channels: [
        { channel: 'internal', version: '0.44.0rc2', holds: true },
        { channel: 'stable', holds: false },
        { channel: 'latest', holds: false },
      ],
    });
    expect(said.lines.join('\n')).toMatch(
      /0\.44\.0 · in 0\.44\.0rc2 since .*, the line is open, picked as [0-9a-f]{7}$/m,
    );
    expect(said.lines.join('\n')).toContain('internal has it: it serves 0.44.0rc2');
    const promote = await room.starts('ana', 'release promote');
    await room.says('ben', `approve ${promote} --seal ${await room.seal(promote)}`);
    await room.over(promote);
    expect((await room.says('cat', `where ${fix}`)).lines.join('\n')).toMatch(
      /released · in 0\.44\.0 since .*, tag kestrel-v0\.44\.0, picked as [0-9a-f]{7}/,
    );
  });

  test('a version, a tag or a branch is; and what is not in any release yet', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    const first = await room.origin.commit('main', { 'A.md': 'a\n' });
    await room.origin.commit('main', { 'B.md': 'b\n' });
    const third = await room.origin.commit('main', { 'C.md': 'c\n' });
    const said = await room.says('cat', `where ${third}`);
    expect(said.lines.join('\n')).toContain(
      'Not in any release yet: 3 commits after kestrel-v0.44.0rc1, on main.',
    );
    expect((await room.says('cat', 'where main')).data).toMatchObject({
      commit: third,
      after: { commits: 3 },
    });
    expect((await room.says('cat', `where ${first}`)).lines.join('\n')).toContain('1 commit after');
    const tag = (await room.origin.refs())['refs/tags/kestrel-v0.44.0rc1'];
    for (const word of ['0.44.0rc1', 'kestrel-v0.44.0rc1', 'refs/tags/kestrel-v0.44.0rc1'])
      expect((await room.says('cat', `where ${word}`)).data).toMatchObject({ commit: tag });
  });

  test('hostile and unknown words are refused', async () => {
    const room = await openRoom();
    const words = ['deadbeef', '--upload-pack=x', 'HEAD~1', 'main..x', '../../etc', '9.9.9', 'a b', '$(id)'];
    for (const word of words) {
      const said = await room.says('cat', `where "${word}"`);
      expect({ word, refused: said.exit > 0 }).toEqual({ word, refused: true });
      expect(said.lines.join(' ')).not.toMatch(/\n\s+at /);
    }
  });
});
