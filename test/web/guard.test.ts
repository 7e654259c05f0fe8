import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leaveRooms, openRoom, removeSandboxes, type Room } from '../conversation/room.js';
import { until } from '../conversation/until.js';
import type { PrivateListener } from '../../src/web/private-listener.js';
import { by, logIn, openBrowser, send, serve, type Browser } from './web.js';

let room: Room;
let listener: PrivateListener;
let browser: Browser;
const clock = { aheadMs: 0 };
const said = '/api/rooms/rel-kestrel/say';

beforeAll(async () => {
  room = await openRoom({ process: 'preset' });
  listener = await serve(room, clock);
  browser = await logIn(listener);
});
afterAll(async () => {
  await listener.stop();
  await leaveRooms();
  await removeSandboxes();
});

/** Everything that could have been written. */
const written = async (): Promise<string[]> =>
  (
    await Promise.all(['rooms/', 'inbox/', 'runs/', 'open/'].map((one) => room.opened.records.list(one)))
  ).flat();

describe('an address', () => {
  test('gives a cookie that scripts and other sites cannot use, once', async () => {
    const path = new URL(listener.newAddress()).pathname;
    const stranger = await openBrowser(listener);
    const first = await stranger.get(path);
    expect(first).toMatchObject({ status: 303, headers: { location: '/' } });
    expect(first.headers['set-cookie']?.[0]).toMatch(
      /^slipway_sandbox_[0-9a-f]{8}=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const second = await stranger.get(path);
    expect(second.status).toBe(401);
    expect(second.headers['set-cookie']).toBeUndefined();
    expect(second.text).toContain('slipway open');
  });

  test('that was opened leads a browser that is known to the workspace', async () => {
    const address = listener.newAddress();
    const known = await openBrowser(listener, address);
    expect(await known.get(new URL(address).pathname)).toMatchObject({
      status: 303,
      headers: { location: '/' },
    });
  });

  test('is not used up by who only looks whether it is there', async () => {
    const address = listener.newAddress();
    const path = new URL(address).pathname;
    const head = await send(listener.port, 'HEAD', path, {});
    const early = await send(listener.port, 'GET', path, { 'sec-purpose': 'prefetch;prerender' });
    for (const { status, headers } of [head, early]) {
      expect(status).toBe(204);
      expect(headers['set-cookie']).toBeUndefined();
    }
    expect((await openBrowser(listener, address)).cookie).not.toBe('');
  });

  test('is no address any more after ten minutes', async () => {
    const path = new URL(listener.newAddress()).pathname;
    clock.aheadMs = 10 * 60_000;
    const late = await (await openBrowser(listener)).get(path);
    clock.aheadMs = 0;
    expect(late.status).toBe(401);
    expect(late.headers['set-cookie']).toBeUndefined();
  });
});

describe('without a cookie', () => {
  test.each(['/', '/rooms/rel-kestrel', '/runs/kestrel_0.44.0_cut_1', '/no/such/page'])(
    'the page %s says how to get an address',
    async (path) => {
      const answer = await (await openBrowser(listener)).get(path);
      expect(answer.status).toBe(401);
      expect(answer.headers['content-type']).toContain('text/html');
      expect(answer.text).toContain('slipway open');
      expect(answer.text).not.toContain('<script');
    },
  );

  test.each(['/api/workspace', '/api/rooms/rel-kestrel', '/api/direct/ana', '/api/events', '/api/nothing'])(
    '%s tells nothing',
    async (path) => {
      const answer = await (await openBrowser(listener)).get(path, { 'sec-fetch-site': 'same-origin' });
      expect(answer.status).toBe(401);
      expect(answer.json()).toMatchObject({ error: { code: 'not-allowed' } });
    },
  );

  test('nothing can be said, and a wrong cookie is none', async () => {
    const before = await written();
    const stranger = await openBrowser(listener);
    expect((await stranger.post(said, by('ana', { text: 'hello' }))).status).toBe(401);
    stranger.cookie = `${browser.cookie.slice(0, -1)}${browser.cookie.endsWith('A') ? 'B' : 'A'}`;
    expect((await stranger.post(said, by('ana', { text: 'hello' }))).status).toBe(401);
    expect(await written()).toEqual(before);
  });
});

describe('a request that is not ours', () => {
  test.each(['localhost', 'evil.example', '127.0.0.1', '127.0.0.1:1', 'evil.example:4774'])(
    'has the Host "%s"',
    async (host) => {
      for (const path of ['/', '/api/workspace', '/client/main.js', '/open/x']) {
        const answer = await browser.get(path, { host });
        expect(answer.status).toBe(421);
        expect(answer.text).not.toContain('kestrel');
      }
    },
  );

  const wrong: [string, Record<string, string | undefined>][] = [
    ['no Origin', { origin: undefined }],
    ['the Origin of another site', { origin: 'https://evil.example' }],
    ['the Origin of another port', { origin: 'http://127.0.0.1:1' }],
    ['the Origin of localhost', { origin: 'http://localhost' }],
    ['no site as its Origin', { origin: 'null' }],
    [
      'another Origin, and says that it is ours',
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
    ],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another port', { 'sec-fetch-site': 'same-site' }],
  ];

  test.each(wrong)('has %s', async (_, headers) => {
    const before = await written();
    const answer = await browser.post(said, by('ana', { text: 'hello' }), headers);
    expect(answer.status).toBe(403);
    expect(answer.json()).toMatchObject({ error: { code: 'not-allowed', hint: 'Nothing was done.' } });
    expect(await written()).toEqual(before);
  });

  test.each<[string, Record<string, string | undefined>]>([
    ['nothing', { 'sec-fetch-site': undefined }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another Origin', { origin: 'https://evil.example' }],
  ])('listens to events and shows %s', async (_, headers) => {
    const stream = await browser.listen(headers);
    expect(stream.status).toBe(403);
    stream.close();
  });

  test('of another site reads nothing', async () => {
    const answer = await browser.get('/api/workspace', { 'sec-fetch-site': 'cross-site' });
    expect(answer.status).toBe(403);
    expect(await browser.get('/api/workspace', { origin: 'https://evil.example' })).toMatchObject({
      status: 403,
    });
  });
});

describe('a body', () => {
  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', undefined])(
    'of %s is not read',
    async (type) => {
      const answer = await browser.post(said, by('ana', { text: 'hello' }), { 'content-type': type });
      expect(answer.status).toBe(415);
    },
  );

  test('of more than 64 KB is refused, whether its length is said or not', async () => {
    const before = await written();
    const long = JSON.stringify(by('ana', { text: 'x'.repeat(65_536) }));
    const origin = `http://127.0.0.1:${listener.port}`;
    const headers = { cookie: browser.cookie, origin, 'content-type': 'application/json' };
    const whole = await send(
      listener.port,
      'POST',
      said,
      { ...headers, 'content-length': `${long.length}` },
      long,
    );
    expect(whole.status).toBe(413);
    const parts = await send(
      listener.port,
      'POST',
      said,
      { ...headers, 'transfer-encoding': 'chunked' },
      long,
    );
    expect(parts.status).toBe(413);
    expect(await written()).toEqual(before);
  });

  test.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['one field too many', JSON.stringify({ ...by('ana', { text: 'x' }), more: 1 })],
    ['a request with a path', JSON.stringify({ as: 'ana', text: 'x', request: '../../x' })],
    ['a thread with a path', JSON.stringify(by('ana', { text: 'x', thread: '../x' }))],
    ['a text that is too long', JSON.stringify(by('ana', { text: 'x'.repeat(4_001) }))],
  ])('that is %s is refused', async (_, body) => {
    const before = await written();
    const answer = await browser.post(said, body);
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ error: { code: 'command-invalid', hint: 'Nothing was started.' } });
    expect(await written()).toEqual(before);
  });
});

