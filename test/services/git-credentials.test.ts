import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Credentials } from '../../src/services/git/credentials.js';
import { openGit } from '../../src/services/git/remote.js';
import { startEcho, startHttp, startRedirect, startSilent, type GitHttp } from '../servers/git-http.js';
import { makeOrigin } from './git-origin.js';

const good = { user: 'x-access-token', password: 'ghs_very-secret/tok=n' };
const root = mkdtempSync(join(tmpdir(), 'slipway-git-login-'));
const servers: { stop(): Promise<void> }[] = [];
let http: GitHttp;
let first: string;
let mirrors = 0;

beforeAll(async () => {
  first = makeOrigin(root).first;
  http = await startHttp(root, `${good.user}:${good.password}`);
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  http.logins.length = 0;
});
afterAll(async () => {
  await http.stop();
  rmSync(root, { recursive: true, force: true });
});

function mirrorFolder(): string {
  mirrors += 1;
  return join(root, `mirror-${mirrors}`);
}

async function open(url: string, login?: Credentials, timeoutMs?: number) {
  const mirror = mirrorFolder();
  const credentials = login === undefined ? undefined : () => Promise.resolve(login);
  return { mirror, remote: await openGit({ url, mirror, credentials, timeoutMs }) };
}

/** Every text below a folder. */
function textsIn(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

/** The arguments of every process that runs now. */
function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'latin1')];
      } catch {
        return []; // it has ended
      }
    });
}

describe('credentials of a remote', () => {
  it('are sent to the server, and leave nothing in the mirror', async () => {
    const { mirror, remote } = await open(http.url('origin.git'), good);
    expect(await remote.defaultBranch()).toEqual({ name: 'main', commit: first });
    await remote.fetch([first]);
    expect(http.logins).toContain(`${good.user}:${good.password}`);
    expect(textsIn(mirror)).not.toContain(good.password);
    expect(readdirSync(mirror).filter((name) => name.startsWith('scratch'))).toEqual([]);
    expect(remote.address).toBe(http.url('origin.git'));
  });

  it('stand in no argument of any process', async ({ skip }) => {
    skip(process.platform !== 'linux', 'needs /proc');
    const seen: string[] = [];
    const server = await startHttp(root, `${good.user}:${good.password}`, () => seen.push(...commandLines()));
    servers.push(server);
    const { remote } = await open(server.url('origin.git'), good);
    await remote.fetch([first]);
    expect(server.logins).toContain(`${good.user}:${good.password}`);
    expect(seen.join('\n')).toContain('remote-http');
    expect(seen.join('\n')).not.toContain(good.password);
  });

  it('go to a host however it is written', async () => {
    const { remote } = await open(http.url('origin.git').replace('127.0.0.1', 'LocalHost'), good);
    expect((await remote.defaultBranch()).commit).toBe(first);
  });

  it('that are wrong give one clear error at once, without the password', async () => {
    const wrong = { user: good.user, password: 'not-the-right-token' };
    const { remote } = await open(http.url('origin.git'), wrong);
    const error: unknown = await remote.defaultBranch().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'git-failed', retryable: false });
    expect(String(error)).toMatch(/refused our credentials/);
    expect(String(error)).not.toContain(wrong.password);
    expect(http.logins.filter((login) => login.endsWith(wrong.password))).toHaveLength(1);
  });

  it('that a server sends back in its words are in no message, neither plain nor encoded', async () => {
    const echo = await startEcho();
    servers.push(echo);
    const { remote } = await open(echo.url('origin.git'), good);
    const error: unknown = await remote.defaultBranch().catch((thrown: unknown) => thrown);
    expect(echo.logins).toContain(`${good.user}:${good.password}`);
    expect(String(error)).toMatch(/you sent/);
    const encoded = Buffer.from(`${good.user}:${good.password}`).toString('base64');
    expect(String(error)).not.toContain(good.password);
    expect(String(error)).not.toContain(encoded.slice(-16));
  });

  it('are missed clearly where there are none, and nobody is prompted', async () => {
    const { remote } = await open(http.url('origin.git'));
    await expect(remote.defaultBranch()).rejects.toThrow(/refused our credentials, or it got none/);
  });

  it('do not follow a redirect to another host', async () => {
    const thief = await startHttp(root, 'nobody:nothing');
    const lure = await startRedirect((path) => thief.url(path));
    servers.push(thief, lure);
    const { remote } = await open(lure.url('origin.git'), good);
    await expect(remote.defaultBranch()).rejects.toMatchObject({ code: 'git-failed', retryable: false });
    expect(thief.logins.length).toBeGreaterThan(0);
    expect([...thief.logins, ...lure.logins].join('')).toBe('');
  });

  it('are asked for each time, so that a new token works', async () => {
    let password = 'expired-token';
    const credentials = () => Promise.resolve({ user: good.user, password });
    const remote = await openGit({ url: http.url('origin.git'), mirror: mirrorFolder(), credentials });
    await expect(remote.defaultBranch()).rejects.toThrow(/refused our credentials/);
    ({ password } = good);
    expect((await remote.defaultBranch()).commit).toBe(first);
  });

  it.each([
    { user: '', password: 'x' },
    { user: 'x', password: '' },
    { user: 'x', password: 'a\nb' },
  ])('%j are refused before anything is asked', async (login) => {
    const { remote } = await open(http.url('origin.git'), login);
    await expect(remote.defaultBranch()).rejects.toMatchObject({ code: 'secret-missing' });
    expect(http.logins).toEqual([]);
  });

  it('with odd characters come through', async () => {
    const odd = { user: 'bot@example.com', password: `a'b"c$(d)\\e %f` };
    const server = await startHttp(root, `${odd.user}:${odd.password}`);
    servers.push(server);
    const { remote } = await open(server.url('origin.git'), odd);
    expect((await remote.defaultBranch()).commit).toBe(first);
  });
});

describe('a server that never answers', () => {
  it('is given up over http, and the failure can be tried again', async () => {
    const silent = await startSilent();
    servers.push(silent);
    const { remote } = await open(silent.url('origin.git'), good, 1_500);
    await expect(remote.defaultBranch()).rejects.toMatchObject({ code: 'git-failed', retryable: true });
  });

  it('is given up over git', async () => {
    const taken: { destroy(): void }[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      taken.push(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push({
      stop: () =>
        new Promise((resolve) => {
          for (const socket of taken) socket.destroy();
          server.close(() => resolve());
        }),
    });
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { remote } = await open(`git://127.0.0.1:${port}/x.git`, undefined, 1_500);
    await expect(remote.fetch([first])).rejects.toThrow(/took longer than 2 s and was stopped/);
    await expect(remote.branches('')).rejects.toMatchObject({ retryable: true });
  });
});
