import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { start } from '../../src/engine/start.js';
import { commitTarget } from '../../src/release/run-id.js';
import { stepOf } from '../../src/release/run-state.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

/** A room whose process builds the default branch for a channel of its own. */
async function openWithLatest(): Promise<Room> {
  const room = await openRoom();
  await room.set('kestrel.yml', ['channels', 'latest'], {
    in: 'latest',
    files: { tarball: 'latest/kestrel.tar.gz' },
    order: 'commit',
  });
  await room.set('kestrel.yml', ['operations', 'latest'], {
    about: 'Build what was merged and put it on the latest channel.',
    line: 'none',
    steps: [
      { run: ['node', 'scripts/build.mjs'], id: 'build', produces: ['tarball'] },
      { uses: 'channel', move: ['latest'] },
    ],
  });
  return room;
}

async function served(room: Room): Promise<Record<string, string>> {
  const services = await room.opened.services.of('kestrel', '', '');
  const there = await (await services.storage('latest')).head('latest/kestrel.tar.gz');
  return there?.metadata ?? {};
}

/** What asks for a commit of the past, as a trigger that comes late does. */
async function startAt(room: Room, commit: string): Promise<string> {
  const started = await start(room.engine, {
    request: `late ${commit}`,
    project: 'kestrel',
    operation: 'latest',
    kind: 'none',
    target: commitTarget('latest', commit),
    commit,
    inputs: {},
    by: { issuer: 'local', workspace: 'sandbox', user: 'ana', name: 'Ana' },
  });
  if (started.answer !== 'started') throw new Error(started.answer);
  return started.run;
}

describe('a channel that follows the default branch', () => {
  test('serves what was merged last, beside all lines', async () => {
    const room = await openWithLatest();
    const head = (await room.origin.refs())['refs/heads/main'] ?? '';
    const run = await room.starts('ben', 'release latest');
    expect(run).toBe(`kestrel_latest-at-${head.slice(0, 12)}_latest_1`);
    const state = await room.over(run);
    expect(state.created).toMatchObject({ kind: 'none', version: '0.44.0', commit: head });
    expect(await served(room)).toMatchObject({ version: '0.44.0', commit: head, run });

    // A cut of the same version is no concern of it.
    await room.over(await room.starts('ana', 'release cut'));
    const next = await room.origin.commit('main', { 'NOTES.md': 'merged\n' });
    await room.over(await room.starts('ben', 'release latest'));
    expect(await served(room)).toMatchObject({ version: '0.44.0', commit: next });
    expect(await room.serves('internal')).toBe('0.44.0rc1');
    expect((await room.says('ana', 'status')).lines.join('\n')).not.toContain('latest-at');
  });

  test('the same commit is built once, unless it is asked for by name', async () => {
    const room = await openWithLatest();
    const both = await Promise.all([room.says('ana', 'release latest'), room.says('ben', 'release latest')]);
    const run = both[0]?.follow ?? '';
    expect(both.map((reply) => reply.follow)).toEqual([run, run]);
    await room.over(run);
    const done = await room.says('ben', 'release latest');
    expect(done).toMatchObject({ exit: 0, data: { answer: 'already', run } });
    expect(done.lines.join(' ')).toContain('--again');
    const again = await room.over(await room.starts('ben', 'release latest --again'));
    expect(again.created.run).toBe(run.replace(/1$/, '2'));
    expect(await served(room)).toMatchObject({ run });
  });

  test('takes no version, and makes nothing of a line', async () => {
    const room = await openWithLatest();
    expect(await room.says('ana', 'release latest 0.44.0')).toMatchObject({ exit: 2 });
    await room.set('kestrel.yml', ['operations', 'latest', 'steps', 1], {
      uses: 'store',
      artifacts: ['tarball'],
    });
    const said = await room.says('ana', 'release latest');
    expect(said.exit).not.toBe(0);
    expect(said.lines.join(' ')).toContain('line: none');
    expect(await room.engine.runs.ids()).toEqual([]);
  });

  test('what comes late leaves it where it is, and says so', async () => {
    const room = await openWithLatest();
    const old = (await room.origin.refs())['refs/heads/main'] ?? '';
    const next = await room.origin.commit('main', { 'NOTES.md': 'merged\n' });
    await room.over(await room.starts('ana', 'release latest'));
    const late = await room.over(await startAt(room, old));
    expect(stepOf(late, 'channel')).toMatchObject({ status: 'skipped' });
    expect(stepOf(late, 'channel')?.skip?.reason).toMatch(
      new RegExp(
        `older: latest serves 0\\.44\\.0 at ${next.slice(0, 7)}, which comes after ${old.slice(0, 7)}`,
      ),
    );
    expect(await served(room)).toMatchObject({ commit: next });
  });

  test('what is no longer in the history is replaced, and said', async () => {
    const room = await openWithLatest();
    const old = (await room.origin.refs())['refs/heads/main'] ?? '';
    const dropped = await room.origin.commit('main', { 'NOTES.md': 'a mistake\n' });
    await room.over(await room.starts('ana', 'release latest'));
    const unbuilt = await room.origin.commit('main', { 'NOTES.md': 'another\n' });
    await room.origin.point('refs/heads/main', old);
    const state = await room.over(await room.starts('ana', 'release latest'));
    expect(await served(room)).toMatchObject({ commit: old });
    expect(stepOf(state, 'channel')?.proof).toContain(
      `instead of ${dropped.slice(0, 7)}, which is not in the history of main any more`,
    );
    await expect(startAt(room, unbuilt)).rejects.toThrow('no longer holds what was asked for');
  });

  test('a pointer that somebody put there by hand is replaced', async () => {
    const room = await openWithLatest();
    const services = await room.opened.services.of('kestrel', '', '');
    const storage = await services.storage('latest');
    await storage.create('latest/kestrel.tar.gz', Buffer.from('by hand'), { version: '9.9.9', commit: 'no' });
    await room.over(await room.starts('ana', 'release latest'));
    expect(await served(room)).toMatchObject({ version: '0.44.0' });
  });
});
