import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { leaveRooms, openRoom, removeSandboxes, type Room } from '../conversation/room.js';
import { until } from '../conversation/until.js';
import type { PrivateListener } from '../../src/web/private-listener.js';
import { by, logIn, send, serve, type Browser } from './web.js';

let room: Room;
let listener: PrivateListener;
let browser: Browser;

beforeAll(async () => {
  room = await openRoom({ process: 'preset' });
  listener = await serve(room);
  browser = await logIn(listener);
});
afterAll(async () => {
  await listener.stop();
  await leaveRooms();
  await removeSandboxes();
});

const written = async (): Promise<string[]> =>
  (
    await Promise.all(['rooms/', 'inbox/', 'runs/', 'open/'].map((one) => room.opened.records.list(one)))
  ).flat();

/** Numbers that are the same in every run of the test (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Bytes that are hardly HTTP, over a connection of their own; resolves with what came back. */
function shout(bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: listener.port });
    let text = '';
    socket.on('data', (part) => (text += part.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
    socket.end(bytes);
  });
}

async function inTens<T>(all: readonly T[], each: (one: T) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < all.length; from += 10) await Promise.all(all.slice(from, from + 10).map(each));
}

test('ten thousand malformed requests run nothing, write nothing and break nothing', async () => {
  const any = numbers(4_774);
  const pick = <T>(all: readonly [T, ...T[]]): T => all[any(all.length)] ?? all[0];
  const letters = '\u0000\t \n"%&\'()*+,-./0123456789:;<=>?@[\\]^_`{|}~aß€✅𝒳\u202e\ufeff';
  const noise = (): string =>
    Array.from({ length: any(60) }, () => [...letters][any([...letters].length)]).join('');
  const before = await written();
  const statuses = new Map<number, number>();
  const good = by('ana', { text: 'hello' });
  const origin = `http://127.0.0.1:${listener.port}`;
  const bodies = (): string =>
    pick([
      noise(),
      JSON.stringify(noise()),
      JSON.stringify({ ...good, request: noise() + '/' }),
      JSON.stringify({ ...good, [noise() || 'x']: noise() }),
      JSON.stringify({ ...good, text: any(10) }),
      JSON.stringify({ ...good, as: `${noise()}!` }),
      JSON.stringify({ ...good, thread: `${noise()}/` }),
      JSON.stringify({ ...good, text: 'x'.repeat(4_001 + any(9_000)) }),
      JSON.stringify({ as: 'ana', request: 'x', verb: noise(), args: noise() }),
      JSON.stringify({ as: 'ana', request: 'x', verb: '', args: { [noise()]: noise() } }),
      JSON.stringify({ as: 'ana', request: 'x', marker: noise(), emoji: noise(), on: 'yes' }),
      JSON.stringify([good]),
      `{"__proto__":${JSON.stringify(good)}}`,
      '['.repeat(1 + any(20_000)),
      JSON.stringify(good).slice(0, -1 - any(20)),
    ]);
  const paths = (): string =>
    pick([
      '/api/rooms/rel-kestrel/say',
      '/api/rooms/rel-kestrel/act',
      '/api/rooms/rel-kestrel/react',
      '/api/practice/fix',
      `/api/rooms/${encodeURIComponent(noise())}/say`,
      `/api/rooms/rel-kestrel/${encodeURIComponent(noise())}`,
      `/${encodeURI(noise())}`,
      `/api/${'%2e%2e%2f'.repeat(any(9))}rooms`,
    ]);
  await inTens(
    Array.from({ length: 8_000 }, () => ({ path: paths(), body: bodies(), kind: any(6) })),
    async ({ path, body, kind }) => {
      const headers = {
        cookie: kind === 0 ? 'slipway_sandbox=x' : browser.cookie,
        origin: kind === 1 ? 'https://evil.example' : origin,
        'content-type': kind === 2 ? 'text/plain' : 'application/json',
      };
      const { status, text } = await send(listener.port, 'POST', path, headers, body);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      expect(text).not.toMatch(/\bat .+:\d+:\d+/);
    },
  );
  const begins = [
    'GET ',
    'POST /api/rooms/rel-kestrel/say HTTP/1.1\r\n',
    'GET / HTTP/1.0\r\n\r\n',
    '\u0016\u0003\u0001',
    '',
  ];
  await inTens(
    Array.from({ length: 2_000 }, () => `${begins[any(begins.length)]}${noise()}\r\n${noise()}\r\n\r\n`),
    async (text) => {
      const answer = await shout(Buffer.from(text));
      expect(answer === '' || /^HTTP\/1\.1 4\d\d /.test(answer)).toBe(true);
    },
  );
  expect([...statuses.keys()].every((status) => status >= 400 && status < 500)).toBe(true);
  expect([...statuses.values()].reduce((sum, count) => sum + count)).toBe(8_000);
  expect(await written()).toEqual(before);
  expect(room.warnings).toEqual([]);
  expect((await browser.get('/api/workspace')).status).toBe(200);
}, 120_000);

