import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const branch = 'release/kestrel-v0.44.0';

async function refuses(room: Room, what: string): Promise<string> {
  const runs = await room.engine.runs.ids();
  const reply = await room.says('ana', what);
  expect(reply.exit).not.toBe(0);
  expect(await room.engine.runs.ids()).toEqual(runs);
  const text = reply.lines.join(' ');
  expect(text).toContain('Nothing was started');
  return text;
}

async function raise(room: Room, to: string, files: Record<string, string> = {}): Promise<void> {
  const file = await room.origin.read('main', 'pyproject.toml');
  const raised = file.replace(/^version = ".*"$/m, `version = "${to}"`);
  await room.origin.commit('main', { 'pyproject.toml': `${raised}\n`, ...files });
}

describe('what was made by hand', () => {
  test('a tag of the final version, however it is written, refuses the cut and names the next free one', async () => {
    const room = await openRoom();
    const head = (await room.origin.refs())['refs/heads/main'] ?? '';
    await room.origin.point('refs/tags/kestrel-v0.44.0', head);
    await room.origin.point('refs/tags/kestrel-v0.45.0', head);
    const text = await refuses(room, 'release cut');
    expect(text).toContain(`0.44.0 exists: the tag kestrel-v0.44.0 stands at ${head.slice(0, 7)}`);
    expect(text).toContain('The next free version is 0.46.0: write it into pyproject.toml');
  });

  test('tags and branches that only look alike refuse nothing', async () => {
    const room = await openRoom();
    const head = (await room.origin.refs())['refs/heads/main'] ?? '';
    for (const name of [
      'kestrel-v0.44.0-foo',
      'x-kestrel-v0.44.0',
      'v0.44.0',
      'kestrel-v0.44.00',
      'a/kestrel-v0.44.0',
    ])
      await room.origin.point(`refs/tags/${name}`, head);
    for (const name of [`x/${branch}`, `${branch}-old`]) await room.origin.point(`refs/heads/${name}`, head);
    await room.over(await room.starts('ana', 'release cut'));
  });

  test('a release branch elsewhere refuses the cut; at the very commit it is taken', async () => {
    const room = await openRoom();
    const head = (await room.origin.refs())['refs/heads/main'] ?? '';
    await room.origin.point(`refs/heads/${branch}`, head);
    const other = await room.origin.commit(branch, { 'NOTES.md': 'by hand\n' });
    const text = await refuses(room, 'release cut');
    expect(text).toContain(`The branch ${branch} exists already, at ${other.slice(0, 7)}`);
    expect(text).toContain('adopt');
    await room.origin.point(`refs/heads/${branch}`, head);
    await room.over(await room.starts('ana', 'release cut'));
  });

  test('a candidate of a new line refuses the cut; in an open line its number is passed over', async () => {
    const room = await openRoom();
    const head = (await room.origin.refs())['refs/heads/main'] ?? '';
    await room.origin.point('refs/tags/kestrel-v0.44.0rc1', head);
    expect(await refuses(room, 'release cut')).toContain('0.44.0rc1 exists: the tag kestrel-v0.44.0rc1');
    await room.origin.remove('refs/tags/kestrel-v0.44.0rc1');
    await room.over(await room.starts('ana', 'release cut'));
    await room.origin.point('refs/tags/kestrel-v0.44.0rc2', head);
    const fixup = await room.over(await room.starts('ana', 'release fixup --again'));
    expect(fixup.created.version).toBe('0.44.0rc3');
  });

  test('a final tag that appears while the line is open stops fixup and promote', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    await room.origin.point(
      'refs/tags/kestrel-v0.44.0',
      (await room.origin.refs())[`refs/heads/${branch}`] ?? '',
    );
    expect(await refuses(room, 'release promote')).toContain('by hand');
    expect(await refuses(room, 'release fixup --again')).toContain('0.44.0 exists');
  });
});

