import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { stepOf } from '../../src/release/run-state.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const branch = (line: string): string => `release/kestrel-v${line}`;

function openSculptor(): Promise<Room> {
  return openRoom({ process: 'preset' });
}

/** The next version on the default branch, with its lock file, as a person would commit it. */
async function raised(room: Room, from: string, to: string): Promise<string> {
  const file = await room.origin.read('main', 'pyproject.toml');
  const lock = await room.origin.read('main', 'kestrel.lock');
  const files = {
    'pyproject.toml': `${file.replace(from, to)}\n`,
    'kestrel.lock': `${lock.replace(from, to)}\n`,
    [`notes/${to}.md`]: `${to}\n`,
  };
  return room.origin.commit('main', files, `Begin ${to}`);
}

async function promoted(room: Room, line = ''): Promise<string> {
  const run = await room.starts('ana', `release promote ${line}`);
  await room.says('ben', `approve ${run} --seal ${await room.seal(run)}`);
  await room.over(run);
  return run;
}

/** Everything that was released by hand is taken over. */
async function adopted(room: Room): Promise<void> {
  const shown = (await room.says('ana', 'adopt')).lines.join('\n');
  const hash = /--confirm (\S+)/.exec(shown)?.[1] ?? '';
  expect((await room.says('ana', `adopt --confirm ${hash}`)).exit).toBe(0);
}

async function merged(room: Room, name: string): Promise<string> {
  return room.origin.commit('main', { [`${name}.txt`]: `${name}\n` }, `fix: ${name}`);
}

describe('a cut that failed', () => {
  const broken = 'console.error("no disk"); process.exit(3);\n';

  async function cutFails(room: Room): Promise<string> {
    const good = await room.origin.read('main', 'scripts/build.mjs');
    await room.origin.commit('main', { 'scripts/build.mjs': broken }, 'Break the build');
    const run = await room.starts('ana', 'release cut');
    await room.step(run, 'build', 'failed');
    return good;
  }

  test('says so to whoever asks meanwhile, and does not call it on its way afterwards', async () => {
    const room = await openSculptor();
    await cutFails(room);
    const queued = (await room.says('ben', 'release fixup')).lines.join('\n');
    expect(queued).toContain('But kestrel_0.44.0_cut_1 stands still until somebody acts');
    await room.says('ana', 'cancel kestrel_0.44.0_cut_1');
    await room.over('kestrel_0.44.0_cut_1', 'cancelled');
    for (const what of ['promote', 'fixup', 'hotfix 0.44.0']) {
      const said = await room.says('ben', `release ${what}`);
      expect(said.exit).toBe(1);
      expect(said.lines.join('\n')).toBe(
        [
          'The first run of kestrel 0.44.0 stopped before it was through.',
          'Nothing was started. Go on with it: slipway release cut 0.44.0. Or give the line up: abandon.',
        ].join('\n'),
      );
    }
    const status = (await room.says('ben', 'status')).lines.join('\n');
    expect(status).toContain(
      '⚠️ its first run stopped before it was through. Next: slipway release cut 0.44.0',
    );
    expect(status).toMatch(
      /fixup · asked by Ben, not started .*: The first run of kestrel 0\.44\.0 stopped before it was through\./,
    );
  });

  test('goes on from the release branch when the fix was pushed there, though main has moved', async () => {
    const room = await openSculptor();
    const good = await cutFails(room);
    await room.says('ana', 'cancel kestrel_0.44.0_cut_1');
    await room.over('kestrel_0.44.0_cut_1', 'cancelled');
    const files = { 'scripts/build.mjs': `${good}\n` };
    await room.origin.commit('main', files, 'fix: the build');
    await room.origin.commit(branch('0.44.0'), files, 'fix: the build');
    const again = await room.says('ana', 'release cut');
    expect(again.lines.join('\n')).toMatch(
      /It goes on with release\/kestrel-v0\.44\.0 at \w{7}, which a run before it has begun; main is at \w{7} by now\./,
    );
    const state = await room.over(again.follow ?? '');
    expect(state.created.version).toBe('0.44.0rc1');
    expect(await room.serves('internal')).toBe('0.44.0rc1');
    await promoted(room);
    expect(await room.serves('stable')).toBe('0.44.0');
  });

  test('goes on with exactly what it made when only main has moved', async () => {
    const room = await openSculptor();
    await cutFails(room);
    const refs = await room.origin.refs();
    await room.says('ana', 'cancel kestrel_0.44.0_cut_1');
    await room.over('kestrel_0.44.0_cut_1', 'cancelled');
    await merged(room, 'door');
    const run = await room.starts('ana', 'release cut');
    await room.step(run, 'build', 'failed');
    const state = await room.state(run);
    expect(stepOf(state, 'branch')?.status).toBe('done');
    expect(stepOf(state, 'bump')?.proof).toContain(refs[`refs/heads/${branch('0.44.0')}`]?.slice(0, 7));
    expect((await room.origin.refs())[`refs/heads/${branch('0.44.0')}`]).toBe(
      refs[`refs/heads/${branch('0.44.0')}`],
    );
  });

  test('begins anew when its branch was deleted', async () => {
    const room = await openSculptor();
    const good = await cutFails(room);
    await room.says('ana', 'cancel kestrel_0.44.0_cut_1');
    await room.over('kestrel_0.44.0_cut_1', 'cancelled');
    await room.origin.remove(`refs/heads/${branch('0.44.0')}`);
    const main = await room.origin.commit('main', { 'scripts/build.mjs': `${good}\n` }, 'fix: the build');
    const state = await room.over(await room.starts('ana', 'release cut'));
    expect(state.created).toMatchObject({ version: '0.44.0rc1', commit: main });
  });

  test('is still found by its name when the default branch says the next version', async () => {
    const room = await openSculptor();
    const good = await cutFails(room);
    await raised(room, '0.44.0', '0.45.0');
    await room.says('ana', 'cancel kestrel_0.44.0_cut_1');
    await room.over('kestrel_0.44.0_cut_1', 'cancelled');
    await room.origin.commit(branch('0.44.0'), { 'scripts/build.mjs': `${good}\n` }, 'fix: the build');
    const state = await room.over(await room.starts('ana', 'release cut 0.44.0'));
    expect(state.created.version).toBe('0.44.0rc1');
    expect((await room.says('ana', 'release cut 0.43.0')).lines.join(' ')).toContain(
      'The version file says 0.45.0, not 0.43.0.',
    );
  });
});

