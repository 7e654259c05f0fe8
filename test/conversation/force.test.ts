import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const archive = 'kestrel-0.44.0.tar.gz';

async function putByHand(room: Room): Promise<void> {
  const storage = await (await room.opened.services.of('kestrel', '', '')).storage('releases');
  await storage.create(archive, Buffer.from('by hand'), {});
}

describe('a final version that is in the archive already', () => {
  test('refuses the cut, the fixup and the promotion before anything is made', async () => {
    const room = await openRoom();
    await putByHand(room);
    const before = await room.origin.refs();
    const cut = await room.says('ana', 'release cut');
    expect(cut.exit).toBe(1);
    expect(cut.lines.join(' ')).toMatch(
      /0\.44\.0 exists: .*kestrel-0\.44\.0\.tar\.gz is there, 7 bytes, sha256:[0-9a-f]{12}/,
    );
    expect(cut.lines.join(' ')).toMatch(
      /Nothing was started.*0\.45\.0: write it into pyproject\.toml.*--force/,
    );
    expect(await room.engine.runs.ids()).toEqual([]);
    expect(await room.origin.refs()).toEqual(before);
  });

  test('put there while the line was open, it stops the promotion', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    await putByHand(room);
    const promote = await room.says('ana', 'release promote');
    expect(promote.exit).toBe(1);
    expect(promote.lines.join(' ')).toContain('0.44.0 exists');
  });

  test('--force is nobody’s right until the policy gives it', async () => {
    const room = await openRoom();
    await putByHand(room);
    const denied = await room.says('ana', 'release cut --force');
    expect(denied.exit).toBe(1);
    expect(denied.lines.join(' ')).toContain('Replacing what is published of kestrel needs the role');

    await room.set('slipway.yaml', ['policies', 'standard', 'force'], {
      who: ['coordinator'],
      reason: 'required',
    });
    expect((await room.says('ben', 'release cut --force')).exit).toBe(1);
    const silent = await room.says('ana', 'release cut --force');
    expect(silent.lines.join(' ')).toContain('needs a reason');
    const cut = await room.over(await room.starts('ana', 'release cut --force --reason "made by hand"'));
    expect((await room.shows(cut.created.run)).join(' ')).toContain(
      '⚠️ An exception, forced: "made by hand"',
    );
    expect(cut.created.version).toBe('0.44.0rc1');
    // It is asked for each time: the promotion without it is refused.
    expect((await room.says('ana', 'release promote')).exit).toBe(1);
    const promote = await room.starts('ana', 'release promote --force --reason "made by hand"');
    await room.says('ben', `approve ${promote} --seal ${await room.seal(promote)}`);
    await room.over(promote);
    const storage = await (await room.opened.services.of('kestrel', '', '')).storage('releases');
    expect((await storage.head(archive))?.metadata).toMatchObject({ version: '0.44.0', run: promote });
  });

  test('--force moves no tag', async () => {
    const room = await openRoom();
    await room.set('slipway.yaml', ['policies', 'standard', 'force'], {
      who: ['coordinator'],
      reason: 'required',
    });
    const head = (await room.origin.refs())['refs/heads/main'] ?? '';
    await room.origin.point('refs/tags/kestrel-v0.44.0', head);
    const cut = await room.says('ana', 'release cut --force --reason mistake');
    expect(cut.exit).toBe(1);
    expect(cut.lines.join(' ')).toContain('the tag kestrel-v0.44.0 stands at');
    expect((await room.origin.refs())['refs/tags/kestrel-v0.44.0']).toBe(head);
  });
});
