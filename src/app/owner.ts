import { z } from 'zod';
import type { Records } from '../engine/ports/records.js';
import { SlipwayError } from '../error.js';
import { processIdentity } from '../process-identity.js';

const Owner = z.strictObject({
  pid: z.int().positive(),
  /** Boot and start time: a later process with the same pid is another one. */
  identity: z.string(),
  socket: z.string(),
  at: z.string(),
});

/** The process that owns a folder installation. */
export type Owner = z.infer<typeof Owner>;

async function newest(records: Records): Promise<{ number: number; owner: Owner | undefined }> {
  const name = (await records.names('owner/')).at(-1);
  if (name === undefined) return { number: 0, owner: undefined };
  const bytes = await records.read(`owner/${name}`);
  const owner =
    bytes === undefined ? undefined : Owner.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8'))).data;
  return { number: Number.parseInt(name, 10), owner };
}

/** Who owns the folder now, if that very process still runs. */
export async function livingOwner(records: Records): Promise<Owner | undefined> {
  const { owner } = await newest(records);
  return owner !== undefined && (await processIdentity(owner.pid)) === owner.identity ? owner : undefined;
}

/**
 * Makes this process the one owner of a folder installation. Create-only: of two that start at once, one wins.
 * @throws SlipwayError journal-owned when another process owns it
 */
export async function takeOwnership(records: Records, socket: string, now: number): Promise<Owner> {
  const identity = await processIdentity(process.pid);
  if (identity === undefined)
    throw new SlipwayError('internal', 'This process cannot tell its own start time.');
  const mine: Owner = { pid: process.pid, identity, socket, at: new Date(now).toISOString() };
  for (;;) {
    const { number } = await newest(records);
    const living = await livingOwner(records);
    if (living !== undefined) {
      throw new SlipwayError(
        'journal-owned',
        `Another slipway owns ${records.place}: process ${living.pid}, since ${living.at}.`,
        {
          hint: 'Use that one; its commands work from here. Or stop it first.',
        },
      );
    }
    const key = `owner/${String(number + 1).padStart(8, '0')}.json`;
    if (await records.create(key, Buffer.from(JSON.stringify(mine)))) return mine;
  }
}
