import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oneTimeTokens } from '../../src/web/one-time-address.js';
import { openSessions } from '../../src/web/sessions.js';

const minute = 60_000;
const day = 24 * 60 * minute;

function clocked(): { at: number; now: () => number; random: (bytes: number) => Buffer } {
  const clock = { at: 1_000, now: () => clock.at, random: randomBytes };
  return clock;
}

describe('a token', () => {
  test('has 256 bits, opens once, and never again', () => {
    const tokens = oneTimeTokens(clocked());
    const token = tokens.make();
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(tokens.take(token)).toBe(true);
    expect(tokens.take(token)).toBe(false);
  });

  test('opens for ten minutes', () => {
    const clock = clocked();
    const tokens = oneTimeTokens(clock);
    const [early, late] = [tokens.make(), tokens.make()];
    clock.at += 10 * minute - 1;
    expect(tokens.take(early)).toBe(true);
    clock.at += 1;
    expect(tokens.take(late)).toBe(false);
  });

  test('of others opens nothing, and does not close mine', () => {
    const tokens = oneTimeTokens(clocked());
    const token = tokens.make();
    for (const wrong of ['', 'x', `${token}x`, token.slice(1), oneTimeTokens(clocked()).make()])
      expect(tokens.take(wrong)).toBe(false);
    expect(tokens.take(token)).toBe(true);
  });

  test('is forgotten when twenty newer ones wait', () => {
    const tokens = oneTimeTokens(clocked());
    const [first, second] = [tokens.make(), tokens.make()];
    for (let more = 0; more < 19; more += 1) tokens.make();
    expect(tokens.take(first)).toBe(false);
    expect(tokens.take(second)).toBe(true);
  });
});

describe('a session', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-sessions-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('is known again after a restart; the file has no secret and is closed to others', async () => {
    const file = join(folder, 'one', 'sessions.json');
    const clock = clocked();
    const [first, second] = await Promise.all([
      (await openSessions(file, clock)).begin(),
      openSessions(join(folder, 'other.json'), clock).then((other) => other.begin()),
    ]);
    const again = await openSessions(file, clock);
    expect(again.knows(first)).toBe(true);
    expect(again.knows(second)).toBe(false);
    expect(again.knows('')).toBe(false);
    expect(await readFile(file, 'utf8')).not.toContain(first);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('ends after thirty days, and when a hundred newer ones have begun', async () => {
    const file = join(folder, 'two.json');
    const clock = clocked();
    const sessions = await openSessions(file, clock);
    const old = await sessions.begin();
    clock.at += 30 * day;
    expect(sessions.knows(old)).toBe(false);
    const first = await sessions.begin();
    await Promise.all(Array.from({ length: 99 }, () => sessions.begin()));
    expect(sessions.knows(first)).toBe(true);
    await sessions.begin();
    expect(sessions.knows(first)).toBe(false);
  });

  test('is lost with a damaged file, and nothing else is', async () => {
    const file = join(folder, 'three.json');
    await writeFile(file, '{"v":1,"sessions":[{"hash":"..');
    const sessions = await openSessions(file, clocked());
    expect(sessions.knows(await sessions.begin())).toBe(true);
  });
});
