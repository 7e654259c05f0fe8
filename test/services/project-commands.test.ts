import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/engine/ports/clock.js';
import { openBlobs } from '../../src/engine/blobs.js';
import { openLog, readLog } from '../../src/engine/logs.js';
import { runProjectCommand, type CommandPlace } from '../../src/services/command/project-commands.js';
import { openGit } from '../../src/services/git/remote.js';
import { folderRecords } from '../../src/services/records/folder.js';
import { makeSandbox } from '../../src/sandbox/make-sandbox.js';

const secret = 'a-secret-of-some-length';
const isRoot = process.getuid?.() === 0;

let folder: string;
let place: CommandPlace;
let commit: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-project-'));
  // The other user has to get to its work folder.
  await chmod(folder, 0o755);
  const { repo } = await makeSandbox(join(folder, 'sandbox'), { path: process.env['PATH'] ?? '' });
  const git = await openGit({ url: repo, mirror: join(folder, 'mirror.git') });
  commit = (await git.defaultBranch()).commit;
  place = {
    git,
    blobs: openBlobs(folderRecords(join(folder, 'records'))),
    root: join(folder, 'work'),
    path: process.env['PATH'] ?? '',
    runAs: undefined,
    secret: () => secret,
    allSecrets: [secret],
    graceMs: 1_000,
  };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a small shell program as a project's command, and says what it wrote. */
async function build(program: string, more: Partial<CommandPlace> = {}) {
  const records = folderRecords(join(folder, 'logs'));
  const log = openLog(records, systemClock, 'run', 'build', 1);
  const ended = await runProjectCommand(
    { ...place, ...more },
    {
      argv: ['sh', '-c', program],
      commit,
      packs: [],
      base: commit,
      env: { VERSION: '1.0' },
      secrets: ['TOKEN'],
      timeoutMs: 30_000,
      fresh: [],
      produces: { tarball: 'dist/*.tar.gz' },
      log,
      signal: new AbortController().signal,
    },
  );
  await log.end();
  return { ...ended, log: await readLog(records, 'run', 'build') };
}

describe.each([
  ['as this user', undefined],
  ['as another user', { uid: 65_534, gid: 65_534 }],
])('a command of a project %s', (_, runAs) => {
  const isPossible = runAs === undefined || isRoot;

  test('leaves exactly the file that it built, and no secret in its log', async ({ skip }) => {
    skip(!isPossible, 'needs root');
    const made = await build('mkdir dist && echo built > dist/a-$VERSION.tar.gz; echo $TOKEN; id -u', {
      runAs,
    });
    expect(made.result).toMatchObject({ reason: 'exited', exit: 0 });
    expect(made.files['tarball']?.name).toBe('a-1.0.tar.gz');
    expect(Buffer.from(made.files['tarball']?.bytes ?? []).toString()).toBe('built\n');
    expect(made.log).toContain('***');
    expect(made.log).not.toContain(secret);
    expect(made.log).toContain(String(runAs?.uid ?? process.getuid?.()));
  });

  test('cannot hand over a link, a name for a terminal, or two files', async ({ skip }) => {
    skip(!isPossible, 'needs root');
    const link = build('mkdir dist && ln -s /etc/hostname dist/a.tar.gz', { runAs });
    await expect(link).rejects.toMatchObject({ code: 'artifact-invalid' });
    const name = build('mkdir dist && echo x > "dist/$(printf \'a\\033[2J\').tar.gz"', { runAs });
    await expect(name).rejects.toMatchObject({ code: 'artifact-invalid' });
    await expect(name).rejects.not.toThrow('\u001b');
    const huge = build('mkdir dist && truncate -s 3G dist/a.tar.gz', { runAs });
    await expect(huge).rejects.toMatchObject({ code: 'artifact-invalid' });
    await expect(huge).rejects.toThrow('has more than 2147483647 bytes');
    const two = build('mkdir dist && echo x > dist/a.tar.gz && echo y > dist/b.tar.gz', { runAs });
    await expect(two).rejects.toThrow('exactly one file');
  });
});
