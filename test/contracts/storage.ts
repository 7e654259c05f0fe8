import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Storage, Stored } from '../../src/services/storage/storage.js';
import { race } from './children.js';
import { openStorage, type Place } from './places.js';

const toldShape = z.array(z.object({ version: z.number() }));

/** The answer of a write that must have worked. */
export function written(answer: Stored | string | undefined): Stored {
  if (answer === undefined || typeof answer === 'string') throw new Error(`Not written: ${answer}`);
  return answer;
}

/** Registers what every `Storage` must do. `start` gives an empty place, `stop` takes it away. */
export function storageContract(
  name: string,
  { start, stop }: { start: () => Promise<Place>; stop: () => Promise<void> },
): void {
  describe(name, () => {
    let place: Place;
    let storage: Storage;
    beforeAll(async () => {
      place = await start();
      storage = await openStorage(place);
    });
    afterAll(stop);

    const text = async (key: string): Promise<string> =>
      Buffer.from((await storage.read(key)) ?? []).toString();

    test('passes its own probe', async () => {
      await storage.probe();
    });

    test('stores bytes with their facts', async () => {
      const body = randomBytes(300_000);
      const metadata = { version: '1.2.0', note: 'größer, 100 % – ok ' };
      const answer = written(await storage.create('app/1.2.0/app+linux_x64.tar.gz', body, metadata));
      const sha256 = createHash('sha256').update(body).digest('hex');
      expect(answer).toEqual({ etag: answer.etag, size: 300_000, sha256, metadata });
      expect(await storage.head('app/1.2.0/app+linux_x64.tar.gz')).toEqual(answer);
      expect(
        Buffer.compare((await storage.read('app/1.2.0/app+linux_x64.tar.gz')) ?? Buffer.of(), body),
      ).toBe(0);
      const empty = written(await storage.create('app/empty', new Uint8Array(), {}));
      expect(empty.size).toBe(0);
      expect(await storage.head('app/empty')).toEqual(empty);
    });

    test('stores and replaces what goes in many parts', async () => {
      const body = randomBytes(12_000_000);
      const sha256 = createHash('sha256').update(body).digest('hex');
      const first = written(await storage.create('big', body, { version: '1' }));
      expect(first).toMatchObject({ size: 12_000_000, sha256, metadata: { version: '1' } });
      expect(await storage.head('big')).toEqual(first);
      expect(Buffer.compare((await storage.read('big')) ?? Buffer.of(), body)).toBe(0);
      expect(await storage.create('big', body.subarray(1), {})).toBe('exists');
      const second = written(await storage.replace('big', body.subarray(1), { version: '2' }, first.etag));
      expect(await storage.replace('big', body.subarray(2), {}, first.etag)).toBe('changed');
      expect(await storage.head('big')).toEqual(second);
      expect(second.size).toBe(11_999_999);
      expect(await storage.replace('big-and-gone', body, {}, first.etag)).toBe('changed');
      expect(await storage.head('big-and-gone')).toBeUndefined();
    });

    test('has one winner among four creates at once that go in parts', async () => {
      const bodies = [1, 2, 3, 4].map((writer) => Buffer.alloc(6_000_000, writer));
      const answers = await Promise.all(
        bodies.map((body, at) => storage.create('big-race', body, { writer: String(at) })),
      );
      const winners = answers.filter((answer) => answer !== 'exists');
      expect(winners).toHaveLength(1);
      expect(await storage.head('big-race')).toEqual(winners[0]);
    });

    test('says undefined where there is nothing', async () => {
      expect(await storage.head('nothing')).toBeUndefined();
      expect(await storage.read('nothing/here')).toBeUndefined();
      expect(await storage.replace('nothing', Buffer.from('x'), {}, '"x"')).toBe('changed');
      expect(await storage.head('nothing')).toBeUndefined();
    });

    test('creates once', async () => {
      const first = await storage.create('once', Buffer.from('first'), { by: 'a' });
      expect(await storage.create('once', Buffer.from('second'), { by: 'b' })).toBe('exists');
      expect(await storage.head('once')).toEqual(first);
      expect(await text('once')).toBe('first');
    });

    test('has one winner among twenty creates at once', async () => {
      const both = [storage, await openStorage(place)];
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, at) =>
          (both[at % 2] ?? storage).create('race', Buffer.from(`writer ${at}`), { writer: String(at) }),
        ),
      );
      const winners = answers.filter((answer) => answer !== 'exists');
      expect(winners).toHaveLength(1);
      expect(await storage.head('race')).toEqual(winners[0]);
      expect(await text('race')).toBe(`writer ${written(winners[0]).metadata['writer']}`);
    });

    test('replaces only what was seen', async () => {
      const first = written(await storage.create('channel', Buffer.from('1'), { version: '1' }));
      const second = written(
        await storage.replace('channel', Buffer.from('2'), { version: '2' }, first.etag),
      );
      expect(second.etag).not.toBe(first.etag);
      expect(await storage.replace('channel', Buffer.from('3'), {}, first.etag)).toBe('changed');
      expect(await storage.head('channel')).toEqual(second);
      const third = written(await storage.replace('channel', Buffer.from('3'), {}, second.etag));
      expect(await storage.head('channel')).toEqual(third);
      expect(third.metadata).toEqual({});
    });

    test('has one winner among twenty replacements at once', async () => {
      const { etag } = written(await storage.create('contended', Buffer.from('0'), {}));
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, at) =>
          storage.replace('contended', Buffer.from(`writer ${at}`), {}, etag),
        ),
      );
      const winners = answers.filter((answer) => answer !== 'changed');
      expect(winners).toHaveLength(1);
      expect(await storage.head('contended')).toEqual(winners[0]);
    });

    test.each([
      '',
      '/a',
      'a//b',
      '../a',
      'a/..',
      'a b',
      'ä',
      '.slipway/generations/x',
      'latest/.slipway/x',
      'a/.Slipway',
    ])('refuses the key %j', async (key) => {
      await expect(storage.head(key)).rejects.toMatchObject({ code: 'internal' });
      await expect(storage.create(key, Buffer.from('x'), {})).rejects.toMatchObject({ code: 'internal' });
    });

    test('loses no move of a pointer when four processes move it', async () => {
      await storage.create('pointer', Buffer.from('version 0\n'), { version: '0' });
      const racers = await race(
        './storage-child.ts',
        [1, 2, 3, 4].map(() => ({ place, key: 'pointer', times: 25 })),
      );
      expect(await Promise.all(racers.map((racer) => racer.ended))).toEqual([0, 0, 0, 0]);
      const versions = racers.flatMap(({ messages }) =>
        toldShape.parse(messages).map(({ version }) => version),
      );
      expect(versions.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
      expect((await storage.head('pointer'))?.metadata).toEqual({ version: '100' });
      expect(await text('pointer')).toBe('version 100\n');
    });
  });
}
