import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openBlobs } from '../../src/engine/blobs.js';
import type { Journal } from '../../src/engine/journal.js';
import { lineJournal, runJournal } from '../../src/engine/journals.js';
import { journalKeys, newJournalKey } from '../../src/engine/keys.js';
import { openLog, readLog } from '../../src/engine/logs.js';
import { openIndex } from '../../src/engine/open-index.js';
import type { Clock } from '../../src/engine/ports/clock.js';
import type { Records } from '../../src/engine/ports/records.js';
import { encodeRecord, recordLimit } from '../../src/engine/record.js';
import { SlipwayError } from '../../src/error.js';
import { canonical, sha256 } from '../../src/release/canonical.js';
import type { RunEvent } from '../../src/release/run-events.js';
import type { RunState } from '../../src/release/run-state.js';
import { folderRecords } from '../../src/services/records/folder.js';
import { newFolder, removeFolders } from '../contracts/folders.js';
import { admitted, alice, created, ev, lv, outline, person } from '../release/fixtures.js';

const pair = newJournalKey();
const bot = journalKeys(pair.secret);
const worker = journalKeys(pair.open);
const stranger = journalKeys(newJournalKey().secret);

const id = 'kestrel_0.44.0_cut_1';
const first = created([outline('build', { skippable: true }), outline('approve', { gate: true, stage: 1 })]);

let folder: string;
let records: Records;
let time: number;
const clock: Clock = { now: () => time, monotonic: () => time };

beforeEach(async () => {
  folder = await newFolder();
  records = folderRecords(folder);
  time = Date.parse('2026-01-02T03:04:05.678Z');
});
afterEach(removeFolders);

type Runs = Journal<RunState, RunEvent>;

function open(changes: { records?: Records; keys?: typeof bot } = {}): Runs {
  return runJournal({ records, keys: bot, clock, ...changes });
}

/** Appends events, one after the other. */
async function append(runs: Runs, ...events: RunEvent[]): Promise<void> {
  for (const event of events) await runs.update(id, () => event);
}

/** A pause or a resume, whichever can be now: an event that can always be appended. */
const toggle = (state: RunState | undefined): RunEvent =>
  state?.paused === undefined ? ev.pause : ev.resume;

/** What it was refused with. */
async function failure(work: Promise<unknown>): Promise<SlipwayError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SlipwayError)) throw new Error(`no SlipwayError: ${String(error)}`);
  return error;
}

const file = (seq: number): string => path.join(folder, 'runs', id, `${String(seq).padStart(8, '0')}.json`);
const keyOf = (seq: number): string => `runs/${id}/${String(seq).padStart(8, '0')}.json`;

/** Puts a record into the folder as somebody with these keys would. */
async function forge(seq: number, event: RunEvent, keys: typeof bot, signed: boolean): Promise<void> {
  const prev = seq === 1 ? '' : sha256(await readFile(file(seq - 1)));
  const { bytes } = encodeRecord({ of: `runs/${id}`, seq, at: time, prev, event }, signed, keys);
  await mkdir(path.dirname(file(seq)), { recursive: true });
  await writeFile(file(seq), bytes);
}

/** Records that count reads and can be made to fail. */
function tapped(changes: Partial<Records> = {}): { records: Records; reads: string[] } {
  const reads: string[] = [];
  const inner = records;
  return {
    reads,
    records: {
      place: inner.place,
      create: (key, body) => inner.create(key, body),
      read: (key) => {
        reads.push(key);
        return inner.read(key);
      },
      list: (prefix, after) => inner.list(prefix, after),
      names: (prefix) => inner.names(prefix),
      remove: (key) => inner.remove(key),
      probe: () => inner.probe(),
      ...changes,
    },
  };
}

