import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readVersion, writeVersion } from '../../src/process/version-file.js';
import { fixes, oneMore } from '../../src/sandbox/fixes.js';
import { makeSandbox } from '../../src/sandbox/make-sandbox.js';
import { mergeFix } from '../../src/sandbox/merge-fix.js';
import type { Sandbox } from '../../src/sandbox/make-sandbox.js';

const root = mkdtempSync(join(tmpdir(), 'slipway-sandbox-'));
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await makeSandbox(join(root, 'one'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const env = { PATH: process.env['PATH'] ?? '', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

function git(...args: string[]): string {
  return execFileSync('git', ['--git-dir', sandbox.repo, ...args], { env, encoding: 'utf8' }).trim();
}

describe('the past of kestrel', () => {
  test('is eight commits by three people', () => {
    const log = git('log', '--first-parent', '--reverse', '--format=%an|%aI|%s', 'main').split('\n');
    expect(log).toHaveLength(8);
    expect(log[0]).toBe('Ana Lindqvist|2025-09-01T09:12:41+01:00|Kestrel, out of the old tools repository');
    expect(new Set(log.map((line) => line.split('|')[0])).size).toBe(3);
    expect(git('symbolic-ref', 'HEAD')).toBe('refs/heads/main');
    expect(git('fsck', '--strict')).toBe('');
  });

  test('has an annotated tag on the commit that says so', () => {
    expect(git('for-each-ref', '--format=%(refname) %(objecttype)', 'refs/tags')).toBe(
      'refs/tags/kestrel-v0.43.2 tag',
    );
    expect(git('show', 'kestrel-v0.43.2:pyproject.toml')).toContain('version = "0.43.2"');
    expect(git('show', '-s', '--format=%s', 'kestrel-v0.43.2^{commit}')).toBe(
      'Bumping Kestrel Version to v0.43.2',
    );
  });

  test('ends in the next version, and differs from commit to commit', () => {
    expect(
      readVersion(
        { path: 'pyproject.toml', key: 'project.version' },
        Buffer.from(git('show', 'main:pyproject.toml')),
      ),
    ).toBe('0.44.0');
    const trees = git('log', '--format=%T', 'main').split('\n');
    expect(new Set(trees).size).toBe(8);
  });
});

describe('a build', () => {
  /** Checks the head out, sets a version, builds, and returns the archive. */
  function build(folder: string, version: string): { archive: string; output: string } {
    const checkout = join(root, folder);
    execFileSync('git', ['clone', '--quiet', sandbox.repo, checkout], { env });
    const file = join(checkout, 'pyproject.toml');
    writeFileSync(file, writeVersion({ path: file, key: 'project.version' }, readFileSync(file), version));
    const output = execFileSync('node', ['scripts/build.mjs'], {
      cwd: checkout,
      env: { PATH: env.PATH, SOURCE_DATE_EPOCH: '1757670000' },
      encoding: 'utf8',
    });
    return { archive: join(checkout, 'dist', `kestrel-${version}.tar.gz`), output };
  }

  test('tests, packs the same bytes each time, and the program knows its version', () => {
    const { archive, output } = build('first', '0.44.0rc1');
    expect(output).toMatch(/^kestrel 0\.44\.0rc1: testing\n/);
    expect(output).toContain('the longest line comes first');
    expect(output).toMatch(/kestrel 0\.44\.0rc1: packed dist\/kestrel-0\.44\.0rc1\.tar\.gz, \d+ bytes\n$/);

    execFileSync('tar', ['-xzf', archive, '-C', root], { env });
    const program = join(root, 'kestrel-0.44.0rc1', 'kestrel.mjs');
    expect(readFileSync(join(root, 'kestrel-0.44.0rc1', 'version.txt'), 'utf8')).toBe('0.44.0rc1\n');
    expect(execFileSync('node', [program, '--version'], { env, encoding: 'utf8' })).toBe('0.44.0rc1\n');
    const read = execFileSync('node', [program, '--count', '1', archive.replace(/dist.*/, 'README.md')], {
      env,
    });
    expect(read.toString()).toMatch(/^\d+\t/);

    const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
    expect(digest(build('second', '0.44.0rc1').archive)).toBe(digest(archive));
  });

  test('fails if a test fails, and packs nothing', () => {
    const checkout = join(root, 'broken');
    execFileSync('git', ['clone', '--quiet', sandbox.repo, checkout], { env });
    const file = join(checkout, 'src', 'kestrel.mjs');
    writeFileSync(file, readFileSync(file, 'utf8').replace('b.width - a.width', 'a.width - b.width'));
    expect(() => execFileSync('node', ['scripts/build.mjs'], { cwd: checkout, env, stdio: 'pipe' })).toThrow(
      'the tests failed',
    );
    expect(existsSync(join(checkout, 'dist'))).toBe(false);
  });
});

test('a second sandbox is the same, whatever the settings of the person', async () => {
  const other = await makeSandbox(join(root, 'two'), { path: env.PATH });
  const head = execFileSync('git', ['--git-dir', other.repo, 'rev-parse', 'main'], {
    env,
    encoding: 'utf8',
  }).trim();
  expect(head).toBe(git('rev-parse', 'main'));
  expect(readFileSync(other.process)).toEqual(readFileSync(sandbox.process));
});

test('a folder with something in it is left alone', async () => {
  await expect(makeSandbox(sandbox.folder)).rejects.toMatchObject({ code: 'refused' });
});

test('without git it says so', async () => {
  await expect(makeSandbox(join(root, 'none'), { path: root })).rejects.toMatchObject({ code: 'git-failed' });
});

test('fixes can be merged in their order, and the program still passes its tests', async () => {
  const { repo } = await makeSandbox(join(root, 'fixed'), { path: env.PATH });
  const first = await mergeFix(repo, fixes.lastLine, env.PATH);
  const second = await mergeFix(repo, fixes.noFile, env.PATH);
  const of = (...args: string[]): string =>
    execFileSync('git', ['--git-dir', repo, ...args], { env, encoding: 'utf8' }).trim();
  expect(of('rev-parse', 'main', 'main^')).toBe(`${second}\n${first}`);
  expect(of('fsck', '--strict')).toBe('');
  const checkout = join(root, 'fixed-checkout');
  execFileSync('git', ['clone', '--quiet', repo, checkout], { env });
  execFileSync('node', ['scripts/lock.mjs'], { cwd: checkout, env });
  expect(execFileSync('git', ['status', '--porcelain'], { cwd: checkout, env }).toString()).toBe('');
  execFileSync('node', ['scripts/build.mjs'], { cwd: checkout, env });
  expect(existsSync(join(checkout, 'dist', 'kestrel-0.44.0.tar.gz'))).toBe(true);
  await expect(mergeFix(repo, fixes.lastLine, env.PATH)).rejects.toMatchObject({ code: 'internal' });
});

test('one more fix can always be merged, onto any branch', async () => {
  const { repo } = await makeSandbox(join(root, 'more'), { path: env.PATH });
  const of = (...args: string[]): string =>
    execFileSync('git', ['--git-dir', repo, ...args], { env, encoding: 'utf8' });
  of('branch', 'release/kestrel-v0.44.0', 'main');
  const read = (): string => of('show', 'release/kestrel-v0.44.0:README.md');
  const before = of('rev-parse', 'main');
  for (const count of [4, 5, 6]) {
    const fix = oneMore(read());
    expect(fix.subject).toBe(`docs: an example with the ${count} longest lines`);
    await mergeFix(repo, fix, env.PATH, 'release/kestrel-v0.44.0');
  }
  expect(read()).toMatch(/(\nExample: node kestrel\.mjs --count [456] notes\.txt\n){3}$/);
  expect(of('rev-parse', 'main')).toBe(before);
  expect(of('fsck', '--strict')).toBe('');
});
