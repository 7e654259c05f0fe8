import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { stepOf } from '../../src/release/run-state.js';
import { stepKinds } from '../../src/steps/index.js';
import { defineStep } from '../../src/steps/step.js';
import { leaveRooms, openRoom, removeSandboxes, type Room, type RoomOptions } from './room.js';
import { until } from './until.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

type Step = Record<string, unknown>;

const announce: Step = { uses: 'announce', to: ['eng-process'], text: 'done' };

/** A room whose cut has these steps. */
async function withSteps(make: (folder: string) => Step[], options: RoomOptions = {}): Promise<Room> {
  const room = await openRoom(options);
  await room.set('kestrel.yml', ['operations', 'cut', 'steps'], make(room.sandbox.folder));
  return room;
}

/** A command of the shell; without braces, which would be placeholders. */
function shell(id: string, script: string, more: Step = {}): Step {
  return { id, run: ['sh', '-c', script], ...more };
}

const touched = (file: string): Promise<void> => writeFile(file, '');
const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
const linesOf = async (file: string): Promise<string[]> =>
  (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean);

describe('a build', () => {
  test('that fails says why, what is public, and goes on after the outside is repaired', async () => {
    const room = await openRoom();
    const repaired = join(room.sandbox.folder, 'repaired');
    const build = `echo the tests are red; test -e ${repaired} && node scripts/build.mjs`;
    await room.set('kestrel.yml', ['operations', 'cut', 'steps', 2, 'run'], ['sh', '-c', build]);
    const run = await room.starts('ana', 'release cut');
    await room.step(run, 'build', 'failed');
    const shown = (await room.shows(run)).join('\n');
    expect(shown).toContain('exit code 1');
    expect(shown).toContain('Public: branch, bump. Not public: store, channel, tag, announce.');
    expect(shown).toContain(`slipway log ${run} build`);
    expect(shown).toContain(`slipway retry ${run} build`);
    expect((await room.says('ben', `log ${run} build`)).lines).toContain('the tests are red');
    await touched(repaired);
    expect(await room.says('ben', `retry ${run}`)).toMatchObject({ exit: 0, follow: run });
    const done = await room.over(run);
    expect(stepOf(done, 'build')).toMatchObject({ attempt: 2, failures: 0 });
    expect(
      (await room.says('ben', `log ${run} build`)).lines.filter((line) => line.startsWith('==')),
    ).toEqual(['== attempt 1', '== attempt 2']);
    expect((await room.says('ben', `retry ${run}`)).exit).toBe(1);
  });

  test.each([
    ['nothing', 'true', /left nothing for "tarball"/],
    ['two files', 'mkdir dist && touch dist/kestrel-1.tar.gz dist/kestrel-2.tar.gz', /left 2 files/],
    ['an old file', 'true', /was there before the build/],
  ])('that leaves %s publishes nothing', async (what, script, says) => {
    const room = await openRoom();
    if (what === 'an old file') await room.origin.commit('main', { 'dist/kestrel-0.1.tar.gz': 'old' });
    await room.set('kestrel.yml', ['operations', 'cut', 'steps', 2, 'run'], ['sh', '-c', script]);
    const run = await room.starts('ana', 'release cut');
    const state = await room.step(run, 'build', 'failed');
    expect(stepOf(state, 'build')?.failure).toMatchObject({ code: 'artifact-invalid' });
    expect((await room.shows(run)).join('\n')).toMatch(says);
    expect(await room.serves('internal')).toBe('');
  });
});

