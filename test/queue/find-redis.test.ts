import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processIdentity } from '../../src/process-identity.js';
import { bullmqQueue } from '../../src/queue/bullmq/queue.js';
import { findRedis } from '../../src/queue/bullmq/redis-server.js';
import { redisMissing, redisProgram, startRedis } from '../servers/redis.js';

const program = redisProgram();
if (!program) console.warn(`test/queue/find-redis.test.ts ${redisMissing}`);

let folder: string;
const stops: (() => Promise<void>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-find-'));
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  rmSync(folder, { recursive: true, force: true });
});

it('finds nothing where nothing is', async () => {
  expect(await findRedis({ PATH: folder }, folder)).toBeUndefined();
});

it('says what went wrong when the program does not start', async () => {
  writeFileSync(join(folder, 'redis-server'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
  await expect(findRedis({ PATH: folder }, join(folder, 'run'))).rejects.toMatchObject({
    code: 'queue-unreachable',
    message: expect.stringContaining('did not start'),
  });
});

it('says so when the given server is away', async () => {
  const env = { REDIS_URL: 'redis://:secret@127.0.0.1:1' };
  await expect(findRedis(env, folder)).rejects.toMatchObject({
    code: 'queue-unreachable',
    message: expect.not.stringContaining('secret'),
  });
});

describe.skipIf(!program)('with redis-server installed', () => {
  const PATH = dirname(program ?? '');

  async function find(runFolder = folder) {
    const found = await findRedis({ PATH }, runFolder);
    if (!found) throw new Error('found none');
    stops.push(() => found.stop());
    const pid = Number(/pid (\d+)/.exec(found.text)?.[1]);
    return { ...found, pid };
  }

  it('takes the given one and leaves it alone', async () => {
    const given = await startRedis();
    stops.push(() => given.end());
    const found = await findRedis({ REDIS_URL: given.url.replace('//', '//default:secret@'), PATH }, folder);
    expect(found?.text).toMatch(/^redis [\d.]+ at 127\.0\.0\.1:\d+$/);
    await found?.stop();
    expect(await processIdentity(given.pid)).toBeDefined();
  });

  it('starts one that only this user reaches, carries a queue, and ends it', async () => {
    const found = await find();
    expect(found.text).toMatch(/^redis [\d.]+ of our own \(\/.*redis\.sock, pid \d+\)$/);
    expect(statSync(dirname(found.address)).mode & 0o777).toBe(0o700);
    expect(statSync(found.address).mode & 0o777).toBe(0o600);
    const queue = await bullmqQueue({ address: found.address, name: 'x' });
    expect(queue.name).toContain(found.address);
    await queue.close();
    await found.stop();
    expect(await processIdentity(found.pid)).toBeUndefined();
    await found.stop();
  });

  it('prefers valkey-server', async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    symlinkSync(program ?? '', join(bin, 'valkey-server'));
    const found = await findRedis({ PATH: `${PATH}:${bin}` }, folder);
    stops.push(async () => found?.stop());
    const pid = /pid (\d+)/.exec(found?.text ?? '')?.[1];
    expect(spawnSync('ps', ['-o', 'args=', '-p', pid ?? ''], { encoding: 'utf8' }).stdout).toContain(
      'valkey-server',
    );
  });

  it('takes up the one that an owner left behind', async () => {
    const first = await find();
    const second = await find();
    expect([second.pid, second.address]).toEqual([first.pid, first.address]);
    expect(second.text).toContain('still running from before');
  });

  it('replaces the one of its own that hangs', async () => {
    const first = await find();
    process.kill(first.pid, 'SIGSTOP');
    const second = await find();
    expect(second.pid).not.toBe(first.pid);
    expect(await processIdentity(first.pid)).toBeUndefined();
  });

  it('leaves a process alone that only has the pid of an earlier one', async () => {
    const record = {
      pid: process.pid,
      identity: 'another boot/1',
      socket: join(folder, 'redis/redis.sock'),
      folder,
    };
    writeFileSync(join(folder, 'redis.json'), JSON.stringify(record));
    const found = await find();
    expect(found.pid).not.toBe(process.pid);
  });

  it('puts the socket elsewhere when its path would be too long', async () => {
    const found = await find(join(folder, 'x'.repeat(90)));
    expect(Buffer.byteLength(found.address)).toBeLessThan(100);
    expect(statSync(dirname(found.address)).mode & 0o777).toBe(0o700);
  });
});
