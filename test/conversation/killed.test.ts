import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Point } from '../../src/engine/engine.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

/** A room whose bot dies once at this moment of every step of the run that is watched. */
async function deadly(point: Point): Promise<{ room: Room; through(run: string): Promise<string[]> }> {
  const died: string[] = [];
  let watched = '';
  let dies: () => void = () => undefined;
  const room = await openRoom({
    process: 'preset',
    settings: { leaseMs: 400 },
    at: async (now, { run, step }) => {
      if (now !== point || run !== watched || died.includes(step)) return;
      died.push(step);
      dies();
      await new Promise(() => undefined);
    },
  });
  return {
    room,
    async through(run) {
      died.length = 0;
      watched = run;
      for (;;) {
        const death = new Promise<'dead'>((resolve) => (dies = () => resolve('dead')));
        // Woken here too: it may have come to a step before it was watched.
        const over = room.over(run).then(() => 'over' as const);
        over.catch(() => undefined);
        if ((await Promise.race([death, over])) === 'over') return died;
        room.crash();
        await room.start();
      }
    },
  };
}

describe.each(['after-intent', 'after-reply', 'before-done'] as const)('a bot that is killed %s', (point) => {
  test('at every step of a fixup and of a promotion: all is there, once', async () => {
    const { room, through } = await deadly(point);
    await room.over(await room.starts('ana', 'release cut'));
    const fix = await room.origin.commit('main', { 'door.txt': 'open\n' }, 'fix: the door');
    const fixup = await room.starts('ana', `release fixup --input commits=${fix}`);
    const inFixup = await through(fixup);
    expect(inFixup).toEqual(
      expect.arrayContaining(['cherry-pick', 'bump', 'store', 'channel', 'tag', 'announce']),
    );
    expect(await room.serves('internal')).toBe('0.44.0rc2');
    const promote = await room.starts('ana', 'release promote');
    const rest = through(promote);
    const seal = await sealed(room, promote);
    expect((await room.says('ben', `approve ${promote} --seal ${seal}`)).exit).toBe(0);
    expect(await rest).toEqual(expect.arrayContaining(['push', 'store', 'tag', 'channel', 'announce']));
    expect([await room.serves('internal'), await room.serves('stable')]).toEqual(['0.44.0', '0.44.0']);
    const refs = await room.origin.refs();
    expect(
      Object.keys(refs)
        .filter((ref) => ref.startsWith('refs/tags/'))
        .toSorted(),
    ).toEqual(
      ['0.43.2', '0.44.0', '0.44.0rc1', '0.44.0rc2'].map((version) => `refs/tags/kestrel-v${version}`),
    );
    expect(refs['refs/heads/release/kestrel-v0.44.0']).toBe(refs['refs/tags/kestrel-v0.44.0']);
    expect(await room.origin.read('release/kestrel-v0.44.0~1', 'pyproject.toml')).toContain('0.44.0rc2');
    expect(await room.origin.read('release/kestrel-v0.44.0~3', 'pyproject.toml')).toContain('0.44.0rc1');
    expect((await room.says('ana', 'verify')).exit).toBe(0);
  });
});

/** The seal as soon as it is asked for, also while the bot dies and comes back. */
async function sealed(room: Room, run: string): Promise<string> {
  for (;;) {
    try {
      return await room.seal(run);
    } catch (error) {
      if (!String(error).includes('the bot is stopped')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