describe('files', () => {
  test.each([
    ['/client/main.js', 'text/javascript; charset=utf-8'],
    ['/client/style.css', 'text/css; charset=utf-8'],
    ['/vendor/preact.mjs', 'text/javascript; charset=utf-8'],
    ['/vendor/preact-hooks.mjs', 'text/javascript; charset=utf-8'],
  ])('%s is there', async (path, type) => {
    const answer = await browser.get(path);
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': type } });
    expect(answer.text.length).toBeGreaterThan(100);
  });

  test.each([
    '/client/../api.ts',
    '/client/..%2Fapi.ts',
    '/client/%2e%2e/api.ts',
    '/client/..%5Capi.ts',
    '/client/%2Fetc%2Fpasswd',
    '/client//etc/passwd',
    '/client/main.js%00.css',
    '/client/.',
    '/client/',
    '/client/constructor',
    '/vendor/../../package.json',
    '/vendor/..%2f..%2fpackage.json',
    '/vendor/__proto__',
    '/vendor/toString',
    '/../../../../etc/passwd',
    '/client/%',
  ])('%s leads nowhere', async (path) => {
    for (const one of [browser, await openBrowser(listener)]) {
      const answer = await one.get(path);
      expect([400, 401, 404]).toContain(answer.status);
      expect(answer.text).not.toMatch(/root:|"dependencies"|from 'zod'/);
    }
  });

  test('that are missing are said to be missing, and no more', async () => {
    const missing = await browser.get('/client/no-such-file.js');
    expect(missing.status).toBe(404);
    expect(missing.text).not.toContain('ENOENT');
  });
});

