import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { filesFor } from '../../src/app/archive.js';
import { projectOf } from '../../src/app/policies.js';
import { stepOf } from '../../src/release/run-state.js';
import { schemeOf } from '../../src/release/versions/index.js';
import { stepKinds } from '../../src/steps/index.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';
import { announcedIn } from './said.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const ana = { issuer: 'local', workspace: 'sandbox', user: 'ana', name: 'Ana' } as const;
const pin = "point stable 0.44.0 --reason 'db migration'";

async function release(room: Room, from: string, version: string): Promise<void> {
  if (from !== '') {
    const file = await room.origin.read('main', 'pyproject.toml');
    await room.origin.commit(
      'main',
      { 'pyproject.toml': `${file.replace(from, version)}\n`, 'CHANGES.md': `${version}\n` },
      `Begin ${version}`,
    );
  }
  await room.over(await room.starts('ana', 'release cut'));
  const promote = await room.starts('ana', `release promote ${version}`);
  await room.says('ben', `approve ${promote} --seal ${await room.seal(promote)}`);
  await room.over(promote);
}

/** 0.44.0 and 0.45.0 are released; the coordinator may point. */
async function twoReleases(): Promise<Room> {
  const room = await openRoom();
  await room.set('slipway.yaml', ['policies', 'standard', 'operations', 'point'], { start: ['coordinator'] });
  await release(room, '', '0.44.0');
  await release(room, '0.44.0', '0.45.0');
  expect(await room.serves('stable')).toBe('0.45.0');
  return room;
}

async function bytesOf(room: Room, place: 'archive' | 'stable', version = ''): Promise<Buffer> {
  const { releases, latest } = room.sandbox.storage;
  return readFile(
    place === 'archive' ? join(releases, `kestrel-${version}.tar.gz`) : join(latest, 'kestrel.tar.gz'),
  );
}

