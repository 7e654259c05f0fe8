import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { folderStorage } from '../../src/services/storage/folder.js';
import type { Storage } from '../../src/services/storage/storage.js';
import type { RunFacts, StepContext, Services } from '../../src/steps/step.js';
import { store } from '../../src/steps/store.js';
import { newFolder, removeFolders } from '../contracts/folders.js';

let root: string;
let storage: Storage;
beforeEach(async () => {
  root = await newFolder();
  storage = folderStorage(root, 'releases');
});
afterAll(removeFolders);

const key = 'kestrel.tar.gz';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const served = (): Promise<string> => readFile(path.join(root, key), 'utf8');

/** A step of a run that has built `built`. */
function context(built: string, facts: Partial<RunFacts>): StepContext<unknown, keyof Services> {
  const unused = (): never => {
    throw new Error('a store step has no business here');
  };
  const all: RunFacts = {
    run: 'kestrel_0.44.0_promote_1',
    project: 'kestrel',
    process: 'kestrel',
    processHash: '',
    operation: 'promote',
    kind: 'publish',
    target: '0.44.0',
    version: '0.44.0',
    candidate: '',
    previous: '',
    commit: '',
    defaultBranch: 'main',
    branch: '',
    tag: '',
    policy: '',
    series: 'main',
    scheme: { scheme: 'pep440', candidate: ['rc'], counter: 'restarts' },
    variants: [],
    forced: false,
    versionFiles: [],
    versionText: '1.0.0rc2',
    copied: {},
    follow: [],
    artifacts: { tarball: { file: '', storage: 'releases', key } },
    channels: {},
    ...facts,
  };
  return {
    id: 'store',
    config: { artifacts: ['tarball'] },
    facts: all,
    before: {
      build: { artifacts: { tarball: { name: key, sha256: sha256(built), size: built.length } } },
    },
    leftOut: [],
    intentAt: 1,
    startedAt: 1,
    now: 1,
    timeoutMs: 1000,
    services: {
      get git() {
        return unused();
      },
      get rooms() {
        return unused();
      },
      get commands() {
        return unused();
      },
      identity: { name: '', email: '' },
      lines: unused,
      pinOf: unused,
      archived: unused,
      storage: async () => storage,
    },
    blobs: { get: async () => Buffer.from(built), put: unused },
    log: { write: unused, line: unused, end: unused },
    signal: new AbortController().signal,
    effect: async (send) => await send(),
  };
}

const candidate = { version: '0.44.0rc1', candidate: 'rc1', run: 'kestrel_0.44.0_cut_2' };

describe('store', () => {
  test('copies what the plan names of the candidate, never what the run has built besides', async () => {
    const copied = { ...context('one', {}), config: { artifacts: ['tarball'], bytes: 'candidate' } };
    await expect(store.find(copied)).rejects.toMatchObject({ code: 'artifact-invalid' });
    await expect(store.run(copied)).rejects.toMatchObject({ code: 'artifact-invalid' });
    expect(await storage.head(key)).toBeUndefined();
  });

  test('archives what was built, and finds it again', async () => {
    expect(await store.find(context('one', {}))).toEqual({ is: 'absent' });
    expect((await store.run(context('one', {}))).result).toBe('done');
    expect((await store.find(context('one', {}))).is).toBe('same');
    expect((await storage.head(key))?.metadata).toEqual({
      version: '0.44.0',
      run: 'kestrel_0.44.0_promote_1',
    });
  });

  test('refuses other bytes of a final version, and names --force', async () => {
    await store.run(context('one', {}));
    const found = await store.find(context('two', {}));
    expect(found).toMatchObject({
      is: 'different',
      what: expect.stringMatching(/exists with other bytes \(sha256:.*--force/),
    });
    expect(await served()).toBe('one');
  });

  test('looks once more before it sends: what came since it was looked for is not overwritten', async () => {
    expect(await store.find(context('one', {}))).toEqual({ is: 'absent' });
    await storage.create(key, Buffer.from('by hand'), {});
    await expect(store.run(context('one', {}))).rejects.toMatchObject({
      code: 'effect-differs',
      message: expect.stringContaining('--force'),
    });
    expect(await served()).toBe('by hand');
  });

  test('replaces other bytes of a final version where it was forced', async () => {
    await store.run(context('one', {}));
    const forced = context('two', { forced: true });
    expect(await store.find(forced)).toEqual({ is: 'absent' });
    expect((await store.run(forced)).result).toBe('done');
    expect(await served()).toBe('two');
  });

  test('forced too, replaces only what it has seen', async () => {
    await store.run(context('one', {}));
    const forced = context('two', { forced: true });
    const meanwhile: typeof forced = {
      ...forced,
      effect: async (send) => {
        const there = await storage.head(key);
        await storage.replace(key, Buffer.from('of others'), {}, there?.etag ?? '');
        return await send();
      },
    };
    await expect(store.run(meanwhile)).rejects.toMatchObject({ code: 'effect-differs' });
    expect(await served()).toBe('of others');
  });

  test('a candidate is replaced by its own rebuild, and by nothing else', async () => {
    await store.run(context('one', candidate));
    expect(await store.find(context('two', candidate))).toEqual({ is: 'absent' });
    await store.run(context('two', candidate));
    expect(await served()).toBe('two');
    const other = { ...candidate, version: '0.44.0rc2', candidate: 'rc2' };
    expect((await store.find(context('three', other))).is).toBe('different');
    await expect(store.run(context('three', other))).rejects.toMatchObject({ code: 'effect-differs' });
    expect(await served()).toBe('two');
  });
});
