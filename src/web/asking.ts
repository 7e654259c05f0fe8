import type { Context } from 'hono';
import type { z } from 'zod';
import type { Installation } from '../app/installation.js';
import { SlipwayError } from '../error.js';
import type { Actor } from '../release/actor.js';
import { visibleRoom } from './rooms.js';

/** The body of a request, as its schema says. @throws SlipwayError command-invalid */
export async function bodyOf<Body>(c: Context, schema: z.ZodType<Body>): Promise<Body> {
  return parsed(schema, await c.req.json().catch(() => undefined));
}

/** What a request says, as its schema says. @throws SlipwayError command-invalid */
export function parsed<Said>(schema: z.ZodType<Said>, given: unknown): Said {
  const { data, error } = schema.safeParse(given);
  if (data !== undefined) return data;
  const [issue] = error?.issues ?? [];
  const where = issue?.path.map(String).join('.') ?? '';
  throw new SlipwayError(
    'command-invalid',
    `${where || 'The request'}: ${issue?.message ?? 'is not understood'}.`,
    { hint: 'Nothing was started.' },
  );
}

/** Somebody of slipway.yaml, as the local workspace authenticates him: not at all. @throws SlipwayError not-allowed */
export function personOf({ name, people }: Installation, as: string): Actor {
  const person = Object.hasOwn(people, as) ? people[as] : undefined;
  if (person === undefined) {
    throw new SlipwayError('not-allowed', `"${as}" is nobody of slipway.yaml.`, {
      hint: `Nothing was started. People: ${Object.keys(people).join(', ')}.`,
    });
  }
  return { issuer: 'local', workspace: name, user: as, name: person.name };
}

/**
 * A room in which people of this machine can do something.
 * @throws SlipwayError not-found | not-allowed
 */
export function roomToActIn(installation: Installation, room: string): void {
  if (visibleRoom(installation, room).canAct) return;
  throw new SlipwayError(
    'not-allowed',
    `#${room} has no sandbox project: people of this machine are authenticated by nobody, so they only look here.`,
    { hint: 'Nothing was started.' },
  );
}
