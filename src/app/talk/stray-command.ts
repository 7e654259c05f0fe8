import type { LineAnswer } from '../../chat/answer.js';
import { strayCommand } from '../../chat/parser/stray-command.js';
import { wrongAnswer } from '../../chat/views/answers/wrong.js';
import { grammarOf } from './grammar.js';
import { aroundOf } from './meant.js';
import { suggested } from './suggested.js';
import type { Heard, Listening } from './talk.js';

/**
 * Answers a line that begins like a command and is none of ours; undefined: it is something else. Other chats do so
 * themselves: a mistyped command is no word for the whole room.
 */
export async function hearStrayCommand(
  listening: Listening,
  heard: Heard & { text: string },
): Promise<LineAnswer | undefined> {
  const around = await aroundOf(listening.opened, heard.place);
  const wrong = strayCommand(heard.text, grammarOf(around, listening.verbs));
  if (wrong === undefined) return undefined;
  return { is: 'message', message: wrongAnswer(wrong, await suggested(listening, around, heard, wrong)) };
}