describe('append and load', () => {
  test('what was written is read by everybody', async () => {
    const runs = open();
    expect(await runs.load(id)).toBeUndefined();
    const { state, written } = await runs.update(id, (now) => (now === undefined ? first : undefined));
    expect(written).toBe(true);
    await append(runs, ev.claim('build'), ev.intent('build'));
    const other = await open().load(id);
    expect(other).toEqual(await runs.load(id));
    expect(other).toMatchObject({ seq: 3, created: first });
    expect(state).toMatchObject({ seq: 1, createdAt: time });
    expect(await runs.ids()).toEqual([id]);
    expect(runs.key(id, 3)).toBe(keyOf(3));
  });

  test('a change that wants nothing writes nothing', async () => {
    const runs = open();
    await append(runs, first);
    expect(await runs.update(id, () => undefined)).toMatchObject({ written: false, state: { seq: 1 } });
    expect(await records.names(`runs/${id}/`)).toHaveLength(1);
  });

  test('what is not legal is not written', async () => {
    const runs = open();
    await append(runs, first, ev.claim('build'), ev.claim('build', 2));
    expect(await failure(runs.update(id, () => ev.done('build', 1)))).toMatchObject({ code: 'claim-lost' });
    expect(await failure(runs.update(id, () => ev.resume))).toMatchObject({ code: 'refused' });
    expect(await records.names(`runs/${id}/`)).toHaveLength(3);
  });

  test('an event that could not be read again is not written', async () => {
    const runs = open();
    await append(runs, first);
    const error = await failure(runs.update(id, () => ({ ...ev.pause, reason: 'x'.repeat(2_001) })));
    expect(error).toMatchObject({ code: 'refused' });
    expect(error.message).toContain('reason');
    expect(error.hint).toContain('Nothing was written');
    expect(await open().load(id)).toMatchObject({ seq: 1 });
  });

  test('lines have journals of the same make, all of it signed', async () => {
    const lines = lineJournal({ records, keys: bot, clock });
    const line = 'kestrel_0.44.0';
    await lines.update(line, () => admitted('start', id, { candidate: 1 }));
    await lines.update(line, () => lv.reached(id));
    expect(await lineJournal({ records, keys: worker, clock }).load(line)).toMatchObject({
      settled: 'open',
      seq: 2,
    });
    const byWorker = lineJournal({ records, keys: worker, clock });
    expect(await failure(byWorker.update(line, () => lv.queued('q')))).toMatchObject({ code: 'not-allowed' });
  });
});

describe('at the same time', () => {
  test('four updaters in one process and two journals over one folder lose nothing', async () => {
    const [one, two] = [open(), open({ records: folderRecords(folder) })];
    await append(one, { ...first, steps: [outline('approve', { gate: true })] }, ev.open());
    const voters = Array.from({ length: 40 }, (_, n) => person(`p${n}`));
    const seen: number[] = [];
    await Promise.all(
      [0, 1, 2, 3].map(async (part) => {
        for (const by of voters.filter((_, n) => n % 4 === part)) {
          const { state } = await (part % 2 === 0 ? one : two).update(id, () => ev.vote(by));
          seen.push(state?.seq ?? 0);
        }
      }),
    );
    expect(seen.toSorted((a, b) => a - b)).toEqual(voters.map((_, n) => n + 3));
    const { state } = await open().replay(id);
    const votes = state?.gates['approve']?.votes ?? [];
    expect(votes.map((vote) => vote.by.user).toSorted()).toEqual(voters.map((by) => by.user).toSorted());
    expect(await one.load(id)).toEqual(state);
    expect(await two.load(id)).toEqual(state);
  });

  test('who was slower is asked again, with what the faster one wrote', async () => {
    const [one, two] = [open(), open({ records: folderRecords(folder) })];
    await append(one, first);
    const asked: number[] = [];
    let isFirst = true;
    const slow = open({
      ...tapped({
        create: async (key, body) => {
          if (isFirst) await two.update(id, () => ev.claim('build', 1, 'other'));
          isFirst = false;
          return records.create(key, body);
        },
      }),
    });
    const { written, state } = await slow.update(id, (now) => {
      asked.push(now?.seq ?? 0);
      return now?.steps[0]?.status === 'todo' ? ev.claim('build') : undefined;
    });
    expect(asked).toEqual([1, 2]);
    expect(written).toBe(false);
    expect(state?.steps[0]?.worker).toBe('other');
    expect(await records.names(`runs/${id}/`)).toHaveLength(2);
  });

  test('fifty approvals at once are one transition', async () => {
    const runs = open();
    await append(
      runs,
      { ...first, steps: [outline('approve', { gate: true })] },
      ev.open('approve', 8e15),
      ev.vote(alice),
    );
    const journals = [runs, open({ records: folderRecords(folder) }), open()];
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        (journals[n % journals.length] ?? runs).update(id, (now) =>
          now?.gates['approve']?.decided === undefined ? ev.decided('approved') : undefined,
        ),
      ),
    );
    expect(results.filter((one) => one.written)).toHaveLength(1);
    expect(results.every((one) => one.state?.seq === 4)).toBe(true);
  });
});

