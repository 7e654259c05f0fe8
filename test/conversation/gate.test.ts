import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { withdraw } from '../../src/engine/gate.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const branch = 'release/kestrel-v0.44.0';
const rule = ['policies', 'standard', 'gates', 'approve', 'rules', 0];

/** A promotion by Ana that waits at its gate. */
async function waiting(
  prepare?: (room: Room) => Promise<void>,
): Promise<{ room: Room; run: string; seal: string }> {
  const room = await openRoom();
  await prepare?.(room);
  await room.over(await room.starts('ana', 'release cut'));
  const run = await room.starts('ana', 'release promote');
  const seal = await room.seal(run);
  return { room, run, seal };
}

async function maintainers(room: Room, need: number, people = ['ana', 'ben', 'cat']): Promise<void> {
  await room.set('slipway.yaml', ['roles', 'maintainer'], people);
  await room.set('slipway.yaml', [...rule, 'need'], need);
}

async function nothingShipped(room: Room): Promise<void> {
  expect(await room.serves('stable')).toBe('');
  expect(Object.keys(await room.origin.refs())).not.toContain('refs/tags/kestrel-v0.44.0');
}

describe('who counts', () => {
  test('neither the requester nor strangers; the question says who can', async () => {
    const { room, run, seal } = await waiting();
    const status = (await room.says('cat', `status ${run}`)).lines.join('\n');
    expect(status).toContain('Can decide: Ben. Ana asked for it.');
    expect(status).toContain('The next approval starts the publication at once');
    expect(status).toMatch(/kestrel-0\.44\.0\.tar\.gz sha256:[0-9a-f]{12}/);

    const own = await room.says('ana', `approve ${run} --seal ${seal}`);
    expect(own).toMatchObject({ exit: 1, data: { error: { code: 'not-allowed' } } });
    expect(own.lines.join(' ')).toContain('Can decide: Ben.');
    const role = await room.says('cat', `approve ${run} --seal ${seal}`);
    expect(role).toMatchObject({ exit: 1 });
    expect(role.lines[0]).toContain('none of the roles maintainer');
    const stranger = await room.says('zed', `approve ${run} --seal ${seal}`);
    expect(stranger).toMatchObject({ exit: 1, data: { error: { code: 'not-allowed' } } });
    expect((await room.state(run)).gates['approve']?.votes).toEqual([]);
    await nothingShipped(room);
  });

  test('a seal that was not read votes for nothing', async () => {
    const { room, run } = await waiting();
    for (const seal of ['0000-0000', 'F', '', 'zzzz-zzzz']) {
      const wrong = await room.says('ben', `approve ${run} --seal "${seal}"`);
      expect(wrong).toMatchObject({ exit: 1, data: { error: { code: 'seal-changed' } } });
    }
    expect((await room.state(run)).gates['approve']?.votes).toEqual([]);
  });

  test('fifty approvals at once are one decision', async () => {
    const crowd = Array.from({ length: 50 }, (_, n) => `p${n}`);
    const { room, run, seal } = await waiting(async (made) => {
      for (const name of crowd) await made.set('slipway.yaml', ['people', name], { name });
      await maintainers(made, 2, ['ana', ...crowd]);
    });
    const replies = await Promise.all(crowd.map((name) => room.says(name, `approve ${run} --seal ${seal}`)));
    expect(replies.filter((reply) => reply.exit !== 0)).toEqual([]);
    await room.over(run);
    const events = await room.events(run);
    const decisions = events.filter((event) => event.type === 'gate.decided');
    expect(decisions).toHaveLength(1);
    expect(events.filter((event) => event.type === 'run.committed')).toHaveLength(1);
    expect(decisions[0]?.by.length).toBeGreaterThanOrEqual(2);
  });

  test('one person counts once, and may take the vote back', async () => {
    const { room, run, seal } = await waiting((made) => maintainers(made, 2));
    const said = `approve ${run} --seal ${seal}`;
    expect((await room.says('ben', said)).lines[0]).toMatch(/^Counted: .*1 of 2/);
    expect((await room.says('ben', said)).lines[0]).toMatch(/^Counted before: .*1 of 2/);
    const gate = (await room.state(run)).gates['approve'];
    const by = { issuer: 'local', workspace: 'sandbox', user: 'ben', name: 'Ben' } as const;
    await withdraw(room.engine, { run, step: 'approve', seal: gate?.seal ?? '', by });
    expect((await room.says('cat', said)).lines[0]).toMatch(/1 of 2/);
    expect((await room.says('ben', said)).lines[0]).toMatch(/^Approved: .*2 of 2/);
    await room.over(run);
  });
});

