import { z } from 'zod';
import { openIndex } from '../engine/open-index.js';
import type { JournalKeys } from '../engine/keys.js';
import type { Records } from '../engine/ports/records.js';
import { SlipwayError } from '../error.js';
import { canonical } from '../release/canonical.js';
import { Act } from './act.js';
import type { Reply } from './verb.js';
import { Form, Message } from '../chat/message.js';

const Received = z.strictObject({ v: z.literal(1), at: z.number(), act: Act, signature: z.string() });
/** An act as it was recorded. `at` is when, in ms. */
export type Received = z.infer<typeof Received>;

const Answered: z.ZodType<{ reply: Reply; act: Act }> = z.object({
  act: Act,
  reply: z.object({
    lines: z.array(z.string()),
    data: z.json(),
    exit: z.number(),
    follow: z.string().optional(),
    message: Message.optional(),
    form: Form.optional(),
  }),
});

/**
 * Acts from their receipt to their answer. An act is one durable record under `open/inbox/`, which is all that "received"
 * waits for and also the index of what is still to be answered; with its answer it stands under `inbox/` for ever, and
 * only then the open record goes. Delivered again in between, it may be open a second time: the answer is looked for
 * first, so it is given and not made again.
 */
export interface Inbox {
  /** Create-only: a repeated delivery changes nothing. */
  receive(key: string, act: Act, at: number): Promise<void>;
  /** The answer that was given, or the act that waits for one. undefined: neither, it was never recorded. @throws when damaged */
  find(key: string): Promise<{ reply: Reply; act: Act } | { received: Received } | undefined>;
  /** Keeps an act with its answer, for ever. */
  answer(key: string, received: Received, reply: Reply): Promise<void>;
  /** Takes it from what is open. */
  close(key: string): Promise<void>;
  /** The keys of what is open. */
  open(): Promise<string[]>;
}

/** The inbox of an installation. */
export function openInbox(records: Records, keys: JournalKeys): Inbox {
  const index = openIndex(records);
  const openKey = (key: string): string => `open/inbox/${key}`;
  const key = (name: string): string => `inbox/${name}.json`;
  const given = async (name: string): Promise<{ reply: Reply; act: Act } | undefined> => {
    const bytes = await records.read(key(name));
    return bytes === undefined ? undefined : Answered.parse(parse(bytes));
  };
  return {
    receive: async (name, act, at) =>
      void (await records.create(openKey(name), Buffer.from(canonical(signed({ v: 1, at, act }, keys))))),
    async find(name) {
      const before = await given(name);
      if (before !== undefined) return before;
      const bytes = await records.read(openKey(name));
      // Another bot may have answered between the two looks.
      return bytes === undefined ? given(name) : { received: believed(Received.parse(parse(bytes)), keys) };
    },
    answer: async (name, received, reply) =>
      void (await records.create(key(name), Buffer.from(canonical({ ...received, reply })))),
    close: (name) => index.remove('inbox', name),
    open: () => index.list('inbox'),
  };
}

/** Signed by the bot that heard it: who can only write to the journal cannot put words into people's mouths. */
function signed(unsigned: Omit<Received, 'signature'>, { sign }: JournalKeys): Received {
  if (sign === undefined) throw new SlipwayError('not-allowed', 'Only the bot records what people say.');
  return { ...unsigned, signature: sign(canonical(unsigned)) };
}

function believed(received: Received, { verify }: JournalKeys): Received {
  const { signature, ...unsigned } = received;
  if (verify(canonical(unsigned), signature)) return received;
  throw new SlipwayError('journal-damaged', 'A record of the inbox has no valid signature of the bot.', {
    hint: 'Somebody without the journal key wrote it. It was not done.',
  });
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new SlipwayError('journal-damaged', 'A record of the inbox is not JSON.', { cause });
  }
}