describe('a store that does not answer', () => {
  const silent = new SlipwayError('journal-unreachable', 'no answer', { retryable: true });

  test('had written all the same: success, once', async () => {
    const runs = open(
      tapped({
        create: async (key, body) => {
          await records.create(key, body);
          throw silent;
        },
      }),
    );
    expect(await runs.update(id, () => first)).toMatchObject({ written: true, state: { seq: 1 } });
    expect(await records.names(`runs/${id}/`)).toHaveLength(1);
  });

  test('says that it exists, and it is our own first try: success, once', async () => {
    const runs = open(
      tapped({
        create: async (key, body) => {
          await records.create(key, body);
          return records.create(key, body);
        },
      }),
    );
    expect(await runs.update(id, () => first)).toMatchObject({ written: true, state: { seq: 1 } });
    expect(await records.names(`runs/${id}/`)).toHaveLength(1);
  });

  test('has not written: the error, and nothing is remembered', async () => {
    let isDown = true;
    const runs = open(
      tapped({ create: (key, body) => (isDown ? Promise.reject(silent) : records.create(key, body)) }),
    );
    expect(await failure(runs.update(id, () => first))).toBe(silent);
    expect(await runs.load(id)).toBeUndefined();
    isDown = false;
    expect(await runs.update(id, () => first)).toMatchObject({ written: true, state: { seq: 1 } });
  });

  test('somebody else wrote while ours failed: asked again', async () => {
    const other = open();
    await append(other, first);
    let isDown = true;
    const runs = open(
      tapped({
        create: async (key, body) => {
          if (!isDown) return records.create(key, body);
          isDown = false;
          await other.update(id, () => ev.pause);
          throw silent;
        },
      }),
    );
    expect(await runs.update(id, toggle)).toMatchObject({ written: true, state: { seq: 3 } });
    expect((await open().load(id))?.paused).toBeUndefined();
  });

  test('says that a record exists and does not show it', async () => {
    const runs = open(tapped({ create: () => Promise.resolve(false) }));
    expect(await failure(runs.update(id, () => first))).toMatchObject({
      code: 'journal-unreachable',
      retryable: true,
    });
  });
});

describe('a journal that was damaged', () => {
  beforeEach(async () => {
    await append(open(), first, ev.claim('build'), ev.intent('build'), ev.done('build'));
  });

  async function damage(): Promise<SlipwayError> {
    const error = await failure(open().load(id));
    expect(await failure(open().replay(id))).toMatchObject({ code: error.code, message: error.message });
    expect(error.hint).toMatch(/slipway (restore|verify)/);
    return error;
  }

  test('a record was changed: the next one does not fit', async () => {
    const text = await readFile(file(2), 'utf8');
    await writeFile(file(2), text.replace('"w1"', '"w9"'));
    const error = await damage();
    expect(error.code).toBe('journal-damaged');
    expect(error.message).toContain(keyOf(3));
    expect(error.message).toContain('does not fit');
  });

  test('a signed record was changed, also the newest', async () => {
    await append(open(), ev.pause);
    const text = await readFile(file(5), 'utf8');
    await writeFile(file(5), text.replace('lunch', 'punch'));
    const error = await damage();
    expect(error.message).toContain(keyOf(5));
    expect(error.message).toContain('signature');
  });

  test('a record is missing in the middle', async () => {
    await rm(file(3));
    const error = await damage();
    expect(error.code).toBe('journal-damaged');
    expect(error.message).toContain(`${keyOf(3)} is missing`);
    expect(await failure(open().update(id, () => ev.pause))).toMatchObject({ code: 'journal-damaged' });
    await expect(readFile(file(3))).rejects.toThrow('ENOENT');
  });

  test('the first record is missing', async () => {
    await rm(file(1));
    expect((await damage()).message).toContain(keyOf(1));
  });

  test.each<[string, (bytes: Buffer) => Buffer, string]>([
    ['empty', () => Buffer.alloc(0), 'it is empty'],
    ['half', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2), 'it is not JSON'],
    ['other JSON', () => Buffer.from('{"v":1}\n'), 'seq'],
    ['no object', () => Buffer.from('null\n'), 'expected object'],
  ])('a record is %s', async (_, change, why) => {
    await writeFile(file(4), change(await readFile(file(4))));
    const error = await damage();
    expect(error).toMatchObject({ code: 'journal-damaged' });
    expect(error.message).toContain(`${keyOf(4)} is damaged`);
    expect(error.message).toContain(why);
  });

  test('a record was moved from another place, or another journal', async () => {
    await writeFile(file(4), await readFile(file(3)));
    expect((await damage()).message).toContain(`it says it is runs/${id} 3`);
    const { bytes } = encodeRecord(
      { of: 'runs/other', seq: 4, at: time, prev: sha256(await readFile(file(3))), event: ev.done('build') },
      false,
      bot,
    );
    await writeFile(file(4), bytes);
    expect((await damage()).message).toContain('it says it is runs/other 4');
  });

  test('an event that cannot stand there', async () => {
    await forge(5, ev.done('build'), worker, false);
    const error = await damage();
    expect(error.message).toContain(keyOf(5));
    expect(error.message).toContain('cannot stand there: claim-was-lost');
  });

  test('a run that somebody appends to meanwhile is not taken for damaged', async () => {
    const other = open();
    let appended = 0;
    const slow = tapped({
      list: async (prefix, after) => {
        if (appended < 3) await other.update(id, toggle);
        appended += 1;
        return records.list(prefix, after);
      },
    });
    expect(await open(slow).replay(id)).toMatchObject({ seq: 7 });
    appended = 0;
    expect(await open(slow).load(id)).toMatchObject({ seq: 10 });
  });

  test('what else lies in its folder is no record', async () => {
    await writeFile(path.join(folder, 'runs', id, 'notes.txt'), '');
    expect(await open().load(id)).toMatchObject({ seq: 4 });
    expect(await open().replay(id)).toMatchObject({ seq: 4 });
  });
});

