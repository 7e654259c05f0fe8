import type { Opened } from '../../src/app/wire.js';
import { chatTongue, plainLines } from '../../src/chat/plain-text.js';

/** What the bot has said in a room, oldest first, as plain text; `marker`: only that message. */
export async function saidIn(opened: Opened, room: string, marker?: string): Promise<string[]> {
  const all = await opened.local.messages.all({ room });
  return all
    .filter((one) => marker === undefined || one.marker === marker)
    .flatMap(({ message }) => (message === undefined ? [] : [plainLines(message, chatTongue).join('\n')]));
}

/** What announcements of runs have said there. */
export async function announcedIn(opened: Opened, room: string): Promise<string[]> {
  const all = await opened.local.messages.all({ room });
  const said = await Promise.all(
    all
      .filter(({ marker }) => marker.endsWith('_announce'))
      .map(({ marker }) => saidIn(opened, room, marker)),
  );
  return said.flat();
}
