import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeSandboxes } from '../conversation/room.js';
import { redisMissing, redisProgram } from '../servers/redis.js';
import { endProcesses, openCommandLine } from './command-line.js';

afterEach(endProcesses);
afterAll(removeSandboxes);

async function demo(variables: Record<string, string>): Promise<string> {
  const line = await openCommandLine(variables);
  const folder = await mkdtemp(join(tmpdir(), 'slipway-demo-test-'));
  try {
    const ended = await line.slipway('demo', '--folder', folder);
    expect(ended.exit).toBe(0);
    expect(ended.out).toContain('kill -9');
    expect(ended.out).not.toContain('❌');
    return ended.out;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('the demo', () => {
  test('ends well without Redis', { timeout: 120_000 }, async () => {
    expect(await demo({ SLIPWAY_QUEUE: 'memory' })).toContain('in-process queue');
  });

  const name = `ends well with Redis${redisProgram() === undefined ? ` (${redisMissing})` : ''}`;
  test.skipIf(redisProgram() === undefined && process.env['CI'] !== 'true')(
    name,
    { timeout: 120_000 },
    async () => {
      expect(await demo({})).toContain('BullMQ on');
    },
  );
});
