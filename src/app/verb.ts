import { SlipwayError } from '../error.js';
import type { z } from 'zod';
import type { Json } from '../release/plan.js';
import type { Actor } from '../release/actor.js';
import type { Form, Message } from '../chat/message.js';
import type { Place } from './act.js';
import type { Opened } from './wire.js';

/** An answer: sentences for people, data for programs, an honest exit code. */
export interface Reply {
  lines: string[];
  data: Json;
  exit: number;
  /** A run that who asked wants to see moving. */
  follow?: string;
  /** The answer as a chat shows it; without one it shows the sentences. */
  message?: Message;
  /** A form to fill in instead of an answer. */
  form?: Form;
}

/** What a verb is handed. `by` is set for verbs that act. */
export interface VerbContext {
  opened: Opened;
  by: Actor | undefined;
  /** Unique to the act. */
  request: string;
  /** undefined on the command line. */
  place?: Place | undefined;
}

/** One option of a verb on the command line and in chat. */
export interface VerbOption {
  /** `--reason <text>` */
  flags: string;
  about: string;
  required?: boolean;
  /** It may be given several times; the values are joined by newlines. */
  repeat?: boolean;
}

/** Something that people can say to the bot. */
export interface Verb {
  name: string;
  about: string;
  /** Positional arguments: `<run>`, `[step]`. */
  positional: string[];
  options: VerbOption[];
  /** Reads answer without an owner and without a person. */
  acts: boolean;
  run(context: VerbContext, args: Record<string, string | undefined>): Promise<Reply>;
}

/** Defines a verb; its arguments are parsed by zod before it runs. */
export function defineVerb<Args>(
  verb: Omit<Verb, 'run'> & { args: z.ZodType<Args>; run(context: VerbContext, args: Args): Promise<Reply> },
): Verb {
  return { ...verb, run: async (context, raw) => verb.run(context, parseArgs(verb.args, raw)) };
}

function parseArgs<Args>(schema: z.ZodType<Args>, raw: Record<string, string | undefined>): Args {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = issue?.path.join('.') ?? '';
  throw new SlipwayError('command-invalid', `${wrongWords(name, issue?.code, issue?.message, raw[name])}.`, {
    hint: 'Nothing was started. Add --help to see how it is written.',
  });
}

/** What is wrong with an argument, for people: zod speaks of types. */
function wrongWords(
  name: string,
  code: string | undefined,
  message: string | undefined,
  given: string | undefined,
): string {
  if (name !== '' && given === undefined) return `${name} is missing`;
  if (code === 'too_big') return `${name} is too long`;
  return `${name || 'The command'}: ${message ?? 'is not understood'}`;
}
