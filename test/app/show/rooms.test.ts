import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openRooms, type Rooms } from '../../../src/app/show/rooms.js';
import type { Told, Wanted } from '../../../src/app/show/wanted.js';
import type { Chat } from '../../../src/chat/chat.js';
import { line, lines } from '../../../src/chat/compose.js';
import { localChat, type LocalChat } from '../../../src/chat/local/local-chat.js';
import type { Message } from '../../../src/chat/message.js';
import { systemClock } from '../../../src/engine/ports/clock.js';
import { memoryLeases } from '../../../src/queue/memory/leases.js';
import { folderRecords } from '../../../src/services/records/folder.js';
import { newFolder, removeFolders } from '../../contracts/folders.js';
import { until } from '../../conversation/until.js';
import { handTime } from './hand-time.js';

afterAll(removeFolders);

const saying = (text: string): Message => ({
  header: '',
  mood: 'plain',
  blocks: [lines(line(text))],
  buttons: [],
  text,
});
const board = (text: string, room = 'rel'): Wanted => ({
  room,
  marker: 'run_board',
  message: saying(text),
  how: 'now',
});

async function chatOf(...rooms: string[]): Promise<LocalChat> {
  return localChat(folderRecords(join(await newFolder(), 'journal')), async () => rooms, Date.now);
}

function opened(...chats: Chat[]): { rooms: Rooms; warnings: string[] } {
  const warnings: string[] = [];
  const rooms = openRooms({
    chats,
    leases: memoryLeases(systemClock),
    worker: 'bot-1',
    time: handTime(),
    warn: (text) => void warnings.push(text),
  });
  return { rooms, warnings };
}

const shows = async (chat: LocalChat, room = 'rel'): Promise<string> =>
  (await chat.messages.find({ room }, 'run_board'))?.message?.text ?? '';

describe('rooms', () => {
  test('of several chats each show the same, where a chat has the room', async () => {
    const [one, two] = [await chatOf('rel', 'eng'), await chatOf('eng')];
    const { rooms } = opened(one, { ...two, name: 'slack' });
    expect(await rooms.show('run', [board('a'), board('b', 'eng')])).toBe(true);
    await rooms.idle('run');
    expect([await shows(one), await shows(one, 'eng')]).toEqual(['a', 'b']);
    expect([await shows(two), await shows(two, 'eng')]).toEqual(['', 'b']);
    expect(rooms.isDone('run')).toBe(true);
  });

  test('are not held up by a chat that never answers', async () => {
    const [good, bad] = [await chatOf('rel'), await chatOf('rel')];
    const never = new Promise<never>(() => undefined);
    const { rooms } = opened({ ...bad, name: 'discord', post: () => never }, good);
    expect(await rooms.show('run', [board('first')])).toBe(true);
    await until('the good chat shows it', async () => (await shows(good)) === 'first');
    await rooms.show('run', [board('second')]);
    await until('the good chat shows what follows', async () => (await shows(good)) === 'second');
    expect(rooms.isDone('run')).toBe(false);
    rooms.stop();
  });

  test('are not held up by a chat that does not know its rooms, and say so', async () => {
    const [good, bad] = [await chatOf('rel'), await chatOf('rel')];
    const has = async (): Promise<never> => Promise.reject(new Error('away'));
    const { rooms, warnings } = opened({ ...bad, name: 'slack', has }, good);
    expect(await rooms.show('run', [board('first')])).toBe(false);
    await rooms.idle('run');
    expect(await shows(good)).toBe('first');
    expect(warnings).toEqual(['slack does not say which rooms it has']);
  });

  test('forget what is over: nothing more is done there', async () => {
    const chat = await chatOf('rel');
    const { rooms } = opened(chat);
    await rooms.show('run', [board('first')]);
    await rooms.idle('run');
    rooms.forget('run');
    expect(rooms.isDone('run')).toBe(true);
    await rooms.settled();
    expect(await shows(chat)).toBe('first');
  });
});

describe('people', () => {
  const told: Told = { person: 'ben', marker: 'run_reminder-80', message: saying('waits for you') };

  test('are told once, and again where it failed', async () => {
    const chat = await chatOf('rel');
    let isAway = true;
    let calls = 0;
    const { rooms, warnings } = opened({
      ...chat,
      async tell(...said) {
        calls += 1;
        if (isAway) throw new Error('away');
        return chat.tell(...said);
      },
    });
    expect(await rooms.tell('rel', [told])).toBe(false);
    expect(warnings).toEqual(['ben was not told in local, tried again']);
    isAway = false;
    expect(await rooms.tell('rel', [told])).toBe(true);
    expect(await rooms.tell('rel', [told])).toBe(true);
    expect(calls).toBe(2);
    expect(await chat.messages.all({ person: 'ben' })).toHaveLength(1);
  });

  test('are told in the chats that have the room', async () => {
    const chat = await chatOf('eng');
    const { rooms } = opened(chat);
    expect(await rooms.tell('rel', [told])).toBe(true);
    expect(await chat.messages.all({ person: 'ben' })).toEqual([]);
  });
});