describe('signatures', () => {
  beforeEach(async () => {
    await append(open(), first, ev.claim('build'));
  });

  test.each([
    ['missing', false, worker],
    ['by another key', true, stranger],
  ])('%s on an event of a person', async (_, signed, keys) => {
    await forge(3, ev.cancel(), keys, signed);
    for (const reader of [bot, worker]) {
      const error = await failure(open({ keys: reader }).load(id));
      expect(error).toMatchObject({ code: 'journal-damaged' });
      expect(error.message).toContain(keyOf(3));
      expect(error.message).toContain('no valid signature');
    }
  });

  test('taken from another event', async () => {
    await append(open(), ev.pause);
    const good: { signature: string } = JSON.parse(await readFile(file(3), 'utf8'));
    await forge(3, ev.cancel(), worker, false);
    const bad: object = JSON.parse(await readFile(file(3), 'utf8'));
    await writeFile(file(3), `${canonical({ ...bad, signature: good.signature })}\n`);
    expect(await failure(open().load(id))).toMatchObject({ code: 'journal-damaged' });
  });

  test('a worker reads, appends what its attempts do, and nothing else', async () => {
    const byWorker = open({ keys: worker });
    expect(await byWorker.load(id)).toMatchObject({ seq: 2 });
    await append(byWorker, ev.intent('build'), ev.done('build'));
    expect(await open().load(id)).toMatchObject({ seq: 4 });
    for (const event of [ev.pause, ev.cancel(), ev.open(), ev.commit, ev.finish('superseded')]) {
      expect(await failure(byWorker.update(id, () => event))).toMatchObject({ code: 'not-allowed' });
    }
    expect(await open().load(id)).toMatchObject({ seq: 4 });
  });

  test('keys are Ed25519 in PEM, or refused', () => {
    expect(worker.sign).toBeUndefined();
    expect(worker.verify('text', bot.sign?.('text') ?? '')).toBe(true);
    expect(worker.verify('texT', bot.sign?.('text') ?? '')).toBe(false);
    expect(worker.verify('text', 'nonsense')).toBe(false);
    const x25519 = `-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VuAyEA${'A'.repeat(42)}8=\n-----END PUBLIC KEY-----\n`;
    for (const pem of ['', 'secret', pair.secret.slice(0, 60), x25519]) {
      expect(() => journalKeys(pem)).toThrow('not an Ed25519 key');
    }
  });
});