describe('a hotfix that failed', () => {
  test('goes on by its own name, and from its branch when a person has brought a fix there', async () => {
    const room = await openSculptor();
    await room.over(await room.starts('ana', 'release cut'));
    const good = await room.origin.read(branch('0.44.0'), 'scripts/lock.mjs');
    await room.origin.commit(branch('0.44.0'), { 'x.txt': 'x\n' }, 'fix: x');
    await room.over(await room.starts('ana', 'release fixup'));
    await promoted(room);
    await room.set('kestrel.yml', ['version', 'follow'], [['node', 'scripts/gone.mjs']]);
    const run = await room.starts('ana', 'release hotfix');
    await room.step(run, 'bump-follow', 'failed');
    await room.says('ana', `cancel ${run}`);
    await room.over(run, 'cancelled');
    expect((await room.says('ana', 'release fixup')).lines.join(' ')).toContain(
      'slipway release hotfix 0.44.1',
    );
    await room.origin.commit(branch('0.44.1'), { 'scripts/gone.mjs': `${good}\n` }, 'fix: the lock');
    const state = await room.over(await room.starts('ana', 'release hotfix 0.44.1'));
    expect(state.created).toMatchObject({ target: '0.44.1', kind: 'hotfix' });
    expect(await room.origin.read(branch('0.44.1'), 'pyproject.toml')).toContain('"0.44.1"');
  });

  test('that is done is not said to be under way, and has no newest candidate', async () => {
    const room = await openSculptor();
    await room.over(await room.starts('ana', 'release cut'));
    await promoted(room);
    await room.over(await room.starts('ana', 'release hotfix'));
    const again = await room.says('ana', 'release hotfix');
    expect(again.lines.join('\n')).toMatch(
      /^hotfix of kestrel 0\.44\.\d is there already, since .* UTC: run kestrel_0\.44\.1_hotfix_1\.$/,
    );
    const status = (await room.says('ana', 'status')).lines.join('\n');
    expect(status).toMatch(/^kestrel 0\.44\.1 · open without candidate$/m);
  });
});

