import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { planOf } from '../../src/engine/frozen-plan.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';
import { announcedIn } from './said.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const messages = (room: Room, name: string): Promise<string[]> => announcedIn(room.opened, name);

async function promoted(room: Room): Promise<string> {
  await room.over(await room.starts('ana', 'release cut'));
  const promote = await room.starts('ana', 'release promote');
  await room.says('ben', `approve ${promote} --seal ${await room.seal(promote)}`);
  await room.over(promote);
  return promote;
}

describe('variants', () => {
  async function openWithVariant(): Promise<Room> {
    const room = await openRoom();
    await room.set('kestrel.yml', ['variants'], {
      quiet: { about: 'Say nothing.', for: ['cut', 'fixup'], patch: { announce: 'off' } },
    });
    return room;
  }

  test('are chosen by a word, frozen in the plan, and change what runs', async () => {
    const room = await openWithVariant();
    const cut = await room.over(await room.starts('ana', 'release cut quiet'));
    expect((await planOf(room.engine, cut.created.plan)).variants).toEqual(['quiet']);
    expect(cut.steps.map((step) => step.outline.id)).not.toContain('announce');
    expect(await messages(room, 'eng-process')).toEqual([]);
  });

  test('also beside a version, as an option, and while it waits in the queue', async () => {
    const room = await openWithVariant();
    const cut = await room.starts('ana', 'release cut 0.44.0 --variant quiet');
    await room.says('ben', 'release fixup quiet --again');
    await room.over(cut);
    const fixup = await room.over('kestrel_0.44.0_fixup_1');
    expect((await planOf(room.engine, fixup.created.plan)).variants).toEqual(['quiet']);
    expect(fixup.steps.map((step) => step.outline.id)).not.toContain('announce');
  });

  test('what is no variant, or not for this operation, starts nothing', async () => {
    const room = await openWithVariant();
    for (const what of ['release cut 0.44.0 quit', 'release abandon quiet', 'release cut --variant loud']) {
      const reply = await room.says('ana', what);
      expect(reply.exit).toBe(2);
      expect(reply.lines.join(' ')).toContain('Nothing was started');
    }
    expect((await room.says('ana', 'release cut 0.44.0 quit')).lines.join(' ')).toContain(
      'did you mean "quiet"',
    );
    expect(await room.engine.runs.ids()).toEqual([]);
  });
});

describe('work on a final line', () => {
  async function openWithFinal(): Promise<Room> {
    const room = await openRoom();
    await room.set('kestrel.yml', ['operations', 'say-again'], {
      about: 'Say once more that it is out.',
      line: 'final',
      steps: [{ uses: 'announce', to: ['releases'], text: '{version} of {previous}{commit} is out' }],
    });
    return room;
  }

  test('runs on what was released, as often as somebody asks', async () => {
    const room = await openWithFinal();
    const early = await room.says('ana', 'release say-again');
    expect(early.exit).toBe(1);
    expect(early.lines.join(' ')).toContain('No version of kestrel was released yet');
    await promoted(room);
    const tag = (await room.origin.refs())['refs/tags/kestrel-v0.44.0'];
    const first = await room.over(await room.starts('ana', 'release say-again'));
    expect(first.created).toMatchObject({ kind: 'final', version: '0.44.0', commit: tag });
    const second = await room.over(await room.starts('ben', 'release say-again 0.44.0'));
    expect(second.created.run).toBe('kestrel_0.44.0_say-again_2');
    expect((await room.says('ben', 'release promote')).data).toMatchObject({ answer: 'already' });
    // With nothing open, a fixup is not one of the released line.
    expect((await room.says('ben', 'release fixup')).lines.join(' ')).toContain(
      'No release line of kestrel is open',
    );
  });

  test('an open line has to be released first', async () => {
    const room = await openWithFinal();
    await room.over(await room.starts('ana', 'release cut'));
    const reply = await room.says('ana', 'release say-again 0.44.0');
    expect(reply.exit).toBe(1);
    expect(await room.engine.runs.ids()).toEqual(['kestrel_0.44.0_cut_1']);
  });
});

describe('what the run itself finds out', () => {
  test('is in the words that it says afterwards', async () => {
    const room = await openRoom();
    await room.edit('kestrel.yml', (text) =>
      text.replace(
        "text: 'Kestrel {version} is on internal. Please use it and report blocking bugs.'",
        "text: '{version} is {steps.tag.tag} at {steps.tag.commit}, made by {steps.bump.commit}'",
      ),
    );
    const cut = await room.over(await room.starts('ana', 'release cut'));
    expect(cut.finished?.outcome).toBe('done');
    const commit = (await room.origin.refs())['refs/tags/kestrel-v0.44.0rc1'] ?? 'none';
    expect((await messages(room, 'eng-process')).join('\n')).toContain(
      `0.44.0rc1 is kestrel-v0.44.0rc1 at ${commit}, made by ${commit}`,
    );
  });

  test('also of steps behind the gate, and only in words', async () => {
    const room = await openRoom();
    await room.edit('kestrel.yml', (text) =>
      text.replace("text: 'Kestrel {version} is stable.'", "text: 'stable: {steps.tag.commit}'"),
    );
    await promoted(room);
    const commit = (await room.origin.refs())['refs/tags/kestrel-v0.44.0'] ?? 'none';
    expect((await messages(room, 'releases')).join('\n')).toContain(`stable: ${commit}`);
  });
});

describe('what this Slipway cannot run yet', () => {
  test('is refused as a whole, with the names, before anything is made', async () => {
    const room = await openRoom();
    await room.set('kestrel.yml', ['operations', 'cut', 'steps', 0], {
      uses: 'file-has',
      path: 'CHANGELOG.md',
      section: '{version}',
    });
    const reply = await room.says('ana', 'release cut');
    expect(reply.exit).toBe(1);
    expect(reply.lines.join(' ')).toContain('the step kind "file-has" (cut.file-has)');
    expect(reply.lines.join(' ')).toContain('Nothing was started');
    expect(await room.engine.runs.ids()).toEqual([]);
  });
});

describe('--dry-run', () => {
  test('shows the plan and starts nothing', async () => {
    const room = await openRoom();
    const refs = await room.origin.refs();
    const reply = await room.says('ana', 'release cut --dry-run');
    expect(reply.exit).toBe(0);
    expect(reply.lines.join('\n')).toContain('0.44.0rc1');
    expect(reply.follow).toBeUndefined();
    expect(await room.engine.runs.ids()).toEqual([]);
    expect(await room.origin.refs()).toEqual(refs);
  });
});

test('work on an open line publishes nothing under its final name', async () => {
  const room = await openRoom();
  await room.set('kestrel.yml', ['operations', 'mark'], {
    about: 'Marks what is there',
    line: 'open',
    steps: [{ uses: 'tag' }],
  });
  await room.over(await room.starts('ana', 'release cut'));
  const reply = await room.says('ana', 'release mark');
  expect(reply.exit).not.toBe(0);
  expect(reply.lines.join(' ')).toContain('its step "tag" would publish 0.44.0, which is not approved');
  expect((await room.origin.refs())['refs/tags/kestrel-v0.44.0']).toBeUndefined();
});
