import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { verbs } from '../../commands/index.js';
import { answerLeftovers, receive } from '../../src/app/dispatch.js';
import { stepOf } from '../../src/release/run-state.js';
import { stepKinds } from '../../src/steps/index.js';
import { defineStep } from '../../src/steps/step.js';
import { newSmallDisk, removeFolders } from '../contracts/folders.js';
import { leaveRooms, openRoom, removeSandboxes, type Room, type RoomOptions } from './room.js';
import { until } from './until.js';

afterEach(leaveRooms);
afterAll(async () => {
  await removeSandboxes();
  await removeFolders();
});

/** Everything that people may not be shown. */
const unsafe = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;
const stack = /^\s+at .+:\d+:\d+/m;

function recordOf(room: Room, run: string, seq: number): string {
  return join(room.sandbox.folder, 'journal', 'runs', run, `${String(seq).padStart(8, '0')}.json`);
}

async function atGate(): Promise<{ room: Room; run: string }> {
  const room = await openRoom();
  await room.over(await room.starts('ana', 'release cut'));
  const run = await room.starts('ana', 'release promote');
  await room.seal(run);
  return { room, run };
}

describe('a journal that cannot be read', () => {
  test.each([
    ['damaged', (text: string): string => text.replace(/"at":"2/, '"at":"3'), /damaged: its link/],
    ['cut short', (text: string): string => text.slice(0, 40), /is damaged: it is not JSON/],
    [
      'of a newer version',
      (text: string): string => text.replace('"v":1', '"v":2'),
      /newer Slipway.*record version 2/,
    ],
  ])('a record that is %s: the run is left alone, others go on', async (_, change, says) => {
    const { room, run } = await atGate();
    await room.stop();
    const file = recordOf(room, run, 4);
    await writeFile(file, change(await readFile(file, 'utf8')));
    const before = await readdir(join(file, '..'));
    await room.start();
    const status = await room.says('ana', `status ${run}`);
    expect(status.exit).toBe(1);
    expect(status.lines.join('\n')).toMatch(says);
    expect(status.lines.join('\n')).toContain(`runs/${run}/`);
    const verify = await room.says('ana', 'verify');
    expect(verify.exit).toBe(1);
    expect(verify.lines.join('\n')).toMatch(says);
    expect((await room.says('ben', `approve ${run} --seal 00000000`)).exit).toBe(1);

    const text = await room.origin.read('main', 'pyproject.toml');
    await room.origin.commit('main', { 'pyproject.toml': text.replace('"0.44.0"', '"0.45.0"') });
    await room.over(await room.starts('ana', 'release cut'));
    expect(await room.serves('internal')).toBe('0.45.0rc1');
    expect(await readdir(join(file, '..'))).toEqual(before);
    expect([...status.lines, ...verify.lines].join('\n')).not.toMatch(stack);
  });

  test('a missing record in the middle is not taken for the end', async () => {
    const { room, run } = await atGate();
    await room.stop();
    await rm(recordOf(room, run, 5));
    await room.start();
    expect((await room.says('ana', `status ${run}`)).lines.join(' ')).toMatch(/00000005\.json is missing/);
  });

  test('a blob that is missing stops the step that needs it, and retry goes on when it is back', async () => {
    const { room, run } = await atGate();
    const seal = await room.seal(run);
    await room.says('ana', `pause ${run}`);
    await room.says('ben', `approve ${run} --seal ${seal}`);
    const [artifact] = (await room.says('ana', `log ${run} build`)).lines.flatMap(
      (line) => /sha256:([0-9a-f]{64})/.exec(line)?.[1] ?? [],
    );
    const file = join(room.sandbox.folder, 'journal', 'blobs', 'sha256', artifact ?? '');
    await rename(file, `${room.sandbox.folder}/kept`);
    await room.says('ana', `resume ${run}`);
    const state = await room.step(run, 'store', 'failed');
    expect(stepOf(state, 'store')?.failure).toMatchObject({ code: 'blob-missing' });
    expect((await room.shows(run)).join('\n')).toMatch(/blob sha256:[0-9a-f]{64} is missing.*\n.*backup/);
    expect((await room.says('ana', 'verify')).exit).toBe(0);
    await rename(`${room.sandbox.folder}/kept`, file);
    await room.says('ana', `retry ${run}`);
    await room.over(run);
  });

  test('a step kind that this Slipway does not know: nothing is written for the run', async () => {
    const outside = defineStep({
      name: 'outside',
      polled: true,
      config: z.strictObject({}),
      needs: [] as const,
      public: () => 'no',
      effect: () => 'none',
      plan: () => 'Wait for the outside',
      run: async ({ now }) => ({ result: 'waiting', for: 'the outside', checkAt: now + 50 }),
    });
    const options: RoomOptions = { kinds: [...stepKinds, outside] };
    const room = await openRoom(options);
    const text = await readFile(room.sandbox.process, 'utf8');
    await room.set('kestrel.yml', ['operations', 'cut', 'steps', 0], { uses: 'outside' });
    const run = await room.starts('ana', 'release cut');
    const { seq } = await room.step(run, 'outside', 'waiting');
    await room.stop();
    await writeFile(room.sandbox.process, text);
    options.kinds = stepKinds;
    await room.start();
    await until('it is said', () => room.warnings.some((line) => /left alone.*outside/.test(line)));
    expect((await room.state(run)).seq).toBe(seq);
    options.kinds = [...stepKinds, outside];
    await room.stop();
    await room.start();
    await room.says('ana', `cancel ${run}`);
    await room.over(run, 'cancelled');
  });

  test('a damaged act in the inbox does not keep the bot from starting', async () => {
    const room = await openRoom();
    const folder = join(room.sandbox.folder, 'journal', 'open', 'inbox');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'a'.repeat(40)), '{"v":');
    await answerLeftovers(room.opened, verbs);
    expect(room.warnings.join('')).toContain('cannot be read or believed');
    expect(await readdir(folder).catch(() => [])).toEqual([]);
    await room.over(await room.starts('ana', 'release cut'));
  });

  test('an act that was recorded right before a crash is done once after it, an old one is not', async () => {
    const room = await openRoom();
    const by = { issuer: 'local', workspace: 'sandbox', user: 'ana', name: 'ana' } as const;
    const act = { request: 'before-the-crash', verb: 'release', args: { operation: 'cut' }, by };
    await receive(room.opened, act);
    await receive(room.opened, act);
    await answerLeftovers(room.opened, verbs);
    await room.over('kestrel_0.44.0_cut_1');
    expect((await room.says('ana', 'release cut', 'before-the-crash')).data).toMatchObject({
      answer: 'started',
    });
    await receive(room.opened, { ...act, request: 'long-ago', args: { operation: 'fixup' } });
    room.clock.aheadMs = 3_600_000;
    await answerLeftovers(room.opened, verbs);
    expect(await room.engine.runs.ids()).toEqual(['kestrel_0.44.0_cut_1']);
  });
});