describe('people and steps', () => {
  test('skip needs the right, a reason, a second person and a process that allows it', async () => {
    const room = await withSteps(() => [
      shell('smoke', 'exit 1', { skip: 'with-reason' }),
      shell('other', 'exit 1'),
      announce,
    ]);
    const run = await room.starts('ana', 'release cut');
    await room.step(run, 'smoke', 'failed');
    const said = (who: string, more: string): Promise<{ exit: number; lines: string[] }> =>
      room.says(who, `skip ${run} smoke ${more}`);
    expect((await said('ben', '--reason flaky --second ana')).exit).toBe(1);
    expect((await said('ana', '')).exit).toBe(2);
    const alone = await said('ana', '--reason flaky');
    expect(alone.exit).toBe(1);
    expect(alone.lines.join(' ')).toContain('--second: ben');
    expect((await said('ana', '--reason flaky --second ana')).exit).toBe(1);
    expect((await said('ana', '--reason flaky --second cat')).exit).toBe(1);
    expect((await said('ana', '--reason "a \u202e flaky room" --second ben')).exit).toBe(0);
    await room.step(run, 'other', 'failed');
    const board = (await room.shows(run)).join('\n');
    expect(board).toContain('Smoke · skipped by Ana: "a \\u202e flaky room", second Ben');
    const no = await room.says('ana', `skip ${run} other --reason x --second ben`);
    expect(no.lines[0]).toContain('does not allow to skip "other"');
  });

  test('pause starts nothing new, resume goes on', async () => {
    const room = await withSteps((folder) => [
      shell('first', `until test -e ${folder}/go; do sleep 0.05; done`),
      announce,
    ]);
    const run = await room.starts('ana', 'release cut');
    await room.step(run, 'first', 'claimed');
    expect((await room.says('ben', `pause ${run} --reason lunch`)).exit).toBe(0);
    await touched(join(room.sandbox.folder, 'go'));
    const paused = await room.rest(run);
    expect(stepOf(paused, 'first')?.status).toBe('done');
    expect(stepOf(paused, 'announce')?.status).toBe('todo');
    expect((await room.shows(run)).join('\n')).toContain('Paused by Ben: "lunch"');
    await room.says('ana', `resume ${run}`);
    await room.over(run);
  });

  test('cancel before anything is for ever ends the run and its command', async () => {
    const room = await withSteps(() => [shell('long', 'sleep 300'), announce]);
    const run = await room.starts('ana', 'release cut');
    await room.step(run, 'long', 'claimed');
    const said = await room.says('ben', `cancel ${run}`);
    expect(said.lines.join(' ')).toContain('Cancelled');
    expect(said.lines.join(' ')).toContain('Public: nothing');
    await room.over(run, 'cancelled');
    expect((await room.says('ben', `cancel ${run}`)).lines[0]).toContain('is over: cancelled');
  });

  test('cancel after the point of no return stops after the step, and retry goes on', async () => {
    const room = await withSteps((folder) => [
      shell('publish', `until test -e ${folder}/go; do sleep 0.05; done`, { effect: 'once' }),
      announce,
    ]);
    const run = await room.starts('ana', 'release cut');
    await room.until(run, (state) => stepOf(state, 'publish')?.intentOpen === true);
    const said = await room.says('ben', `cancel ${run}`);
    expect(said.lines[0]).toContain('Past the point of no return');
    await touched(join(room.sandbox.folder, 'go'));
    const state = await room.rest(run);
    expect(stepOf(state, 'publish')?.status).toBe('done');
    expect(stepOf(state, 'announce')?.status).toBe('todo');
    expect((await room.shows(run)).join('\n')).toContain('Public: publish. Not public: announce.');
    expect((await room.says('ben', `retry ${run}`)).exit).toBe(0);
    await room.over(run);
  });
});

describe('a command', () => {
  test('has a time limit', async () => {
    const room = await withSteps(() => [shell('slow', 'sleep 300', { timeout: '1s' }), announce]);
    const run = await room.starts('ana', 'release cut');
    const state = await room.step(run, 'slow', 'failed');
    expect(stepOf(state, 'slow')?.failure?.message).toContain('longer than its time limit');
  });

  test('that ignores SIGTERM, with a grandchild that holds its pipes, is over in seconds', async () => {
    const room = await withSteps((folder) => [
      shell(
        'stubborn',
        `trap '' TERM; setsid sh -c 'trap "" TERM; echo $$ > ${folder}/pid; exec sleep 300' & while true; do sleep 1; done`,
      ),
      announce,
    ]);
    const run = await room.starts('ana', 'release cut');
    const file = join(room.sandbox.folder, 'pid');
    const pid = await until('the grandchild runs', async () => Number((await linesOf(file))[0]) || undefined);
    try {
      const begun = performance.now();
      await room.says('ana', `cancel ${run}`);
      await room.over(run, 'cancelled');
      expect(performance.now() - begun).toBeLessThan(20_000);
    } finally {
      process.kill(pid, 'SIGKILL');
    }
  });

  test.each([
    ['--made', 1],
    ['--not-made', 2],
  ])('with "effect: once" that was interrupted asks; %s', async (word, times) => {
    const room = await withSteps((folder) => [
      shell('mail', `echo sent >> ${folder}/sent; until test -e ${folder}/go; do sleep 0.05; done`, {
        effect: 'once',
      }),
      announce,
    ]);
    const { folder } = room.sandbox;
    const run = await room.starts('ana', 'release cut');
    await until('it is sent', async () => (await linesOf(join(folder, 'sent'))).length === 1);
    await room.stop();
    await room.start();
    const state = await room.step(run, 'mail', 'unknown');
    expect(stepOf(state, 'mail')?.attempt).toBe(1);
    expect((await room.shows(run)).join('\n')).toContain(`slipway answer ${run} mail --made, or --not-made`);
    expect((await room.says('ana', `retry ${run} mail`)).exit).toBe(1);
    expect((await room.says('ana', `answer ${run}`)).exit).toBe(2);
    expect((await room.says('ana', `answer ${run} --made --not-made`)).exit).toBe(2);
    await touched(join(folder, 'go'));
    expect((await room.says('ana', `answer ${run} ${word}`)).exit).toBe(0);
    await room.over(run);
    expect(await linesOf(join(folder, 'sent'))).toHaveLength(times);
  });

  test('with "find" is looked up: there, not there, and neither', async () => {
    const room = await withSteps((folder) => [
      { id: 'there', run: ['false'], find: ['true'] },
      shell('absent', `echo made >> ${folder}/made`, { find: ['test', '-e', `${folder}/made`] }),
      { id: 'odd', run: ['true'], find: ['sh', '-c', 'exit 3'] },
      announce,
    ]);
    const run = await room.starts('ana', 'release cut');
    const state = await room.step(run, 'odd', 'failed');
    expect(stepOf(state, 'there')).toMatchObject({ status: 'done', adopted: true, firstIntentAt: 0 });
    expect(stepOf(state, 'absent')).toMatchObject({ status: 'done', adopted: false });
    expect(await linesOf(join(room.sandbox.folder, 'made'))).toHaveLength(1);
    expect(stepOf(state, 'odd')?.failure?.message).toContain('exit code 3');
    expect(stepOf(state, 'odd')?.firstIntentAt).toBe(0);
  });
});