describe('two lines', () => {
  /** 0.44.0 is released, 0.44.1rc1 and 0.45.0rc1 are open. */
  async function twoOpen(): Promise<Room> {
    const room = await openSculptor();
    await room.over(await room.starts('ana', 'release cut'));
    await promoted(room);
    await room.over(await room.starts('ana', 'release hotfix'));
    await raised(room, '0.44.0', '0.45.0');
    await room.over(await room.starts('ana', 'release cut'));
    const fix = await merged(room, 'door');
    await room.over(await room.starts('ana', `release fixup 0.44.1 --input commits=${fix}`));
    expect(await room.serves('internal')).toBe('0.45.0rc1');
    return room;
  }

  test('the lower one is promoted beside the higher one: stable moves, internal stays', async () => {
    const room = await twoOpen();
    await promoted(room, '0.44.1');
    expect([await room.serves('internal'), await room.serves('stable')]).toEqual(['0.45.0rc1', '0.44.1']);
    await room.over(await room.starts('ana', 'release abandon --input reason=late'));
    expect([await room.serves('internal'), await room.serves('stable')]).toEqual(['0.44.1', '0.44.1']);
    expect((await room.says('ana', 'verify')).exit).toBe(0);
  });

  test('when the higher one is abandoned internal gets the candidate of the lower one, out of the archive', async () => {
    const room = await twoOpen();
    const state = await room.over(await room.starts('ana', 'release abandon 0.45.0 --input reason=bad'));
    expect(stepOf(state, 'channel')?.proof).toContain('internal serves 0.44.1rc1');
    expect([await room.serves('internal'), await room.serves('stable')]).toEqual(['0.44.1rc1', '0.44.0']);
    const services = await room.opened.services.of('kestrel', '');
    const [served, archive] = await Promise.all([
      (await services.storage('latest')).head('internal/kestrel.tar.gz'),
      (await services.storage('releases')).head('kestrel-0.44.1rc1.tar.gz'),
    ]);
    expect(served?.sha256).toBe(archive?.sha256);
  });
});

describe('after an adoption', () => {
  /** Five releases by hand, and a line with two candidates. */
  async function byHand(): Promise<Room> {
    const room = await openSculptor();
    const refs = await room.origin.refs();
    const old = refs['refs/tags/kestrel-v0.43.2'] ?? '';
    for (const version of ['0.40.0', '0.41.0', '0.42.0', '0.43.0'])
      await room.origin.point(`refs/tags/kestrel-v${version}`, old);
    await room.origin.point(`refs/heads/${branch('0.44.0')}`, refs['refs/heads/main'] ?? '');
    for (const version of ['0.44.0rc1', '0.44.0rc2']) {
      const file = await room.origin.read(branch('0.44.0'), 'pyproject.toml');
      const text = `${file.replace(/version = ".*"/, `version = "${version}"`)}\n`;
      const commit = await room.origin.commit(branch('0.44.0'), { 'pyproject.toml': text }, `v${version}`);
      await room.origin.point(`refs/tags/kestrel-v${version}`, commit);
    }
    await adopted(room);
    return room;
  }

  test('a lower line is released beside a line whose candidate was made by hand', async () => {
    const room = await byHand();
    await room.over(await room.starts('ana', 'release hotfix'));
    const fix = await merged(room, 'door');
    const fixup = await room.over(await room.starts('ana', `release fixup 0.43.3 --input commits=${fix}`));
    expect(stepOf(fixup, 'channel')?.skip?.reason).toMatch(
      /internal serves nothing yet \(0\.44\.0rc2 was made by hand; slipway point internal 0\.44\.0rc2 lets it serve that\)/,
    );
    await promoted(room, '0.43.3');
    expect([await room.serves('internal'), await room.serves('stable')]).toEqual(['', '0.43.3']);
    await room.over(await room.starts('ana', `release fixup 0.44.0 --input commits=${fix}`));
    expect(await room.serves('internal')).toBe('0.44.0rc3');
    await room.over(await room.starts('ana', 'release abandon --input reason=late'));
    expect(await room.serves('internal')).toBe('0.43.3');
    expect((await room.says('ana', 'verify')).exit).toBe(0);
  });

  test('a hotfix below what was released by hand does not take stable from it', async () => {
    const room = await byHand();
    await room.over(await room.starts('ana', 'release hotfix 0.42.0'));
    const fix = await merged(room, 'door');
    await room.over(await room.starts('ana', `release fixup 0.42.1 --input commits=${fix}`));
    const promote = await room.state(await promoted(room, '0.42.1'));
    expect(stepOf(promote, 'channel')?.skip?.reason).toContain(
      'stable serves nothing yet (0.43.2 was made by hand',
    );
    expect(await room.serves('stable')).toBe('');
  });

  test('a line is abandoned when stable is only known by hand', async () => {
    const room = await openSculptor();
    await adopted(room);
    await room.over(await room.starts('ana', 'release cut'));
    const state = await room.over(await room.starts('ana', 'release abandon --input reason=bad'));
    expect(stepOf(state, 'channel')?.skip?.reason).toContain(
      'left: internal serves 0.44.0rc1 (0.43.2 was made by hand',
    );
  });
});

