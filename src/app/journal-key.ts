import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../config.js';
import { journalKeys, newJournalKey, openHalf, type JournalKeys } from '../engine/keys.js';
import type { Records } from '../engine/ports/records.js';
import { SlipwayError } from '../error.js';
import { linkNewFile, removeFile, writeNewFile } from '../services/durable-files.js';
import type { Installation } from './installation.js';
import type { Role } from './wire.js';

/** Where a folder installation keeps its journal key, below its data folder. */
export function keyFiles(data: string): { folder: string; secret: string; open: string } {
  const folder = join(data, 'keys');
  return { folder, secret: join(folder, 'journal.key'), open: join(folder, 'journal.pub') };
}

/**
 * The journal key. A folder installation makes its own at the first start; workers and readers get the public half, with
 * which they can check what people did and cannot write it.
 * @throws SlipwayError secret-missing | not-found | config-invalid
 */
export async function openKeys(
  { journal }: Pick<Installation, 'journal'>,
  environment: Environment,
  data: string,
  role: Role,
  records: Records,
): Promise<JournalKeys> {
  if (environment.journalKey !== undefined) {
    // A worker runs project code beside it: it is not to sign, whatever key it was given.
    return journalKeys(role === 'bot' ? environment.journalKey : openHalf(environment.journalKey));
  }
  if (journal.kind === 'bucket') {
    throw new SlipwayError('secret-missing', 'SLIPWAY_JOURNAL_KEY is not set.', {
      hint: 'All bots of a bucket share one Ed25519 key in PEM: openssl genpkey -algorithm ed25519. Workers need only its public half.',
    });
  }
  const files = keyFiles(data);
  if (role === 'bot') {
    await mkdir(files.folder, { recursive: true, mode: 0o700 });
    const secret = (await read(files.secret)) ?? (await makeKey(files, records));
    // A crash may have come between the two; it follows from the first.
    if ((await read(files.open)) === undefined) await write(files, files.open, openHalf(secret));
    return journalKeys(secret);
  }
  const open = await read(files.open);
  if (open !== undefined) return journalKeys(open);
  // Before the first start there is nothing to look at, which is an answer too.
  if (role === 'reader' && !(await isUsed(records))) return { verify: () => false };
  throw new SlipwayError('not-found', `There is no journal key in ${files.folder}.`, {
    hint: 'It is made by the first slipway start.',
  });
}

async function isUsed(records: Records): Promise<boolean> {
  return (await records.names('lines/')).length > 0;
}

async function read(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** Whole or not at all, and never in place of one that is there. */
async function makeKey(files: { folder: string; secret: string }, records: Records): Promise<string> {
  // With a new key nothing that is there could be believed any more.
  if (await isUsed(records)) {
    throw new SlipwayError(
      'not-found',
      `${records.place} was signed with a key that is not in ${files.folder}.`,
      {
        hint: 'Nothing was started. Set SLIPWAY_DATA to the folder that it was used with, or bring the key back (slipway restore).',
      },
    );
  }
  const fresh = newJournalKey().secret;
  const file = join(files.folder, `new-${randomUUID()}`);
  await writeNewFile(file, Buffer.from(fresh), 0o600);
  await linkNewFile(file, files.secret);
  await removeFile(file);
  return (await read(files.secret)) ?? fresh;
}

async function write({ folder }: { folder: string }, name: string, text: string): Promise<void> {
  const file = join(folder, `new-${randomUUID()}`);
  await writeNewFile(file, Buffer.from(text), 0o644);
  await rename(file, name);
}
