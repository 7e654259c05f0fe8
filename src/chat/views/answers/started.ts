import { goes, line, opens, says } from '../../compose.js';
import { inputField } from '../../inputs.js';
import { boardMarker } from '../../markers.js';
import type { Button, Form, Message, Saying } from '../../message.js';
import { clip } from '../fit.js';
import { answer, refusedAnswer } from './answer.js';
import { asked } from './asks-form.js';
import { chatLine } from './tongue.js';

/** The button that leads to the board of a run. */
export function boardButton(room: string, run: string): Button {
  return goes('board', 'Open the board', { to: 'message', room, marker: boardMarker(run) });
}

/** What became of an ask, in sentences, with the board of the run where it can be watched. */
export function startedAnswer(sentences: readonly string[], room: string, run: string): Message {
  return answer({
    mood: 'running',
    lines: sentences.map((one) => chatLine(one)),
    buttons: room === '' ? [] : [boardButton(room, run)],
  });
}

/** Why a line says no, with the plan of what can be done instead. */
export function lineRefused(
  sentences: readonly string[],
  instead?: { version: string; say: Saying },
): Message {
  return refusedAnswer(
    sentences,
    instead === undefined
      ? []
      : [says('plan', clip(`Plan ${instead.version}`, 24), instead.say, { style: 'primary' })],
  );
}

/** A plan that is another one by now: it is read again before it is started. */
export function planMovedAnswer(sentences: readonly string[], args: Record<string, string>): Message {
  return refusedAnswer(sentences, [
    says('plan', 'Show the plan', { verb: 'plan', args }, { style: 'primary' }),
  ]);
}

/** Why nothing is started in a freeze. Who is excepted from it may say why and start all the same. */
export function frozenAnswer(
  sentences: readonly string[],
  operation: string,
  say: Saying,
  isExcepted: boolean,
): Message {
  if (!isExcepted) return refusedAnswer(sentences);
  const form: Form = {
    title: clip(`Start the ${operation} in the freeze`, 60),
    about: [line('It stands in the record and on the board.')],
    fields: [asked('reason', 'Why')],
    submit: clip(`Start the ${operation}`, 24),
    close: 'Not now',
    say,
  };
  return refusedAnswer(sentences, [opens('exception', 'Make an exception…', form)]);
}

/** Asks for the inputs that an operation cannot be started without. */
export function inputsForm(
  operation: string,
  missing: readonly { input: string; about: string }[],
  say: Saying,
): Form {
  const isPlan = say.verb === 'plan';
  return {
    title: clip(`${operation.charAt(0).toUpperCase()}${operation.slice(1)}`, 24),
    about: [],
    fields: missing.slice(0, 5).map(({ input, about }) => asked(inputField(input), about || input)),
    submit: isPlan ? 'Show the plan' : clip(`Start the ${operation}`, 24),
    close: 'Not now',
    say,
  };
}
