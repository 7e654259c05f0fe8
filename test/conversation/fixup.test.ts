import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { stepOf } from '../../src/release/run-state.js';
import { leaveRooms, openRoom, removeSandboxes, type Room, type RoomOptions } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const branch = 'release/kestrel-v0.44.0';
const ref = `refs/heads/${branch}`;

/** A room with an open line, where a fixup picks the commits that it is given. */
async function withPicks(options: RoomOptions = {}): Promise<Room> {
  const room = await openRoom(options);
  await room.edit('kestrel.yml', (text) => {
    const changed = text.replace(
      /( {2}fixup:\n(?: {4}.*\n)*?) {4}steps:\n/,
      `$1    inputs:\n      commits: { type: commits, about: Commits of main, optional: true }\n    steps:\n      - uses: cherry-pick\n        commits: '{inputs.commits}'\n`,
    );
    if (changed === text) throw new Error('the fixture has no fixup');
    return changed;
  });
  await room.over(await room.starts('ana', 'release cut'));
  return room;
}

async function headOf(room: Room): Promise<string> {
  return (await room.origin.refs())[ref] ?? '';
}

describe('a fixup', () => {
  test('picks commits of main, and publishes the candidate that holds them', async () => {
    const room = await withPicks();
    const before = await headOf(room);
    const door = await room.origin.commit('main', { 'door.txt': 'open\n' }, 'fix: the door');
    const roof = await room.origin.commit('main', { 'roof.txt': 'tight\n' }, 'fix: the roof');
    const run = await room.starts('ana', `release fixup --input "commits=${door.slice(0, 9)} ${roof}"`);
    const state = await room.over(run);
    expect(stepOf(state, 'cherry-pick')?.proof).toMatch(
      /^picked \w{7} "fix: the door" as \w{7}, \w{7} "fix: the roof" as \w{7}$/,
    );
    expect(await room.serves('internal')).toBe('0.44.0rc2');
    const refs = await room.origin.refs();
    expect(refs[ref]).not.toBe(before);
    expect(refs['refs/tags/kestrel-v0.44.0rc2']).toBe(refs[ref]);
    expect(await room.origin.read(branch, 'door.txt')).toBe('open');
    expect(await room.origin.read(branch, 'roof.txt')).toBe('tight');
    expect(await room.origin.read(branch, 'pyproject.toml')).toContain('0.44.0rc2');
  });

  test('with a conflict changes nothing, says where, and goes on without that commit', async () => {
    const room = await withPicks();
    await room.origin.commit(branch, { 'door.txt': 'as the line has it\n' }, 'fix: door on the line');
    const line = await room.origin.commit(branch, { 'extra.txt': 'x\n' }, 'fix: extra');
    const roof = await room.origin.commit('main', { 'roof.txt': 'tight\n' }, 'fix: the roof');
    const door = await room.origin.commit('main', { 'door.txt': 'as main has it\n' }, 'fix: the door');
    const refs = await room.origin.refs();
    const run = await room.starts('ana', `release fixup --input "commits=${roof} ${door}"`);
    await room.step(run, 'cherry-pick', 'failed');
    const shown = (await room.shows(run)).join('\n');
    expect(shown).toContain(
      `${door.slice(0, 10)} "fix: the door" does not apply to ${branch}: conflict in door.txt.`,
    );
    expect(shown).toContain('Nothing was changed, and none of the commits was picked.');
    expect(shown).toContain('Public: nothing.');
    expect(shown).toContain(`slipway cancel ${run}`);
    expect(await room.origin.refs()).toEqual(refs);
    expect(await headOf(room)).toBe(line);

    await room.says('ana', `cancel ${run}`);
    await room.over(run, 'cancelled');
    const next = await room.starts('ana', `release fixup --input commits=${roof}`);
    await room.over(next);
    expect(await room.origin.read(branch, 'door.txt')).toBe('as the line has it');
    expect(await room.origin.read(branch, 'roof.txt')).toBe('tight');
  });

  test('leaves out what was picked before, and says so', async () => {
    const room = await withPicks();
    const door = await room.origin.commit('main', { 'door.txt': 'open\n' }, 'fix: the door');
    await room.over(await room.starts('ana', `release fixup --input commits=${door}`));
    const roof = await room.origin.commit('main', { 'roof.txt': 'tight\n' }, 'fix: the roof');
    const again = await room.over(
      await room.starts('ana', `release fixup --input "commits=${door},${roof}"`),
    );
    expect(stepOf(again, 'cherry-pick')?.proof).toMatch(
      new RegExp(
        `^picked \\w{7} "fix: the roof" as \\w{7}; left out: ${door.slice(0, 7)} was picked as \\w{7}$`,
      ),
    );
    expect(await room.serves('internal')).toBe('0.44.0rc3');
  });

  test('of nothing but what was picked before is nothing new, unless it is asked for by name', async () => {
    const room = await withPicks();
    const door = await room.origin.commit('main', { 'door.txt': 'open\n' }, 'fix: the door');
    await room.over(await room.starts('ana', `release fixup --input commits=${door}`));
    const said = await room.says('ana', `release fixup --input commits=${door.slice(0, 10)}`);
    expect(said.exit).toBe(1);
    expect(said.lines.join(' ')).toMatch(
      /nothing new on release\/kestrel-v0\.44\.0 since 0\.44\.0rc2.*--again/,
    );
    await room.over(await room.starts('ana', `release fixup --again --input commits=${door}`));
    expect(await room.serves('internal')).toBe('0.44.0rc3');
  });

  test('refuses what is on no default branch, and what is no commit', async () => {
    const room = await withPicks();
    const own = await room.origin.commit(branch, { 'x.txt': 'x\n' }, 'fix: only here');
    const run = await room.starts('ana', `release fixup --input commits=${own}`);
    await room.step(run, 'cherry-pick', 'failed');
    expect((await room.shows(run)).join('\n')).toContain(
      `${own.slice(0, 10)} is not in the history of main.`,
    );
    for (const bad of ['--all', 'main', '$(touch x)', `${own}^`, '../x']) {
      const reply = await room.says('ana', `release fixup --input "commits=${bad}"`);
      expect(reply.exit).not.toBe(0);
      expect(reply.lines.join(' ')).toMatch(/commits/);
    }
  });

  test('without commits publishes what is on the branch', async () => {
    const room = await withPicks();
    await room.origin.commit(branch, { 'x.txt': 'x\n' }, 'fix: by hand');
    const state = await room.over(await room.starts('ana', 'release fixup'));
    expect(stepOf(state, 'cherry-pick')?.status).toBe('skipped');
    expect(await room.serves('internal')).toBe('0.44.0rc2');
  });

  test('that was stopped after its picks were pushed goes on with them', async () => {
    const room = await withPicks();
    const door = await room.origin.commit('main', { 'door.txt': 'open\n' }, 'fix: the door');
    await room.edit('kestrel.yml', (text) =>
      text.replace(/(fixup:[^]*?run: )\[node, scripts\/build.mjs\]/, '$1[sh, -c, exit 1]'),
    );
    const run = await room.starts('ana', `release fixup --input commits=${door}`);
    await room.step(run, 'build', 'failed');
    const picked = await headOf(room);
    await room.says('ana', `cancel ${run}`);
    await room.over(run, 'cancelled');
    await room.edit('kestrel.yml', (text) => text.replace('[sh, -c, exit 1]', '[node, scripts/build.mjs]'));
    const next = await room.over(await room.starts('ana', `release fixup --input commits=${door}`));
    expect(stepOf(next, 'cherry-pick')?.proof).toContain('was picked as');
    expect(await room.origin.read(`${branch}~1`, 'door.txt')).toBe('open');
    expect((await headOf(room)) === picked).toBe(false);
    expect(await room.serves('internal')).toMatch(/^0\.44\.0rc\d$/);
  });
});