describe('a full disk', () => {
  test('says so, and goes on when there is space again', async (context) => {
    const disk = await newSmallDisk();
    if (disk === undefined) return context.skip('only root on Linux can mount a small disk');
    const room = await openRoom({ journal: join(disk, 'journal') });
    const go = join(room.sandbox.folder, 'go');
    const build = `until test -e ${go}; do sleep 0.05; done; node scripts/build.mjs`;
    await room.set('kestrel.yml', ['operations', 'cut', 'steps', 2, 'run'], ['sh', '-c', build]);
    const run = await room.starts('ana', 'release cut');
    await room.step(run, 'build', 'claimed');
    const filler = join(disk, 'filler');
    await fill(filler);
    expect((await room.says('ben', 'status')).exit).toBe(0);
    await expect(room.says('ben', `pause ${run}`)).rejects.toMatchObject({
      code: 'journal-full',
      message: expect.stringContaining('No space left'),
    });
    await writeFile(go, '');
    await until('the worker has met it', () => room.warnings.some((line) => line.includes('No space left')));
    await rm(filler);
    await room.over(run);
    expect(
      (await room.events(run)).filter((event) => event.type === 'step.claimed' && event.step === 'build'),
    ).not.toHaveLength(0);
    expect((await room.says('ana', 'verify')).exit).toBe(0);
  });
});

