import { join } from 'node:path';
import { localChat } from '../../src/chat/local/local-chat.js';
import { plainLines } from '../../src/chat/plain-text.js';
import { folderRecords } from '../../src/services/records/folder.js';
import { chatContract } from '../contracts/chat.js';
import { newFolder, removeFolders } from '../contracts/folders.js';

chatContract('the local workspace over a folder', {
  async start() {
    const records = folderRecords(join(await newFolder(), 'journal'));
    const chat = localChat(records, async () => ['rel-kestrel', 'releases'], Date.now);
    return {
      chat,
      rooms: ['rel-kestrel', 'releases'],
      people: ['ana', 'ben'],
      refusesTwins: true,
      async reads({ room, marker }) {
        const message = (await chat.messages.find({ room }, marker))?.message;
        return message === undefined ? '' : plainLines(message).join('\n');
      },
      threadOf: async ({ room, marker }) => (await chat.messages.find({ room }, marker))?.under ?? '',
      reacts: ({ room, marker }, person, emoji, on = true) =>
        chat.react(
          room,
          marker,
          { by: { issuer: 'local', workspace: 'sandbox', user: person, name: person }, emoji },
          on,
        ),
      toldTo: async (person) =>
        (await chat.messages.all({ person })).flatMap(({ message }) =>
          message === undefined ? [] : [plainLines(message).join('\n')],
        ),
    };
  },
  stop: removeFolders,
});
