import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { stepOf } from '../../src/release/run-state.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';
import { announcedIn } from './said.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const branch = 'release/kestrel-v0.44.0';

/** Puts a step before the first one of an operation. */
async function before(room: Room, operation: string, step: string): Promise<void> {
  await room.edit('kestrel.yml', (text) => {
    const changed = text.replace(
      new RegExp(`( {2}${operation}:\\n(?: {4}.*\\n)*? {4}steps:\\n)`),
      `$1${step}`,
    );
    if (changed === text) throw new Error(`the fixture has no ${operation}`);
    return changed;
  });
}

async function messagesOf(room: Room, name: string): Promise<string[]> {
  return announcedIn(room.opened, name);
}

describe('notes', () => {
  test('of a release stand in its announcement, clean, as they were approved', async () => {
    const room = await openRoom();
    await before(room, 'promote', '      - uses: notes\n');
    await room.edit('kestrel.yml', (text) =>
      text.replace("text: 'Kestrel {version} is stable.'", 'text: "Kestrel {version} is stable.\\n{notes}"'),
    );
    await room.over(await room.starts('ana', 'release cut'));
    await room.origin.commit(branch, { 'a.txt': 'a\n' }, 'fix(door): it \u202eopens @channel');
    await room.over(await room.starts('ana', 'release fixup'));

    const run = await room.starts('ana', 'release promote');
    const seal = await room.seal(run);
    const notes = stepOf(await room.state(run), 'notes');
    expect(notes?.proof).toMatch(/^\d+ changes, 2 of our own version commits left out, sha256:[0-9a-f]{12}$/);
    expect((await room.says('ben', `approve ${run} --seal ${seal}`)).exit).toBe(0);
    await room.over(run);
    const [text = ''] = await messagesOf(room, 'releases');
    expect(text).toMatch(/^Kestrel 0\.44\.0 is stable\.\n/);
    const digest = createHash('sha256')
      .update(text.slice(text.indexOf('\n') + 1))
      .digest('hex');
    expect(notes?.proof).toContain(`sha256:${digest.slice(0, 12)}`);
    expect(text).toContain('Fixed\n- it opens @channel');
    expect(text).not.toContain('v0.44.0rc');
    expect(text).not.toMatch(/[^\P{Cf}]|[^\P{Cc}\n]/u);
  });

  test('of the next version begin at the last final one, not at a candidate', async () => {
    const room = await openRoom();
    await before(room, 'promote', '      - uses: notes\n');
    await room.over(await room.starts('ana', 'release cut'));
    const first = await room.starts('ana', 'release promote');
    await room.says('ben', `approve ${first} --seal ${await room.seal(first)}`);
    await room.over(first);

    const toml = await room.origin.read('main', 'pyproject.toml');
    await room.origin.commit(
      'main',
      { 'pyproject.toml': toml.replace('0.44.0', '0.45.0') },
      'chore: begin 0.45.0',
    );
    await room.origin.commit('main', { 'a.txt': 'a\n' }, 'feat: a');
    await room.over(await room.starts('ana', 'release cut'));
    await room.origin.commit('release/kestrel-v0.45.0', { 'b.txt': 'b\n' }, 'feat: b');
    await room.over(await room.starts('ana', 'release fixup'));
    const second = await room.starts('ana', 'release promote');
    await room.seal(second);
    expect(stepOf(await room.state(second), 'notes')?.proof).toMatch(/^3 changes, 2 of our own/);
  });

  test('that this Slipway cannot write yet are refused before anything starts', async () => {
    const room = await openRoom();
    await before(room, 'cut', '      - uses: notes\n        sections: [Highlights]\n');
    const reply = await room.says('ana', 'release cut');
    expect(reply.exit).not.toBe(0);
    expect(reply.lines.join(' ')).toContain('sections');
    expect(await room.engine.runs.ids()).toEqual([]);
  });
});

describe('lock files', () => {
  test('follow the version, in the very commit that writes it', async () => {
    const room = await openRoom();
    await room.origin.commit('main', { 'kestrel.lock': 'none\n' }, 'chore: lock');
    const lock = 'grep ^version pyproject.toml > kestrel.lock; date +%N > left-behind';
    await room.set('kestrel.yml', ['version', 'follow'], [['sh', '-c', lock]]);
    const run = await room.starts('ana', 'release cut');
    const state = await room.over(run);
    expect(stepOf(state, 'bump-follow')?.proof).toBe('changed kestrel.lock');
    expect((await room.says('ana', `log ${run} bump-follow`)).lines.join('\n')).toContain('$ sh -c grep');
    expect(await room.origin.read(branch, 'kestrel.lock')).toMatch(/^version = "0\.44\.0rc1"/);
    expect(await room.origin.read(branch, 'pyproject.toml')).toContain('version = "0.44.0rc1"');
    await expect(room.origin.read(branch, 'left-behind')).rejects.toThrow(/left-behind/);
    // What is built holds them.
    expect((await room.origin.refs())['refs/tags/kestrel-v0.44.0rc1']).toBe(
      (await room.origin.refs())[`refs/heads/${branch}`],
    );
  });

  test('that a program cannot write stop the run before anything is committed', async () => {
    const room = await openRoom();
    await room.set('kestrel.yml', ['version', 'follow'], [['sh', '-c', 'echo no index; exit 2']]);
    const run = await room.starts('ana', 'release cut');
    await room.step(run, 'bump-follow', 'failed');
    const shown = (await room.shows(run)).join('\n');
    expect(shown).toContain('exit code 2');
    expect(shown).toMatch(/Public: branch\. Not public: bump,/);
    expect(await readFile(room.sandbox.process, 'utf8')).toContain('no index');
  });
});
