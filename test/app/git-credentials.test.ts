import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { gitCredentials } from '../../src/app/git-credentials.js';
import type { Installation } from '../../src/app/installation.js';
import { readEnvironment } from '../../src/config.js';
import { openGit } from '../../src/services/git/remote.js';
import { startHttp, type GitHttp } from '../servers/git-http.js';
import { makeOrigin } from '../services/git-origin.js';

const root = mkdtempSync(join(tmpdir(), 'slipway-forge-'));
const servers: GitHttp[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const token = 'glpat-very/secret+token';
const environment = readEnvironment({ PATH: process.env['PATH'], FORGE_USER: 'bot', FORGE_TOKEN: token });
const named = { user: { env: 'FORGE_USER' }, token: { env: 'FORGE_TOKEN' } };

function forges(url: string): Pick<Installation, 'forges'> {
  return {
    forges: {
      own: { kind: 'git', url, ...named },
      hub: { kind: 'github-token', token: named.token },
      app: { kind: 'github-app', app: { env: 'APP_ID' }, key: { env: 'APP_KEY' } },
    },
  };
}

describe('the credentials of a forge', () => {
  test.each([
    ['own', 'https://git.example.com/team/app.git', 'bot'],
    ['hub', 'https://github.com/team/app.git', 'x-access-token'],
  ])('of %s go to %s', async (forge, repo, user) => {
    const found = gitCredentials(forges('https://git.example.com/'), { forge, repo }, environment);
    expect(await found?.()).toEqual({ user, password: token });
  });

  test.each([
    ['another server', 'own', 'https://git.example.com.evil.example/team/app.git'],
    ['another port', 'own', 'https://git.example.com:8443/team/app.git'],
    ['no encryption', 'own', 'http://git.example.com/team/app.git'],
    ['another forge', 'hub', 'https://git.example.com/team/app.git'],
    ['ssh, which has keys', 'own', 'ssh://git@git.example.com/team/app.git'],
    ['a folder', 'own', '/srv/app.git'],
    ['an app, which is not logged in yet', 'app', 'https://github.com/team/app.git'],
    ['a forge that nobody declares', 'none', 'https://git.example.com/team/app.git'],
  ])('do not go to %s', (_, forge, repo) => {
    expect(gitCredentials(forges('https://git.example.com'), { forge, repo }, environment)).toBeUndefined();
  });

  test('open a real remote, and a wrong one is said without the token', async () => {
    const { first } = makeOrigin(root);
    const server = await startHttp(root, `bot:${token}`);
    servers.push(server);
    const repo = server.url('origin.git');
    const project = { forge: 'own', repo };
    const open = async (mirror: string, value: string) => {
      const other = readEnvironment({ FORGE_USER: 'bot', FORGE_TOKEN: value });
      const credentials = gitCredentials(forges(new URL(repo).origin), project, other);
      return openGit({ url: repo, mirror: join(root, mirror), ...(credentials && { credentials }) });
    };
    expect((await (await open('right', token)).defaultBranch()).commit).toMatch(/^[0-9a-f]{40}$/);
    expect(first).toMatch(/^[0-9a-f]{40}$/);
    const wrong = (await open('wrong', 'not-the-token')).defaultBranch();
    await expect(wrong).rejects.toMatchObject({ code: 'git-failed', retryable: false });
    await expect(wrong).rejects.not.toThrow(/not-the-token/);
  });
});
