import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { commitFile, git } from '../services/git-origin.js';
import { openPlace, removePlaces, type StepPlace } from './step-place.js';

const line = 'refs/heads/release/1.0.0';
let place: StepPlace;

beforeEach(async () => {
  place = await openPlace({
    'app.json': '{ "version": "1.0.0rc1" }\n',
    'pyproject.toml': '[project]\r\nname = "k"\r\nversion = "1.0.0rc1"\r\n',
    'src/v.py': '__version__ = "1.0.0rc1"\n',
    'app.lock': 'locked 1.0.0rc1\n',
    'menu.yml': 'options:\n  - 0.9\n',
  });
  place.facts.versionFiles = [
    { path: 'pyproject.toml', key: 'project.version' },
    { path: 'app.json', key: 'version' },
    { path: 'src/v.py', line: '__version__ = "{version}"' },
  ];
});
afterAll(removePlaces);

function show(ref: string, path: string): string {
  git(place.work, 'fetch', '--quiet', 'origin');
  return git(place.work, 'show', `${ref}:${path}`);
}

const bump = { version: true, message: 'Release' };
const lock = 'echo "locked $(cat app.json) $SLIPWAY_VERSION" > app.lock; echo x > untracked';

describe('the step commit', () => {
  it('writes all version files, edits and files of earlier steps as one commit, signed off', async () => {
    place.before['notes'] = { text: 'Fixed\n- it', path: 'docs/notes/1.0.0.md', url: '' };
    const { output } = await place.does('commit', {
      ...bump,
      files: ['notes'],
      edits: [{ path: 'menu.yml', insert: '  - 1.0.0rc2', below: 'options:' }],
      signoff: true,
    });
    const commit = String(output['commit']);
    expect(place.at(line)).toBe(commit);
    expect(show(commit, 'pyproject.toml')).toBe('[project]\r\nname = "k"\r\nversion = "1.0.0rc2"');
    expect(show(commit, 'app.json')).toBe('{ "version": "1.0.0rc2" }');
    expect(show(commit, 'src/v.py')).toBe('__version__ = "1.0.0rc2"');
    expect(show(commit, 'docs/notes/1.0.0.md')).toBe('Fixed\n- it');
    expect(show(commit, 'menu.yml')).toBe('options:\n  - 1.0.0rc2\n  - 0.9');
    expect(git(place.work, 'log', '-1', '--format=%P|%B', commit)).toBe(
      `${place.base}|Release\n\nSigned-off-by: Slipway <slipway@example.com>\nSlipway-Run: k_1.0.0_fixup_1`,
    );
  });

  it.each([
    [{ files: ['notes'], message: 'm' }, /No step "notes" before this one wrote a file/],
    [{ edits: [{ path: 'none', insert: 'a', below: 'b' }], message: 'm' }, /none does not exist/],
    [{ edits: [{ path: 'menu.yml', insert: 'a', below: 'b' }], message: 'm' }, /has no line that is "b"/],
    [{ edits: [{ path: '../menu.yml', insert: 'a', below: 'b' }], message: 'm' }, /is refused/],
  ])('refuses %j, and moves nothing', async (config, says) => {
    await expect(place.run('commit', config)).rejects.toThrow(says);
    expect(place.at(line)).toBe(place.base);
  });

  it('refuses a version file that is not there', async () => {
    place.facts.versionFiles.push({ path: 'gone.json', key: 'version' });
    await expect(place.run('commit', bump)).rejects.toThrow(/gone.json does not exist at/);
    place.facts.versionFiles = [];
    await expect(place.run('commit', bump)).rejects.toThrow(/names no file with the version/);
  });

  it('takes in the lock files that programs of the project brought after the version', async () => {
    place.facts.follow = [['sh', '-c', lock]];
    await expect(place.run('commit', bump)).rejects.toThrow(/"commit-follow" left no files/);
    const followed = await place.does('follow', {}, { id: 'commit-follow' });
    expect(followed.proof).toBe('changed app.lock');
    expect(place.log.join('')).toContain('$ sh -c');
    await expect(place.run('commit', bump, { dies: true })).rejects.toThrow('the worker died');
    const pushed = place.at(line);
    // Another machine finds the very same commit, though the program is not asked again.
    expect((await place.does('commit', bump, { machine: 'two' })).output['commit']).toBe(pushed);
    expect(show(pushed, 'app.lock')).toBe('locked { "version": "1.0.0rc2" } 1.0.0rc2');
    expect(git(place.work, 'show', '--format=', '--name-only', pushed).split('\n')).toEqual([
      'app.json',
      'app.lock',
      'pyproject.toml',
      'src/v.py',
    ]);
  });

  it('runs the programs beside the version file', async () => {
    place.facts.versionFiles = [{ path: 'src/v.py', line: '__version__ = "{version}"' }];
    place.facts.follow = [['sh', '-c', 'cat v.py > lock.txt; basename "$PWD"']];
    // Only files that are in the repository are taken in; the log says where it ran.
    await place.does('follow', {}, { id: 'commit-follow' });
    expect(place.log.join('')).toContain('src\n');
  });

  it('refuses programs that fail, and those that change the version', async () => {
    place.facts.follow = [
      ['sh', '-c', 'exit 0'],
      ['sh', '-c', 'exit 7'],
    ];
    await expect(place.run('follow', {})).rejects.toThrow('"sh -c exit 7" ended with exit code 7.');
    place.facts.follow = [['no-such-program-here']];
    await expect(place.run('follow', {})).rejects.toThrow(/is not installed where the step ran/);
    place.facts.follow = [['sh', '-c', 'echo \'{ "version": "9.9.9" }\' > app.json']];
    await place.does('follow', {}, { id: 'commit-follow' });
    await expect(place.run('commit', bump)).rejects.toThrow(
      /says "9.9.9" after the programs of version.follow/,
    );
    expect(place.at(line)).toBe(place.base);
    place.facts.follow = [];
    expect(await place.run('follow', {})).toMatchObject({ result: 'skipped' });
  });

  it('waits for the gate where the process says so, on top of picks that do not', async () => {
    const fix = place.onMain('fix', 'x', 'fix: it');
    const picked = await place.does('cherry-pick', { commits: [fix] });
    const late = await place.does('commit', { ...bump, push: 'after-gate' });
    expect(place.at(line)).toBe(picked.output['commit']);
    // A second one builds on the first, and nothing before the gate may push both.
    const edit = { edits: [{ path: 'menu.yml', insert: '  - x', below: 'options:' }], message: 'menu' };
    await expect(place.run('commit', edit, { id: 'menu' })).rejects.toThrow(/waits for the gate/);
    await expect(place.run('cherry-pick', { commits: [fix] })).rejects.toThrow(/waits for the gate/);
    const second = await place.does('commit', { ...edit, push: 'after-gate' }, { id: 'menu' });
    expect(place.at(line)).toBe(picked.output['commit']);
    // Another machine pushes, and a third one finds it.
    await expect(place.run('push', {}, { machine: 'two', dies: true })).rejects.toThrow('the worker died');
    expect((await place.does('push', {}, { machine: 'three' })).output['commit']).toBe(
      second.output['commit'],
    );
    expect(place.at(line)).toBe(second.output['commit']);
    git(place.work, 'fetch', '--quiet', 'origin');
    expect(git(place.work, 'rev-parse', `${place.at(line)}^`)).toBe(late.output['commit']);
    const { output } = await place.does('tag', { annotated: false }, { machine: 'four' });
    expect(place.at('refs/tags/v1.0.0rc2')).toBe(output['commit']);
    expect((await place.find('tag', { annotated: false })).is).toBe('same');
    expect((await place.find('tag', {})).is).toBe('different');
  });

  it('is not pushed over somebody else, before the gate or after it', async () => {
    await place.does('commit', { ...bump, push: 'after-gate' });
    git(place.work, 'checkout', '--quiet', '--detach', place.base);
    const theirs = commitFile(place.work, 'x', 'x', 'fix: by hand');
    git(place.work, 'push', '--quiet', 'origin', `HEAD:${line}`);
    expect((await place.find('push', {})).is).toBe('different');
    await expect(place.run('push', {})).rejects.toMatchObject({ code: 'commit-moved' });
    place.before = {};
    expect((await place.find('commit', bump)).is).toBe('different');
    await expect(place.run('commit', bump)).rejects.toMatchObject({ code: 'commit-moved' });
    expect(place.at(line)).toBe(theirs);
  });

  it('makes another branch where none is, and what is built stays the line', async () => {
    const made = await place.does('commit', bump);
    const edit = {
      edits: [{ path: 'menu.yml', insert: '  - 1.0.0', below: 'options:' }],
      message: 'menu',
      branch: 'auto/menu',
    };
    await expect(place.run('commit', edit, { id: 'menu', dies: true })).rejects.toThrow('the worker died');
    const menu = await place.does('commit', edit, { id: 'menu', machine: 'two' });
    expect(place.at('refs/heads/auto/menu')).toBe(menu.output['commit']);
    git(place.work, 'fetch', '--quiet', 'origin');
    expect(git(place.work, 'rev-parse', 'origin/auto/menu^')).toBe(place.base);
    expect((await place.does('tag', {})).output['commit']).toBe(made.output['commit']);
    place.before = {};
    place.facts.run = 'k_1.0.0_cut_1';
    expect((await place.find('commit', edit, { intentAt: 0 })).is).toBe('different');
  });
});