describe('pointing a channel', () => {
  test('needs a rule of its own: who may start operations may not point', async () => {
    const room = await openRoom();
    const nobody = await room.says('ana', pin);
    expect(nobody.exit).toBe(1);
    expect(nobody.lines.join(' ')).toContain('Nobody may point');
    await room.set('slipway.yaml', ['policies', 'standard', 'operations', 'point'], {
      start: ['coordinator'],
    });
    expect((await room.says('ben', pin)).lines.join(' ')).toContain('coordinator');
    expect((await room.says('ben', 'unpoint stable')).exit).toBe(1);
    const unknown = await room.says('ana', pin);
    expect(unknown.lines.join(' ')).toMatch(/no release line that Slipway knows.*Nothing was changed/);
    expect((await room.says('ana', "point constructor 0.44.0 --reason 'x'")).lines.join(' ')).toContain(
      'no channel',
    );
    expect((await room.says('ana', "point stable --reason 'x' ../../etc")).exit).toBe(2);
    expect(await room.engine.projects.ids()).toEqual([]);
  });

  test('serves the archived bytes until it is lifted; releases leave it where it is, and say so', async () => {
    const room = await twoReleases();
    const pinned = await room.says('ana', pin);
    expect(pinned).toMatchObject({
      exit: 0,
      data: { channel: 'stable', version: '0.44.0', before: '0.45.0' },
    });
    expect(pinned.lines[0]).toContain('🔒 kestrel stable · pinned to 0.44.0 by Ana: "db migration".');
    expect(await room.serves('stable')).toBe('0.44.0');
    expect(await bytesOf(room, 'stable')).toEqual(await bytesOf(room, 'archive', '0.44.0'));
    expect((await room.says('cat', 'status')).lines.join('\n')).toContain(
      '🔒 kestrel stable · pinned to 0.44.0',
    );

    // By now it says first which version has replaced it.
    expect(await announcedIn(room.opened, 'releases')).toContainEqual(
      expect.stringContaining('Kestrel 0.45.0 is stable.'),
    );
    await release(room, '0.45.0', '0.46.0');
    expect(await room.serves('stable')).toBe('0.44.0');
    expect(await room.serves('internal')).toBe('0.46.0');
    const moved = stepOf(await room.state('kestrel_0.46.0_promote_1'), 'channel');
    expect(moved?.proof).toContain('stable serves 0.44.0 (pinned to 0.44.0 by Ana: "db migration")');
    // Nobody is to read that it is stable without that.
    expect(await announcedIn(room.opened, 'releases')).toContain(
      'Kestrel 0.46.0 is stable.\n⚠️ stable serves 0.44.0',
    );
    await room.shown();
    const [before] = (await announcedIn(room.opened, 'releases')).slice(-2);
    expect(before).toMatch(/kestrel 0\.45\.0 is superseded by 0\.46\.0[^]*Kestrel 0\.45\.0 is stable\./);

    await room.stop();
    await room.start();
    expect(await room.serves('stable')).toBe('0.44.0');
    const lifted = await room.says('ana', 'unpoint stable');
    expect(lifted).toMatchObject({ exit: 0, data: { serves: '0.46.0', should: '0.46.0' } });
    expect(lifted.lines[0]).toContain('is no longer pinned to 0.44.0 by Ana');
    expect(await bytesOf(room, 'stable')).toEqual(await bytesOf(room, 'archive', '0.46.0'));
    expect((await room.says('ana', 'unpoint stable')).lines[0]).toContain('was not pinned');
    expect((await room.says('ana', 'verify')).exit).toBe(0);
  });

  test('a step that has nothing but pinned channels is skipped with the reason', async () => {
    const room = await openRoom();
    await room.set('slipway.yaml', ['policies', 'standard', 'operations', 'point'], {
      start: ['coordinator'],
    });
    await room.over(await room.starts('ana', 'release cut'));
    await room.says('ana', "point internal 0.44.0rc1 --reason 'demo day'");
    await room.origin.commit('release/kestrel-v0.44.0', { 'NOTES.md': 'fixed\n' });
    const fixup = await room.over(await room.starts('ben', 'release fixup'));
    expect(stepOf(fixup, 'channel')).toMatchObject({
      status: 'skipped',
      skip: { reason: 'pinned to 0.44.0rc1 by Ana: "demo day"' },
    });
    expect(await room.serves('internal')).toBe('0.44.0rc1');
    expect((await announcedIn(room.opened, 'eng-process')).join('\n')).toContain(
      '⚠️ channel · skipped: "pinned to 0.44.0rc1 by Ana: "demo day""',
    );
    expect((await room.says('ana', 'unpoint internal')).data).toMatchObject({ serves: '0.44.0rc2' });
  });

  test('a channel that a gate protects serves only what has passed it, and only what was built', async () => {
    const room = await twoReleases();
    const candidate = await room.says('ana', "point stable 0.44.0rc1 --reason 'x'");
    expect(candidate.exit).toBe(1);
    expect(candidate.lines.join(' ')).toMatch(/has not passed it.*Nothing was changed/);
    await writeFile(join(room.sandbox.storage.releases, 'kestrel-0.44.0.tar.gz'), 'something else');
    const other = await room.says('ana', pin);
    expect(other.exit).toBe(1);
    expect(other.lines.join(' ')).toContain('is not trusted');
    expect(await room.serves('stable')).toBe('0.45.0');
    expect((await room.engine.projects.load('kestrel'))?.pins).toBeUndefined();
  });

  test('a crash between the pin and the move is finished at the next start, and so is one while it is lifted', async () => {
    const room = await twoReleases();
    const project = projectOf(await room.opened.installation(), 'kestrel');
    const scheme = schemeOf({ scheme: 'pep440', candidate: ['rc'], counter: 'restarts' });
    const files = async (version: string) => {
      const parsed = scheme.parse(version);
      if (parsed === undefined) throw new Error('no version');
      return filesFor(
        { engine: room.engine, storage: room.opened.services.storage },
        project,
        'stable',
        parsed,
      );
    };
    const pinned = {
      type: 'channel.pinned',
      channel: 'stable',
      version: '0.44.0',
      reason: 'db migration',
      files: await files('0.44.0'),
      before: '0.45.0',
      by: ana,
    } as const;
    await room.engine.projects.update('kestrel', () => pinned);
    expect(await room.serves('stable')).toBe('0.45.0');
    await room.stop();
    await room.start();
    expect(await room.serves('stable')).toBe('0.44.0');

    const goal = await files('0.45.0');
    await room.engine.projects.update('kestrel', () => ({
      type: 'channel.unpinned',
      channel: 'stable',
      version: '0.45.0',
      files: goal,
      by: ana,
    }));
    await room.stop();
    await room.start();
    expect(await room.serves('stable')).toBe('0.45.0');
    expect(await room.engine.projects.load('kestrel')).toMatchObject({ pins: {}, moving: {} });
  });

  test('what a person has moved by hand while it is pinned is shown, and not moved back by itself', async () => {
    const room = await twoReleases();
    await room.says('ana', pin);
    await writeFile(join(room.sandbox.storage.latest, 'kestrel.tar.gz'), 'by hand');
    await room.stop();
    await room.start();
    expect((await bytesOf(room, 'stable')).toString()).toBe('by hand');
    expect((await room.says('ana', 'status')).lines.join('\n')).toContain('moved it by hand');
    await room.says('ana', pin);
    expect(await room.serves('stable')).toBe('0.44.0');
    // What was served before the first pin is what it goes back to.
    expect((await room.says('ana', 'unpoint stable')).data).toMatchObject({ serves: '0.45.0' });
  });

  test('needs the second person that the policy wants', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    const rule = { start: ['coordinator'], confirm: ['maintainer'] };
    await room.set('slipway.yaml', ['policies', 'standard', 'operations', 'point'], rule);
    const words = "point internal 0.44.0rc1 --reason 'demo day'";
    expect((await room.says('ana', words)).lines.join(' ')).toContain('second person');
    expect((await room.says('ana', `${words} --second ana`)).exit).toBe(1);
    expect((await room.says('ana', `${words} --second ben`)).exit).toBe(0);
    const { pins } = (await room.engine.projects.load('kestrel')) ?? {};
    expect(pins?.['internal']).toMatchObject({ by: { name: 'Ana' }, second: { name: 'Ben' } });
  });

  test('a step that moves the channel in the very moment that it is pinned puts it back', async () => {
    let pinIt = async (): Promise<void> => undefined;
    const kinds = stepKinds.map((kind) =>
      kind.name === 'channel'
        ? {
            ...kind,
            run: (context: Parameters<typeof kind.run>[0]) =>
              kind.run({
                ...context,
                effect: async (send) => {
                  if (context.facts.version === '0.44.0rc2') await pinIt();
                  return context.effect(send);
                },
              }),
          }
        : kind,
    );
    const room = await openRoom({ kinds });
    const { engine, opened } = room;
    await room.over(await room.starts('ana', 'release cut'));
    const project = projectOf(await opened.installation(), 'kestrel');
    const scheme = schemeOf({ scheme: 'pep440', candidate: ['rc'], counter: 'restarts' });
    const version = scheme.candidate('0.44.0', 'rc', 1);
    const files = await filesFor({ engine, storage: opened.services.storage }, project, 'internal', version);
    // After the step has looked, and before it writes: who pins sees that nothing has to be moved.
    pinIt = async () => {
      const { pins = {} } = (await engine.projects.load('kestrel')) ?? {};
      if (pins['internal'] !== undefined) return;
      const said = { channel: 'internal', version: version.text, reason: 'demo day', before: '', by: ana };
      await engine.projects.update('kestrel', () => ({ type: 'channel.pinned', files, ...said }));
    };
    await room.origin.commit('release/kestrel-v0.44.0', { 'NOTES.md': 'fixed\n' });
    const fixup = await room.over(await room.starts('ben', 'release fixup'));
    expect(stepOf(fixup, 'channel')?.skip?.reason).toContain('pinned to 0.44.0rc1');
    expect(await room.serves('internal')).toBe('0.44.0rc1');
    const served = await readFile(join(room.sandbox.storage.latest, 'internal', 'kestrel.tar.gz'));
    expect(served).toEqual(await bytesOf(room, 'archive', '0.44.0rc1'));
  });
});
