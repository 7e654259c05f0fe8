import { line } from '../../compose.js';
import type { Message } from '../../message.js';
import { answer } from './answer.js';

/** `👍 is no vote.` */
export function noVote(emoji: string): Message {
  return answer({ lines: [line(`${emoji} is no vote. ✅ is one, under the question.`)] });
}

/** A vote under a question that is decided, or void. */
export function noOpenQuestion(): Message {
  return answer({ lines: [line('That question is not asked any more. Nobody voted.')] });
}