describe('what a newer Slipway wrote', () => {
  beforeEach(async () => {
    await append(open(), first);
  });

  test.each([
    [
      'an event of a type that is unknown here',
      1,
      { type: 'gate.escalated', to: 'lead' },
      'event "gate.escalated"',
    ],
    ['an event with a part that is unknown here', 1, { ...ev.pause, until: 5 }, 'event "run.paused"'],
    ['a record of version 2', 2, ev.pause, 'record version 2'],
  ])('%s: the run is left alone', async (_, v, event, what) => {
    const at = '2026-01-02T03:04:05.678Z';
    const record = { v, id: 'x', of: `runs/${id}`, seq: 2, at, prev: sha256(await readFile(file(1))), event };
    await writeFile(file(2), `${canonical(record)}\n`);
    const runs = open();
    for (const work of [() => runs.load(id), () => runs.replay(id), () => runs.update(id, () => ev.pause)]) {
      const error = await failure(work());
      expect(error).toMatchObject({ code: 'journal-version' });
      expect(error.message).toContain(keyOf(2));
      expect(error.message).toContain(what);
    }
    expect(await records.names(`runs/${id}/`)).toHaveLength(2);
  });
});

describe('limits', () => {
  test('a record over 16 KB is refused, and nothing is written', async () => {
    const lines = lineJournal({ records, keys: bot, clock });
    const event = { ...lv.queued('q') };
    if (event.type !== 'line.queued') throw new Error('queued');
    const inputs = { notes: 'x'.repeat(recordLimit) };
    const error = await failure(lines.update('kestrel_0.44.0', () => ({ ...event, inputs })));
    expect(error).toMatchObject({ code: 'refused' });
    expect(error.hint).toContain('nothing was written');
    expect(await lines.load('kestrel_0.44.0')).toBeUndefined();
  });

  test('a failure with the longest words fits', async () => {
    const runs = open();
    await append(runs, first, ev.claim('build'));
    const words = { message: '€'.repeat(2_000), hint: '🛳'.repeat(1_000) };
    await runs.update(id, () => ({ ...ev.failed('build'), ...words }));
    expect((await open().load(id))?.steps[0]?.failure).toMatchObject(words);
  });
});

describe('time', () => {
  test('is never before the event before, also when the clock goes back ten minutes', async () => {
    const runs = open();
    await append(runs, first);
    const start = time;
    time -= 600_000;
    await append(runs, ev.pause);
    expect(await open().load(id)).toMatchObject({ at: start, seq: 2 });
    time = start + 0.75;
    await append(open(), ev.resume);
    expect(await runs.load(id)).toMatchObject({ at: start, seq: 3 });
    time = start + 5_000.5;
    const { state } = await runs.update(id, () => ev.pause);
    expect(state?.at).toBe(start + 5_000);
    expect(await open().load(id)).toEqual(state);
  });
});