describe('side by side and without a worker', () => {
  test('steps run together on several workers, and all to their end though one fails', async () => {
    const meet = (folder: string, me: string, others: string[], then = 'true'): Step =>
      shell(
        me,
        `touch ${folder}/${me}; ${others.map((other) => `until test -e ${folder}/${other}; do sleep 0.02; done`).join('; ')}; ${then}`,
        { timeout: '30s' },
      );
    const room = await withSteps(
      (folder) => [
        {
          together: [
            meet(folder, 'one', ['two', 'three']),
            meet(folder, 'two', ['one', 'three'], `test -e ${folder}/repaired`),
            meet(folder, 'three', ['one', 'two']),
          ],
        },
        announce,
      ],
      { workers: 3 },
    );
    const run = await room.starts('ana', 'release cut');
    const state = await room.rest(run);
    expect(['one', 'two', 'three', 'announce'].map((id) => stepOf(state, id)?.status)).toEqual([
      'done',
      'failed',
      'done',
      'todo',
    ]);
    expect(new Set(['one', 'two', 'three'].map((id) => stepOf(state, id)?.worker)).size).toBe(3);
    await touched(join(room.sandbox.folder, 'repaired'));
    await room.says('ben', `retry ${run} two`);
    await room.over(run);
  });

  test('a wait holds no worker, grows no journal, and passes by the clock', async () => {
    const room = await withSteps(() => [{ uses: 'wait', for: '30m' }, announce]);
    const run = await room.starts('ana', 'release cut');
    const { seq } = await room.step(run, 'wait', 'waiting');
    for (let n = 0; n < 5; n += 1) {
      room.clock.aheadMs += 60_000;
      await room.engine.queue.wake(run);
    }
    expect((await room.says('ana', 'status')).lines.join('\n')).toContain('waiting for 30m to pass');
    expect((await room.state(run)).seq).toBe(seq);
    room.clock.aheadMs = 31 * 60_000;
    await room.over(run);
  });

  test('what waits for the outside is polled, and progress is no event', async () => {
    let polls = 0;
    let isReady = false;
    const outside = defineStep({
      name: 'outside',
      polled: true,
      config: z.strictObject({}),
      needs: [] as const,
      public: () => 'no',
      effect: () => 'none',
      plan: () => 'Wait for the outside',
      run: async ({ now }) => {
        polls += 1;
        return isReady
          ? { result: 'done', output: { answer: 'yes' }, proof: 'it came' }
          : { result: 'waiting', for: 'the outside', checkAt: now + 20 };
      },
    });
    const room = await withSteps(() => [{ uses: 'outside' }, announce], { kinds: [...stepKinds, outside] });
    const run = await room.starts('ana', 'release cut');
    const { seq } = await room.step(run, 'outside', 'waiting');
    await until('it was polled', () => polls > 8);
    expect((await room.state(run)).seq).toBe(seq);
    isReady = true;
    const done = await room.over(run);
    expect(stepOf(done, 'outside')).toMatchObject({ attempt: 1, proof: 'it came' });
  });
});

test('a step that is told to stop leaves nothing behind in the work folder', async () => {
  const room = await withSteps((folder) => [shell('long', `touch ${folder}/begun; sleep 300`), announce]);
  const run = await room.starts('ana', 'release cut');
  await until('it has begun', () => isThere(join(room.sandbox.folder, 'begun')));
  await room.stop();
  await room.start();
  const state = await room.step(run, 'long', 'claimed');
  expect(stepOf(state, 'long')?.attempt).toBe(2);
  await room.says('ana', `cancel ${run}`);
  await room.over(run, 'cancelled');
});
