import { randomUUID } from 'node:crypto';
import { shortAnswer, type Answer } from '../../chat/answer.js';
import type { Saying } from '../../chat/message.js';
import type { Actor } from '../../release/actor.js';
import type { Place } from '../act.js';
import { hear } from '../dispatch.js';
import type { Reply, Verb } from '../verb.js';
import type { Opened } from '../wire.js';

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

/** A button or a form: what it says is done like the same command. */
export async function hearSaying(
  { opened, verbs }: Listening,
  { by, place, request }: Heard,
  { verb, args }: Saying,
): Promise<Answer> {
  return answerOf(await hear(opened, verbs, { request, verb, args, by, place }));
}

/** A reply as a chat shows it to who asked. */
export function answerOf(reply: Reply): Answer {
  if (reply.form !== undefined) return { is: 'form', form: reply.form };
  return { is: 'message', message: reply.message ?? shortAnswer(...reply.lines) };
}

/** A new request, for a chat that gives its deliveries none. */
export const newRequest = (): string => randomUUID();
