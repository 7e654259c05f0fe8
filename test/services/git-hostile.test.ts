import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Git } from '../../src/services/git/git.js';
import { linkReader } from '../../src/services/git/symlinks.js';
import { openGit } from '../../src/services/git/remote.js';
import { commitFile, environment, git, makeOrigin } from './git-origin.js';

const identity = { name: 'Slipway', email: 'slipway@example.com' };
const trailer = 'Slipway-Run: kestrel_1.0.0_fixup_1';
const root = mkdtempSync(join(tmpdir(), 'slipway-hostile-'));
let work: string;
let origin: string;
let remote: Git;
let base: string;
let places = 0;

afterAll(() => rmSync(root, { recursive: true, force: true }));

beforeEach(async () => {
  places += 1;
  const folder = join(root, `p${places}`);
  ({ work, origin } = makeOrigin(folder));
  base = commitFile(work, 'app.txt', 'one\n', 'feat: app');
  git(work, 'push', '--quiet', 'origin', 'main');
  remote = await openGit({ url: origin, mirror: join(folder, 'mirror') });
});

/** Writes a commit object byte for byte, as no git command would, and makes it main. */
async function forge(author: string, message: string, path = 'evil.txt'): Promise<string> {
  commitFile(work, path, 'x\n', 'a tree');
  const tree = git(work, 'rev-parse', 'HEAD^{tree}');
  const parent = git(work, 'rev-parse', 'HEAD^');
  const text = `tree ${tree}\nparent ${parent}\nauthor ${author}\ncommitter Eve <eve@example.com> 1700000001 +0000\n\n${message}`;
  const sha = execFileSync('git', ['hash-object', '-t', 'commit', '-w', '--stdin', '--literally'], {
    cwd: work,
    env: environment,
    input: text,
  })
    .toString()
    .trim();
  git(work, 'reset', '--quiet', '--hard', sha);
  git(work, 'push', '--quiet', '--force', 'origin', `${sha}:refs/heads/main`);
  await remote.fetch([sha]);
  return sha;
}

describe('a hostile commit', () => {
  it.each([
    ['a carriage return', '\r'],
    ['a line separator', '\u2028'],
    ['a paragraph separator', '\u2029'],
  ])('cannot write headers with %s in the name of its author', async (_, end) => {
    const fake = '1'.repeat(40);
    const author = `Eve${end}parent ${fake}${end}author Ada${end}tree ${fake} <eve@example.com> 1700000002 +0000`;
    const sha = await forge(author, 'feat: evil\n');
    const read = await remote.readCommit(sha);
    expect(read).toMatchObject({ parents: [base], date: 1_700_000_002 });
    expect(read.tree).toBe(git(work, 'rev-parse', `${sha}^{tree}`));
    const picked = await remote.cherryPick({ onto: base, commits: [sha], trailer, identity, date: 1_000 });
    expect(picked).toMatchObject({ is: 'picked', picked: [{ commit: sha }], left: [] });
    if (picked.is !== 'picked') return;
    expect(await remote.readCommit(picked.head)).toMatchObject({ parents: [base], date: 1_700_000_002 });
  });

  it('with a null in its message is not picked: what stands behind it nobody would see', async () => {
    const sha = await forge('Eve <eve@example.com> 1700000002 +0000', 'fix: it\0hidden\n');
    const release = commitFile(work, 'r.txt', 'r\n', 'chore: release');
    git(work, 'reset', '--quiet', '--hard', base);
    const onto = commitFile(work, 'r.txt', 'r\n', 'chore: line');
    git(work, 'push', '--quiet', 'origin', `${release}:refs/heads/a`, `${onto}:refs/heads/release`);
    await remote.fetch([onto]);
    await expect(
      remote.cherryPick({ onto, commits: [sha], trailer, identity, date: 1_000 }),
    ).rejects.toMatchObject({ code: 'git-failed', message: expect.stringContaining('null') });
  });
});

describe('what is made to keep us busy', () => {
  it('a message of newlines is read at once', async () => {
    const sha = await forge(
      'Eve <eve@example.com> 1700000002 +0000',
      `fix: it\n${'\n'.repeat(1_000_000)}end\n`,
    );
    const started = performance.now();
    const [entry] = await remote.history(sha, { limit: 1 });
    expect(entry?.subject).toBe('fix: it');
    expect(entry?.message.endsWith('\nend')).toBe(true);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('links that lead to each other by very long ways are refused at once', () => {
    const way = 'a/'.repeat(2_000);
    const links = new Map(
      Array.from({ length: 1_000 }, (_, n) => [`l${n}`, `${way}${'../'.repeat(2_000)}l${n + 1}`]),
    );
    const started = performance.now();
    const leadsOut = linkReader(links);
    expect([...links.keys()].filter((path) => leadsOut(path)).length).toBeGreaterThan(900);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('a thousand tags', () => {
  it('are brought in and looked through at once', async () => {
    const commits = Array.from(
      { length: 1_000 },
      (_, n) =>
        `commit refs/heads/main\ncommitter A <a@b> ${1_700_000_000 + n} +0000\ndata 1\nx\n${n === 0 ? `from ${base}\n` : ''}M 100644 inline f\ndata <<X\n${n}\nX\n\nreset refs/tags/v${n}\nfrom refs/heads/main\n\n`,
    );
    const how = { env: environment, input: commits.join('') };
    execFileSync('git', ['--git-dir', origin, 'fast-import', '--quiet'], how);
    const heads = (await remote.tags('v')).map(({ commit }) => commit);
    const started = performance.now();
    await remote.fetch(heads);
    await remote.fetch(heads);
    expect(await remote.mergedInto(base, heads)).toEqual(heads);
    const last = git(origin, 'rev-parse', 'v999');
    expect(await remote.mergedInto(last, [base, ...heads])).toEqual([last]);
    expect(await remote.mergedInto(base, [])).toEqual([]);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('a hostile tag', () => {
  it('that names a file or a folder does not keep others from being looked at', async () => {
    const blob = git(work, 'rev-parse', 'HEAD:app.txt');
    const tree = git(work, 'rev-parse', 'HEAD^{tree}');
    git(work, 'tag', 'v0.1', blob);
    git(work, 'tag', '-a', '-m', 'x', 'v0.2', tree);
    git(work, 'tag', 'v0.3', base);
    git(work, 'push', '--quiet', 'origin', '--tags');
    const tags = await remote.tags('v');
    const heads = tags.map(({ commit }) => commit);
    await remote.fetch([base, ...heads]);
    expect(await remote.mergedInto(base, heads)).toEqual([base]);
    await expect(remote.resolve('v0.1')).rejects.toMatchObject({ code: 'command-invalid' });
    await expect(remote.resolve('v0.2')).rejects.toMatchObject({ code: 'command-invalid' });
  });
});
