import { randomUUID } from 'node:crypto';
import type { Answer, LineAnswer } from '../../chat/answer.js';
import { says } from '../../chat/compose.js';
import { withInputs } from '../../chat/inputs.js';
import type { Button, Message, Saying } from '../../chat/message.js';
import { readLine, spokenTo } from '../../chat/parser/command.js';
import { sentencesAnswer } from '../../chat/views/answers/answer.js';
import { asksForm } from '../../chat/views/answers/asks-form.js';
import { helpAnswer } from '../../chat/views/answers/help.js';
import { wrongAnswer } from '../../chat/views/answers/wrong.js';
import { asSlipwayError } from '../../error.js';
import type { Actor } from '../../release/actor.js';
import type { Place } from '../act.js';
import { hear, replyOf } from '../dispatch.js';
import type { Reply, Verb } from '../verb.js';
import type { Opened } from '../wire.js';
import { grammarOf } from './grammar.js';
import { helpOf } from './help.js';
import { aroundOf, meant, type Around } from './meant.js';
import { postUnder } from './post-under.js';
import { startForm } from './start-form.js';
import { suggested } from './suggested.js';

/** Who said something, and where. `request` is the same for a repeated delivery. */
export interface Heard {
  by: Actor;
  place: Place;
  request: string;
}

/** A bot that listens: what is open, and what people can say. */
export interface Listening {
  opened: Opened;
  verbs: readonly Verb[];
}

/**
 * A line that was typed in a room. A command (`/release …`) is answered to who typed it alone. A mention (`@slipway …`)
 * is words that all have read: its chat shows them before, under the marker `said-<request>`, and what comes of it is
 * posted here into their thread; only what was refused is answered to him alone.
 */
export async function hearLine(listening: Listening, heard: Heard & { text: string }): Promise<LineAnswer> {
  const to = spokenTo(heard.text);
  if (to === undefined) return { is: 'words' };
  const { opened } = listening;
  const { answer, isFine } = await answered(opened, 'a line', () => answerLine(listening, heard));
  if (to.form === 'command' || !isFine || answer.is === 'form') return answer;
  const { place, request } = heard;
  const under = place.thread ?? `said-${request}`;
  return (await postUnder(opened, place, under, request, answer.message)) ? { is: 'said' } : answer;
}

/** What a button or a form says is done like the same command; a field that was left empty says nothing. */
export async function hearSaying(listening: Listening, heard: Heard, saying: Saying): Promise<Answer> {
  return (await saidBy(listening, heard, saying)).answer;
}

/** What becomes of something that was said. `isFine`: it was done, or shown. */
export interface Said {
  answer: Answer;
  isFine: boolean;
}

/** Like `hearSaying`, for who has to know whether it was done. */
export async function saidBy(listening: Listening, heard: Heard, saying: Saying): Promise<Said> {
  const { opened } = listening;
  return answered(opened, saying.verb, async () =>
    say(listening, heard, await aroundOf(opened, heard.place), filledIn(saying)),
  );
}

const refused = (message: Message): Said => ({ answer: { is: 'message', message }, isFine: false });
const shown = (message: Message): Said => ({ answer: { is: 'message', message }, isFine: true });

async function answerLine(listening: Listening, heard: Heard & { text: string }): Promise<Said> {
  const around = await aroundOf(listening.opened, heard.place);
  const typed = readLine(heard.text, grammarOf(around, listening.verbs));
  switch (typed.is) {
    case 'words':
      return refused(sentencesAnswer([]));
    case 'help':
      return shown(helpAnswer(helpOf(around, heard, listening.verbs)));
    case 'bare': {
      // Nobody can be shown a form because of words in a room.
      if (typed.form === 'mention') return shown(helpAnswer(helpOf(around, heard, listening.verbs)));
      return begin(listening, heard, around, {});
    }
    case 'wrong':
      return refused(wrongAnswer(typed.wrong, await suggested(listening, around, heard, typed.wrong)));
    case 'incomplete': {
      const { form, verb, args, asks, wrong } = typed;
      // A seal is read on its question and typed by nobody; and no form follows words in a room.
      const isAsked = form === 'command' && asks.length <= 5 && asks.every(({ name }) => name !== 'seal');
      if (!isAsked) return refused(wrongAnswer(wrong));
      return { answer: { is: 'form', form: asksForm(asks, { verb, args }) }, isFine: true };
    }
    case 'say':
      return say(listening, heard, around, typed);
  }
}

/** The form that begins a release. */
async function begin(
  { opened }: Listening,
  heard: Heard,
  around: Around,
  preset: Record<string, string>,
): Promise<Said> {
  const form = await startForm(opened, around, heard, preset);
  return 'title' in form ? { answer: { is: 'form', form }, isFine: true } : refused(form);
}

async function say(
  listening: Listening,
  heard: Heard,
  around: Around,
  { verb: name, args: raw }: Saying,
): Promise<Said> {
  const { opened, verbs } = listening;
  const { by, place, request } = heard;
  const verb = verbs.find((one) => one.name === name);
  const { from, args: said } = withoutPage(withInputs(raw));
  if (name === 'release' && said['operation'] === undefined) return begin(listening, heard, around, said);
  const of = verb === undefined ? { args: said } : await meant(opened, around, place, verb, said);
  if ('refusal' in of) return refused(of.refusal);
  const { args } = of;
  const reply = await hear(opened, verbs, { request, verb: name, args, by, place });
  return { answer: answerOf(reply, from, verb, args), isFine: reply.exit === 0 };
}

/** Whatever goes wrong is answered: an act that nobody knows to be recorded may still happen, and its answer says so. */
async function answered({ engine }: Opened, what: string, ask: () => Promise<Said>): Promise<Said> {
  try {
    return await ask();
  } catch (error) {
    const known = asSlipwayError(error);
    if (known.code === 'internal') engine.warn(`${what} was not answered`, error);
    return refused(sentencesAnswer(replyOf(known).lines));
  }
}

/** The argument by which a button asks for the rest of a long answer; no verb has one of that name. */
const pageArg = 'from-line';

function withoutPage(given: Record<string, string>): {
  from: number | undefined;
  args: Record<string, string>;
} {
  const { [pageArg]: page, ...args } = given;
  return {
    from: /^\d{1,6}$/.test(page ?? '') ? Number(page) : undefined,
    args,
  };
}

/** Without the fields of a form that were left empty. What is typed as empty is said, and refused: `--plan ""`. */
function filledIn({ verb, args }: Saying): Saying {
  return { verb, args: Object.fromEntries(Object.entries(args).filter(([, value]) => value !== '')) };
}

/**
 * A reply as a chat shows it to who asked. What only looks can be asked for its rest; `from`: the line from which on
 * everything is wanted as it stands.
 */
function answerOf(
  reply: Reply,
  from: number | undefined,
  verb: Verb | undefined,
  args: Record<string, string>,
): Answer {
  if (reply.form !== undefined) return { is: 'form', form: reply.form };
  if (reply.message !== undefined && from === undefined) return { is: 'message', message: reply.message };
  const more = (next: number): Button =>
    says('more', 'Show more', { verb: verb?.name ?? '', args: { ...args, [pageArg]: String(next) } });
  return {
    is: 'message',
    message: sentencesAnswer(reply.lines, { from: from ?? 0, ...(verb?.acts === false && { more }) }),
  };
}

/** A new request, for a chat that gives its deliveries none. */
export const newRequest = (): string => randomUUID();
