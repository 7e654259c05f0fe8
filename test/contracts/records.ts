import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Records } from '../../src/engine/ports/records.js';
import { race, type Racer } from './children.js';
import { openRecords, type Place } from './places.js';

const toldShape = z.array(z.object({ n: z.number(), event: z.number() }));
const eventShape = z.object({ writer: z.number(), event: z.number(), filler: z.string().length(300) });

/**
 * Registers what every `Records` must do. `start` gives an empty place, `stop` takes it away;
 * `events` is how many each of the four processes appends.
 */
export function recordsContract(
  name: string,
  { start, stop, events: each }: { start: () => Promise<Place>; stop: () => Promise<void>; events: number },
): void {
  describe(name, () => {
    let place: Place;
    let records: Records;
    beforeAll(async () => {
      place = await start();
      records = await openRecords(place);
    });
    afterAll(stop);

    const create = async (...keys: string[]): Promise<void> => {
      for (const key of keys) expect(await records.create(key, Buffer.from(key))).toBe(true);
    };

    test('passes its own probe and leaves nothing behind', async () => {
      await records.probe();
      expect(await records.list('')).toEqual([]);
    });

    test('keeps the bytes exactly, also none and also many', async () => {
      const every = Uint8Array.from({ length: 256 }, (_, at) => at);
      const bodies = [every, new Uint8Array(), randomBytes(3_000_000)];
      for (const [at, body] of bodies.entries()) {
        await records.create(`bytes/${at}`, body);
        expect(Buffer.compare((await records.read(`bytes/${at}`)) ?? Buffer.from('?'), body)).toBe(0);
      }
    });

    test('creates once and leaves the first as it is', async () => {
      expect(await records.create('once/a', Buffer.from('first'))).toBe(true);
      expect(await records.create('once/a', Buffer.from('second'))).toBe(false);
      expect(Buffer.from((await records.read('once/a')) ?? []).toString()).toBe('first');
    });

    test('has one winner among twenty at once', async () => {
      const bodies = Array.from({ length: 20 }, (_, at) => Buffer.from(`writer ${at}`));
      const answers = await Promise.all(bodies.map((body) => records.create('race/one', body)));
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(Buffer.from((await records.read('race/one')) ?? [])).toEqual(bodies[answers.indexOf(true)]);
    });

    test('says undefined and nothing where there is nothing', async () => {
      await create('there/is/this');
      for (const key of ['nothing', 'there', 'there/is', 'there/is/this/not']) {
        expect(await records.read(key)).toBeUndefined();
      }
      expect(await records.list('nothing/')).toEqual([]);
      expect(await records.names('nothing/')).toEqual([]);
      await records.remove('nothing/at/all');
    });

    test('lists recursively and names one level, in byte order', async () => {
      // `-` and `.` come before `/`, upper case before lower, `10` before `9`.
      const keys = [
        'B',
        'a-b',
        'a.b',
        'a/10',
        'a/9',
        'a/Z/1',
        'a/z',
        'a0',
        'b/c/d/e',
        '~'.replace('~', '_x'),
      ];
      await create(...keys.map((key) => `order/${key}`));
      const all = [...keys].sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
      expect(await records.list('order/')).toEqual(all.map((key) => `order/${key}`));
      expect(await records.list('order/a/')).toEqual(['order/a/10', 'order/a/9', 'order/a/Z/1', 'order/a/z']);
      expect(await records.names('order/')).toEqual(['B', '_x', 'a', 'a-b', 'a.b', 'a0', 'b']);
      expect(await records.names('order/a/')).toEqual(['10', '9', 'Z', 'z']);
      for (const after of [...all, 'a/', 'a/Z', 'a/Z/0', 'zz', '.']) {
        const wanted = all.filter((key) => key > after).map((key) => `order/${key}`);
        expect(await records.list('order/', `order/${after}`)).toEqual(wanted);
      }
      expect(await records.names('')).toContain('order');
    });

    test('removes, forgets folders that are empty, and can create again', async () => {
      await create('gone/deep/a', 'gone/b');
      await records.remove('gone/deep/a');
      expect(await records.read('gone/deep/a')).toBeUndefined();
      expect(await records.names('gone/')).toEqual(['b']);
      await records.remove('gone/b');
      await records.remove('gone/b');
      expect(await records.names('')).not.toContain('gone');
      await create('gone/deep/a');
      expect(await records.list('gone/')).toEqual(['gone/deep/a']);
    });

    test('creates while the last record of the folder is being removed', async () => {
      for (let round = 0; round < 20; round += 1) {
        await create(`churn/deep/x${round}`);
        const next = records.create(`churn/deep/y${round}`, Buffer.from('y'));
        await Promise.all([records.remove(`churn/deep/x${round}`), next]);
        expect(await records.list('churn/')).toEqual([`churn/deep/y${round}`]);
        await records.remove(`churn/deep/y${round}`);
      }
    });

    test('shows one process what another has just created', async () => {
      const other = await openRecords(place);
      await create('seen/a');
      expect(await other.read('seen/a')).toBeDefined();
      expect(await other.create('seen/a', Buffer.from('x'))).toBe(false);
      expect(await other.list('seen/')).toEqual(['seen/a']);
    });

    test.each([
      '',
      '/',
      'a/',
      '/a',
      'a//b',
      '.',
      '..',
      'a/../b',
      'a/./b',
      'a b',
      'ä',
      'a\\b',
      'a\n',
      '.tmp/x',
      'x'.repeat(256),
    ])('refuses the key %j', async (key) => {
      const refused = expect.objectContaining({ code: 'internal' });
      await expect(records.create(key, Buffer.from('x'))).rejects.toEqual(refused);
      await expect(records.read(key)).rejects.toEqual(refused);
      await expect(records.remove(key)).rejects.toEqual(refused);
    });

    test('takes 512 bytes of key and no more', async () => {
      const long = `${'x'.repeat(200)}/${'y'.repeat(200)}/${'z'.repeat(110)}`;
      await create(long);
      await expect(records.create(`${long}z`, Buffer.from('x'))).rejects.toMatchObject({ code: 'internal' });
      await expect(records.list('order')).rejects.toMatchObject({ code: 'internal' });
    });

    /** Reads the stream: every record must be whole and every number there once. */
    async function stream(prefix: string): Promise<string[]> {
      const keys = await records.list(prefix);
      expect(keys.map((key) => Number(key.slice(prefix.length)))).toEqual(keys.map((_, at) => at + 1));
      const events: string[] = [];
      for (const key of keys) {
        const { writer, event } = eventShape.parse(
          JSON.parse(Buffer.from((await records.read(key)) ?? []).toString()),
        );
        events.push(`${writer}:${event}`);
      }
      return events;
    }

    test('loses and twins nothing when four processes append to one stream', async () => {
      const prefix = 'four/stream/';
      const racers = await race(
        './records-child.ts',
        [0, 1, 2, 3].map((writer) => ({ place, prefix, writer, events: each })),
      );
      expect(await Promise.all(racers.map((racer) => racer.ended))).toEqual([0, 0, 0, 0]);
      const events = await stream(prefix);
      expect(events).toHaveLength(4 * each);
      expect(new Set(events).size).toBe(4 * each);
      for (const [writer, { messages }] of racers.entries()) {
        expect(messages).toHaveLength(each);
        for (const { n, event } of toldShape.parse(messages))
          expect(events[n - 1]).toBe(`${writer}:${event}`);
      }
    });

    test('shows no half record and loses nothing when a writer is killed', async () => {
      const prefix = 'killed/stream/';
      const killed = new Set<Racer>();
      const racers = await race(
        './records-child.ts',
        [0, 1, 2, 3].map((writer) => ({ place, prefix, writer, events: 60 })),
        (racer) => {
          if (killed.size > 0 || racer.messages.length < 20) return;
          killed.add(racer);
          racer.child.kill('SIGKILL');
        },
      );
      const codes = await Promise.all(racers.map((racer) => racer.ended));
      expect([...codes].sort()).toEqual([0, 0, 0, null]);
      const events = await stream(prefix);
      expect(new Set(events).size).toBe(events.length);
      for (const [writer, { messages }] of racers.entries()) {
        for (const { n, event } of toldShape.parse(messages))
          expect(events[n - 1]).toBe(`${writer}:${event}`);
      }
      expect(events.length).toBeGreaterThanOrEqual(3 * 60 + 20);
    });
  });
}
