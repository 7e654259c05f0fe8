import type { Message } from '../../chat/message.js';
import { sha256 } from '../../release/canonical.js';
import type { Place } from '../act.js';
import type { Opened } from '../wire.js';

/**
 * Says something in the thread of a message, once a request. False: nothing was said, because that message is not there
 * or the chat does not answer; what it is about was done all the same.
 */
export async function postUnder(
  { chats, engine }: Pick<Opened, 'chats' | 'engine'>,
  { chat: name, room }: Place,
  under: string,
  request: string,
  message: Message,
): Promise<boolean> {
  const chat = chats.find((one) => one.name === name);
  if (chat === undefined) return false;
  try {
    const [parent] = await chat.search(room, under);
    if (parent === undefined) return false;
    const marker = `answer-${sha256(request).slice(0, 16)}`;
    if ((await chat.search(room, marker)).length === 0) await chat.post(room, marker, message, parent);
    return true;
  } catch (error) {
    engine.warn(`an answer was not said in ${room}`, error);
    return false;
  }
}
