import { readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { removeSandboxes } from '../conversation/room.js';
import { send } from '../web/web.js';
import { endProcesses, openCommandLine, openEmptyFolder } from './command-line.js';

afterEach(async () => {
  await endProcesses();
  await removeSandboxes();
});

const limit = 120_000;
const memory = { SLIPWAY_QUEUE: 'memory' };

/** The one-time address in what was said. */
function addressIn(text: string): URL {
  const found = /http:\/\/127\.0\.0\.1:\d+\/open\/[\w-]+/.exec(text)?.[0];
  if (found === undefined) throw new Error(`there is no address in: ${text}`);
  return new URL(found);
}

/** Opens an address; returns the status and the cookie. */
async function opened(address: URL): Promise<{ status: number; cookie: string }> {
  const { status, headers } = await send(Number(address.port), 'GET', address.pathname, {});
  return { status, cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '' };
}

test(
  'start in an empty folder makes a practice project, shows it in a browser, and goes on with it later',
  { timeout: limit },
  async () => {
    const line = await openEmptyFolder(memory);
    const bot = await line.start(['start', '--port', '0']);
    expect(bot.said()).toContain('No slipway.yaml here: a practice project is made in .slipway/sandbox.');
    expect(bot.said()).toContain('Type first, in #rel-kestrel: /release cut');
    expect(await readdir(line.cwd)).toEqual(['.slipway']);
    expect(await readdir(`${line.cwd}/.slipway`)).toEqual(['sandbox']);

    const address = addressIn(bot.said());
    const port = Number(address.port);
    const { status, cookie } = await opened(address);
    expect(status).toBe(303);
    expect((await opened(address)).status).toBe(401);
    const workspace = await send(port, 'GET', '/api/workspace', { cookie });
    expect(workspace.json()).toMatchObject({ installation: 'sandbox', practice: ['rel-kestrel'] });
    const said = { as: 'ana', text: '/release cut', request: 'one' };
    const cut = await send(
      port,
      'POST',
      '/api/rooms/rel-kestrel/say',
      { cookie, origin: address.origin, 'content-type': 'application/json' },
      JSON.stringify(said),
    );
    expect(cut.text).toContain('0.44.0rc1');

    // Commands in this folder find the same installation.
    expect((await line.slipway('status')).out).toContain('kestrel 0.44.0');
    const another = addressIn((await line.slipway('open')).out);
    expect((await opened(another)).status).toBe(303);
    const merged = await line.slipway('practice');
    expect(merged).toMatchObject({ exit: 0 });
    expect(merged.out).toContain('Cat Moreau merged');
    expect(merged.out).toContain('slipway release fixup');

    expect((await bot.stop()).exit).toBe(0);
    const again = await line.start(['start', '--port', String(port)]);
    expect(again.said()).toContain('the practice project in .slipway/sandbox goes on');
    expect(addressIn(again.said()).port).toBe(String(port));
    const known = await send(port, 'GET', '/api/rooms/rel-kestrel', { cookie });
    expect(known.status).toBe(200);
  },
);

test('a practice project that was made half is not taken for one', { timeout: limit }, async () => {
  const line = await openEmptyFolder({ ...memory, PATH: '/no/such/folder' });
  const failed = await line.slipway('start', '--port', '0');
  expect(failed.exit).toBe(1);
  expect(await readdir(join(line.cwd, '.slipway'))).toEqual([]);
});

test('where no practice project can be made, it says so', { timeout: limit }, async () => {
  const line = await openEmptyFolder(memory);
  await writeFile(join(line.cwd, '.slipway'), 'a file');
  const failed = await line.slipway('start', '--port', '0');
  expect(failed.exit).toBe(1);
  expect(failed.err).toMatch(/^\.slipway\/sandbox cannot be made: .*\. Nothing was started\.$/m);
  expect(failed.err).toContain('a folder of your own');
  expect(failed.err).not.toContain('bug');
});

test('--no-web serves nothing, and open says so', { timeout: limit }, async () => {
  const line = await openCommandLine(memory);
  const none = await line.slipway('open');
  expect(none).toMatchObject({ exit: 1, out: '' });
  expect(none.err).toContain('slipway start');
  const bot = await line.start(['start', '--no-web']);
  expect(bot.said()).not.toContain('http://');
  const refused = await line.slipway('open');
  expect(refused).toMatchObject({ exit: 1, out: '' });
  expect(refused.err).toContain('--no-web');
});

test('a port that is taken is said, and the next one is used', { timeout: limit }, async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const taken = typeof address === 'object' ? (address?.port ?? 0) : 0;
  try {
    const line = await openCommandLine({ ...memory, npm_lifecycle_event: 'start' });
    const bot = await line.start(['start', '--port', String(taken)]);
    expect(bot.said()).toContain('npm run -s slipway open prints another one.');
    expect(bot.said()).toContain(`Port ${taken} is taken; the workspace is at`);
    expect((await opened(addressIn(bot.said()))).status).toBe(303);
  } finally {
    await new Promise((resolve) => other.close(resolve));
  }
});

test('a project that nobody made to practise has no fixes', { timeout: limit }, async () => {
  const line = await openEmptyFolder(memory);
  const none = await line.slipway('practice');
  expect(none.exit).not.toBe(0);
  expect(none.err).toContain('slipway.yaml');
});