test('every answer says what may be done with it', async () => {
  for (const path of ['/', '/api/workspace', '/client/main.js', '/nothing', '/api/nothing', '/open/x']) {
    const { headers } = await browser.get(path);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': path.startsWith('/client/') ? 'no-cache' : 'no-store',
    });
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; script-src 'self' 'sha256-[\w+/=]{44}'; style-src 'self';/);
    for (const rule of ['connect-src', 'base-uri', 'frame-ancestors', 'form-action'])
      expect(policy).toContain(rule);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  }
});

test('no answer has a stack, or says where files are', async () => {
  const answers = await Promise.all([
    browser.get('/api/nothing'),
    browser.get('/api/rooms/%'),
    browser.get('/api/rooms/..%2f..'),
    browser.get(`/api/direct/${'x'.repeat(5_000)}`),
    browser.post('/api/rooms/rel-kestrel/act', by('ana', { verb: '__proto__', args: {} })),
    browser.post('/api/rooms/rel-kestrel/act', by('ana', { verb: 'cancel', args: { run: '../..' } })),
    browser.post('/api/rooms/constructor/say', by('ana', { text: 'x' })),
  ]);
  for (const { text } of answers) {
    expect(text).not.toMatch(/\bat .+:\d+:\d+/);
    expect(text).not.toContain(room.sandbox.folder);
  }
});

test('other methods find nothing', async () => {
  const origin = `http://127.0.0.1:${listener.port}`;
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']) {
    const headers = { cookie: browser.cookie, origin, 'content-type': 'application/json' };
    const answer = await send(listener.port, method, '/api/rooms/rel-kestrel', headers);
    expect(answer.status).toBe(404);
  }
});

test('the server listens on this machine alone', async () => {
  await until('it answers here', async () => (await browser.get('/api/workspace')).status === 200);
  const elsewhere = new Promise((resolve, refuse) => {
    const socket = connect({ host: '127.0.0.2', port: listener.port });
    socket.once('connect', () => resolve(socket.destroy()));
    socket.once('error', refuse);
  });
  await expect(elsewhere).rejects.toThrow(/ECONNREFUSED/);
});
