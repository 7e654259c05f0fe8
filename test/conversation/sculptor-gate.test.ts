import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { rename, rm, writeFile } from 'node:fs/promises';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const ref = 'refs/heads/release/kestrel-v0.44.0';

/** 0.44.0rc1 is published. */
async function withCandidate(): Promise<Room> {
  const room = await openRoom({ process: 'preset' });
  await room.over(await room.starts('ana', 'release cut'));
  return room;
}

async function asked(room: Room): Promise<{ run: string; seal: string }> {
  const run = await room.starts('ana', 'release promote');
  return { run, seal: await room.seal(run) };
}

async function status(room: Room, run = ''): Promise<string> {
  return (await room.says('cat', `status ${run}`)).lines.join('\n');
}

describe('the question of a promotion', () => {
  test('says how long it stands from now on, not from when it was asked; and that it is over', async () => {
    const room = await withCandidate();
    const { run, seal } = await asked(room);
    expect(await status(room, run)).toMatch(/Expires .* UTC, in (1 d 0 h|23 h 59 min); then nothing ships\./);
    room.clock.aheadMs = 23 * 3_600_000;
    expect(await status(room, run)).toMatch(/Expires .* UTC, in (1 h 00 min|59 min \d\d s); then/);
    room.clock.aheadMs = 25 * 3_600_000;
    const late = await room.says('ben', `approve ${run} --seal ${seal}`);
    expect(late.exit).toBe(1);
    expect(late.lines.join(' ')).toContain('Nothing shipped. Start it again to ask anew.');
    const said = await status(room, run);
    expect(said).not.toMatch(/Expires|starts the publication/);
    expect(Object.keys(await room.origin.refs())).not.toContain('refs/tags/kestrel-v0.44.0');
  });

  test('takes two of three: withdrawn, moved, rejected, and then shipped once by votes at one moment', async () => {
    const room = await withCandidate();
    await room.set('slipway.yaml', ['roles', 'maintainer'], ['ana', 'ben', 'cat']);
    const rules = [{ need: 2, of: ['maintainer'] }];
    await room.set('slipway.yaml', ['policies', 'standard', 'gates', 'approve', 'rules'], rules);
    const first = await asked(room);
    const vote = `approve ${first.run} --seal ${first.seal}`;
    expect((await room.says('ben', vote)).lines[0]).toContain('1 of 2');
    await room.says('ben', `withdraw ${first.run} --seal ${first.seal}`);
    expect(await status(room, first.run)).toContain('Votes: none yet');
    await room.says('ben', vote);
    await room.origin.commit('release/kestrel-v0.44.0', { 'x.txt': 'x\n' }, 'fix: x');
    const moved = await room.says('cat', vote);
    expect(moved.lines.join(' ')).toMatch(/Approval void: branch .* moved from .*Nothing shipped\./);
    await room.over(first.run, 'superseded');
    await room.over(await room.starts('ana', 'release fixup'));

    const second = await asked(room);
    await room.says('ana', `reject ${second.run} --seal ${second.seal} --reason 'not today'`);
    await room.over(second.run, 'rejected');
    const third = await asked(room);
    const votes = await Promise.all(
      ['ana', 'ben', 'cat'].map((who) => room.says(who, `approve ${third.run} --seal ${third.seal}`)),
    );
    expect(votes.map((one) => one.exit)).toEqual([1, 0, 0]);
    await room.over(third.run);
    expect(await room.serves('stable')).toBe('0.44.0');
    expect((await room.says('ana', 'verify')).exit).toBe(0);
  });

  test('is void when the branch was deleted, and asked anew when it is back', async () => {
    const room = await withCandidate();
    const { run, seal } = await asked(room);
    const head = (await room.origin.refs())[ref] ?? '';
    await room.origin.remove(ref);
    const said = (await room.says('ben', `approve ${run} --seal ${seal}`)).lines.join('\n');
    expect(said).toMatch(/moved from \w{7} to nothing/);
    await room.over(run, 'superseded');
    expect((await room.says('ana', 'release promote')).lines.join(' ')).toContain('restore it, or abandon');
    await room.origin.point(ref, head);
    const again = await asked(room);
    await room.says('ben', `approve ${again.run} --seal ${again.seal}`);
    await room.over(again.run);
  });
});

describe('while everything is stopped', () => {
  test('nobody is told that something goes on', async () => {
    const room = await withCandidate();
    const { run, seal } = await asked(room);
    expect((await room.says('ana', 'stop-everything --reason fire')).exit).toBe(0);
    const held =
      /But nothing starts now\. ⏸️ Everything is stopped by .*: "fire"\. Next: slipway resume-everything/;
    const approved = await room.says('ben', `approve ${run} --seal ${seal}`);
    expect(approved).toMatchObject({ exit: 0, data: { approved: true } });
    expect(approved.follow).toBeUndefined();
    expect(approved.lines.join('\n')).toMatch(held);
    expect((await room.says('ana', `resume ${run}`)).lines.join('\n')).toMatch(held);
    expect(await status(room, run)).toContain('Everything is stopped by');
    expect((await status(room)).match(/Everything is stopped by/g)).toHaveLength(1);
    expect(Object.keys(await room.origin.refs())).not.toContain('refs/tags/kestrel-v0.44.0');
    await room.says('ana', 'resume-everything');
    await room.over(run);
    expect(await room.serves('stable')).toBe('0.44.0');
  });
});

describe('past the point of no return', () => {
  test('a channel that cannot be written stops it: what is public, what is not, and then it goes on', async () => {
    const room = await withCandidate();
    const { run, seal } = await asked(room);
    const { latest } = room.sandbox.storage;
    // A file where the folder should be: root is stopped by it, too.
    await rename(latest, `${latest}.away`);
    await writeFile(latest, 'no folder');
    await room.says('ben', `approve ${run} --seal ${seal}`);
    await room.step(run, 'channel', 'failed');
    expect((await room.shows(run)).at(-1)).toBe('Public: push, store, tag. Not public: channel, announce.');
    for (const what of ['fixup', 'abandon --input reason=x', 'cut']) {
      const said = await room.says('ana', `release ${what}`);
      expect(said.lines.join('\n')).toMatch(/past the point of no return|under way already/);
    }
    const cancelled = await room.says('ana', `cancel ${run}`);
    expect(cancelled.lines.join('\n')).toContain(`slipway retry ${run} goes on`);
    await rm(latest);
    await rename(`${latest}.away`, latest);
    await room.says('ana', `retry ${run}`);
    await room.over(run);
    expect([await room.serves('internal'), await room.serves('stable')]).toEqual(['0.44.0', '0.44.0']);
  });
});
