import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Git } from '../../src/services/git/git.js';
import { openGit } from '../../src/services/git/remote.js';
import { commitFile, environment, git, makeOrigin } from './git-origin.js';

const identity = { name: 'Slipway', email: 'slipway@example.com' };
const date = 1_700_000_123_456;
const trailer = 'Slipway-Run: kestrel_1.0.0_fixup_1';
const root = mkdtempSync(join(tmpdir(), 'slipway-pick-'));
const lines = Array.from({ length: 30 }, (_, n) => `line ${n}`);
let folder: string;
let work: string;
let remote: Git;
let base: string;
let places = 0;

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A release branch that parted from main at `base`, where `app.txt` has thirty lines. */
beforeEach(async () => {
  places += 1;
  folder = join(root, `p${places}`);
  const made = makeOrigin(folder);
  work = made.work;
  base = commitFile(work, 'app.txt', `${lines.join('\n')}\n`, 'feat: app');
  git(work, 'push', '--quiet', 'origin', 'main');
  remote = await openGit({ url: made.origin, mirror: join(folder, 'mirror') });
  await remote.fetch([base]);
});

function change(line: number, text: string): string {
  return `${lines.map((old, n) => (n === line ? text : old)).join('\n')}\n`;
}

/** Commits on a branch as a person does, pushes it, and goes back to main. */
async function on(branch: string, path: string, content: string, subject: string): Promise<string> {
  const isThere = git(work, 'branch', '--list', branch) !== '';
  git(work, 'checkout', '--quiet', ...(isThere ? [branch] : ['-b', branch, base]));
  const commit = commitFile(work, path, content, subject);
  git(work, 'push', '--quiet', 'origin', branch);
  git(work, 'checkout', '--quiet', 'main');
  await remote.fetch([commit]);
  return commit;
}

function pick(onto: string, ...commits: string[]) {
  return remote.cherryPick({ onto, commits, trailer, identity, date });
}

/** The same, and it must work. */
async function picked(onto: string, ...commits: string[]) {
  const result = await pick(onto, ...commits);
  if (result.is !== 'picked') throw new Error(`conflict in ${result.files.join()}`);
  return result;
}

