import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { openPlace, type Place } from '../../../src/app/show/place.js';
import type { Wanted } from '../../../src/app/show/wanted.js';
import type { Chat, Sent } from '../../../src/chat/chat.js';
import { line, lines } from '../../../src/chat/compose.js';
import { localChat, type LocalChat } from '../../../src/chat/local/local-chat.js';
import type { Message } from '../../../src/chat/message.js';
import { memoryLeases } from '../../../src/queue/memory/leases.js';
import { systemClock } from '../../../src/engine/ports/clock.js';
import { folderRecords } from '../../../src/services/records/folder.js';
import { newFolder, removeFolders } from '../../contracts/folders.js';
import { handTime, type HandTime } from './hand-time.js';

afterAll(removeFolders);

const saying = (text: string): Message => ({
  header: '',
  mood: 'plain',
  blocks: [lines(line(text))],
  buttons: [],
  text,
});

/** A board that shows this; `decision` and `state` as they stand then. */
const board = (text: string, state = text, decision = ''): Wanted => ({
  room: 'rel',
  marker: 'run_board',
  message: saying(text),
  how: 'paced',
  urgency: { state, decision, since: 1_000_000 },
});

interface Stage {
  time: HandTime;
  chat: LocalChat;
  place: Place;
  /** Every edit: when, in ms from the start, and what it says. */
  edits: { at: number; text: string }[];
  calls: string[];
  warnings: string[];
  /** What the chat refuses to do, and how often still. */
  failing: { search: number; post: number; edit: number };
  /** What the chat has said a second time, by marker, and what was taken away again. */
  twinsOf: Map<string, Sent[]>;
  removed: string[];
  shows(marker?: string): Promise<string>;
}

async function stage(lease = memoryLeases(systemClock), look?: () => void): Promise<Stage> {
  const time = handTime();
  const begun = time.now();
  const chat = localChat(folderRecords(join(await newFolder(), 'journal')), async () => ['rel'], time.now);
  const edits: Stage['edits'] = [];
  const calls: string[] = [];
  const warnings: string[] = [];
  const failing = { search: 0, post: 0, edit: 0 };
  const twinsOf: Stage['twinsOf'] = new Map();
  const refuse = (what: keyof typeof failing): void => {
    calls.push(what);
    if (failing[what] === 0) return;
    failing[what] -= 1;
    throw new Error(`no ${what} today`);
  };
  const removed: string[] = [];
  const watched: Chat = {
    ...chat,
    async search(room, marker) {
      refuse('search');
      const twins = twinsOf.get(marker) ?? [];
      return [...(await chat.search(room, marker)), ...twins];
    },
    async remove({ id }) {
      removed.push(id);
    },
    async post(room, marker, message, under) {
      refuse('post');
      return chat.post(room, marker, message, under);
    },
    async edit(sent, message) {
      refuse('edit');
      edits.push({ at: time.now() - begun, text: message.text });
      return chat.edit(sent, message);
    },
  };
  const place = openPlace({
    chat: watched,
    room: 'rel',
    leases: lease,
    worker: 'bot-1',
    time,
    warn: (text) => void warnings.push(text),
    look,
  });
  const shows = async (marker = 'run_board'): Promise<string> =>
    (await chat.messages.find({ room: 'rel' }, marker))?.message?.text ?? '';
  return { time, chat, place, edits, calls, warnings, failing, twinsOf, removed, shows };
}

