import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Blobs } from '../../src/engine/ports/blobs.js';
import type { ProjectCommands } from '../../src/services/command/command.js';
import type { Rooms } from '../../src/services/rooms/rooms.js';
import {
  readOnlyBlobs,
  readOnlyCommands,
  readOnlyGit,
  readOnlyRooms,
  readOnlyStorage,
} from '../../src/services/read-only.js';
import { openGit } from '../../src/services/git/remote.js';
import type { Git } from '../../src/services/git/git.js';
import { folderStorage } from '../../src/services/storage/folder.js';
import { execFileSync } from 'node:child_process';

let folder: string;
let git: Git;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'slipway-read-only-'));
  const bare = path.join(folder, 'origin.git');
  const run = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  run('init', '-q', '--bare', '-b', 'main', bare);
  const tree = run('-C', bare, 'mktree', '--missing');
  const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.com'];
  const commit = run(...identity, '-C', bare, 'commit-tree', '-m', 'first', tree);
  run('-C', bare, 'update-ref', 'refs/heads/main', commit);
  git = await openGit({ url: bare, mirror: path.join(folder, 'mirror.git') });
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** Each refused call, by name; every other member that the object has must be a look. */
async function refusedOf(port: object): Promise<string[]> {
  const refused: string[] = [];
  for (const member of Object.keys(port)) {
    const value: unknown = Reflect.get(port, member);
    if (typeof value !== 'function') continue;
    const answer: unknown = await Promise.resolve()
      .then(() => Reflect.apply(value, port, []))
      .catch((error: unknown) => error);
    const said = answer instanceof Error ? answer.message : '';
    if (said.startsWith('A dry run changes nothing')) refused.push(member);
  }
  return refused.toSorted();
}

describe('a look', () => {
  test('reads a repository and makes nothing in it', async () => {
    const seen: string[] = [];
    const looked = readOnlyGit(git, (what) => void seen.push(what));
    const { commit, name } = await looked.defaultBranch();
    expect(name).toBe('main');
    await looked.fetch([commit]);
    expect((await looked.readCommit(commit)).message).toBe('first');
    const update = { ref: 'refs/heads/x', to: commit, expected: 'absent' };
    await expect(looked.push([update])).rejects.toMatchObject({
      code: 'refused',
      message: 'A dry run changes nothing: git.push was not done.',
    });
    expect(seen).toEqual(['git.push']);
    expect((await git.remoteRefs(['refs/heads/x'])).size).toBe(0);
    expect(await refusedOf(looked)).toEqual([
      'checkout',
      'cherryPick',
      'makeCommit',
      'makeTag',
      'push',
      'takeIn',
    ]);
  });

  test('reads a storage and writes nothing into it, not even the throw-away key of a probe', async () => {
    const storage = folderStorage(path.join(folder, 'storage'), 'releases');
    const looked = readOnlyStorage(storage);
    await storage.create('a', Buffer.from('x'), {});
    expect((await looked.head('a'))?.sha256).toBe(createHash('sha256').update('x').digest('hex'));
    expect(looked.address).toBe('releases');
    await expect(looked.create('b', Buffer.from('x'), {})).rejects.toMatchObject({ code: 'refused' });
    expect(await refusedOf(looked)).toEqual(['create', 'probe', 'replace']);
    expect(await storage.head('b')).toBeUndefined();
  });

  test('searches rooms, runs nothing, and reads blobs', async () => {
    const done: string[] = [];
    const did = (what: string) => async (): Promise<never> => {
      done.push(what);
      throw new Error(what);
    };
    const rooms: Rooms = { search: async () => [], post: did('post'), remove: did('remove') };
    const commands: ProjectCommands = { run: did('run') };
    const blobs: Blobs = { get: async () => Buffer.from('x'), put: did('put') };
    expect(await refusedOf(readOnlyRooms(rooms))).toEqual(['post', 'remove']);
    expect(await refusedOf(readOnlyCommands(commands))).toEqual(['run']);
    expect(await refusedOf(readOnlyBlobs(blobs))).toEqual(['put']);
    expect(await readOnlyRooms(rooms).search('r', 'm')).toEqual([]);
    expect(done).toEqual([]);
  });

  test('cannot be given another member, nor lose one, and what a port has besides is refused', async () => {
    const storage = Object.assign(folderStorage(path.join(folder, 'storage')), { sweep: async () => 1 });
    const looked = readOnlyStorage(storage);
    expect(() => Object.assign(looked, { create: storage.create })).toThrow(/changes nothing/);
    expect(() => Reflect.deleteProperty(looked, 'create')).toThrow(/changes nothing/);
    const sweep: unknown = Reflect.get(looked, 'sweep');
    await expect(typeof sweep === 'function' ? sweep() : undefined).rejects.toThrow(/storage.sweep/);
    // An awaited port is itself, not a promise.
    expect((await Promise.resolve(looked)).address).toBe(looked.address);
  });
});
