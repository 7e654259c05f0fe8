import { readdir } from 'node:fs/promises';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';
import { saidIn } from './said.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const steps = `
      - uses: commit
        id: bump
        version: true
        message: Release {version}
      - include: build
      - uses: store
        artifacts: [tarball]
      - uses: tag
      - uses: channel
        move: [next]
      - uses: announce
        to: [eng-process]
        text: 'app {version} ({release-kind}) follows {previous} as {tag} on {branch}'`;

const candidate = (name: string): string => `
  ${name}:
    about: The next ${name} of the line.
    line: open
    next: [${name}]
    inputs:
      commits: { type: commits, about: Commits to pick, optional: true }
    steps:
      - uses: cherry-pick
        commits: '{inputs.commits}'${steps}
`;

/** A process for a package of npm, as docs/processes.md says how to write one. */
const process = (counter: string): string => `process: app
about: Alpha, beta, rc and final versions of a package.

version:
  scheme: semver
  candidate: [alpha, beta, rc]
  counter: ${counter}
  from: { path: package.json, key: version }
  also: [{ path: src/version.mjs, line: "export const version = '{version}';" }]
  follow: [[node, scripts/lock.mjs]]
  tag: v{version}
  branch: release/{line}

artifacts:
  tarball:
    file: dist/app-*.tgz
    archive: { in: releases, path: 'app-{version}.tgz' }

channels:
  next: { in: latest, files: { tarball: next/app.tgz } }
  stable: { in: latest, files: { tarball: app.tgz } }

parts:
  build:
    - run: [node, scripts/pack.mjs]
      id: build
      produces: [tarball]
      timeout: 5m

operations:
  cut:
    about: Cut the release branch and publish the first alpha.
    line: new -> open
    next: [alpha]
    steps:
      - uses: branch${steps}
${candidate('alpha')}${candidate('beta')}${candidate('rc')}
  promote:
    about: Build the final version, approve those very bytes, publish them.
    line: open -> final
    next: [final]
    steps:
      - uses: commit
        id: bump
        version: true
        push: after-gate
        message: Release {version}
      - include: build
      - uses: approve
      - uses: push
      - uses: store
        artifacts: [tarball]
      - uses: tag
      - uses: channel
        move: [next, stable]
      - uses: announce
        to: [releases]
        text: 'app {version} ({release-kind}) follows {previous} as {tag}; next is {next-development}'

  abandon:
    about: Give up this line.
    line: open -> abandoned
    inputs:
      reason: { type: text, about: Why }
    steps:
      - uses: channel
        move: [next]
        to: stable
      - uses: announce
        to: [eng-process]
        text: '{line} is abandoned: {inputs.reason}'