describe('snapshots', () => {
  const snapshot = (seq: number): string =>
    path.join(folder, 'snapshots', 'runs', id, `${String(seq).padStart(8, '0')}.json`);

  async function fill(runs: Runs, upTo: number): Promise<void> {
    await append(runs, first);
    for (let seq = 2; seq <= upTo; seq += 1) await runs.update(id, toggle);
  }

  test('are written every 32 events, and a cold load reads from there', async () => {
    await fill(open(), 70);
    expect(await records.names(`snapshots/runs/${id}/`)).toEqual(['00000032.json', '00000064.json']);
    const { records: counted, reads } = tapped();
    expect(await open({ records: counted }).load(id)).toMatchObject({ seq: 70 });
    const events = reads.filter((key) => key.startsWith('runs/'));
    expect(events).toEqual([64, 65, 66, 67, 68, 69, 70, 71].map(keyOf));
  });

  test('a warm load reads one record more than is there', async () => {
    const { records: counted, reads } = tapped();
    const runs = open({ records: counted });
    await fill(runs, 40);
    reads.length = 0;
    await runs.load(id);
    expect(reads).toEqual([keyOf(41)]);
  });

  test('replay equals load, with and without a snapshot', async () => {
    const runs = open();
    await fill(runs, 40);
    const types: string[] = [];
    const head = await open().replay(id, (record, event) =>
      types.push(`${record.envelope.seq} ${event.type}`),
    );
    expect(head).toMatchObject({ seq: 40, state: await runs.load(id) });
    expect(await open().load(id)).toEqual(head.state);
    expect(types).toHaveLength(40);
    expect(types[0]).toBe('1 run.created');
  });

  test('are written by who holds the key, also when the 32nd event was of a worker', async () => {
    const [byBot, byWorker] = [open(), open({ keys: worker })];
    await append(byBot, first);
    for (let attempt = 1; attempt <= 40; attempt += 1) await append(byWorker, ev.claim('build', attempt));
    expect(await records.names('snapshots/')).toEqual([]);
    await append(byBot, ev.pause);
    expect(await records.names(`snapshots/runs/${id}/`)).toEqual(['00000042.json']);
    const { records: counted, reads } = tapped();
    expect(await open({ records: counted, keys: worker }).load(id)).toMatchObject({ seq: 42 });
    expect(reads.filter((key) => key.startsWith('runs/'))).toEqual([42, 43].map(keyOf));
    await append(open(), ev.resume);
    expect(await records.names(`snapshots/runs/${id}/`)).toHaveLength(1);
  });

  test('that cannot be written are no failure', async () => {
    const full = new SlipwayError('journal-full', 'no space');
    const runs = open(
      tapped({
        create: (key, body) =>
          key.startsWith('snapshots/') ? Promise.reject(full) : records.create(key, body),
      }),
    );
    await fill(runs, 33);
    expect(await open().load(id)).toMatchObject({ seq: 33 });
  });

  test('a forged, changed, moved or other-version one is not read', async () => {
    await fill(open(), 33);
    const truth = await open().load(id);
    const good: { v: number; of: string; state: string } = JSON.parse(await readFile(snapshot(32), 'utf8'));
    const state: RunState = JSON.parse(good.state);
    const sign = (unsigned: object, keys = bot): string =>
      canonical({ ...unsigned, signature: keys.sign?.(canonical(unsigned)) ?? '' });
    const { signature: _, ...unsigned } = { signature: '', ...good };
    const lie = canonical({ ...state, committed: true });
    const forged = [
      canonical({ ...good, state: lie }),
      sign({ ...unsigned, state: lie }, stranger),
      sign({ ...unsigned, v: 2, state: lie }),
      sign({ ...unsigned, of: 'runs/other', state: lie }),
      sign({ ...unsigned, hash: 'a'.repeat(64), state: lie }),
      '{',
      '',
    ];
    for (const text of forged) {
      await writeFile(snapshot(32), text);
      const { records: counted, reads } = tapped();
      expect(await open({ records: counted }).load(id)).toEqual(truth);
      expect(reads).toContain(keyOf(1));
    }
  });

  test('one that is ahead of a restored journal is not read', async () => {
    await fill(open(), 33);
    for (let seq = 20; seq <= 33; seq += 1) await rm(file(seq));
    expect(await open().load(id)).toMatchObject({ seq: 19 });
  });
});

describe('the cache', () => {
  test('holds 512 journals', async () => {
    const { records: counted, reads } = tapped();
    const runs = open({ records: counted });
    const name = (n: number): string => `kestrel_0.${n}.0_cut_1`;
    await runs.update(name(0), () => first);
    await runs.update(name(1), () => first);
    for (let n = 2; n < 512; n += 1) await runs.load(name(n));
    await runs.load(name(0)); // used again, so that 1 is the oldest
    await runs.load(name(512));
    const readsOf = async (n: number): Promise<string[]> => {
      reads.length = 0;
      await runs.load(name(n));
      return reads.map((key) => path.basename(key));
    };
    expect(await readsOf(0)).toEqual(['00000002.json']);
    expect(await readsOf(1)).toEqual(['00000001.json', '00000002.json']);
  });
});

describe('blobs', () => {
  test('come back as they were, and are stored once', async () => {
    const blobs = openBlobs(records);
    const digest = await blobs.put(Buffer.from('plan'));
    expect(digest).toBe(sha256('plan'));
    expect(await blobs.put(Buffer.from('plan'))).toBe(digest);
    expect(Buffer.from(await blobs.get(digest)).toString()).toBe('plan');
    expect(Buffer.from(await blobs.get(await blobs.put(Buffer.alloc(0)))).length).toBe(0);
  });

  test('missing and damaged are told apart', async () => {
    const blobs = openBlobs(records);
    const digest = sha256('plan');
    const missing = await failure(blobs.get(digest));
    expect(missing).toMatchObject({ code: 'blob-missing' });
    expect(missing.message).toContain(`sha256:${digest} is missing in folder ${folder}`);
    await blobs.put(Buffer.from('plan'));
    await writeFile(path.join(folder, 'blobs', 'sha256', digest), 'plam');
    const damaged = await failure(blobs.get(digest));
    expect(damaged).toMatchObject({ code: 'blob-missing' });
    expect(damaged.message).toContain('is damaged');
    expect(damaged.hint).toContain('slipway restore');
  });
});

