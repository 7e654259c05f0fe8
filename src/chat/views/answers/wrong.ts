import { line } from '../../compose.js';
import type { Button, Message } from '../../message.js';
import type { Wrong } from '../../parser/command.js';
import { answer } from './answer.js';

/** Why a line was not understood: fact, what did not happen, way on. `button`: does what was probably meant. */
export function wrongAnswer({ message, hint }: Wrong, button?: Button): Message {
  return answer({
    lines: [line(`${message} Nothing was started.`), ...(hint === '' ? [] : [line(hint)])],
    buttons: button === undefined ? [] : [button],
  });
}