describe('how a question ends', () => {
  test('rejected with a reason; who asks again gets a new question', async () => {
    const { room, run, seal } = await waiting();
    expect((await room.says('cat', `reject ${run} --seal ${seal} --reason no`)).exit).toBe(1);
    const said = await room.says('ben', `reject ${run} --seal ${seal} --reason "the notes are wrong"`);
    expect(said).toMatchObject({ exit: 0 });
    const over = await room.over(run, 'rejected');
    expect(over.finished?.reason).toBe('the notes are wrong');
    expect((await room.shows(run))[0]).toContain('rejected: the notes are wrong');
    const late = await room.says('ben', `approve ${run} --seal ${seal}`);
    expect(late.exit).toBe(1);
    expect(late.lines[0]).toContain('rejected');
    await nothingShipped(room);
    expect(await room.starts('ben', 'release promote')).toBe('kestrel_0.44.0_promote_2');
  });

  test('expired: nobody decided in time', async () => {
    const { room, run, seal } = await waiting();
    room.clock.aheadMs = 25 * 3_600_000;
    const late = await room.says('ben', `approve ${run} --seal ${seal}`);
    expect(late.exit).toBe(1);
    expect(late.lines[0]).toContain('expired');
    await room.over(run, 'expired');
    expect((await room.shows(run))[0]).toContain('nobody decided in time');
    await nothingShipped(room);
  });

  test('void: the branch moved before the vote', async () => {
    const { room, run, seal } = await waiting();
    await room.origin.commit(branch, { 'NOTES.md': 'more\n' });
    const said = await room.says('ben', `approve ${run} --seal ${seal}`);
    expect(said).toMatchObject({ exit: 1, data: { error: { code: 'commit-moved' } } });
    expect(said.lines.join(' ')).toMatch(
      /void: branch .* moved from [0-9a-f]{7} to [0-9a-f]{7}.*Nothing shipped/,
    );
    expect((await room.over(run, 'superseded')).voided).toHaveLength(1);
    await nothingShipped(room);
  });

  test('superseded: the branch moved between the decision and the first effect', async () => {
    const { room, run, seal } = await waiting();
    await room.says('ana', `pause ${run}`);
    expect((await room.says('ben', `approve ${run} --seal ${seal}`)).lines[0]).toMatch(/^Approved/);
    await room.origin.commit(branch, { 'NOTES.md': 'more\n' });
    await room.says('ana', `resume ${run}`);
    await room.over(run, 'superseded');
    await nothingShipped(room);
  });
});

describe('the policy of now decides', () => {
  test('tightened while the question is open, it counts at once', async () => {
    const { room, run, seal } = await waiting(async (made) => {
      await made.set('slipway.yaml', ['people', 'dan'], { name: 'Dan' });
      await maintainers(made, 1, ['ana', 'ben', 'cat', 'dan']);
    });
    await maintainers(room, 2, ['ana', 'ben', 'cat', 'dan']);
    expect((await room.says('ben', `approve ${run} --seal ${seal}`)).lines[0]).toMatch(/^Counted: .*1 of 2/);
    // Somebody who loses the role loses the vote.
    await maintainers(room, 2, ['ana', 'cat', 'dan']);
    expect((await room.says('cat', `approve ${run} --seal ${seal}`)).lines[0]).toMatch(/^Counted: .*1 of 2/);
    expect((await room.says('ana', `status ${run}`)).lines.join('\n')).toContain('Not counted: Ben');
    expect((await room.says('dan', `approve ${run} --seal ${seal}`)).lines[0]).toMatch(/^Approved/);
    await room.over(run);
  });

  test('loosened while the question is open, it counts for later questions only', async () => {
    const { room, run, seal } = await waiting((made) => maintainers(made, 2));
    await room.set('slipway.yaml', ['people', 'dan'], { name: 'Dan' });
    await maintainers(room, 1, ['ana', 'ben', 'cat', 'dan']);
    // Fewer votes would do now, and Dan could give one: not for what was asked before.
    expect((await room.says('ben', `approve ${run} --seal ${seal}`)).lines[0]).toMatch(/^Counted: .*1 of 2/);
    const late = await room.says('dan', `approve ${run} --seal ${seal}`);
    expect(late).toMatchObject({ exit: 1, data: { error: { code: 'not-allowed' } } });
    await nothingShipped(room);
    expect((await room.says('cat', `approve ${run} --seal ${seal}`)).lines[0]).toMatch(/^Approved/);
    await room.over(run);
  });

  test('unreadable, or without a rule, it denies', async () => {
    const { room, run, seal } = await waiting();
    const good = await readFile(room.sandbox.config, 'utf8');
    await writeFile(room.sandbox.config, good.replace('need: 1', 'need: many'));
    const broken = await room.says('ben', `approve ${run} --seal ${seal}`);
    expect(broken).toMatchObject({ exit: 2, data: { error: { code: 'config-invalid' } } });
    expect(broken.lines[0]).toMatch(/slipway\.yaml:\d+:\d+/);
    await writeFile(room.sandbox.config, good);
    await room.set('slipway.yaml', ['policies', 'standard', 'gates'], {});
    const denied = await room.says('ben', `approve ${run} --seal ${seal}`);
    expect(denied).toMatchObject({ exit: 1, data: { error: { code: 'not-allowed' } } });
    expect(denied.lines.join(' ')).toContain('Nobody can decide');
    await writeFile(room.sandbox.config, good);
    expect((await room.says('ben', `approve ${run} --seal ${seal}`)).lines[0]).toMatch(/^Approved/);
    await room.over(run);
  });
});