/** Writes until nothing more fits, in ever smaller pieces. */
async function fill(file: string): Promise<void> {
  for (const size of [64 * 1024, 4096, 256, 1]) {
    for (;;) {
      const isFull = await writeFile(file, Buffer.alloc(size), { flag: 'a' }).then(
        () => false,
        () => true,
      );
      if (isFull) break;
    }
  }
}

describe('hostile words', () => {
  const words = [
    '$(touch pwned)',
    '`touch pwned`',
    ';touch pwned',
    '--upload-pack=touch pwned',
    '-oProxyCommand=touch',
    '../../etc/passwd',
    'a/b',
    '__proto__',
    'constructor',
    '0.44.0\u001b[2J\u001b]0;x\u0007',
    '0.44.0\u202eccc',
    '0.44.0\nApproved: by everybody',
    'x'.repeat(3_900),
    '\u0000',
    '💥',
  ];

  test.each(words)('%j is refused and shown escaped, wherever it stands', async (word) => {
    const room = await openRoom();
    const by = 'ana';
    const places = [
      `release "${word}"`,
      `release cut "${word}"`,
      `release fixup "${word}"`,
      `release cut --project "${word}"`,
      `release abandon 0.44.0 --input "${word}"`,
      `status "${word}"`,
      `log "${word}" build`,
      `approve "${word}" --seal "${word}"`,
      `retry "${word}" "${word}"`,
      `cancel "${word}"`,
      `"${word}"`,
    ];
    for (const place of places) {
      const reply = await room.says(by, place);
      expect(reply.exit).not.toBe(0);
      expect(reply.lines.join('')).not.toMatch(unsafe);
      expect(reply.lines.join('\n')).not.toMatch(stack);
      expect(reply.data).not.toMatchObject({ error: { code: 'internal' } });
    }
    const stranger = await room.says(word.slice(0, 200), 'release cut');
    expect(stranger.exit).not.toBe(0);
    expect(stranger.lines.join('')).not.toMatch(unsafe);
    expect(await room.engine.runs.ids()).toEqual([]);
    await expect(access(join(process.cwd(), 'pwned'))).rejects.toThrow('ENOENT');
  });

  test('as a reason they are kept, and shown escaped', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    const run = await room.starts('ana', 'release promote');
    const seal = await room.seal(run);
    const reason = '$(touch pwned) \u001b[2J \u202e now\nApproved';
    const said = await room.says('ben', `reject ${run} --seal ${seal} --reason "${reason}"`);
    expect(said.exit).toBe(0);
    const over = await room.over(run, 'rejected');
    expect(over.finished?.reason).toBe(reason);
    for (const lines of [said.lines, await room.shows(run), (await room.says('ana', `status ${run}`)).lines])
      for (const line of lines) expect(line).not.toMatch(unsafe);
  });

  test('more than an act can hold is refused before it is recorded', async () => {
    const room = await openRoom();
    const long = await room.says('ana', `release cut --project ${'x'.repeat(5_000)}`);
    expect(long).toMatchObject({ exit: 2, data: { error: { code: 'command-invalid' } } });
    expect(long.lines.join(' ')).toContain('Nothing was started');
    const reason = await room.says('ana', `pause x --reason ${'x'.repeat(3_900)}`);
    expect(reason.exit).not.toBe(0);
  });

  test('in the version file of the project they start nothing', async () => {
    const room = await openRoom();
    const text = await room.origin.read('main', 'pyproject.toml');
    for (const version of ['$(touch pwned)', '--upload-pack=x', '1!0.44.0', '0.44.0.dev1', '']) {
      await room.origin.commit('main', {
        'pyproject.toml': text.replace('"0.44.0"', JSON.stringify(version)),
      });
      const reply = await room.says('ana', 'release cut');
      expect(reply.exit).not.toBe(0);
      expect(reply.lines.join(' ')).not.toMatch(stack);
    }
  });
});
