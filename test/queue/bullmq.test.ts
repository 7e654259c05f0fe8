import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Queue, StepJob } from '../../src/engine/ports/queue.js';
import { redisLeases } from '../../src/queue/bullmq/leases.js';
import type { BullmqOptions } from '../../src/queue/bullmq/options.js';
import { bullmqQueue } from '../../src/queue/bullmq/queue.js';
import { gate, queueContract } from '../contracts/queue.js';
import { leasesContract } from '../contracts/leases.js';
import { redisMissing, redisProgram, startRedis } from '../servers/redis.js';
import type { TestRedis } from '../servers/redis.js';

const isInstalled = redisProgram() !== undefined;
if (!isInstalled) console.warn(`test/queue/bullmq.test.ts ${redisMissing}`);
// Where it counts, leaving the real server out must not look like success.
it.runIf(process.env['CI'] === 'true')('has a redis-server', () => expect(isInstalled).toBe(true));

const step: StepJob = { run: 'demo_1.2.3_cut_1', step: 'build', attempt: 1 };
const away = { code: 'queue-unreachable', retryable: true };

describe.skipIf(!isInstalled)('on a real redis-server', () => {
  let redis: TestRedis;
  let installations = 0;
  const warnings: Error[] = [];
  const cleanups: (() => Promise<unknown>)[] = [];
  const noteWarning = (warning: Error): void => void warnings.push(warning);

  beforeAll(async () => {
    process.on('warning', noteWarning);
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  });
  afterAll(async () => {
    await redis.end();
    process.off('warning', noteWarning);
  });

  const newName = (): string => `test-${(installations += 1)}`;

  async function open(
    options: Partial<BullmqOptions> = {},
    name = newName(),
    address = redis.url,
  ): Promise<Queue> {
    const queue = await bullmqQueue({ address, name, options: { sweepEveryMs: 20, ...options } });
    cleanups.push(() => queue.close());
    return queue;
  }

  async function server(args: string[] = []): Promise<TestRedis> {
    const own = await startRedis({ args });
    cleanups.push(() => own.end());
    return own;
  }

  async function took(call: () => Promise<unknown>): Promise<number> {
    const start = performance.now();
    await expect(call()).rejects.toMatchObject(away);
    return performance.now() - start;
  }

  queueContract('BullMQ', (times) => open(times));

  leasesContract('leases on Redis', async () => {
    const leases = await redisLeases({ address: redis.url, name: newName() });
    cleanups.push(() => leases.close());
    return { leases, pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) };
  });

  it('names the server without its password', async () => {
    const queue = await open({}, newName(), redis.url.replace('//', '//default:hunter2@'));
    expect(queue.name).toMatch(/^BullMQ on redis \d+\.\d+\.\d+ \(127\.0\.0\.1:\d+\)$/);
  });

  it('keeps installations apart on one server', async () => {
    const [one, other] = [await open(), await open()];
    const runs: string[] = [];
    await other.wake('theirs');
    await one.wake('ours');
    await one.work({ advance: async (run) => void runs.push(`one:${run}`), concurrency: 1 });
    await other.work({ advance: async (run) => void runs.push(`other:${run}`), concurrency: 1 });
    await vi.waitFor(() => expect(runs.toSorted()).toEqual(['one:ours', 'other:theirs']), { interval: 5 });
  });

  it('leaves nothing behind of jobs that were done', async () => {
    const name = newName();
    const queue = await open({}, name);
    const done: string[] = [];
    await queue.offer(step);
    await queue.wake('a:b');
    const client = new Redis(redis.url);
    cleanups.push(async () => client.disconnect());
    const ids = async (): Promise<string[]> =>
      (await client.keys('*'))
        .filter((key) => key.includes(`:${name}}`))
        .map((key) => key.split('}:')[1] ?? '');
    expect(await ids()).toContain('run-step:demo_1.2.3_cut_1_build_1');
    expect(await ids()).toContain('advance:de:a%3Ab');
    const worker = await queue.work({
      advance: async () => void done.push('advance'),
      runStep: async () => void done.push('step'),
      concurrency: 2,
    });
    await vi.waitFor(() => expect(done).toHaveLength(2), { interval: 5 });
    await worker.close();
    const left = (await ids()).filter(
      (id) => !/:(events|meta|id|marker|stalled-check|stalled)$|^here:/.test(id),
    );
    expect(left).toEqual([]);
  });

  it('hands the jobs of a worker that was killed to another', async () => {
    const name = newName();
    const queue = await open({ lockMs: 600, stalledEveryMs: 200 }, name);
    const holder = spawn(
      process.execPath,
      ['--import', 'tsx', new URL('holder.ts', import.meta.url).pathname, redis.url, name],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    cleanups.push(async () => void holder.kill('SIGKILL'));
    let said = '';
    holder.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await Promise.all([queue.wake('r'), queue.offer(step)]);
    await vi.waitFor(() => expect(said.match(/holding/g)).toHaveLength(2), { timeout: 20_000 });
    const dead = once(holder, 'exit');
    holder.kill('SIGKILL');
    await dead;
    const done: unknown[] = [];
    await queue.work({
      advance: async (run) => void done.push(run),
      runStep: async (job) => void done.push(job),
      concurrency: 1,
    });
    await vi.waitFor(() => expect(done).toHaveLength(2), { timeout: 10_000 });
    expect(done).toEqual(expect.arrayContaining(['r', step]));
  });

  it('fails every call within 3 s while the server is gone, and goes on when it is back, empty', async () => {
    const own = await server();
    const errors: Error[] = [];
    const onError = (error: Error): void => void errors.push(error);
    const queue = await open({ stalledEveryMs: 200, onError }, newName(), own.url);
    const leases = await redisLeases({ address: own.url, name: 'x' });
    cleanups.push(() => leases.close());
    const runs: string[] = [];
    const steps: StepJob[] = [];
    await queue.work({
      advance: async (run) => void runs.push(run),
      runStep: async (job) => void steps.push(job),
      concurrency: 2,
    });
    await queue.wake('before');
    await vi.waitFor(() => expect(runs).toEqual(['before']), { interval: 5 });

    await own.kill();
    const waits = await Promise.all([
      took(() => queue.wake('r')),
      took(() => queue.offer(step)),
      took(() => queue.due('r', Date.now() + 1_000)),
      took(() => queue.due('r', undefined)),
      took(() => queue.remembers()),
      took(() => leases.take('k', 'a', 1_000)),
      took(() => leases.renew('k', 'a', 1_000)),
      took(() => leases.held('k')),
      took(() => bullmqQueue({ address: own.url, name: 'x' })),
    ]);
    expect(Math.max(...waits)).toBeLessThan(3_000);

    // Told, and not at every try of every connection.
    const texts = errors.map(({ message }) => message);
    expect(texts.length).toBeGreaterThan(0);
    expect(new Set(texts).size).toBe(texts.length);

    await own.restart();
    await vi.waitFor(() => queue.wake('after'), { timeout: 5_000 });
    await queue.offer(step);
    await queue.due('due', Date.now() + 50);
    await vi.waitFor(() => expect(runs).toEqual(expect.arrayContaining(['after', 'due'])), {
      timeout: 15_000,
    });
    await vi.waitFor(() => expect(steps).toContainEqual(step), { timeout: 15_000 });
    expect(await leases.take('k', 'a', 1_000)).toBe(true);
    expect(await queue.remembers()).toBe(false);
    expect(await queue.remembers()).toBe(true);
  });

  it('gives no lease on the word of a server that has just come back', async () => {
    const own = await server();
    const leases = await redisLeases({ address: own.url, name: newName() });
    cleanups.push(() => leases.close());
    await leases.take('k', 'a', 60_000);
    await vi.waitFor(async () => expect(await leases.take('old', 'a', 60_000, 300)).toBe(true));
    await own.restart();
    // It was held when the server died, and nobody can know: whoever held it may still have something on its way.
    const asked = vi.waitFor(() => leases.take('k', 'b', 60_000, 2_000), { timeout: 5_000 });
    expect(await asked).toBe(false);
    expect(await leases.take('fresh', 'b', 60_000)).toBe(true);
  });

  it('fails every call within 3 s while the server hangs, and goes on when it answers again', async () => {
    const own = await server();
    const queue = await open({}, newName(), own.url);
    const leases = await redisLeases({ address: own.url, name: 'x' });
    cleanups.push(() => leases.close());
    const runs: string[] = [];
    await queue.work({ advance: async (run) => void runs.push(run), concurrency: 1 });
    own.stop();
    const waits = await Promise.all([
      took(() => queue.wake('r')),
      took(() => queue.offer(step)),
      took(() => queue.due('r', undefined)),
      took(() => queue.remembers()),
      took(() => leases.take('k', 'a', 60_000)),
      took(() => bullmqQueue({ address: own.url, name: 'x' })),
      took(() => redisLeases({ address: own.url, name: 'x' })),
    ]);
    expect(Math.max(...waits)).toBeLessThan(3_000);
    own.cont();
    await vi.waitFor(() => queue.wake('after'), { timeout: 5_000 });
    await vi.waitFor(() => expect(runs).toContain('after'), { timeout: 10_000 });
    expect(await queue.remembers()).toBe(true);
  });

  it('closes while the server is gone, after what is active', async () => {
    const own = await server();
    const queue = await open({}, newName(), own.url);
    const held = gate();
    let isDone = false;
    let isActive = false;
    await queue.work({
      advance: async () => {
        isActive = true;
        await held.opened;
        isDone = true;
      },
      runStep: async () => undefined,
      concurrency: 1,
    });
    await queue.wake('r');
    await vi.waitFor(() => expect(isActive).toBe(true), { interval: 5 });
    await own.kill();
    const closed = queue.close().then(() => isDone);
    held.open();
    expect(await closed).toBe(true);
  });

  it('says that a server which was flushed does not remember, to each process', async () => {
    const own = await server();
    const name = newName();
    const [one, other] = [await open({}, name, own.url), await open({}, name, own.url)];
    expect([await one.remembers(), await other.remembers()]).toEqual([true, true]);
    const client = new Redis(own.url);
    await client.flushall();
    client.disconnect();
    await open({}, name, own.url);
    expect([await one.remembers(), await other.remembers()]).toEqual([false, false]);
    expect([await one.remembers(), await other.remembers()]).toEqual([true, true]);
  });

  it.each([[[]], [['--rename-command', 'CONFIG', '']]])(
    'refuses a server that evicts keys (%j)',
    async (args) => {
      const own = await server(['--maxmemory-policy', 'allkeys-lru', ...args]);
      await expect(bullmqQueue({ address: own.url, name: 'x' })).rejects.toMatchObject({
        code: 'queue-unsafe',
        message: expect.stringContaining('allkeys-lru'),
        hint: expect.stringContaining('noeviction'),
      });
    },
  );

  it('accepts a server that forbids CONFIG and does not evict', async () => {
    const own = await server(['--rename-command', 'CONFIG', '']);
    await expect(open({}, newName(), own.url)).resolves.toBeDefined();
  });

  it('is refused, not retried, with a wrong password', async () => {
    const own = await server(['--requirepass', 'right']);
    const address = own.url.replace('//', '//:wrong@');
    await expect(bullmqQueue({ address, name: 'x' })).rejects.toMatchObject({
      code: 'queue-unreachable',
      retryable: false,
      message: expect.stringContaining('WRONGPASS'),
    });
  });

  it('fails on a replica, and goes on when that one takes over', async () => {
    const own = await server();
    const replica = await startRedis({ replicaOf: own });
    cleanups.push(() => replica.end());
    await took(() => bullmqQueue({ address: replica.url, name: 'x' }));
    const client = new Redis(replica.url);
    cleanups.push(async () => client.disconnect());
    await client.replicaof('NO', 'ONE');
    const queue = await open({}, newName(), replica.url);
    await queue.wake('r');
    await client.replicaof('127.0.0.1', own.port);
    await took(() => queue.wake('r'));
    await client.replicaof('NO', 'ONE');
    await vi.waitFor(() => queue.wake('r'), { timeout: 5_000 });
  });

  it('does not leak event listeners', async () => {
    await vi.waitFor(() => expect(warnings.filter(({ name }) => name !== 'ExperimentalWarning')).toEqual([]));
  });
});