describe('a board', () => {
  test('is posted at once, and edited at most every 3 s', async () => {
    const { time, place, edits, shows } = await stage();
    place.show([board('one')]);
    await place.idle();
    expect(await shows()).toBe('one');
    for (const text of ['two', 'three', 'four']) {
      place.show([board(text)]);
      await place.idle();
      await time.pass(500, place.idle);
    }
    expect(edits).toEqual([]);
    await time.pass(10_000, place.idle);
    expect(edits).toEqual([{ at: 3_000, text: 'four' }]);
    expect(place.isDone()).toBe(true);
  });

  test('shows a decision at once, and what follows 3 s after it', async () => {
    const { time, place, edits } = await stage();
    place.show([board('running')]);
    await place.idle();
    await time.pass(1_000, place.idle);
    place.show([board('failed', 'failed', 'failed')]);
    await place.idle();
    place.show([board('retried', 'retried', 'failed')]);
    await place.idle();
    await time.pass(10_000, place.idle);
    expect(edits).toEqual([
      { at: 1_000, text: 'failed' },
      { at: 4_000, text: 'retried' },
    ]);
  });

  test('costs no call while it looks the same', async () => {
    const { time, place, calls } = await stage();
    place.show([board('one')]);
    await place.idle();
    expect(calls).toEqual(['search', 'post']);
    for (let n = 0; n < 20; n += 1) {
      place.show([board('one', `state ${n}`, `decision ${n}`)]);
      await place.idle();
      await time.pass(4_000, place.idle);
    }
    expect(calls).toEqual(['search', 'post']);
  });

  test('that stands there from before a crash is found, not posted again', async () => {
    const { place, chat, calls, shows } = await stage();
    await chat.post('rel', 'run_board', saying('old'));
    place.show([board('new')]);
    await place.idle();
    expect(calls).toEqual(['search', 'edit']);
    expect(await shows()).toBe('new');
    expect(await chat.messages.all({ room: 'rel' })).toHaveLength(1);
  });

  test('whatever comes when, its last state is shown, and never two paced edits within 3 s', async () => {
    const what = fc.array(
      fc.record({ afterMs: fc.integer({ min: 0, max: 8_000 }), isDecision: fc.boolean() }),
      { minLength: 1, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(what, async (all) => {
        const { time, place, edits, shows } = await stage();
        let decision = '';
        place.show([board('begin')]);
        await place.idle();
        const decided = new Set<string>();
        for (const [n, { afterMs, isDecision }] of all.entries()) {
          await time.pass(afterMs, place.idle);
          if (isDecision) decision = `decision ${n}`;
          if (isDecision) decided.add(`text ${n}`);
          place.show([board(`text ${n}`, `state ${n}`, decision)]);
          await place.idle();
        }
        await time.pass(3_000, place.idle);
        expect(await shows()).toBe(`text ${all.length - 1}`);
        edits.forEach(({ at, text }, n) => {
          const before = n === 0 ? 0 : (edits[n - 1]?.at ?? 0);
          if (!decided.has(text)) expect(at - before).toBeGreaterThanOrEqual(3_000);
        });
      }),
      { numRuns: 20 },
    );
  });

  test('that had to wait is asked for anew: another bot may have shown what is newer', async () => {
    let asked = 0;
    const { time, place, edits, shows } = await stage(undefined, () => {
      asked += 1;
    });
    place.show([board('one')]);
    await place.idle();
    place.show([board('two')]);
    await place.idle();
    await time.pass(3_000, place.idle);
    expect({ asked, edits }).toEqual({ asked: 1, edits: [] });
    place.show([board('three')]);
    await place.idle();
    expect(await shows()).toBe('three');
  });

  test('is flushed without pauses', async () => {
    const { place, edits } = await stage();
    place.show([board('one')]);
    await place.idle();
    place.show([board('two')]);
    await place.settled();
    expect(edits.map(({ text }) => text)).toEqual(['two']);
    expect(place.isDone()).toBe(true);
  });
});

describe('other messages', () => {
  const wanted = (how: Wanted['how'], text: string, marker = 'run_failed'): Wanted => ({
    room: 'rel',
    marker,
    message: saying(text),
    how,
  });

  test('a question is edited at once', async () => {
    const { place, edits } = await stage();
    place.show([wanted('now', 'one')]);
    await place.idle();
    place.show([wanted('now', 'two')]);
    await place.idle();
    expect(edits.map(({ text }) => text)).toEqual(['two']);
  });

  test('what is solved is changed where it was said, and not said where it was not', async () => {
    const { place, chat, shows } = await stage();
    await chat.post('rel', 'there_failed', saying('failed'));
    place.show([wanted('if-there', 'solved', 'there_failed'), wanted('if-there', 'solved', 'new_failed')]);
    await place.idle();
    expect(await shows('there_failed')).toBe('solved');
    expect(await chat.search('rel', 'new_failed')).toEqual([]);
  });

  test('what was solved before anybody read it is asked when it fails again', async () => {
    const { place, shows } = await stage();
    place.show([wanted('if-there', 'solved')]);
    await place.idle();
    place.show([wanted('now', 'failed again')]);
    await place.idle();
    expect(await shows('run_failed')).toBe('failed again');
  });

  test('a line is said once, and stays', async () => {
    const { place, calls, shows } = await stage();
    place.show([wanted('once', 'frozen', 'line_1')]);
    await place.idle();
    place.show([wanted('once', 'frozen, in other words', 'line_1')]);
    await place.idle();
    expect(await shows('line_1')).toBe('frozen');
    expect(calls).toEqual(['search', 'post']);
  });

  test('a reminder comes into the thread of its board, also where the board comes later', async () => {
    const { time, place, chat } = await stage();
    const reminder: Wanted = { ...wanted('once', 'waiting', 'run_reminder'), under: 'run_board' };
    place.show([reminder]);
    await place.idle();
    expect(await chat.messages.all({ room: 'rel' })).toEqual([]);
    place.show([board('one'), reminder]);
    await place.idle();
    await time.pass(2_000, place.idle);
    expect((await chat.messages.find({ room: 'rel' }, 'run_reminder'))?.under).toBe('run_board');
  });
});

describe('a chat that fails', () => {
  test('is warned of, tried again later and later, and shows the truth when it is back', async () => {
    const { time, place, failing, calls, warnings, shows } = await stage();
    failing.post = 3;
    place.show([board('one')]);
    await place.idle();
    expect(warnings).toEqual(['run_board is not shown in rel, tried again: no post today']);
    await time.pass(1_999, place.idle);
    expect(calls.filter((one) => one === 'post')).toHaveLength(1);
    await time.pass(1, place.idle);
    expect(calls.filter((one) => one === 'post')).toHaveLength(2);
    await time.pass(4_000, place.idle);
    expect(calls.filter((one) => one === 'post')).toHaveLength(3);
    expect(place.isDone()).toBe(false);
    place.show([board('two')]);
    await place.idle();
    expect(await shows()).toBe('two');
    expect(place.isDone()).toBe(true);
    expect(warnings).toHaveLength(3);
  });

  test('keeps other messages of the room from nothing', async () => {
    const { time, place, failing, chat, shows } = await stage();
    failing.post = 1;
    place.show([board('one'), { ...board('other'), marker: 'other_board' }]);
    await place.idle();
    expect(await shows('other_board')).toBe('other');
    expect(await shows()).toBe('');
    await time.pass(2_000, place.idle);
    expect(await shows()).toBe('one');
    expect(await chat.messages.all({ room: 'rel' })).toHaveLength(2);
  });

  test('whose edit got lost is searched again', async () => {
    const { time, place, failing, calls, shows } = await stage();
    place.show([board('one')]);
    await place.idle();
    failing.edit = 1;
    place.show([board('two', 'two', 'decided')]);
    await place.idle();
    expect(await shows()).toBe('one');
    await time.pass(2_000, place.idle);
    expect(await shows()).toBe('two');
    expect(calls).toEqual(['search', 'post', 'edit', 'search', 'edit']);
  });

  test('is left alone after a stop', async () => {
    const { time, place, failing, calls } = await stage();
    failing.post = 9;
    place.show([board('one')]);
    await place.idle();
    place.stop();
    await time.pass(600_000, place.idle);
    expect(calls).toEqual(['search', 'post']);
  });
});

describe('two bots', () => {
  test('that have both posted keep the older message, and edit that', async () => {
    const { place, chat, twinsOf, removed, edits } = await stage();
    const older = await chat.post('rel', 'run_board', saying('one'));
    twinsOf.set('run_board', [{ ...older, id: 'the twin' }]);
    place.show([board('two')]);
    await place.idle();
    expect(removed).toEqual(['the twin']);
    expect(edits.map(({ text }) => text)).toEqual(['two']);
  });

  test('that post at once make one message', async () => {
    const leases = memoryLeases(systemClock);
    const { time, place, chat } = await stage(leases);
    expect(await leases.take('say_local_rel_run_board', 'another bot', 30_000)).toBe(true);
    place.show([board('one')]);
    await place.idle();
    expect(await chat.messages.all({ room: 'rel' })).toEqual([]);
    await chat.post('rel', 'run_board', saying('one'));
    await leases.release('say_local_rel_run_board', 'another bot');
    await time.pass(1_000, place.idle);
    expect(await chat.messages.all({ room: 'rel' })).toHaveLength(1);
    expect(place.isDone()).toBe(true);
  });
});
