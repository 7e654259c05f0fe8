import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { readSealed } from '../../src/engine/read-outputs.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

/** The tested bytes are what ships: candidates are stamped with the line's version, and promote builds nothing. */
async function copyingRoom(): Promise<Room> {
  const room = await openRoom();
  await room.set('kestrel.yml', ['version', 'stamp'], 'line');
  await room.set(
    'kestrel.yml',
    ['operations', 'promote', 'steps'],
    [
      { uses: 'approve' },
      { uses: 'store', artifacts: ['tarball'], bytes: 'candidate' },
      { uses: 'tag' },
      { uses: 'channel', move: ['internal', 'stable'] },
      { uses: 'announce', to: ['releases'], text: 'Kestrel {version} is stable.' },
    ],
  );
  return room;
}

/** What the program of an archive says that it is. */
async function saysOf(archive: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-copy-'));
  try {
    execFileSync('tar', ['-xzf', archive, '-C', folder]);
    const [inner = ''] = await readdir(folder);
    return execFileSync(process.execPath, [join(folder, inner, 'kestrel.mjs'), '--version'], {
      encoding: 'utf8',
    }).trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('copying the tested bytes', () => {
  test('the candidate’s own archive is approved, stored under the final version and served', async () => {
    const room = await copyingRoom();
    await room.over(await room.starts('ana', 'release cut'));
    const run = await room.starts('ana', 'release promote');
    const waiting = await room.rest(run);
    const storage = await (await room.opened.services.of('kestrel', '', '')).storage('releases');
    const candidate = await storage.head('kestrel-0.44.0rc1.tar.gz');
    // The seal holds the digest, though nothing was built before the gate.
    const sealed = await readSealed(room.engine, waiting.gates['approve']?.seal ?? '');
    expect(JSON.stringify(sealed.results)).toContain(candidate?.sha256);
    expect(await storage.head('kestrel-0.44.0.tar.gz')).toBeUndefined();

    await room.says('ben', `approve ${run} --seal ${await room.seal(run)}`);
    await room.over(run);
    expect((await storage.head('kestrel-0.44.0.tar.gz'))?.sha256).toBe(candidate?.sha256);
    expect([await room.serves('stable'), await room.serves('internal')]).toEqual(['0.44.0', '0.44.0']);
    const refs = await room.origin.refs();
    expect(refs['refs/heads/release/kestrel-v0.44.0']).toBeDefined();
    expect(await saysOf(join(room.sandbox.storage.latest, 'kestrel.tar.gz'))).toBe('0.44.0');
  });

  test('a candidate that Slipway has not built cannot be copied', async () => {
    const room = await copyingRoom();
    const head = (await room.origin.refs())['refs/heads/main'] ?? '';
    await room.origin.point('refs/heads/release/kestrel-v0.44.0', head);
    await room.origin.point('refs/tags/kestrel-v0.44.0rc1', head);
    const shown = await room.says('ana', 'adopt');
    const hash = /--confirm (\S+)/.exec(shown.lines.join(' '))?.[1] ?? '';
    await room.says('ana', `adopt --confirm ${hash}`);
    const promote = await room.says('ana', 'release promote');
    expect(promote.exit).toBe(1);
    expect(promote.lines.join(' ')).toContain('left no "tarball" that Slipway has built');
    expect(promote.lines.join(' ')).toContain('Nothing was started');
  });

  test('without the stamp it is refused when the process is loaded', async () => {
    const room = await copyingRoom();
    await room.edit('kestrel.yml', (text) => text.replace(/\n\s*stamp: line/, ''));
    const cut = await room.says('ana', 'release cut');
    expect(cut.exit).not.toBe(0);
    expect(cut.lines.join(' ')).toContain('"bytes: candidate" needs "stamp: line"');
  });
});
