import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { removeSandboxes } from '../conversation/room.js';
import { until } from '../conversation/until.js';
import { redisMissing, redisProgram } from '../servers/redis.js';
import { endProcesses, openCommandLine, type CommandLine } from './command-line.js';

afterEach(endProcesses);
afterAll(removeSandboxes);

const limit = 120_000;
const cut = 'kestrel_0.44.0_cut_1';
const memory = { SLIPWAY_QUEUE: 'memory' };

async function claimed(line: CommandLine, times = 1): Promise<void> {
  await until('the build is claimed', async () => {
    const events = await line.events(cut);
    return events.filter((event) => event.type === 'step.claimed' && event.step === 'build').length >= times;
  });
}

async function done(line: CommandLine): Promise<void> {
  await until(
    'the cut is done',
    async () => (await line.events(cut)).some((event) => event.type === 'run.finished'),
    async () => JSON.stringify((await line.events(cut)).slice(-3)),
  );
  const events = await line.events(cut);
  expect(events.at(-1)).toMatchObject({ type: 'run.finished', outcome: 'done' });
  for (const step of ['branch', 'bump', 'build', 'store', 'tag', 'announce'])
    expect(events.filter((event) => event.type === 'step.done' && event.step === step)).toHaveLength(1);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('without Redis', () => {
  test(
    'start says what it found, owns the folder alone, and goes on after kill -9',
    { timeout: limit },
    async () => {
      const line = await openCommandLine(memory);
      const go = await line.holdBuild();
      const bot = await line.start();
      expect(bot.said()).toContain('Queue: in-process queue: SLIPWAY_QUEUE=memory');
      expect(bot.said()).toContain('installation "sandbox", projects: kestrel');
      expect(bot.said()).toContain('Nothing is open.');
      const second = await line.slipway('start');
      expect(second.exit).toBe(1);
      expect(second.err).toContain(`process ${bot.pid}`);

      const accepted = await line.slipway('release', 'cut', '--as', 'ana', '--detach');
      expect(accepted).toMatchObject({ exit: 0 });
      expect(accepted.out).toContain(`Accepted: kestrel 0.44.0rc1: cut`);
      await claimed(line);
      await bot.kill();
      const alone = await line.slipway('release', 'fixup', '--as', 'ana');
      expect(alone.exit).toBe(1);
      expect(alone.err).toContain('slipway start');
      expect((await line.slipway('status')).out).toContain('Build · running');

      const again = await line.start();
      expect(again.said()).toContain('1 open run goes on; 1 step is looked up.');
      await writeFile(go, '');
      await done(line);
      const stopped = await again.stop();
      expect(stopped.exit).toBe(0);
      expect((await line.slipway('verify')).exit).toBe(0);
    },
  );

  test(
    'SIGTERM lets a command end; what takes longer is interrupted and goes on later',
    { timeout: limit },
    async () => {
      const line = await openCommandLine(memory);
      const go = await line.holdBuild();
      const bot = await line.start(['start', '--drain', '60']);
      await line.slipway('release', 'cut', '--as', 'ana', '--detach');
      await claimed(line);
      const ended = bot.stop();
      await until('it says so', () => bot.said().includes('Stopping'));
      await writeFile(go, '');
      expect((await ended).exit).toBe(0);
      const events = await line.events(cut);
      expect(events.filter((event) => event.type === 'step.done' && event.step === 'build')).toHaveLength(1);
      expect(events.some((event) => event.type === 'step.claimed' && event.step === 'store')).toBe(false);
      await line.start();
      await done(line);
    },
  );

  test('--drain 0 interrupts at once', { timeout: limit }, async () => {
    const line = await openCommandLine(memory);
    const go = await line.holdBuild();
    const bot = await line.start(['start', '--drain', '0']);
    await line.slipway('release', 'cut', '--as', 'ana', '--detach');
    await claimed(line);
    expect((await bot.stop()).exit).toBe(0);
    expect((await line.events(cut)).at(-1)).toMatchObject({ type: 'step.interrupted', step: 'build' });
    await writeFile(go, '');
    await line.start();
    await done(line);
  });
});

describe.skipIf(redisProgram() === undefined && process.env['CI'] !== 'true')(
  `with Redis${redisProgram() === undefined ? ` (${redisMissing})` : ''}`,
  () => {
    async function redisPid(line: CommandLine): Promise<number> {
      const { pid }: { pid: number } = JSON.parse(
        await readFile(join(line.folder, 'data', 'run', 'redis.json'), 'utf8'),
      );
      return pid;
    }

    test('one of two workers is killed: the other takes over at once', { timeout: limit }, async () => {
      const line = await openCommandLine();
      const go = await line.holdBuild();
      const bot = await line.start(['start', '--workers', '2']);
      expect(bot.said()).toMatch(/Queue: BullMQ on (redis|valkey) .* of our own/);
      expect(bot.said()).toContain('Steps run in 2 worker processes');
      const redis = await redisPid(line);
      await line.slipway('release', 'cut', '--as', 'ana', '--detach');
      await claimed(line);
      const first = (await line.events(cut)).find(
        (event) => event.type === 'step.claimed' && event.step === 'build',
      );
      const name = first?.type === 'step.claimed' ? first.worker : '';
      const begun = performance.now();
      process.kill(Number(/^worker-(\d+)-/.exec(name)?.[1]), 'SIGKILL');
      await claimed(line, 2);
      expect(performance.now() - begun).toBeLessThan(20_000); // a lease lasts 30 s
      await writeFile(go, '');
      await done(line);
      expect((await bot.stop()).exit).toBe(0);
      await until('its Redis is gone', () => !isAlive(redis));
    });

    test(
      'the owner is killed: the next one finds its Redis, and the run goes on',
      { timeout: limit },
      async () => {
        const line = await openCommandLine();
        const go = await line.holdBuild();
        const bot = await line.start(['start', '--workers', '1']);
        const redis = await redisPid(line);
        await line.slipway('release', 'cut', '--as', 'ana', '--detach');
        await claimed(line);
        await bot.kill();
        await writeFile(go, '');
        const again = await line.start(['start', '--workers', '1']);
        expect(again.said()).toContain('still running from before');
        expect(await redisPid(line)).toBe(redis);
        await done(line);
        await again.stop();
      },
    );

    test('Redis is killed in the middle: the run goes on', { timeout: limit }, async () => {
      const line = await openCommandLine();
      const go = await line.holdBuild();
      const bot = await line.start();
      const redis = await redisPid(line);
      await line.slipway('release', 'cut', '--as', 'ana', '--detach');
      await claimed(line);
      process.kill(redis, 'SIGKILL');
      await until('it is gone', () => !isAlive(redis));
      // What is said meanwhile is recorded and counts.
      const paused = await line.slipway('pause', cut, '--reason', 'Redis is away', '--as', 'ben');
      expect(paused.exit).toBe(0);
      await writeFile(go, '');
      const resumed = await line.slipway('resume', cut, '--as', 'ben', '--detach');
      expect(resumed.exit).toBe(0);
      await done(line);
      await bot.stop();
    });
  },
);
