import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { verbs } from '../../commands/index.js';
import { removeSandboxes, setYaml } from '../conversation/room.js';
import { endProcesses, openCommandLine } from './command-line.js';

afterEach(endProcesses);
afterAll(removeSandboxes);

const limit = 120_000;
const stack = /^\s+at .+:\d+:\d+/m;
const processes = ['start', 'worker', 'open', 'practice', 'backup', 'restore', 'demo'];

test('every word has help', { timeout: limit }, async () => {
  const line = await openCommandLine();
  const all = await line.slipway('--help');
  expect(all.exit).toBe(0);
  for (const name of [...verbs.map((verb) => verb.name), ...processes]) {
    expect(all.out).toMatch(new RegExp(`^  ${name} `, 'm'));
  }
  await Promise.all(
    [...verbs.map((verb) => verb.name), ...processes].map(async (name) => {
      const help = await line.slipway(name, '--help');
      expect(help.exit).toBe(0);
      expect(help.out).toMatch(new RegExp(`^Usage: slipway ${name}`));
    }),
  );
});

describe('a day without an owner', () => {
  test('looking works, acting says how to start, and exit codes are honest', { timeout: limit }, async () => {
    const line = await openCommandLine({ SLIPWAY_QUEUE: 'memory' });
    const never = await line.slipway('status');
    expect(never.exit).toBe(0);
    expect(never.out).toContain('No run under way\nNo release line is open.');
    const bot = await line.start();
    const cut = await line.slipway('release', 'cut', '--as', 'ana');
    expect(cut.exit).toBe(0);
    expect(cut.out).toContain('kestrel 0.44.0rc1: cut, done');
    const promote = await line.slipway('release', 'promote', '--as', 'ana');
    expect(promote.exit).toBe(0);
    const [, seal = ''] = /seal ([0-9A-F]{4}-[0-9A-F]{4})/.exec(promote.out) ?? [];
    expect(promote.out).toContain('Can decide: Ben. Ana asked for it.');
    await bot.stop();

    const status = await line.slipway('status');
    expect(status.exit).toBe(0);
    expect(status.out).toContain(seal);
    expect(await line.asks('status')).toMatchObject({
      run: 'kestrel_0.44.0_promote_1',
      version: '0.44.0',
      steps: { build: 'done', approve: 'waiting' },
    });
    expect((await line.slipway('log', 'kestrel_0.44.0_cut_1', 'build')).out).toContain('packed dist/kestrel');
    const verify = await line.slipway('verify');
    expect(verify).toMatchObject({ exit: 0 });
    expect(verify.out).toContain('2 runs, 1 lines');
    const act = await line.slipway('approve', '--seal', seal, '--as', 'ben');
    expect(act.exit).toBe(1);
    expect(act.err).toMatch(/Nothing was started.*\n.*slipway start/);
    expect(await line.asks('approve', '--seal', seal, '--as', 'ben').catch(String)).toBeDefined();

    // The run is the only one that is open, so it need not be named, though the cut is still being watched for twins.
    await line.start();
    const own = await line.slipway('approve', '--seal', seal, '--as', 'ana');
    expect(own.exit).toBe(1);
    const nobody = await line.slipway('approve', '--seal', seal);
    expect(nobody.exit).toBe(1);
    expect(nobody.err).toContain('--as');
    const approved = await line.slipway('approve', '--seal', seal, '--as', 'ben');
    expect(approved.exit).toBe(0);
    expect(approved.out).toContain('kestrel 0.44.0: promote, done');
    expect(await line.asks('release', 'promote', '--as', 'ben')).toMatchObject({ answer: 'already' });
  });
});

describe('what is written wrong', () => {
  test('on the command line is exit 2', { timeout: limit }, async () => {
    const line = await openCommandLine();
    const wrong = [
      [],
      ['nonsense'],
      ['status', '--nonsense'],
      ['approve'],
      ['skip', 'a', 'b'],
      ['start', '--workers', 'many'],
      ['start', '--workers', '-1'],
      ['release', 'fixup', '--upload-pack=x', '--as', 'ana'],
    ];
    await Promise.all(
      wrong.map(async (words) => {
        const ended = await line.slipway(...words);
        expect(ended.exit).toBe(2);
        expect(ended.err).not.toMatch(stack);
      }),
    );
    const run = await line.slipway('status', 'no-such-run');
    expect(run.exit).toBe(1);
    expect(run.err).toContain('There is no run');
  });

  test('in slipway.yaml is named by file, line and column, with exit 2', { timeout: limit }, async () => {
    const line = await openCommandLine();
    const file = line.variables['SLIPWAY_CONFIG'] ?? '';
    await setYaml(file, ['roles', 'maintainer', 1], 'benn');
    const everything = [
      ['status'],
      ['start'],
      ['release', 'cut', '--as', 'ana'],
      ['worker'],
      ['backup', join(line.folder, 'b')],
    ];
    await Promise.all(
      everything.map(async (words) => {
        const ended = await line.slipway(...words);
        expect(ended.exit).toBe(2);
        expect(ended.err).toMatch(/slipway\.yaml:\d+:\d+: .*"benn".*did you mean "ben"/);
        expect(ended.err).not.toMatch(stack);
      }),
    );
    await writeFile(file, '\u001b[2J: [');
    const broken = await line.slipway('status');
    expect(broken.exit).toBe(2);
    expect(broken.err).not.toContain('\u001b');
    await rename(file, `${file}.gone`);
    const gone = await line.slipway('status');
    expect(gone.exit).toBe(2);
    expect(gone.err).toContain('slipway.yaml: cannot be read');
  });

  test('in the environment is exit 2, without the value', { timeout: limit }, async () => {
    const line = await openCommandLine({ REDIS_URL: 'http://user:hunter22@nowhere' });
    const ended = await line.slipway('status');
    expect(ended.exit).toBe(2);
    expect(ended.err).toContain('REDIS_URL');
    expect(ended.err).not.toContain('hunter22');
  });
});
