import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { readdirSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Git } from '../../src/services/git/git.js';
import { checkCommit, checkPath, checkRef } from '../../src/services/git/names.js';
import { checkUrl } from '../../src/services/git/remote-url.js';
import { openGit } from '../../src/services/git/remote.js';
import { leadsOut } from '../../src/services/git/symlinks.js';
import { startDaemon } from '../servers/git-daemon.js';
import { startHttp } from '../servers/git-http.js';
import { commitFile, git, makeOrigin } from './git-origin.js';

const identity = { name: 'Slipway', email: 'slipway@example.com' };
const date = 1_700_000_123_456;
const root = mkdtempSync(join(tmpdir(), 'slipway-git-'));
const login = { user: 'bot', password: 'very-secret-token' };
let daemon: Awaited<ReturnType<typeof startDaemon>>;
let http: Awaited<ReturnType<typeof startHttp>>;
let places = 0;

beforeAll(async () => {
  daemon = await startDaemon(root);
  http = await startHttp(root, `${login.user}:${login.password}`);
});
afterAll(async () => {
  await daemon.stop();
  await http.stop();
  rmSync(root, { recursive: true, force: true });
});

type Way = 'file' | 'daemon' | 'http';

/** A new origin with two mirrors of it. */
async function place(way: Way, branch?: string) {
  places += 1;
  const name = `p${places}`;
  const made = makeOrigin(join(root, name), branch);
  const served = `${name}/origin.git`;
  const url = way === 'file' ? `file://${made.origin}` : (way === 'http' ? http : daemon).url(served);
  const credentials = way === 'http' ? () => Promise.resolve(login) : undefined;
  const open = (mirror: string) => openGit({ url, mirror: join(root, name, mirror), credentials });
  return { ...made, url, folder: join(root, name), open, one: await open('one'), two: await open('two') };
}

function bump(remote: Git, parent: string, version: string) {
  const files = [{ path: 'VERSION', content: Buffer.from(`${version}\n`) }];
  return remote.makeCommit({ parent, files, message: `chore: release ${version}`, identity, date });
}