/** Everything in the mirror that is no object. */
function leftovers(): string[] {
  const mirror = join(folder, 'mirror');
  const names = readdirSync(mirror, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('/objects'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

describe('cherry-pick', () => {
  it('applies commits in the order given, as git cherry-pick -x would', async () => {
    const one = await on('main', 'app.txt', change(2, 'fixed two'), 'fix: two\n\nIt was wrong.');
    const two = await on('main', 'new.txt', 'new\n', 'feat: new\n\nSigned-off-by: Ada <ada@example.com>');
    const head = await on('release', 'app.txt', change(20, 'release'), 'chore: release');
    const before = leftovers();
    const result = await picked(head, two, one);
    expect(result.picked.map(({ commit, subject }) => [commit, subject])).toEqual([
      [two, 'feat: new'],
      [one, 'fix: two'],
    ]);
    expect(result.left).toEqual([]);
    expect(leftovers()).toEqual(before);
    expect(await remote.changedPaths(head, result.head)).toEqual(['app.txt', 'new.txt']);

    expect(await remote.push([{ ref: 'refs/heads/release', to: result.head, expected: head }])).toBe(
      'pushed',
    );
    git(work, 'fetch', '--quiet', 'origin');
    const show = (commit: string, format: string) =>
      git(work, 'log', '-1', `--format=${format}`, '--date=raw', commit);
    expect(show(result.head, '%an|%ad|%cn|%cd|%B')).toBe(
      `Ada|1700000000 +0000|Slipway|1700000123 +0000|fix: two\n\nIt was wrong.\n\n(cherry picked from commit ${one})\n${trailer}`,
    );
    expect(show(`${result.head}^`, '%B')).toBe(
      `feat: new\n\nSigned-off-by: Ada <ada@example.com>\n(cherry picked from commit ${two})\n${trailer}`,
    );
    expect(git(join(folder, 'origin.git'), 'fsck', '--strict')).toBe('');
    // git itself comes to the same tree.
    git(work, 'checkout', '--quiet', '--detach', head);
    git(work, 'cherry-pick', two, one);
    expect(git(work, 'rev-parse', 'HEAD^{tree}')).toBe(show(result.head, '%T'));
  });

  it('makes the same objects again, on every machine', async () => {
    const one = await on('main', 'app.txt', change(2, 'two'), 'fix: two');
    const head = await on('release', 'x', 'x', 'chore: release');
    const other = await openGit({ url: join(folder, 'origin.git'), mirror: join(folder, 'other') });
    await other.fetch([head, one]);
    const spec = { onto: head, commits: [one], trailer, identity, date };
    const made = await Promise.all([
      remote.cherryPick(spec),
      remote.cherryPick(spec),
      other.cherryPick(spec),
    ]);
    expect(made[1]).toEqual(made[0]);
    expect(made[2]).toEqual(made[0]);
  });

  it('names the commit and the files of a conflict, and leaves nothing', async () => {
    const fine = await on('main', 'fine.txt', 'fine', 'feat: fine');
    const bad = await on('main', 'app.txt', change(5, 'main says'), 'fix: five');
    const head = await on('release', 'app.txt', change(5, 'release says'), 'fix: five otherwise');
    const before = leftovers();
    expect(await pick(head, fine, bad)).toEqual({
      is: 'conflict',
      commit: bad,
      subject: 'fix: five',
      files: ['app.txt'],
    });
    expect(leftovers()).toEqual(before);
    expect((await remote.remoteRefs(['refs/heads/release'])).get('refs/heads/release')?.commit).toBe(head);
  });

  it('reports a file that the branch has removed', async () => {
    const bad = await on('main', 'app.txt', change(5, 'main says'), 'fix: five');
    git(work, 'checkout', '--quiet', '-b', 'release', base);
    git(work, 'rm', '--quiet', 'app.txt');
    const head = await on('release', 'other', 'x', 'chore: remove');
    expect(await pick(head, bad)).toMatchObject({ is: 'conflict', files: ['app.txt'] });
  });

  it('leaves out what is there: in the history, by an -x line, by the same change', async () => {
    const one = await on('main', 'one', 'one', 'feat: one');
    const two = await on('main', 'two', 'two', 'feat: two');
    const three = await on('main', 'app.txt', change(3, 'three'), 'fix: three');
    const named = await on(
      'release',
      'two',
      'two, adapted',
      `feat: two\n\n(cherry picked from commit ${two})`,
    );
    const same = await on('release', 'app.txt', change(3, 'three'), 'fix: another name');
    const result = await picked(same, base, one, two, three);
    expect(result.picked.map(({ commit }) => commit)).toEqual([one]);
    expect(result.left).toEqual([
      { commit: base, subject: 'feat: app', why: 'in-history', at: base },
      { commit: two, subject: 'feat: two', why: 'picked', at: named },
      { commit: three, subject: 'fix: three', why: 'same-change', at: same },
    ]);
    // Asked again, all of it is there, and the head stays.
    const again = await picked(result.head, one, two, three);
    expect(again.head).toBe(result.head);
    expect(again.left.map(({ why }) => why)).toEqual(['picked', 'picked', 'same-change']);
    // Also when it is named twice in one breath.
    expect((await picked(same, one, one)).left.map(({ why }) => why)).toEqual(['picked']);
  });

  it('picks again what was reverted, and not what came back', async () => {
    const one = await on('main', 'one', 'one', 'feat: one');
    const first = await on('release', 'one', 'one', `feat: one\n\n(cherry picked from commit ${one})`);
    git(work, 'checkout', '--quiet', 'release');
    git(work, 'revert', '--no-edit', first);
    const reverted = git(work, 'rev-parse', 'HEAD');
    git(work, 'push', '--quiet', 'origin', 'release');
    await remote.fetch([reverted]);
    expect((await picked(reverted, one)).picked).toHaveLength(1);
    git(work, 'revert', '--no-edit', reverted);
    const back = git(work, 'rev-parse', 'HEAD');
    git(work, 'push', '--quiet', 'origin', 'release');
    await remote.fetch([back]);
    expect((await picked(back, one)).left).toMatchObject([{ why: 'picked', at: first }]);
  });

  it('says when a commit would change nothing', async () => {
    const one = await on('main', 'app.txt', change(1, 'x'), 'fix: one');
    // Together with another change, so that it is not the same change.
    const head = await on('release', 'app.txt', `${change(1, 'x')}more\n`, 'chore: both');
    const result = await picked(head, one);
    expect(result).toMatchObject({ head, picked: [], left: [{ why: 'empty' }] });
  });

  it('refuses a merge commit, and names what it merged', async () => {
    const side = await on('side', 'side', 'x', 'feat: side');
    const head = await on('release', 'x', 'x', 'chore: release');
    git(work, 'merge', '--quiet', '--no-ff', '-m', 'Merge side', 'side');
    const merge = git(work, 'rev-parse', 'HEAD');
    git(work, 'push', '--quiet', 'origin', 'main');
    await remote.fetch([merge]);
    const asked = pick(head, merge);
    await expect(asked).rejects.toMatchObject({ code: 'command-invalid' });
    await expect(asked).rejects.toThrow(/is a merge commit/);
    const error: unknown = await asked.catch((thrown: unknown) => thrown);
    expect(error).toHaveProperty('hint', expect.stringContaining(side.slice(0, 10)));
  });

  it('picks a first commit, modes, and a file with an odd name', async () => {
    git(work, 'checkout', '--quiet', '--orphan', 'roots');
    git(work, 'rm', '--quiet', '-rf', '.');
    writeFileSync(join(work, 'ru\nn.sh'), 'x');
    execFileSync('chmod', ['755', join(work, 'ru\nn.sh')]);
    const first = commitFile(work, 'other', 'x', 'feat: from nothing');
    git(work, 'push', '--quiet', 'origin', 'roots');
    git(work, 'checkout', '--quiet', 'main');
    await remote.fetch([first]);
    const result = await picked(base, first);
    await remote.push([{ ref: 'refs/heads/out', to: result.head, expected: 'absent' }]);
    expect(git(join(folder, 'origin.git'), 'ls-tree', result.head)).toMatch(/100755 blob .*\t"ru\\nn.sh"/);
  });

  it('keeps an author of another encoding', async () => {
    git(work, 'config', 'i18n.commitEncoding', 'ISO-8859-1');
    writeFileSync(join(work, 'enc'), 'x');
    git(work, 'add', '--all');
    const message = Buffer.from('fix: gr\xfc\xdfe', 'latin1');
    execFileSync('git', ['commit', '--quiet', '-F', '-'], {
      cwd: work,
      env: { ...environment, GIT_CONFIG_GLOBAL: '/dev/null' },
      input: message,
    });
    const commit = git(work, 'rev-parse', 'HEAD');
    git(work, 'push', '--quiet', 'origin', 'main');
    await remote.fetch([commit]);
    const result = await picked(base, commit);
    expect(result.picked[0]?.subject).toBe('fix: grüße');
    expect((await remote.readCommit(result.head)).message).toMatch(/^fix: grüße\n/);
  });

  it('refuses what is no full sha, is not here, or is too much', async () => {
    await expect(pick(base, 'main')).rejects.toThrow(/refused/);
    await expect(pick(base, '--all')).rejects.toThrow(/refused/);
    await expect(pick(base, 'ab'.repeat(20))).rejects.toThrow(/not in the local mirror/);
    await expect(pick(base, ...Array<string>(101).fill(base))).rejects.toThrow(/too many/);
  });
});

/** Two commit objects whose shas begin with the same seven digits; among some 20,000 there are two. */
function twins(tree: string): [string, string] {
  const seen = new Map<string, string>();
  for (let n = 0; ; n += 1) {
    const by = 'Ada <ada@example.com> 1700000000 +0000';
    const text = `tree ${tree}\nauthor ${by}\ncommitter ${by}\n\n${n}\n`;
    const sha = createHash('sha1').update(`commit ${text.length}\0${text}`).digest('hex');
    const other = seen.get(sha.slice(0, 7));
    if (other !== undefined) return [other, text];
    seen.set(sha.slice(0, 7), text);
  }
}

describe('digits of a sha', () => {
  it('that mean two commits are refused, and more of them are taken', async () => {
    const origin = join(folder, 'origin.git');
    const shas = twins(git(work, 'rev-parse', 'HEAD^{tree}')).map((text, n) => {
      const made = execFileSync('git', ['hash-object', '-t', 'commit', '-w', '--stdin'], {
        cwd: origin,
        input: text,
      });
      const sha = made.toString().trim();
      git(origin, 'update-ref', `refs/heads/twin-${n}`, sha);
      return sha;
    });
    const [one = '', two = ''] = shas;
    const asked = remote.resolve(one.slice(0, 7));
    await expect(asked).rejects.toMatchObject({ code: 'command-invalid' });
    await expect(asked).rejects.toThrow(/is the beginning of 2 commits/);
    expect(await remote.resolve(two.slice(0, 20))).toBe(two);
  });
});

describe('hostile names', () => {
  const refs = [
    'refs/heads/-x',
    '--upload-pack=touch x',
    'refs/heads/a\nb',
    'refs/heads/a..b',
    'refs/heads/@{u}',
    'main',
  ];
  it.each(refs)('%j is refused wherever a ref is taken', async (ref) => {
    const sure = { to: base, expected: 'absent' };
    await expect(remote.push([{ ref, ...sure }])).rejects.toThrow(/is refused/);
    await expect(remote.remoteRefs([ref])).rejects.toThrow(/is refused/);
    await expect(remote.tags(`${ref}\0`)).rejects.toThrow(/is refused/);
    expect(git(join(folder, 'origin.git'), 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  });

  it.each(['-x', '--output=x', 'main', 'HEAD', `${'a'.repeat(40)}\n`, '0'.repeat(40)])(
    '%j is refused wherever a commit is taken',
    async (sha) => {
      const ref = 'refs/heads/x';
      await expect(remote.push([{ ref, to: sha, expected: 'absent' }])).rejects.toThrow(/is refused/);
      await expect(remote.push([{ ref, to: base, expected: sha }])).rejects.toThrow(/is refused/);
      await expect(remote.fetch([sha])).rejects.toThrow(/is refused/);
      await expect(remote.readFile(sha, 'x')).rejects.toThrow(/is refused/);
      await expect(remote.contains(sha, base)).rejects.toThrow(/is refused/);
      await expect(remote.mergedInto(base, [sha])).rejects.toThrow(/is refused/);
      await expect(remote.history(base, { since: sha, limit: 1 })).rejects.toThrow(/is refused/);
      await expect(remote.checkout(sha, join(folder, 'out'))).rejects.toThrow(/is refused/);
      await expect(pick(sha, base)).rejects.toThrow(/is refused/);
      await expect(remote.makeTag({ commit: sha, name: 'v1', message: 'm', identity, date })).rejects.toThrow(
        /is refused/,
      );
    },
  );

  it.each(['../x', '/etc/passwd', '.git/config', 'a/../../x', 'a\nb', ''])(
    '%j is refused as a path',
    async (path) => {
      await expect(remote.readFile(base, path)).rejects.toThrow(/is refused/);
      const files = [{ path, content: Buffer.from('x') }];
      await expect(remote.makeCommit({ parent: base, files, message: 'm', identity, date })).rejects.toThrow(
        /is refused/,
      );
    },
  );
});

describe('history', () => {
  it('is newest first, bounded, and tells merges, authors and messages', async () => {
    const side = await on('side', 'side', 'x', 'feat: side\n\nlong\n\ntext');
    const straight = await on('main', 'straight', 'x', 'fix: straight');
    git(work, 'merge', '--quiet', '--no-ff', '-m', 'Merge side\n\nbody', 'side');
    const merge = git(work, 'rev-parse', 'HEAD');
    git(work, 'push', '--quiet', 'origin', 'main');
    await remote.fetch([merge]);
    const all = await remote.history(merge, { limit: 100 });
    expect(all).toHaveLength(5);
    expect(all[0]).toEqual({
      commit: merge,
      parents: [straight, side],
      author: 'Ada',
      date: 1_700_000_000_000,
      subject: 'Merge side',
      message: 'Merge side\n\nbody',
    });
    expect(all.at(-1)?.subject).toBe('feat: begin');
    expect(all.find((one) => one.commit === side)?.message).toBe('feat: side\n\nlong\n\ntext');
    const straightOnly = await remote.history(merge, { since: base, limit: 100, firstParent: true });
    expect(straightOnly.map(({ commit }) => commit)).toEqual([merge, straight]);
    expect(
      (await remote.history(merge, { since: straight, limit: 100 })).map(({ commit }) => commit),
    ).toEqual([merge, side]);
    expect(await remote.history(merge, { limit: 2 })).toHaveLength(2);
    expect(await remote.history(merge, { since: merge, limit: 2 })).toEqual([]);
    await expect(remote.history('--all', { limit: 2 })).rejects.toThrow(/refused/);
  });
});
