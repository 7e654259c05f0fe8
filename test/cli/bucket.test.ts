import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { newJournalKey, openHalf } from '../../src/engine/keys.js';
import { removeSandboxes, setYaml } from '../conversation/room.js';
import { until } from '../conversation/until.js';
import { redisMissing, redisProgram, startRedis, type TestRedis } from '../servers/redis.js';
import { startS3, type S3Server } from '../servers/s3.js';
import { endProcesses, openCommandLine, type CommandLine } from './command-line.js';

let s3: S3Server;
beforeAll(async () => {
  s3 = await startS3();
});
afterEach(async () => {
  await endProcesses();
  s3.ignoreConditions = false;
});
afterAll(async () => {
  await removeSandboxes();
  await s3.close();
});

const limit = 150_000;
const secret = newJournalKey().secret;

/** An installation whose journal is in a bucket, as an operator would write it. */
async function onBucket(bucket: string, more: Record<string, string> = {}): Promise<CommandLine> {
  const line = await openCommandLine({
    AWS_ENDPOINT_URL_S3: s3.url,
    BUCKET_KEY_ID: 'test',
    BUCKET_SECRET: 'test-secret-value',
    ...more,
  });
  const file = line.variables['SLIPWAY_CONFIG'] ?? '';
  await setYaml(file, ['storage', 'journal'], {
    url: `s3://${bucket}/sandbox`,
    'key-id': { env: 'BUCKET_KEY_ID' },
    secret: { env: 'BUCKET_SECRET' },
  });
  await setYaml(file, ['journal'], { bucket: 'journal' });
  return line;
}

describe('a journal in a bucket', () => {
  test('needs the key that all bots share', { timeout: limit }, async () => {
    const line = await onBucket('without-key', { SLIPWAY_QUEUE: 'memory' });
    const ended = await line.slipway('start');
    expect(ended.exit).toBe(1);
    expect(ended.err).toMatch(/SLIPWAY_JOURNAL_KEY.*\n.*openssl genpkey/);
  });

  test('is refused where the bucket ignores conditions', { timeout: limit }, async () => {
    s3.ignoreConditions = true;
    const line = await onBucket('unsafe', { SLIPWAY_QUEUE: 'memory', SLIPWAY_JOURNAL_KEY: secret });
    const ended = await line.slipway('start');
    expect(ended.exit).toBe(1);
    expect(ended.err).toContain('If-None-Match');
    expect(ended.err).toContain('s3://unsafe');
  });

  const name = redisProgram() === undefined ? ` (${redisMissing})` : '';
  describe.skipIf(redisProgram() === undefined && process.env['CI'] !== 'true')(`with Redis${name}`, () => {
    let redis: TestRedis;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(() => redis.end());

    test('two bots and two workers make one release; one of each is killed', { timeout: limit }, async () => {
      const shared = { REDIS_URL: redis.url, SLIPWAY_JOURNAL_KEY: secret };
      const line = await onBucket('shared', shared);
      const other = { SLIPWAY_DATA: join(line.folder, 'data-2') };
      const publicHalf = { SLIPWAY_JOURNAL_KEY: openHalf(secret) };
      const [first] = await Promise.all([
        line.start(['start', '--workers', '0']),
        line.start(['start', '--workers', '0'], other),
        line.start(['worker'], { ...publicHalf, SLIPWAY_DATA: join(line.folder, 'data-3') }),
        line.start(['worker'], { ...publicHalf, SLIPWAY_DATA: join(line.folder, 'data-4') }),
      ]);
      expect(first?.said()).toContain('bucket s3://shared/sandbox');
      const cut = await line.slipway('release', 'cut', '--as', 'ana');
      expect(cut.exit).toBe(0);
      const promote = await line.slipway('release', 'promote', '--as', 'ana');
      expect(promote.exit).toBe(0);
      const [, seal = ''] = /seal ([0-9A-F]{4}-[0-9A-F]{4})/.exec(promote.out) ?? [];
      await first?.kill();
      line.variables['SLIPWAY_DATA'] = other.SLIPWAY_DATA;
      const approved = await line.slipway('approve', '--seal', seal, '--as', 'ben', '--detach');
      expect(approved.exit).toBe(0);
      await until('it is promoted', async () => {
        const status = await line.asks('status', 'kestrel_0.44.0_promote_1');
        return (
          typeof status === 'object' && status !== null && 'finished' in status && status.finished === 'done'
        );
      });
      const verify = await line.slipway('verify');
      expect(verify.exit).toBe(0);
      // Every record of the journal was written once.
      const twice = [...s3.commits].filter(([key, times]) => /\/(runs|lines)\//.test(key) && times > 1);
      expect(twice).toEqual([]);
    });
  });
});
