import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBlobs } from '../../src/engine/blobs.js';
import { openLog, readLog } from '../../src/engine/logs.js';
import { systemClock } from '../../src/engine/ports/clock.js';
import type { ProjectCommand } from '../../src/services/command/command.js';
import { runProjectCommand, type CommandPlace } from '../../src/services/command/project-commands.js';
import { openGit } from '../../src/services/git/remote.js';
import { folderRecords } from '../../src/services/records/folder.js';
import { commitFile, git, makeOrigin } from './git-origin.js';

const isRoot = process.getuid?.() === 0;
let folder: string;
let place: CommandPlace;
let commit: string;
let runs = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-changes-'));
  await chmod(folder, 0o755); // the other user has to get to its work folder
  const { origin, work } = makeOrigin(folder);
  commitFile(work, 'deep/app.lock', 'locked 1.0.0\n', 'feat: lock');
  git(work, 'config', 'core.symlinks', 'true');
  commitFile(work, 'other.txt', 'other\n', 'feat: other');
  commitFile(work, '.github/workflows/ci.yml', 'on: push\n', 'feat: ci');
  commitFile(work, 'deep/.gitattributes', '*.lock text\n', 'feat: attributes');
  for (let n = 0; n < 25; n += 1) commitFile(work, `many/${n}`, `${n}`, `feat: ${n}`);
  git(work, 'push', '--quiet', 'origin', 'main');
  const remote = await openGit({ url: origin, mirror: join(folder, 'mirror.git') });
  ({ commit } = await remote.defaultBranch());
  place = {
    git: remote,
    blobs: openBlobs(folderRecords(join(folder, 'records'))),
    root: join(folder, 'commands'),
    path: process.env['PATH'] ?? '',
    runAs: undefined,
    secret: () => '',
    allSecrets: [],
    graceMs: 1_000,
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const write = [{ path: 'VERSION', content: Buffer.from('2.0.0\n') }];

async function change(script: string, more: Partial<ProjectCommand> = {}, runAs?: CommandPlace['runAs']) {
  runs += 1;
  const records = folderRecords(join(folder, 'logs'));
  const log = openLog(records, systemClock, `run-${runs}`, 'follow', 1);
  const spec: ProjectCommand = {
    argv: ['sh', '-c', script],
    write,
    keepChanges: true,
    commit,
    packs: [],
    base: commit,
    env: {},
    secrets: [],
    timeoutMs: 30_000,
    fresh: [],
    produces: {},
    log,
    signal: new AbortController().signal,
    ...more,
  };
  const ended = await runProjectCommand({ ...place, runAs }, spec);
  await log.end();
  const changed = Object.fromEntries(
    ended.changed.map(({ path, content }) => [path, Buffer.from(content).toString()]),
  );
  return { ...ended, changed, log: await readLog(records, `run-${runs}`, 'follow') };
}

describe.each([
  ['as this user', undefined],
  ['as another user', { uid: 65_534, gid: 65_534 }],
])('files that commands change %s', (_, runAs) => {
  const isPossible = runAs === undefined || isRoot;

  it('come back: those of the repository that are otherwise, nothing else', async ({ skip }) => {
    skip(!isPossible, 'needs root');
    const lock =
      'echo "locked $(cat VERSION)" > deep/app.lock; mkdir cache; echo x > cache/x; touch other.txt';
    const { changed, result } = await change(lock, {}, runAs);
    expect(result).toMatchObject({ reason: 'exited', exit: 0 });
    expect(changed).toEqual({ 'deep/app.lock': 'locked 2.0.0\n' });
    expect(await readdir(join(folder, 'commands'))).toEqual([]);
  });

  it.each([
    ['a removed file', 'rm other.txt', /removed "other.txt"/],
    ['a link', 'ln -sf /etc/hostname other.txt', /no ordinary file/],
    [
      'a folder that leads out',
      'mv deep $TMPDIR/deep && ln -s $TMPDIR/deep deep && echo x > deep/app.lock',
      /leads out of the repository/,
    ],
    ['too many files', 'for f in many/*; do echo x > $f; done', /more than 20 files/],
    ['a file that is too big', 'head -c 21000000 /dev/zero > other.txt', /21000000 bytes/],
    ['a workflow', 'echo "on: {}" > .github/workflows/ci.yml', /ci.yml", which is no lock file/],
    ['how git reads files', 'echo "* -text" > deep/.gitattributes', /no lock file/],
    ['a pipe', 'rm other.txt; mkfifo other.txt', /no ordinary file/],
  ])('are refused with %s', async (__, script, says) => {
    if (!isPossible) return;
    const asked = change(script, {}, runAs);
    await expect(asked).rejects.toMatchObject({ code: 'artifact-invalid' });
    await expect(asked).rejects.toThrow(says);
  });
});

describe('several commands', () => {
  it('share one folder, stop at the first that fails, and say which', async () => {
    const first = await change('echo one > untracked', { more: [['sh', '-c', 'cat untracked > other.txt']] });
    expect(first.changed).toEqual({ 'other.txt': 'one\n' });
    expect(first.log).toContain('$ sh -c cat untracked > other.txt');
    const failed = await change('echo one > other.txt', {
      more: [
        ['sh', '-c', 'exit 3'],
        ['sh', '-c', 'echo never; touch never'],
      ],
    });
    expect(failed).toMatchObject({ argv: ['sh', '-c', 'exit 3'], result: { exit: 3 }, changed: {} });
    expect(failed.log).not.toContain('never\n');
  });

  it('share one time limit', async () => {
    const { result, argv } = await change('sleep 0.5', { more: [['sleep', '30']], timeoutMs: 1_500 });
    expect(result.reason).toBe('timed-out');
    expect(argv).toEqual(['sleep', '30']);
  });

  it('bring back a version file that they wrote again, and nothing where it was not asked for', async () => {
    expect((await change('echo 3.0.0 > VERSION')).changed).toEqual({ VERSION: '3.0.0\n' });
    expect((await change('echo x > other.txt', { keepChanges: false })).changed).toEqual({});
  });

  it.each(['../out', '/elsewhere/out', '.git/config', 'a\0b'])(
    'nothing is written to %j first',
    async (path) => {
      await expect(change('true', { write: [{ path, content: Buffer.from('x') }] })).rejects.toThrow(
        /refused/,
      );
    },
  );
});