describe('the step branch', () => {
  it('begins at the run’s commit, another branch, the default branch or a tag', async () => {
    const next = place.onMain('x', 'x', 'feat: x');
    git(place.work, 'push', '--quiet', 'origin', `${place.base}:refs/tags/old`);
    await place.does('branch', { name: 'a' });
    await place.does('branch', { name: 'b', from: 'default-branch' });
    await place.does('branch', { name: 'c', from: 'old' });
    await place.does('branch', { name: 'd', from: 'b' });
    expect(['a', 'b', 'c', 'd'].map((name) => place.at(`refs/heads/${name}`))).toEqual([
      place.base,
      next,
      place.base,
      next,
    ]);
    expect((await place.find('branch', { name: 'a', from: 'b' })).is).toBe('different');
    await expect(place.run('branch', { name: 'e', from: 'none' })).rejects.toMatchObject({
      code: 'not-found',
    });
    await place.does('branch', { name: 'f', from: next });
    await expect(place.run('branch', { name: '-e' })).rejects.toThrow(/refused/);
    await expect(place.run('branch', { name: 'e..f' })).rejects.toThrow(/refused/);
  });
});

describe('the step branch', () => {
  it('does not begin at a commit of a fork, though the server hands it out', async () => {
    git(place.work, 'checkout', '--quiet', '-b', 'fork');
    const foreign = commitFile(place.work, 'evil', 'x', 'feat: evil');
    git(place.work, 'push', '--quiet', 'origin', 'fork:refs/pull/1/head');
    git(place.work, 'checkout', '--quiet', 'main');
    git(join(place.folder, 'origin.git'), 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    const asked = place.run('branch', { name: 'g', from: foreign });
    await expect(asked).rejects.toMatchObject({ code: 'refused' });
    expect(place.at('refs/heads/g')).toBe('');
  });
});

describe('the step notes', () => {
  it('lists a change of the default branch that says in a trailer that we made it', async () => {
    const evil = place.onMain('evil', 'x', 'feat: quiet\n\nSlipway-Run: k_1.0.0_cut_1');
    git(place.work, 'push', '--quiet', 'origin', `${evil}:${line}`);
    place.facts.commit = evil;
    git(place.work, 'push', '--quiet', 'origin', `${place.base}:refs/tags/v0.9.0`);
    place.facts.previous = '0.9.0';
    await place.does('commit', bump);
    const { output, proof } = await place.does('notes', {});
    expect(output['text']).toBe('New\n- quiet');
    expect(proof).toContain('1 of our own version commits left out');
  });

  it('lists what came since the last final version, also behind a pack', async () => {
    git(place.work, 'push', '--quiet', 'origin', `${place.base}:refs/tags/v0.9.0`);
    git(place.work, 'checkout', '--quiet', '-B', 'r', place.base);
    place.facts.commit = commitFile(place.work, 'x', 'x', 'fix: \u202edoor');
    git(place.work, 'push', '--quiet', 'origin', `r:${line}`);
    place.facts.previous = '0.9.0';
    await place.does('commit', { ...bump, push: 'after-gate' });
    const { output, proof } = await place.does('notes', { file: 'docs/n.md' }, { machine: 'two' });
    expect(output).toMatchObject({ text: 'Fixed\n- door', url: '', count: '1', path: 'docs/n.md' });
    expect(proof).toMatch(/^1 change, 1 of our own version commits left out, sha256:[0-9a-f]{12}$/);
    expect(Buffer.from(await place.blobs.get(String(output['hash']))).toString()).toBe('Fixed\n- door');
    expect(await place.run('notes', {})).toEqual(await place.run('notes', {}));
  });

  it('begins at the beginning where nothing was released, and says when the tag is gone', async () => {
    const { output } = await place.does('notes', {});
    expect(output['count']).toBe('6');
    place.facts.previous = '0.9.0';
    await expect(place.run('notes', {})).rejects.toThrow(
      /The tag v0.9.0 of the version before does not exist/,
    );
  });
});
