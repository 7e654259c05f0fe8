import { createHash, timingSafeEqual } from 'node:crypto';

/** How long an address can be opened, in ms. */
const validMs = 10 * 60_000;
/** How many addresses can wait at once; a new one takes the place of the oldest. */
const most = 20;

/** What the web server needs to be told: the time in ms, and bytes that nobody can guess. */
export interface Chance {
  now: () => number;
  random: (bytes: number) => Buffer;
}

/** Tokens of one-time addresses: 256 bits, single use, 10 minutes. Only their hashes are kept. */
export interface Tokens {
  make(): string;
  /** Whether it opens; it never does again. */
  take(token: string): boolean;
}

/** sha256 of a secret: what is kept of it, and what is compared. */
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Tokens that this process has given out. */
export function oneTimeTokens({ now, random }: Chance): Tokens {
  let waiting: { hash: Buffer; until: number }[] = [];
  return {
    make() {
      const token = random(32).toString('base64url');
      waiting = [...waiting.slice(1 - most), { hash: hashOf(token), until: now() + validMs }];
      return token;
    },
    take(token) {
      const hash = hashOf(token);
      // Every one is compared, in constant time, so that the time of an answer tells nothing.
      const found = waiting.filter((one) => timingSafeEqual(one.hash, hash));
      waiting = waiting.filter((one) => !found.includes(one));
      return found.some((one) => now() < one.until);
    },
  };
}
