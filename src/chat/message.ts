import { z } from 'zod';

/**
 * What the bot says, before any chat has drawn it. Text is always literal: an adapter escapes it, so a commit subject can
 * never become a mention, a link or a format. Adapters draw every part; what a chat cannot do they say in words.
 */

const text = z.string();

/** Where a link leads. */
export const Target = z.discriminatedUnion('to', [
  /** The page of a run. */
  z.strictObject({ to: z.literal('run'), run: text }),
  /** A message of ours, by its marker. */
  z.strictObject({ to: z.literal('message'), room: text, marker: text }),
  z.strictObject({ to: z.literal('room'), room: text }),
  /** An address outside; https only. */
  z.strictObject({ to: z.literal('url'), url: z.url({ protocol: /^https$/ }) }),
]);
export type Target = z.infer<typeof Target>;

/** A part of a line. */
export const Piece = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('text'), text }),
  z.strictObject({ is: z.literal('bold'), text }),
  z.strictObject({ is: z.literal('code'), text }),
  z.strictObject({ is: z.literal('link'), text, target: Target }),
  /** Somebody of slipway.yaml, by name; `ping`: told about it, which only questions and reminders do. */
  z.strictObject({ is: z.literal('person'), id: text, name: text, ping: z.boolean() }),
  /** ms since the epoch, shown in the reader's zone; `time`: without the date if it is today's. */
  z.strictObject({ is: z.literal('time'), at: z.number(), show: z.enum(['time', 'date-and-time']) }),
  /**
   * Something to say to the bot: the verb `release` with `fixup`, the verb `status` with ''. A chat draws
   * `/release fixup` and `/release status`, a terminal `slipway release fixup` and `slipway status`.
   */
  z.strictObject({ is: z.literal('command'), verb: text, rest: text }),
]);
export type Piece = z.infer<typeof Piece>;

/** The marks; each has a twin word that stands in its line, so that no state is told by a mark alone. */
export const MarkName = z.enum([
  'done',
  'running',
  'to-do',
  'waiting',
  'failed',
  'skipped',
  'warning',
  'paused',
  'locked',
  'void',
]);
export type MarkName = z.infer<typeof MarkName>;

/** One line of people's text: mark, name, `·`, twin word. */
export const Line = z.strictObject({ mark: MarkName.optional(), pieces: z.array(Piece) });
export type Line = z.infer<typeof Line>;

export const Block = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('lines'), lines: z.array(Line) }),
  /** Small print. */
  z.strictObject({ is: z.literal('small'), lines: z.array(Line) }),
  /** A fence: log lines, at most 60 columns each. */
  z.strictObject({ is: z.literal('code'), lines: z.array(text) }),
  /** The first column is the row's name. */
  z.strictObject({
    is: z.literal('table'),
    caption: text,
    columns: z.array(text),
    rows: z.array(z.array(text)),
  }),
]);
export type Block = z.infer<typeof Block>;

/** Something to say to the bot, as data. `verb` is one of commands/. */
export const Saying = z.strictObject({ verb: text, args: z.record(text, text) });
export type Saying = z.infer<typeof Saying>;

/** One input of a form; `name` is the argument of the saying that it fills. */
export const Field = z.discriminatedUnion('is', [
  z.strictObject({
    is: z.literal('text'),
    name: text,
    label: text,
    hint: text,
    required: z.boolean(),
    value: text,
    long: z.boolean(),
  }),
  z.strictObject({
    is: z.literal('choice'),
    name: text,
    label: text,
    hint: text,
    required: z.boolean(),
    value: text,
    choices: z.array(z.strictObject({ value: text, label: text })),
  }),
]);
export type Field = z.infer<typeof Field>;

/** A form; sent, it says `say` with the fields added to its arguments. At most 5 fields (Discord). */
export const Form = z.strictObject({
  title: text,
  about: z.array(Line),
  fields: z.array(Field).max(5),
  submit: text,
  close: text,
  say: Saying,
});
export type Form = z.infer<typeof Form>;

/** Asked before a button acts. */
export const Confirm = z.strictObject({ title: text, text, yes: text, no: text });
export type Confirm = z.infer<typeof Confirm>;

/**
 * A button: verb and object, at most 24 characters. It says something, opens a form, or leads somewhere. A label that
 * opens a form ends with `…`.
 */
export const Button = z.strictObject({
  /** Unique within the message, and the same for the same meaning: `approve`, `reject`. */
  id: text,
  label: text,
  /** The whole sense, for screen readers: `Approve and promote kestrel 0.44.0, seal 7F3A-91C2`. */
  about: text,
  style: z.enum(['default', 'primary', 'danger']),
  confirm: Confirm.optional(),
  does: z.discriminatedUnion('is', [
    z.strictObject({ is: z.literal('say'), say: Saying }),
    z.strictObject({ is: z.literal('form'), form: Form }),
    z.strictObject({ is: z.literal('go'), target: Target }),
  ]),
});
export type Button = z.infer<typeof Button>;

/** What a message is about at a glance; a chat may show it as a colour, never alone. */
export const Mood = z.enum(['over', 'running', 'people', 'failed', 'done', 'plain']);
export type Mood = z.infer<typeof Mood>;

/** A message of the bot. */
export const Message = z.strictObject({
  /** The notification: project, version, state, who is awaited. At most 60 characters, no mark. '' for a short answer. */
  header: text,
  mood: Mood,
  blocks: z.array(Block),
  buttons: z.array(Button),
  /** The whole message in sentences, for screen readers and phones: no marks, arrows or fences, at most 1,500 characters. */
  text,
});
export type Message = z.infer<typeof Message>;