describe('words at 23:00', () => {
  test('who promotes while a fixup runs is told which candidate is on its way', async () => {
    const room = await openSculptor();
    await room.over(await room.starts('ana', 'release cut'));
    const fix = await merged(room, 'door');
    const run = await room.starts('ana', `release fixup --input commits=${fix}`);
    const [said] = (await room.says('ben', 'release promote')).lines;
    expect(said).toBe('0.44.0rc2 of kestrel 0.44.0 is on its way.');
    await room.over(run);
  });

  test('a line that was given up before its first candidate was abandoned at none', async () => {
    const room = await openSculptor();
    await room.origin.commit('main', { 'scripts/build.mjs': 'process.exit(1);\n' }, 'Break the build');
    const cut = await room.starts('ana', 'release cut');
    await room.step(cut, 'build', 'failed');
    await room.says('ana', 'release abandon --input reason=broken');
    await room.over(cut, 'cancelled');
    await room.over('kestrel_0.44.0_abandon_1');
    expect((await room.says('ana', 'release cut')).lines[0]).toBe(
      'kestrel 0.44.0 was abandoned by Ana; its number is not used again.',
    );
  });

  test('an abandoned candidate that internal still serves is not called put right', async () => {
    const room = await openSculptor();
    await room.over(await room.starts('ana', 'release cut'));
    const state = await room.over(await room.starts('ana', 'release abandon --input reason=bad'));
    expect(stepOf(state, 'channel')).toMatchObject({
      status: 'skipped',
      skip: { reason: 'nothing is stable yet: internal serves 0.44.0rc1' },
    });
  });

  test('a build of main is named by its commit', async () => {
    const room = await openSculptor();
    await room.over(await room.starts('ana', 'release latest'));
    const head = (await room.origin.refs())['refs/heads/main'] ?? '';
    expect((await room.says('ana', 'release latest')).lines[0]).toMatch(
      new RegExp(`^latest of kestrel at ${head.slice(0, 7)}: already done by Ana`),
    );
  });

  test('a dependency that is raised in the version file is something new', async () => {
    const room = await openSculptor();
    await room.over(await room.starts('ana', 'release cut'));
    const file = await room.origin.read(branch('0.44.0'), 'pyproject.toml');
    await room.origin.commit(branch('0.44.0'), { 'pyproject.toml': `${file}\n` }, 'Nothing but a rewrite');
    expect((await room.says('ana', 'release fixup')).lines[0]).toContain('nothing new');
    await room.origin.commit(
      branch('0.44.0'),
      { 'pyproject.toml': `${file}\ndependencies = ["wren>=2"]\n` },
      'fix: raise wren',
    );
    await room.over(await room.starts('ana', 'release fixup'));
    expect(await room.serves('internal')).toBe('0.44.0rc2');
  });
});