function hook(repository: string, name: string, script: string) {
  mkdirSync(join(repository, 'hooks'), { recursive: true });
  writeFileSync(join(repository, 'hooks', name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(repository, 'hooks', name), 0o755);
}

describe.each<Way>(['file', 'daemon', 'http'])('a remote over %s', (way) => {
  it('names the default branch and its head', async () => {
    const { one, first } = await place(way, 'master');
    expect(await one.defaultBranch()).toEqual({ name: 'master', commit: first });
  });

  it('says so when there is no commit yet', async () => {
    const { origin, one, work } = await place(way);
    git(work, 'push', '--quiet', 'origin', 'main:other');
    git(origin, 'update-ref', '-d', 'refs/heads/main');
    await expect(one.defaultBranch()).rejects.toMatchObject({ code: 'git-failed', retryable: false });
  });

  it('makes the same objects on every machine, and pushes branch and tag together', async () => {
    const { one, two, first, origin } = await place(way);
    await Promise.all([one.fetch([first]), two.fetch([first])]);
    const [commit, twin] = await Promise.all([bump(one, first, '1.1.0'), bump(two, first, '1.1.0')]);
    expect(twin).toBe(commit);
    const tagSpec = { commit, name: 'v1.1.0', message: 'v1.1.0', identity, date };
    const tag = await one.makeTag(tagSpec);
    expect(await two.makeTag(tagSpec)).toBe(tag);
    const updates = [
      { ref: 'refs/heads/release', to: commit, expected: 'absent' },
      { ref: 'refs/tags/v1.1.0', to: tag, expected: 'absent' },
    ];
    expect(await one.push(updates)).toBe('pushed');
    expect(await two.push(updates)).toBe('pushed'); // the same: the effect is there
    const refs = await two.remoteRefs(['refs/heads/release', 'refs/tags/v1.1.0', 'refs/heads/none']);
    expect(Object.fromEntries(refs)).toEqual({
      'refs/heads/release': { object: commit, commit },
      'refs/tags/v1.1.0': { object: tag, commit },
    });
    expect(git(origin, 'log', '-1', '--format=%an <%ae> %at %ad|%cn %ct|%B', '--date=raw', commit)).toBe(
      'Slipway <slipway@example.com> 1700000123 1700000123 +0000|Slipway 1700000123|chore: release 1.1.0',
    );
    expect(git(origin, 'fsck', '--strict')).toBe('');
    expect(git(origin, 'cat-file', '-p', tag)).toContain(
      'tagger Slipway <slipway@example.com> 1700000123 +0000',
    );
  });

  it('moves nothing when one of two refs is not as expected', async () => {
    const { one, first, origin, work } = await place(way);
    await one.fetch([first]);
    git(work, 'push', '--quiet', 'origin', 'main:refs/tags/v2.0.0');
    const commit = await bump(one, first, '2.0.0');
    const tag = await one.makeTag({ commit, name: 'v2.0.0', message: 'v2.0.0', identity, date });
    const result = await one.push([
      { ref: 'refs/heads/main', to: commit, expected: first },
      { ref: 'refs/tags/v2.0.0', to: tag, expected: 'absent' },
    ]);
    expect(result).toBe('rejected');
    expect(git(origin, 'rev-parse', 'refs/heads/main')).toBe(first);
    expect(git(origin, 'rev-parse', 'refs/tags/v2.0.0')).toBe(first);
  });

  it('rejects a branch that moved, and refuses to rewind one', async () => {
    const { one, first, origin, work } = await place(way);
    await one.fetch([first]);
    const mine = await bump(one, first, '1.2.0');
    const theirs = commitFile(work, 'other', 'x', 'fix: other');
    git(work, 'push', '--quiet', 'origin', 'main');
    const update = { ref: 'refs/heads/main', to: mine, expected: first };
    expect(await one.push([update])).toBe('rejected');
    expect(await one.push([{ ...update, expected: mine }])).toBe('rejected');
    await expect(one.push([{ ...update, expected: theirs }])).rejects.toThrow(/would lose commits/);
    expect(git(origin, 'rev-parse', 'main')).toBe(theirs);
    await one.fetch([theirs]);
    const next = await bump(one, theirs, '1.2.0');
    expect(await one.push([{ ref: 'refs/heads/main', to: next, expected: theirs }])).toBe('pushed');
  });

  it('has one winner among two who create the same ref', async () => {
    const { one, two, first, origin } = await place(way);
    await Promise.all([one.fetch([first]), two.fetch([first])]);
    const [a, b] = [await bump(one, first, '3.0.0'), await bump(two, first, '4.0.0')];
    for (let round = 0; round < 25; round += 1) {
      const ref = `refs/heads/race-${round}`;
      const results = await Promise.all([
        one.push([{ ref, to: a, expected: 'absent' }]),
        two.push([{ ref, to: b, expected: 'absent' }]),
      ]);
      expect(results.toSorted()).toEqual(['pushed', 'rejected']);
      expect(git(origin, 'rev-parse', ref)).toBe(results[0] === 'pushed' ? a : b);
    }
  });

  it('has one winner among many who create the same ref', async () => {
    const { open, first, origin } = await place(way);
    const all = await Promise.all(Array.from({ length: 6 }, (_, n) => open(`mirror-${n}`)));
    const made = await Promise.all(
      all.map(async (each, n) => {
        await each.fetch([first]);
        return bump(each, first, `6.0.${n}`);
      }),
    );
    const ref = 'refs/tags/v6.0.0';
    const results = await Promise.all(
      all.map((each, n) => each.push([{ ref, to: made[n] ?? '', expected: 'absent' }])),
    );
    expect(results.filter((result) => result === 'pushed')).toHaveLength(1);
    expect(results.filter((result) => result === 'rejected')).toHaveLength(5);
    expect(git(origin, 'rev-parse', ref)).toBe(made[results.indexOf('pushed')]);
  });

  it('lists tags and branches, and finds the commit that a person means', async () => {
    const { one, first, origin, work } = await place(way);
    git(work, 'tag', '-a', '-m', 'v1', 'kestrel-v1.0.0');
    const second = commitFile(work, 'x', 'x', 'feat: x');
    git(work, 'tag', 'kestrel-v2.0.0');
    git(work, 'tag', 'other-v2.0.0');
    git(work, 'push', '--quiet', 'origin', 'main', '--tags');
    git(work, 'push', '--quiet', 'origin', 'main:refs/heads/release/two', `${first}:refs/heads/release/one`);
    const hidden = commitFile(work, 'y', 'y', 'feat: y');
    git(
      work,
      'push',
      '--quiet',
      'origin',
      `${hidden}:refs/heads/release/three`,
      `${first}:refs/heads/same`,
      `${hidden}:refs/tags/same`,
    );
    // Nothing that Slipway would make, and nothing that it stumbles over.
    git(origin, 'update-ref', 'refs/tags/kestrel-v\u202e9', first);

    expect((await one.tags('kestrel-v')).map(({ name, commit }) => [name, commit])).toEqual([
      ['kestrel-v1.0.0', first],
      ['kestrel-v2.0.0', second],
    ]);
    expect((await one.tags('kestrel-v1'))[0]?.object).not.toBe(first);
    expect((await one.branches('release/')).map(({ name }) => name)).toEqual([
      'release/one',
      'release/three',
      'release/two',
    ]);
    expect(await one.tags('none')).toEqual([]);
    await expect(one.tags('--upload-pack=x')).rejects.toThrow(/refused/);

    const meant = {
      [first.slice(0, 7)]: first,
      [hidden.slice(0, 12).toUpperCase()]: hidden,
      [hidden]: hidden,
      'kestrel-v1.0.0': first,
      'refs/heads/release/two': second,
      main: second,
    };
    for (const [name, commit] of Object.entries(meant)) expect(await one.resolve(name)).toBe(commit);
    expect(await one.contains(first, hidden)).toBe(true);
    expect(await one.contains(hidden, first)).toBe(false);
    expect(await one.mergedInto(second, [first, second, hidden])).toEqual([second, hidden]);

    const tree = git(work, 'rev-parse', 'HEAD^{tree}');
    for (const name of ['none', 'f'.repeat(40), 'abcdef1', tree]) {
      await expect(one.resolve(name)).rejects.toMatchObject({ code: 'not-found' });
    }
    for (const name of [
      '',
      '-x',
      '--all',
      'main..x',
      'main@{1}',
      'main^',
      ':/feat',
      'a\nb',
      'HEAD',
      '../x',
    ]) {
      await expect(one.resolve(name)).rejects.toMatchObject({ code: 'command-invalid' });
    }
    await expect(one.resolve('same')).rejects.toThrow(/both a tag and a branch/);
  });

  it('fetches one commit for several processes at once', async () => {
    const { open, first, folder } = await place(way);
    const all = await Promise.all(Array.from({ length: 5 }, () => open('shared')));
    await Promise.all(all.map((each) => each.fetch([first])));
    const commits = await Promise.all(all.map((each) => bump(each, first, '5.0.0')));
    expect(new Set(commits).size).toBe(1);
    expect(readdirSync(folder).filter((name) => name.startsWith('shared'))).toEqual(['shared']);
    expect(readdirSync(join(folder, 'shared')).filter((name) => name.startsWith('scratch'))).toEqual([]);
  });
});

describe('objects', () => {
  it('keep the mode of a file, and can add a file in a new folder', async () => {
    const { one, work, folder } = await place('file');
    mkdirSync(join(work, 'bin'));
    writeFileSync(join(work, 'bin/run'), 'old');
    chmodSync(join(work, 'bin/run'), 0o755);
    symlinkSync('run', join(work, 'bin/link'));
    const parent = commitFile(work, 'a [b]*.txt', 'odd name', 'feat: run');
    git(work, 'push', '--quiet', 'origin', 'main');
    await one.fetch([parent]);
    const make = (...paths: string[]) => {
      const files = paths.map((path) => ({ path, content: Buffer.from('new') }));
      return one.makeCommit({ parent, files, message: 'm', identity, date });
    };
    const commit = await make('bin/run', 'deep/er/x', 'a [b]*.txt');
    expect(await one.changedPaths(parent, commit)).toEqual(['a [b]*.txt', 'bin/run', 'deep/er/x']);
    await one.checkout(commit, join(folder, 'out'));
    expect(statSync(join(folder, 'out/bin/run')).mode & 0o777).toBe(0o755);
    expect(statSync(join(folder, 'out/deep/er/x')).mode & 0o111).toBe(0);
    expect(readlinkSync(join(folder, 'out/bin/link'))).toBe('run');
    expect(existsSync(join(folder, 'out/.git'))).toBe(false);
    await expect(one.checkout(commit, join(folder, 'out'))).rejects.toThrow(/exists/);

    expect((await one.readFile(commit, 'bin/run'))?.toString()).toBe('new');
    expect(await one.readFile(commit, 'bin/none')).toBeUndefined();
    await expect(one.readFile(commit, 'bin/link')).rejects.toThrow(/a symlink/);
    await expect(one.readFile(commit, 'bin')).rejects.toThrow(/a folder/);
    await expect(make('bin')).rejects.toThrow(/a folder/);
    await expect(make('bin/link')).rejects.toThrow(/a symlink/);
    await expect(make('VERSION/x')).rejects.toThrow(/not a folder/);
    await expect(make('x', 'x/y')).rejects.toThrow(/file and a folder/);
    await expect(make('.git/config')).rejects.toThrow(/refused/);
    await expect(make('x', 'x')).rejects.toThrow(/twice/);
  });

  it('are read: message, parents, first-parent history, subjects', async () => {
    const { one, work, first } = await place('file');
    git(work, 'checkout', '--quiet', '-b', 'side');
    const side = commitFile(work, 'side', '1', 'feat: side');
    git(work, 'checkout', '--quiet', 'main');
    const straight = commitFile(work, 'main', '1', 'fix: straight\n\nbody\n\nTrailer: x');
    git(work, 'merge', '--quiet', '--no-ff', '-m', 'merge: side', 'side');
    const merge = git(work, 'rev-parse', 'HEAD');
    const last = commitFile(work, 'main', '2', 'fix: last');
    git(work, 'push', '--quiet', 'origin', 'main');
    await one.fetch([last]);
    expect(await one.isFirstParentAncestor(straight, last)).toBe(true);
    expect(await one.isFirstParentAncestor(last, last)).toBe(true);
    expect(await one.isFirstParentAncestor(side, last)).toBe(false);
    expect(await one.isFirstParentAncestor(last, first)).toBe(false);
    expect(await one.readCommit(merge)).toMatchObject({ parents: [straight, side], date: 1_700_000_000 });
    expect((await one.readCommit(straight)).message).toBe('fix: straight\n\nbody\n\nTrailer: x');
    expect((await one.subjects(first, last)).map((each) => each.subject)).toEqual([
      'fix: last',
      'merge: side',
      'fix: straight',
    ]);
    expect((await one.subjects(undefined, last)).at(-1)).toEqual({ commit: first, subject: 'feat: begin' });
    expect(await one.subjects(last, last)).toEqual([]);
  });

  it('go to another machine as a pack, and are clearly missing before', async () => {
    const { one, two, origin, work } = await place('file');
    const big = Array.from({ length: 2_000 }, (_, i) => `line ${i} ${(i * 7919) % 1009}`).join('\n');
    const base = commitFile(work, 'big', big, 'feat: big');
    git(work, 'push', '--quiet', 'origin', 'main');
    await one.fetch([base]);
    const files = [{ path: 'big', content: Buffer.from(`${big}\nend`) }];
    const commit = await one.makeCommit({ parent: base, files, message: 'm', identity, date });
    await expect(two.readCommit(commit)).rejects.toThrow(`Commit ${commit} is not in the local mirror.`);
    const update = { ref: 'refs/heads/x', to: commit, expected: 'absent' };
    await expect(two.push([update])).rejects.toThrow(/not in the local mirror/);
    await expect(two.fetch([commit])).rejects.toThrow(`The remote does not have commit ${commit}.`);
    const pack = await one.pack(commit, base);
    expect(pack.length).toBeLessThan(2_000); // only what is new
    await expect(two.takeIn(pack)).rejects.toThrow(/builds on a commit that is not in the local mirror/);
    await two.fetch([base]);
    await two.takeIn(pack);
    await two.takeIn(pack);
    await two.takeIn(await one.pack(base, base)); // nothing to bring
    await two.fetch([commit]); // known, so the remote is not asked
    expect(await two.push([update])).toBe('pushed');
    expect(git(origin, 'show', `${commit}:big`).endsWith('\nend')).toBe(true);
    await expect(two.takeIn(Buffer.from('no pack'))).rejects.toMatchObject({ code: 'git-failed' });
  });

  it('refuse an identity or a message that would write headers', async () => {
    const { one, first } = await place('file');
    await one.fetch([first]);
    const spec = { parent: first, files: [], message: 'm', identity, date };
    for (const bad of ['a\nb', 'a <b', ' ', '']) {
      await expect(one.makeCommit({ ...spec, identity: { ...identity, name: bad } })).rejects.toThrow(
        /identity/,
      );
    }
    await expect(one.makeCommit({ ...spec, message: 'a\0b' })).rejects.toThrow(/null/);
    await expect(one.makeTag({ ...spec, commit: first, name: '-d' })).rejects.toThrow(/dash/);
  });
});

describe('what a repository brings along', () => {
  it.each(['/etc/passwd', '../../../etc', 'd/../../x', 'inner/up/../../x'])(
    'a link to %s is refused',
    async (to) => {
      const { one, work, folder } = await place('file');
      mkdirSync(join(work, 'inner'));
      symlinkSync('..', join(work, 'inner/up'));
      symlinkSync(to, join(work, 'evil'));
      const commit = commitFile(work, 'x', 'x', 'feat: x');
      git(work, 'push', '--quiet', 'origin', 'main');
      await one.fetch([commit]);
      await expect(one.checkout(commit, join(folder, 'out'))).rejects.toMatchObject({ code: 'git-failed' });
      expect(existsSync(join(folder, 'out'))).toBe(false);
    },
  );

  it('links are followed as the kernel does', () => {
    const links = new Map([
      ['a/b/top', '../..'],
      ['loop', 'loop'],
      ['out', 'a/b/top/..'],
      ['fine', './a/b/top/a'],
    ]);
    expect(['out', 'fine', 'loop', 'a/b/top'].map((path) => leadsOut(path, links))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('hooks of mirror and origin and filters are not run, foreign settings of the mirror are refused', async () => {
    const { one, first, origin, folder, open, work } = await place('file');
    const mark = join(folder, 'ran');
    for (const name of [
      'pre-push',
      'post-checkout',
      'reference-transaction',
      'post-index-change',
      'pre-auto-gc',
    ]) {
      hook(join(folder, 'one'), name, `touch ${mark}`);
    }
    for (const name of ['pre-receive', 'update', 'post-receive', 'post-update', 'reference-transaction']) {
      hook(origin, name, `touch ${mark}`);
    }
    git(origin, 'config', 'core.fsmonitor', `touch ${mark}`);
    git(origin, 'config', 'core.alternateRefsCommand', `touch ${mark}`);
    git(origin, 'config', 'uploadpack.packObjectsHook', `touch ${mark}`);
    git(origin, 'config', 'filter.evil.smudge', `touch ${mark}`);
    writeFileSync(join(work, '.gitattributes'), '* filter=evil diff=evil\n');
    // The hooks would run for the person too, who is not what is tested.
    const commit = commitFile(work, 'x', 'x', 'feat: x');
    git(
      origin,
      '-c',
      'core.hooksPath=/dev/null',
      '-c',
      'core.fsmonitor=false',
      'fetch',
      '--quiet',
      work,
      'main:side',
    );
    rmSync(mark, { force: true });
    await one.fetch([first, commit]);
    const made = await bump(one, commit, '7.0.0');
    expect(await one.push([{ ref: 'refs/heads/made', to: made, expected: 'absent' }])).toBe('pushed');
    await one.checkout(made, join(folder, 'out'));
    expect(await one.changedPaths(first, made)).toContain('x');
    expect(existsSync(mark)).toBe(false);
    git(join(folder, 'one'), 'config', 'core.sshCommand', `touch ${mark}`);
    await expect(open('one')).rejects.toThrow(/core.sshcommand, which is not ours/);
  });

  it('an origin of another user works', async ({ skip }) => {
    skip(process.getuid?.() !== 0, 'needs root');
    const { one, first, origin } = await place('file');
    const give = (path: string): void => {
      if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) give(join(path, name));
      chownSync(path, 65_534, 65_534);
    };
    give(origin);
    await one.fetch([first]);
    const commit = await bump(one, first, '8.0.0');
    expect(await one.push([{ ref: 'refs/heads/x', to: commit, expected: 'absent' }])).toBe('pushed');
  });
});

describe('failures', () => {
  it('carry the words of a server that declines', async () => {
    const { one, first, origin } = await place('daemon');
    hook(origin, 'pre-receive', 'echo "no releases on Friday" >&2; exit 1');
    await one.fetch([first]);
    const commit = await bump(one, first, '9.0.0');
    const push = one.push([{ ref: 'refs/heads/x', to: commit, expected: 'absent' }]);
    await expect(push).rejects.toThrow(/pre-receive hook declined.*no releases on Friday/);
    await expect(push).rejects.toMatchObject({ code: 'git-failed', retryable: false });
  });

  it('are retryable when nobody listens, and not when the repository is not there', async () => {
    const { first, origin, one } = await place('file');
    const other = await startDaemon(join(root));
    const gone = await openGit({ url: other.url('nowhere.git'), mirror: join(root, 'gone') });
    await expect(gone.defaultBranch()).rejects.toMatchObject({ code: 'git-failed', retryable: false });
    await other.stop();
    await expect(gone.defaultBranch()).rejects.toMatchObject({ code: 'git-failed', retryable: true });
    await expect(gone.fetch([first])).rejects.toMatchObject({ code: 'git-failed', retryable: true });
    renameSync(origin, `${origin}.away`);
    await expect(one.defaultBranch()).rejects.toMatchObject({ code: 'git-failed', retryable: false });
  });

  it('come early for a folder that is no mirror', async () => {
    const { folder, url } = await place('file');
    mkdirSync(join(folder, 'full'));
    writeFileSync(join(folder, 'full/x'), 'x');
    await expect(openGit({ url, mirror: join(folder, 'full') })).rejects.toThrow(/not a mirror/);
    expect(readFileSync(join(folder, 'full/x'), 'utf8')).toBe('x');
  });
});

describe('names', () => {
  const hostile = [
    '', 'main', 'HEAD', 'refs/heads', 'refs/heads/', '/refs/heads/x', 'refs//heads/x', 'refs/heads/-x', '-refs/heads/x',
    '--upload-pack=touch x', 'refs/heads/a..b', 'refs/heads/../x', 'refs/heads/a@{1}', 'refs/heads/x.lock',
    'refs/heads/x.lock/y', 'refs/heads/.x', 'refs/heads/x.', 'refs/heads/a b', 'refs/heads/a\nb', 'refs/heads/a\0b',
    'refs/heads/a\tb', 'refs/heads/a\x7fb', 'refs/heads/a~1', 'refs/heads/a^', 'refs/heads/a:b', 'refs/heads/a?',
    'refs/heads/*', 'refs/heads/[a', 'refs/heads/a\\b', 'refs/heads/HEAD', 'refs/heads/a\u202eb', 'refs/heads/a\u200bb',
    'refs/tags/@', `refs/heads/${'a'.repeat(40)}`, `refs/heads/${'x'.repeat(200)}`, 'refs/heads/\ud800',
  ]; // prettier-ignore
  it.each(hostile)('%j is refused as a ref', (ref) => {
    expect(() => checkRef(ref)).toThrow(/refused/);
  });

  it.each([
    'refs/heads/main',
    'refs/tags/v1.0.0-rc.1',
    'refs/heads/feat/ünï#1',
    'refs/pull/1/head',
    'refs/tags/a@b',
  ])('%s is a ref', (ref) => {
    expect(checkRef(ref)).toBe(ref);
  });

  it('commits are full shas, paths stay inside', () => {
    const sha = 'a1'.repeat(20);
    expect(checkCommit(sha)).toBe(sha);
    for (const bad of ['', 'main', sha.slice(1), `${sha}a`, sha.toUpperCase(), '0'.repeat(40), `${sha}\n`]) {
      expect(() => checkCommit(bad)).toThrow(/refused/);
    }
    expect(checkPath('.github/a [1].yml')).toBe('.github/a [1].yml');
    for (const bad of [
      '',
      '/x',
      'a//b',
      'a/',
      '../x',
      'a/../b',
      './a',
      'a\\b',
      'a\0',
      '.git/x',
      'a/.GIT',
      '.git.',
      'GIT~1/x',
    ]) {
      expect(() => checkPath(bad)).toThrow(/refused/);
    }
  });

  const addresses = [
    '', '-x', '--upload-pack=touch x', 'ext::sh -c id', 'fd::3', 'relative/path', './x', 'http://10.0.0.1/x',
    'https://user:pw@host/x', 'https://token@host/x', 'ssh://-oProxyCommand=id/x', 'ssh://a:b@host/x', 'git@-x:y',
    '-oProxy@host:x', 'git@host:-x', 'ftp://host/x', 'https:///x', 'file://x\ny', 'transport::address', 'git@ho st:x',
  ]; // prettier-ignore
  it.each(addresses)('%j is refused as an address', async (url) => {
    expect(() => checkUrl(url)).toThrow(/refused/);
    await expect(openGit({ url, mirror: join(root, 'never') })).rejects.toMatchObject({ code: 'git-failed' });
    expect(existsSync(join(root, 'never'))).toBe(false);
  });

  it('http is for this machine', () => {
    expect(checkUrl('http://127.0.0.1:1/x').kind).toBe('http');
    expect(() => checkUrl('http://example.com/x')).toThrow(/not encrypted/);
    expect(() => checkUrl('http://127.0.0.1.example.com/x')).toThrow(/not encrypted/);
    const good = ['https://h/x.git', 'ssh://git@h:22/x', 'git@h.example:a/b.git', '/srv/x.git', 'git://h/x'];
    expect(good.map((url) => checkUrl(url).kind)).toEqual(['https', 'ssh', 'ssh', 'file', 'git']);
  });
});
