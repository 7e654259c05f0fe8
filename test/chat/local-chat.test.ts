import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { localChat, type LocalChat } from '../../src/chat/local/local-chat.js';
import type { Records } from '../../src/engine/ports/records.js';
import type { Actor } from '../../src/release/actor.js';
import { folderRecords } from '../../src/services/records/folder.js';
import { messageOf } from '../contracts/chat.js';
import { newFolder, removeFolders } from '../contracts/folders.js';

afterAll(removeFolders);

const room = 'rel-kestrel';
const person = (user: string): Actor => ({ issuer: 'local', workspace: 'sandbox', user, name: user });

async function open(): Promise<{ chat: LocalChat; records: Records }> {
  const records = folderRecords(join(await newFolder(), 'journal'));
  return { chat: localChat(records, async () => [room], Date.now), records };
}

test('under a request that was used before, nothing else is said, and that is told', async () => {
  const { chat } = await open();
  await chat.say(room, person('ana'), 'The build is fine.', 'one');
  await chat.say(room, person('ana'), 'The build is fine.', 'one');
  const refused = 'Something else was said under this request before.';
  await expect(chat.say(room, person('ana'), 'The build is broken.', 'one')).rejects.toThrow(refused);
  await expect(chat.say(room, person('ben'), 'The build is fine.', 'one')).rejects.toThrow(refused);
  await expect(chat.say(room, person('ana'), 'The build is fine.', 'one', 'said-x')).rejects.toThrow(refused);
  expect(await chat.messages.all({ room })).toMatchObject([{ words: 'The build is fine.', under: '' }]);
});

test('a message that cannot be read hides no other one, and the bot says it anew', async () => {
  const { chat, records } = await open();
  await chat.say(room, person('ana'), 'before', 'before');
  const newer = { v: 1, at: 1, editedAt: 0, under: '', words: '', message: { header: 'of a newer version' } };
  for (const [marker, text] of [
    ['kestrel_0.44.0_cut_1_board', JSON.stringify(newer)],
    ['said-torn', '{"v":1,"at'],
  ])
    await records.create(`rooms/${room}/${marker}/edits/000003.json`, Buffer.from(text ?? ''));
  const words = async (): Promise<string[]> => (await chat.messages.all({ room })).map((one) => one.marker);
  expect(await words()).toEqual(['said-before']);
  expect(await chat.search(room, 'kestrel_0.44.0_cut_1_board')).toEqual([]);
  const sent = await chat.post(room, 'kestrel_0.44.0_cut_1_board', messageOf('anew'));
  await chat.edit(sent, messageOf('again'));
  expect(await words()).toEqual(['said-before', 'kestrel_0.44.0_cut_1_board']);
  expect(await chat.messages.find({ room }, sent.marker)).toMatchObject({ message: messageOf('again') });
});
