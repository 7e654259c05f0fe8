import { timingSafeEqual } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { hashOf, type Chance } from './one-time-address.js';

/** How long a browser stays logged in, in ms. */
const validMs = 30 * 24 * 60 * 60_000;
/** How many browsers are remembered; a new one takes the place of the oldest. */
const most = 100;

const Kept = z.strictObject({
  v: z.literal(1),
  sessions: z.array(z.strictObject({ hash: z.string().regex(/^[0-9a-f]{64}$/), at: z.number() })),
});

/** Browsers that have opened a one-time address. */
export interface Sessions {
  /** The secret of a new session, for the cookie; remembered before this returns. */
  begin(): Promise<string>;
  knows(secret: string): boolean;
}

/** Sessions in a file of 0600 that holds only hashes, so that a browser stays logged in over a restart. */
export async function openSessions(file: string, { now, random }: Chance): Promise<Sessions> {
  let known = await read(file);
  let written: Promise<void> = Promise.resolve();
  const isYoung = (one: { at: number }): boolean => now() - one.at < validMs;
  return {
    async begin() {
      const secret = random(32).toString('base64url');
      known = [...known.filter(isYoung).slice(1 - most), { hash: hashOf(secret).toString('hex'), at: now() }];
      written = written.catch(() => undefined).then(() => write(file, known));
      await written;
      return secret;
    },
    knows(secret) {
      const hash = hashOf(secret);
      return known
        .filter((one) => timingSafeEqual(Buffer.from(one.hash, 'hex'), hash))
        .some((one) => isYoung(one));
    },
  };
}

type Remembered = z.infer<typeof Kept>['sessions'];

/** A file that is missing or damaged has no sessions: who was logged in needs a new address, and nothing else is lost. */
async function read(file: string): Promise<Remembered> {
  try {
    return Kept.parse(JSON.parse(await readFile(file, 'utf8'))).sessions;
  } catch {
    return [];
  }
}

async function write(file: string, sessions: Remembered): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.new`;
  await writeFile(fresh, JSON.stringify({ v: 1, sessions }), { mode: 0o600 });
  await chmod(fresh, 0o600);
  await rename(fresh, file);
}
