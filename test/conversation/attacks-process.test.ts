import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { planOf } from '../../src/engine/frozen-plan.js';
import { stepOf } from '../../src/release/run-state.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';
import { announcedIn } from './said.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const standard = ['policies', 'standard'];
const unsafe = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

/** A room whose coordinator may point channels. */
async function roomWithPoint(): Promise<Room> {
  const room = await openRoom();
  await room.set('slipway.yaml', [...standard, 'operations', 'point'], { start: ['coordinator'] });
  return room;
}

/** The digest of what stands at a key of the storage that users download from. */
async function digestAt(room: Room, key: string): Promise<string> {
  const { storage } = await room.opened.services.of('kestrel', '');
  return (await (await storage('latest')).head(key))?.sha256 ?? '';
}

function git(room: Room, ...args: string[]): string {
  return execFileSync('git', ['--git-dir', room.sandbox.repo, ...args])
    .toString()
    .trim();
}

describe('who may point channels', () => {
  test('serves no candidate on stable under the name of another channel that lies at the same place', async () => {
    const room = await roomWithPoint();
    await room.set('slipway.yaml', ['storage', 'outer'], { url: './storage' });
    await room.set('kestrel.yml', ['channels', 'preview'], {
      in: 'outer',
      files: { tarball: 'latest/kestrel.tar.gz' },
    });
    await room.over(await room.starts('ana', 'release cut'));
    const reply = await room.says('ana', "point preview 0.44.0rc1 --reason 'try it'");
    expect(reply).toMatchObject({ exit: 1 });
    expect(reply.lines.join(' ')).toMatch(/preview is protected by a gate.*Nothing was changed/);
    expect(await digestAt(room, 'kestrel.tar.gz')).toBe('');
  });

  test.each([['latest:kestrel.tar.gz'], ['latest:*'], ['channel']])(
    'serves no candidate where the policy protects %s and not the name of the channel',
    async (protects) => {
      const room = await roomWithPoint();
      await room.edit('kestrel.yml', (text) =>
        // A `channel` before a gate would not load.
        text.replaceAll(/ {6}- uses: channel\n {8}move: \[internal\]\n( {8}to: stable\n)?/g, ''),
      );
      await room.set('slipway.yaml', [...standard, 'gates', 'approve', 'protects'], [protects]);
      await room.over(await room.starts('ana', 'release cut'));
      const reply = await room.says('ana', "point stable 0.44.0rc1 --reason 'try it'");
      expect(reply.lines.join(' ')).toMatch(/has not passed it.*Nothing was changed/);
      expect(await digestAt(room, 'kestrel.tar.gz')).toBe('');
    },
  );

  test('lifts no pin onto a candidate where a gate protects the channel', async () => {
    const room = await roomWithPoint();
    await room.set('kestrel.yml', ['channels', 'production'], {
      in: 'latest',
      files: { tarball: 'production/kestrel.tar.gz' },
    });
    await room.set('slipway.yaml', [...standard, 'gates', 'approve', 'protects'], ['stable', 'production']);
    await room.over(await room.starts('ana', 'release cut'));
    const reply = await room.says('ana', 'unpoint production');
    expect(reply).toMatchObject({ exit: 1, data: { serves: '' } });
    expect(reply.lines.join(' ')).toContain('has not passed it');
    expect(await digestAt(room, 'production/kestrel.tar.gz')).toBe('');
  });
});

describe('whoever may push a tag', () => {
  test('that names a file cannot keep people from looking, adopting and releasing', async () => {
    const room = await openRoom();
    const blob = git(room, 'rev-parse', 'main:pyproject.toml');
    await room.origin.point('refs/tags/kestrel-v0.43.9', blob);
    await room.origin.point('refs/tags/kestrel-v0.43.8', git(room, 'rev-parse', 'main^{tree}'));
    const main = (await room.origin.refs())['refs/heads/main'] ?? '';
    expect(await room.says('cat', `where ${main}`)).toMatchObject({ exit: 0, data: { commit: main } });
    expect(await room.says('cat', 'where 0.43.9')).toMatchObject({ exit: 2 });
    const look = await room.says('cat', 'adopt');
    expect(look).toMatchObject({ exit: 0, data: { lines: [{ target: '0.43.2' }] } });
    expect(look.lines.join('\n')).toContain('kestrel-v0.43.9 names a file or a folder and no commit');
    for (const words of ['status', 'version', 'history', 'plan cut'])
      expect({ words, ...(await room.says('cat', words)) }).toMatchObject({ words, exit: 0 });
  });
});

describe('texts of strangers', () => {
  test('move no cursor and turn no line, in no answer and no board', async () => {
    const room = await openRoom();
    const evil = '\u001b]0;owned\u0007\u202e\u2066x\u2028y\r\u009b2J';
    const fix = await room.origin.commit(
      'main',
      { [`a${'\u202e'}b.txt`]: 'x\n' },
      `fix: ${evil} {inputs.reason}`,
    );
    await room.origin.point('refs/tags/kestrel-v0.44.0rc\u202e1', fix);
    await room.edit('kestrel.yml', (text) =>
      text
        .replace('      - uses: announce\n', '      - uses: notes\n      - uses: announce\n')
        .replace(
          "is on internal. Please use it and report blocking bugs.'",
          "is on internal.\n          {notes}'",
        ),
    );
    const run = await room.starts('ana', 'release cut');
    const state = await room.over(run);
    const said: string[] = [...(await room.shows(run))];
    for (const words of [
      `where ${fix}`,
      'history',
      'status',
      'version',
      'adopt',
      'plan fixup',
      `show ${run}`,
    ])
      said.push(...(await room.says('cat', words)).lines);
    expect(said.filter((line) => unsafe.test(line))).toEqual([]);
    const plan = await planOf(room.engine, state.created.plan);
    expect(plan.steps.find(({ id }) => id === 'announce')?.templates).toEqual(['/text']);
    expect(stepOf(state, 'announce')?.status).toBe('done');
    const announced = [
      ...(await announcedIn(room.opened, 'eng-process')),
      ...(await announcedIn(room.opened, 'releases')),
    ];
    expect(announced).not.toEqual([]);
    for (const text of announced) {
      expect(text).toContain('{inputs.reason}');
      expect(text.split('\n').filter((line) => unsafe.test(line))).toEqual([]);
    }
  });

  test('given as an input are refused where they would turn what is written', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    const reply = await room.says('ana', "release abandon --input 'reason=done \u202egnihton'");
    expect(reply).toMatchObject({ exit: 2 });
    expect(reply.lines.join(' ')).toContain('control character');
    expect(await room.serves('internal')).toBe('0.44.0rc1');
  });
});

describe('while everything is stopped', () => {
  test('no other word makes a run go on', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    const run = await room.starts('ana', 'release promote');
    const seal = await room.seal(run);
    await room.says('ben', "stop-everything --reason 'fire'");
    for (const words of [
      `approve ${run} --seal ${seal}`,
      `resume ${run}`,
      `retry ${run} push`,
      `skip ${run} push --reason x --second ben`,
      'release fixup',
      'release abandon --input reason=x',
    ])
      await room.says('ana', words);
    await room.says('ben', `approve ${run} --seal ${seal}`);
    // Stopping ends what was begun, and a start goes on with whatever may go on.
    for (let turn = 0; turn < 2; turn += 1) {
      await room.stop();
      await room.start();
      expect(stepOf(await room.state(run), 'push')?.status).toBe('todo');
    }
    expect(await room.serves('stable')).toBe('');
    expect(Object.keys(await room.origin.refs())).not.toContain('refs/tags/kestrel-v0.44.0');
  });
});