test('a browser that does not read its events is dropped, and the others hear on', async () => {
  const reader = await browser.listen();
  const deaf = connect({ host: '127.0.0.1', port: listener.port });
  let isGone = false;
  deaf.on('close', () => (isGone = true));
  deaf.on('error', () => undefined);
  deaf.pause();
  const host = `127.0.0.1:${listener.port}`;
  deaf.write(
    `GET /api/events HTTP/1.1\r\nHost: ${host}\r\nCookie: ${browser.cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n`,
  );
  // More than what waits for it here and in the buffers of the system, which are several MB.
  const long = 'x'.repeat(100_000);
  for (let said = 1; said <= 300; said += 1)
    await room.opened.local.say('releases', person, `${said} ${long}`, `flood-${said}`);
  const lastHeard = (): string => JSON.stringify(reader.events.at(-1)?.data ?? '').slice(0, 1_000);
  await until('the other has heard the last', () => lastHeard().includes('flood-300"'));
  let heard = 0;
  deaf.on('data', (part) => (heard += part.length));
  deaf.resume();
  await until('it is dropped', () => isGone);
  expect(heard).toBeLessThan(300 * long.length);
  expect(reader.isOver()).toBe(false);
  reader.close();
}, 60_000);

const person = { issuer: 'local' as const, workspace: 'sandbox', user: 'ana', name: 'Ana' };

test('sixty browsers may listen, and no more', async () => {
  const streams = [];
  for (let more = 0; more < 60; more += 1) streams.push(await browser.listen());
  expect(streams.every(({ status }) => status === 200)).toBe(true);
  const refused = await browser.listen();
  expect(refused.status).toBe(429);
  refused.close();
  for (const stream of streams) stream.close();
  await until('there is room again', async () => {
    const again = await browser.listen();
    again.close();
    return again.status === 200;
  });
});

test('who asks only for the head of the events listens to nothing', async () => {
  const { cookie } = browser;
  for (let more = 0; more < 60; more += 1) {
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    expect((await send(listener.port, 'HEAD', '/api/events', headers)).status).toBe(204);
  }
  const stream = await browser.listen();
  expect(stream.status).toBe(200);
  stream.close();
});

test('a place is no message', async () => {
  for (const marker of ['.', '..', '...', '-'.repeat(201), 'a/b']) {
    const react = by('ana', { marker, emoji: '✅', on: true });
    expect((await browser.post('/api/rooms/rel-kestrel/react', react)).status).toBe(400);
    for (const [what, more] of Object.entries({ say: { text: 'x' }, act: { verb: 'status', args: {} } })) {
      const body = by('ana', { thread: marker, ...more });
      expect((await browser.post(`/api/rooms/rel-kestrel/${what}`, body)).status).toBe(400);
    }
    const query = new URLSearchParams({ as: 'ana', room: 'rel-kestrel', text: '/', thread: marker });
    expect((await browser.get(`/api/complete?${query}`)).status).toBe(400);
  }
  expect(room.warnings).toEqual([]);
});

test('it stops although somebody listens', async () => {
  const other = await serve(room);
  const stream = await (await logIn(other)).listen();
  await other.stop();
  await until('the stream is over', () => stream.isOver());
});
