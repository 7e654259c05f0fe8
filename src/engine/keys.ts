import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { SlipwayError } from '../error.js';

/**
 * What shows that an event was made by the bot for a person. Ed25519 rather than a shared-secret MAC: a worker that can
 * check a signature still cannot make one, so a build worker that is taken over cannot write itself an approval.
 */
export interface JournalKeys {
  /** Signs; absent on build workers. Returns base64. */
  sign?: (text: string) => string;
  /** Whether the signature over exactly this text is ours. */
  verify: (text: string, signature: string) => boolean;
}

/** Keys from PEM texts: a private one (which includes the public), or a public one alone. */
export function journalKeys(pem: string): JournalKeys {
  const { secret, open } = parse(pem);
  return {
    ...(secret && { sign: (text: string) => sign(null, Buffer.from(text), secret).toString('base64') }),
    verify: (text, signature) => verify(null, Buffer.from(text), open, Buffer.from(signature, 'base64')),
  };
}

function parse(pem: string): { secret: KeyObject | undefined; open: KeyObject } {
  try {
    const isSecret = pem.includes('PRIVATE KEY');
    const secret = isSecret ? createPrivateKey(pem) : undefined;
    const open = createPublicKey(secret ?? pem);
    if (open.asymmetricKeyType !== 'ed25519') throw new Error(`It is ${open.asymmetricKeyType}.`);
    return { secret, open };
  } catch (cause) {
    throw new SlipwayError('config-invalid', 'The journal key is not an Ed25519 key in PEM.', {
      hint: 'SLIPWAY_JOURNAL_KEY holds an Ed25519 private key in PEM; workers may have the public key alone.',
      cause,
    });
  }
}

/** A new pair, in PEM. */
export function newJournalKey(): { secret: string; open: string } {
  const pair = generateKeyPairSync('ed25519');
  return {
    secret: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    open: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** The public half of a private key, in PEM. */
export function openHalf(pem: string): string {
  return parse(pem).open.export({ type: 'spki', format: 'pem' }).toString();
}
