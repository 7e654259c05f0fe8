import { randomUUID } from 'node:crypto';
import type { LineAnswer } from '../../src/chat/answer.js';
import type { Button, Form, Message } from '../../src/chat/message.js';
import { chatTongue, plainButtons, plainLine, plainLines } from '../../src/chat/plain-text.js';
import { spokenTo } from '../../src/chat/parser/command.js';
import { hearReaction } from '../../src/app/talk/reaction.js';
import { hearLine, hearSaying, type Heard, type Listening } from '../../src/app/talk/talk.js';
import type { Actor } from '../../src/release/actor.js';

/** What somebody alone sees after he did something. `text`: as a reader compares it with a mock-up; '' for nothing. */
export interface Seen {
  text: string;
  answer: LineAnswer | undefined;
}

/** Where somebody does something: rel-kestrel and no thread, if not said otherwise. */
export interface Where {
  room?: string;
  /** Marker of the message in whose thread it is. */
  thread?: string;
  request?: string;
}

/** People in rooms of the local workspace. */
export interface Talk {
  /** Types a line; words and mentions are shown to all, as every chat does. */
  types(person: string, text: string, where?: Where): Promise<Seen>;
  /**
   * Presses a button, by its label or id, of a message of a room (`marker`) or of an answer. A button that asks first is
   * answered with yes; of one that opens a form `values` are sent.
   */
  presses(
    person: string,
    button: string,
    on: Where & ({ marker: string } | { answer: Seen }) & { values?: Record<string, string> },
  ): Promise<Seen>;
  /** Sends a form that an answer or a button has opened. */
  submits(person: string, form: Form | Seen, values?: Record<string, string>, where?: Where): Promise<Seen>;
  /** Puts a reaction under a message, or takes it away. */
  reacts(person: string, marker: string, emoji: string, on?: boolean, where?: Where): Promise<Seen>;
  /** Everything that a room shows, oldest first: one text a message, its buttons as the last line. */
  sees(room?: string): Promise<string[]>;
  /** The markers of the bot's messages in a room, oldest first. */
  markers(room?: string): Promise<string[]>;
  /** A message of a room as it stands now. */
  message(marker: string, room?: string): Promise<Message>;
}

/** A message as text, with its buttons. */
export function textOf(message: Message): string {
  const buttons = plainButtons(message.buttons);
  return [...plainLines(message, chatTongue), ...(buttons === '' ? [] : [buttons])].join('\n');
}

/** A form as text: its fields with what they say. */
export function formText({ title, about, fields, submit, close }: Form): string {
  const rows = fields.map((field) => {
    const value = field.value === '' ? '' : ` = ${field.value}`;
    const choices = field.is === 'choice' ? ` of ${field.choices.map((one) => one.value).join(', ')}` : '';
    return `${field.label}${field.required ? '' : ' (optional)'}${value}${choices}${field.hint === '' ? '' : ` ("${field.hint}")`}`;
  });
  const lines = about.map((line) => plainLine(line, chatTongue));
  return [title, ...lines, ...rows, `[${submit}] [${close}]`].join('\n');
}

function seen(answer: LineAnswer | undefined): Seen {
  if (answer?.is === 'message') return { text: textOf(answer.message), answer };
  if (answer?.is === 'form') return { text: formText(answer.form), answer };
  return { text: '', answer };
}

/** Lets people talk with the bot that listens now. */
export function openTalk(listening: () => Listening): Talk {
  const actor = (user: string): Actor => ({ issuer: 'local', workspace: 'sandbox', user, name: user });
  const heard = (person: string, { room = 'rel-kestrel', thread, request = randomUUID() }: Where): Heard => ({
    by: actor(person),
    place: { chat: 'local', room, ...(thread !== undefined && { thread }) },
    request,
  });
  const message = async (marker: string, room = 'rel-kestrel'): Promise<Message> => {
    const found = await listening().opened.local.messages.find({ room }, marker);
    if (found?.message === undefined) throw new Error(`${room} has no message ${marker}`);
    return found.message;
  };
  const submit = async (
    person: string,
    form: Form,
    values: Record<string, string>,
    where: Where,
  ): Promise<Seen> => {
    const fields = Object.fromEntries(form.fields.map(({ name, value }) => [name, value]));
    const args = { ...form.say.args, ...fields, ...values };
    return seen(await hearSaying(listening(), heard(person, where), { verb: form.say.verb, args }));
  };
  return {
    message,
    async types(person, text, where = {}) {
      const { by, place, request } = heard(person, where);
      if (spokenTo(text)?.form !== 'command')
        await listening().opened.local.say(place.room, by, text, request, place.thread);
      return seen(await hearLine(listening(), { by, place, request, text }));
    },
    async presses(person, label, on) {
      const where = { ...on, ...('marker' in on && { thread: on.thread ?? on.marker }) };
      const from = 'marker' in on ? await message(on.marker, on.room) : messageOf(on.answer);
      const button = buttonOf(from, label);
      if (button.does.is === 'form') return submit(person, button.does.form, on.values ?? {}, where);
      if (button.does.is === 'go') throw new Error(`${button.label} only leads somewhere`);
      return seen(await hearSaying(listening(), heard(person, where), button.does.say));
    },
    async submits(person, form, values = {}, where = {}) {
      if ('title' in form) return submit(person, form, values, where);
      if (form.answer?.is !== 'form') throw new Error(`that is no form:\n${form.text}`);
      return submit(person, form.answer.form, values, where);
    },
    async reacts(person, marker, emoji, on = true, where = {}) {
      const { by, place, request } = heard(person, where);
      await listening().opened.local.react(place.room, marker, { by, emoji }, on);
      return seen(await hearReaction(listening(), { by, place, request, marker, emoji, on }));
    },
    async sees(room = 'rel-kestrel') {
      const all = await listening().opened.local.messages.all({ room });
      return all.map((one) =>
        one.message === undefined ? `${one.by?.name ?? '?'}: ${one.words}` : textOf(one.message),
      );
    },
    async markers(room = 'rel-kestrel') {
      const all = await listening().opened.local.messages.all({ room });
      return all.flatMap((one) => (one.message === undefined ? [] : [one.marker]));
    },
  };
}

function messageOf({ answer, text }: Seen): Message {
  if (answer?.is !== 'message') throw new Error(`that is no message:\n${text}`);
  return answer.message;
}

function buttonOf(message: Message, label: string): Button {
  const found = message.buttons.find((one) => one.id === label || one.label === label);
  if (found === undefined) throw new Error(`there is no button ${label}:\n${textOf(message)}`);
  return found;
}