describe('logs', () => {
  const parts = async (attempt: number): Promise<string[]> => records.names(`logs/${id}/build/${attempt}/`);

  test('are written in parts of at most 1 MB', async () => {
    const log = openLog(records, clock, id, 'build', 1);
    const line = 'x'.repeat(99);
    for (let n = 0; n < 15_000; n += 1) log.line(line);
    log.write(Buffer.alloc(2_500_000, 'y'));
    await log.end();
    expect(await parts(1)).toEqual(['000000', '000001', '000002', '000003']);
    for (const part of await parts(1)) {
      const bytes = await records.read(`logs/${id}/build/1/${part}`);
      expect(bytes?.length).toBeLessThanOrEqual(1024 * 1024);
    }
    const text = await readLog(records, id, 'build');
    expect(text).toBe(`== attempt 1\n${`${line}\n`.repeat(15_000)}${'y'.repeat(2_500_000)}`);
  });

  test('are readable after a second at first, and then after 10 s, also of a command that fell silent', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const log = openLog(records, clock, id, 'build', 1);
      log.line('compiling');
      vi.advanceTimersByTime(999);
      await log.end();
      expect(await parts(1)).toHaveLength(1);
      const silent = openLog(records, clock, id, 'build', 2);
      silent.line('linking');
      vi.advanceTimersByTime(1_000);
      await vi.waitFor(async () => expect(await parts(2)).toHaveLength(1));
      time += 1_999;
      silent.line('still');
      vi.advanceTimersByTime(1_999);
      expect(await parts(2)).toHaveLength(1);
      time += 1;
      silent.line('still linking');
      await vi.waitFor(async () => expect(await parts(2)).toHaveLength(2));
      await silent.end();
      expect(await readLog(records, id, 'build')).toBe(
        '== attempt 1\ncompiling\n\n== attempt 2\nlinking\nstill\nstill linking\n',
      );
    } finally {
      vi.useRealTimers();
    }
  });

  test('attempts stand in order, a letter split between parts is whole, and a poll goes on behind', async () => {
    for (const attempt of [10, 2, 1]) {
      const log = openLog(records, clock, id, 'build', attempt);
      log.write(Buffer.from('é').subarray(0, 1));
      time += 10_000;
      log.write(Buffer.from('é').subarray(1));
      await log.end();
    }
    const polled = openLog(records, clock, id, 'build', 2);
    polled.line(' polled');
    await polled.end();
    expect(await readLog(records, id, 'build')).toBe(
      '== attempt 1\né\n== attempt 2\né polled\n\n== attempt 10\né',
    );
  });

  test('a store that is full fails nothing', async () => {
    const full = new SlipwayError('journal-full', 'no space');
    let isFull = true;
    const { records: some } = tapped({
      create: (key, body) => (isFull ? Promise.reject(full) : records.create(key, body)),
    });
    const log = openLog(some, clock, id, 'build', 1);
    log.line('lost');
    time += 10_000;
    log.line('');
    await log.end();
    isFull = false;
    log.line('kept');
    await log.end();
    expect(await parts(1)).toEqual(['000001']);
    expect(await readLog(records, id, 'nothing')).toBe('');
  });
});

describe('the index of what is open', () => {
  test('knows runs and lines', async () => {
    const index = openIndex(records);
    expect(await index.list('runs')).toEqual([]);
    await index.add('runs', id);
    await index.add('runs', id);
    await index.add('lines', 'kestrel_0.44.0');
    expect(await index.list('runs')).toEqual([id]);
    await index.remove('runs', id);
    await index.remove('runs', id);
    expect(await index.list('runs')).toEqual([]);
    expect(await index.list('lines')).toEqual(['kestrel_0.44.0']);
  });
});