describe('branches that moved', () => {
  test('a release branch that was rewritten: says what stood there and how to put it back', async () => {
    const room = await openRoom();
    const old = (await room.origin.refs())['refs/heads/main'] ?? '';
    await room.over(await room.starts('ana', 'release cut'));
    const ours = (await room.origin.refs())[`refs/heads/${branch}`] ?? '';
    await room.origin.point(`refs/heads/${branch}`, old);
    await room.origin.commit(branch, { 'NOTES.md': 'instead of the candidate\n' });
    for (const what of ['release fixup', 'release promote']) {
      const text = await refuses(room, what);
      expect(text).toContain(`${branch} was rewritten`);
      expect(text).toContain(`does not come after ${ours.slice(0, 7)}, which is 0.44.0rc1`);
      expect(text).toContain(`${ours}:refs/heads/${branch}`);
    }
    await room.origin.point(`refs/heads/${branch}`, ours);
    await room.over(await room.starts('ana', 'release fixup --again'));
  });

  test('a release branch that was deleted: restore or abandon', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    await room.origin.remove(`refs/heads/${branch}`);
    expect(await refuses(room, 'release promote')).toContain('restore it, or abandon the line');
  });

  test('a candidate whose tag was moved is not promoted', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    await room.origin.point(
      'refs/tags/kestrel-v0.44.0rc1',
      (await room.origin.refs())['refs/heads/main'] ?? '',
    );
    expect(await refuses(room, 'release promote')).toContain('Somebody moved or deleted the tag by hand');
  });

  test('commits that people push to the release branch are no rewriting', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    await room.origin.commit(branch, { 'FIX.md': 'one\n' });
    await room.origin.commit(branch, { 'FIX.md': 'two\n' });
    const fixup = await room.over(await room.starts('ben', 'release fixup'));
    expect(fixup.created.version).toBe('0.44.0rc2');
  });
});

describe('nothing new', () => {
  test('a fixup without a commit is refused unless it is asked for by name', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    const text = await refuses(room, 'release fixup');
    expect(text).toContain(`There is nothing new on ${branch} since 0.44.0rc1`);
    expect(text).toContain('slipway release fixup --again');
    const again = await room.over(await room.starts('ana', 'release fixup --again'));
    expect(again.created.version).toBe('0.44.0rc2');
    // What was built again is no news either.
    expect(await refuses(room, 'release fixup')).toContain('since 0.44.0rc2');
  });

  test('one commit is not released twice under another number', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    const promote = await room.starts('ana', 'release promote');
    await room.says('ben', `approve ${promote} --seal ${await room.seal(promote)}`);
    await room.over(promote);
    await raise(room, '0.45.0');
    expect(await refuses(room, 'release cut')).toMatch(/nothing new on main at [0-9a-f]{7} since 0\.44\.0/);
    const again = await room.says('ana', 'release cut --again');
    expect(again.follow).toBe('kestrel_0.45.0_cut_1');
    await room.over(again.follow ?? '');
  });

  test('a lock file that follows the version is no news', async () => {
    const room = await openRoom();
    await room.set('kestrel.yml', ['version', 'follow'], [['node', 'scripts/lock.mjs']]);
    await room.over(await room.starts('ana', 'release cut'));
    const promote = await room.starts('ana', 'release promote');
    await room.says('ben', `approve ${promote} --seal ${await room.seal(promote)}`);
    await room.over(promote);
    const lock = await room.origin.read('kestrel-v0.44.0', 'kestrel.lock');
    await raise(room, '0.45.0', { 'kestrel.lock': `${lock.replaceAll('0.44.0', '0.45.0')}\n` });
    expect(await refuses(room, 'release cut')).toContain('nothing new on main');
    await room.origin.commit('main', { 'NOTES.md': 'news\n' });
    expect((await room.says('ana', 'release cut')).follow).toBe('kestrel_0.45.0_cut_1');
  });

  test('after a cut the default branch has to go on to the next version, and everybody is told', async () => {
    const room = await openRoom();
    const cut = await room.says('ana', 'release cut');
    const sentence = 'main still says 0.44.0: raise it to 0.45.0 in pyproject.toml.';
    expect(cut.lines.join(' ')).toContain(`After it: ${sentence}`);
    expect(cut.lines.join(' ')).toContain(
      'Released by hand, and not known here: 0.43.2. Next: slipway adopt',
    );
    await room.over(cut.follow ?? '');
    expect(await refuses(room, 'release cut')).toContain(sentence);
    expect((await room.says('cat', 'status')).lines).toContain(`kestrel: ${sentence}`);
    await raise(room, '0.45.0', { 'NOTES.md': 'next\n' });
    expect((await room.says('cat', 'status')).lines.join(' ')).not.toContain('still says');
    await room.over(await room.starts('ana', 'release cut'));
  });
});