`;

const files = (version: string): Record<string, string> => ({
  'package.json': `{\n  "name": "app",\n  "version": "${version}"\n}\n`,
  'src/version.mjs': `export const version = '${version}';\n`,
  'package-lock.json': `{"name":"app","version":"${version}"}\n`,
});

const lock = `import { readFileSync, writeFileSync } from 'node:fs';
const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
writeFileSync('package-lock.json', JSON.stringify({ name, version }) + '\\n');
`;

const pack = `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
mkdirSync('dist', { recursive: true });
writeFileSync('dist/app-' + version + '.tgz', 'app ' + version + '\\n');
`;

async function openPackage(counter: 'restarts' | 'continues'): Promise<Room> {
  const room = await openRoom();
  await room.origin.commit(
    'main',
    { ...files('1.4.0'), 'scripts/lock.mjs': lock, 'scripts/pack.mjs': pack },
    'feat: a package',
  );
  await room.edit('kestrel.yml', () => process(counter));
  return room;
}

/** What a run has announced. */
async function saidBy(room: Room, run: string, place = 'eng-process'): Promise<string> {
  return (await saidIn(room.opened, place, `${run}_announce`)).join('|');
}

/** Says an operation and waits for its end; returns what it announced. */
async function done(room: Room, line: string): Promise<string> {
  const run = await room.starts('ana', line);
  await room.over(run);
  return saidBy(room, run);
}

/** The files that say the version, at a ref. */
async function said(room: Room, ref: string): Promise<Record<string, string>> {
  const entries = Object.keys(files('')).map(async (path) => [
    path,
    `${await room.origin.read(ref, path)}\n`,
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

async function head(room: Room, branch: string): Promise<string> {
  return ((await room.origin.refs())[`refs/heads/${branch}`] ?? '').slice(0, 7);
}

async function served(room: Room, key: string): Promise<string> {
  const services = await room.opened.services.of('kestrel', '');
  return (await (await services.storage('latest')).head(key))?.metadata['version'] ?? '';
}

async function promoted(room: Room): Promise<string> {
  const run = await room.starts('ana', 'release promote');
  await room.says('ben', `approve ${run} --seal ${await room.seal(run)}`);
  await room.over(run);
  return saidBy(room, run, 'releases');
}

describe('a package with versions of SemVer', () => {
  test(
    'alphas and the final version: every name, file, tag, channel and word',
    { timeout: 60_000 },
    async () => {
      const room = await openPackage('restarts');
      expect((await room.says('ana', 'plan cut')).lines).toEqual(
        expect.arrayContaining([
          'Plan: cut kestrel 1.4.0-alpha.1. Nothing was changed.',
          '1 Create the branch release/1.4.0 at ' + (await head(room, 'main')),
          '2 Let node scripts/lock.mjs bring its files after the version',
          '3 Commit "Release 1.4.0-alpha.1" to release/1.4.0',
          '5 Store tarball as releases/app-1.4.0-alpha.1.tgz',
          '6 Tag the commit as v1.4.0-alpha.1',
        ]),
      );
      const first = 'app 1.4.0-alpha.1 (pre-release) follows  as v1.4.0-alpha.1 on release/1.4.0';
      expect(await done(room, 'release cut')).toBe(first);
      const fix = await room.origin.commit('main', { 'src/app.mjs': '// fixed\n' }, 'fix: the app');
      expect(await done(room, `release alpha --input commits=${fix}`)).toBe(
        'app 1.4.0-alpha.2 (pre-release) follows 1.4.0-alpha.1 as v1.4.0-alpha.2 on release/1.4.0',
      );
      expect(await said(room, 'v1.4.0-alpha.2')).toEqual(files('1.4.0-alpha.2'));
      expect(await room.origin.read('v1.4.0-alpha.2', 'src/app.mjs')).toBe('// fixed');
      expect((await room.says('ana', 'version')).lines).toEqual(
        expect.arrayContaining([
          'kestrel · semver, candidates alpha, beta, rc',
          '  open · 1.4.0, newest 1.4.0-alpha.2',
          '  ▶ promote · 1.4.0',
        ]),
      );
      expect([await served(room, 'next/app.tgz'), await served(room, 'app.tgz')]).toEqual([
        '1.4.0-alpha.2',
        '',
      ]);

      expect(await promoted(room)).toBe('app 1.4.0 (release) follows  as v1.4.0; next is 1.5.0');
      expect(await said(room, 'v1.4.0')).toEqual(files('1.4.0'));
      expect([await served(room, 'next/app.tgz'), await served(room, 'app.tgz')]).toEqual(['1.4.0', '1.4.0']);
      expect(
        Object.keys(await room.origin.refs())
          .filter((ref) => !ref.includes('kestrel'))
          .sort(),
      ).toEqual([
        'refs/heads/main',
        'refs/heads/release/1.4.0',
        'refs/tags/v1.4.0',
        'refs/tags/v1.4.0-alpha.1',
        'refs/tags/v1.4.0-alpha.2',
      ]);
      expect(
        (await readdir(room.sandbox.storage.releases)).filter((name) => name.endsWith('.tgz')).sort(),
      ).toEqual(['app-1.4.0-alpha.1.tgz', 'app-1.4.0-alpha.2.tgz', 'app-1.4.0.tgz']);
    },
  );

  test('the next line begins to count anew', { timeout: 60_000 }, async () => {
    const next = '1.5.0-alpha.1';
    const room = await openPackage('restarts');
    await done(room, 'release cut');
    await done(room, 'release alpha --again');
    await promoted(room);
    expect((await room.says('ana', 'release cut')).lines.join('\n')).toContain(
      'raise it to 1.5.0 in package.json',
    );
    await room.origin.commit('main', { ...files('1.5.0'), 'src/app.mjs': '// more\n' }, 'feat: more');
    expect(await done(room, 'release cut')).toBe(
      `app ${next} (pre-release) follows 1.4.0 as v${next} on release/1.5.0`,
    );
    expect([await served(room, 'next/app.tgz'), await served(room, 'app.tgz')]).toEqual([next, '1.4.0']);
    await done(room, "release abandon --input 'reason=too early'");
    expect(await served(room, 'next/app.tgz')).toBe('1.4.0');
  });

  test('each name has numbers of its own, and none goes back', { timeout: 60_000 }, async () => {
    const room = await openPackage('continues');
    await done(room, 'release cut');
    await done(room, 'release alpha --again');
    expect(await done(room, 'release beta --again')).toBe(
      'app 1.4.0-beta.1 (pre-release) follows 1.4.0-alpha.2 as v1.4.0-beta.1 on release/1.4.0',
    );
    const back = await room.says('ana', 'release alpha --again');
    expect(back).toMatchObject({ exit: 1 });
    expect(back.lines[0]).toBe('1.4.0-alpha.3 would be below 1.4.0-beta.1, which is published.');
    expect(await done(room, 'release rc --again')).toContain('app 1.4.0-rc.1 (pre-release)');
    expect(await served(room, 'next/app.tgz')).toBe('1.4.0-rc.1');
    await promoted(room);
    await room.origin.commit('main', { ...files('1.5.0'), 'src/app.mjs': '// more\n' }, 'feat: more');
    expect(await done(room, 'release cut')).toContain('app 1.5.0-alpha.3 (pre-release) follows 1.4.0');
    expect(await done(room, 'release beta --again')).toContain('app 1.5.0-beta.2 (pre-release)');
  });

  test('the candidate is a word for people', { timeout: 60_000 }, async () => {
    const room = await openPackage('restarts');
    await room.edit('kestrel.yml', (text) => text.replaceAll('({release-kind})', '({candidate})'));
    expect(await done(room, 'release cut')).toContain('app 1.4.0-alpha.1 (alpha.1) follows');
  });

  test('what is not of the scheme is refused', { timeout: 60_000 }, async () => {
    const room = await openPackage('restarts');
    await done(room, 'release cut');
    for (const wrong of ['1.4', 'v1.4.0', '1.4.0-emergency', '1.4.0+1', '01.4.0'])
      expect((await room.says('ana', `release promote ${wrong}`)).exit).toBe(2);
    expect((await room.says('ana', 'release promote 1.4.0-alpha.1')).lines[0]).toBe(
      '1.4.0-alpha.1 is a candidate of the line 1.4.0.',
    );
    await room.origin.commit('main', { 'package.json': '{ "version": "1.6" }\n' }, 'chore: wrong');
    const cut = await room.says('ana', 'release cut');
    expect(cut.exit).not.toBe(0);
    expect(cut.lines[0]).toBe('package.json: "1.6" is no version of the scheme semver.');
  });
});
