import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { SlipwayError } from '../error.js';
import { canonical, sha256 } from '../release/canonical.js';
import type { JournalKeys } from './keys.js';

/** Version of the record format that this Slipway writes and the newest that it reads. */
export const recordVersion = 1;

/** The largest record in bytes; bigger things are blobs. */
export const recordLimit = 16 * 1024;

/** The longest text of an event in characters; the journal refuses a longer one. */
export const textLimit = 2_000;

/** Text of an event, cut where it is too long: what a step says comes from outside and has no limit of its own. */
export function clip(text: string): string {
  return text.length <= textLimit ? text : `${text.slice(0, textLimit - 1)}…`;
}

const Envelope = z.strictObject({
  v: z.literal(recordVersion),
  /** Unique; a conflict with a record of our own id is success. */
  id: z.string().min(1).max(100),
  /** The journal it stands in, so that a record cannot be moved to another. */
  of: z.string().min(1).max(300),
  seq: z.int().positive(),
  /** UTC. */
  at: z.iso.datetime({ precision: 3 }),
  /** sha256 of the bytes of the record before, '' for the first. */
  prev: z.string().regex(/^([0-9a-f]{64})?$/),
  event: z.looseObject({ type: z.string() }),
  signature: z.string().optional(),
});

/** One record as it stands in the store, its event not yet parsed. */
export type Envelope = z.infer<typeof Envelope>;

/** An envelope with the hash of its bytes. */
export interface ReadRecord {
  envelope: Envelope;
  hash: string;
}

/** Makes the bytes of a record. Throws journal-full when it is over the limit (a caller that did not use a blob). */
export function encodeRecord(
  fields: { of: string; seq: number; at: number; prev: string; event: Envelope['event']; id?: string },
  signed: boolean,
  keys: JournalKeys,
): { bytes: Uint8Array; id: string; hash: string } {
  const id = fields.id ?? randomUUID();
  const unsigned = {
    v: recordVersion,
    id,
    of: fields.of,
    seq: fields.seq,
    at: new Date(fields.at).toISOString(),
    prev: fields.prev,
    event: fields.event,
  };
  if (signed && keys.sign === undefined) {
    throw new SlipwayError(
      'not-allowed',
      `Only the bot may write "${fields.event.type}"; this process has no journal key.`,
    );
  }
  const signature = signed ? keys.sign?.(canonical(unsigned)) : undefined;
  const bytes = Buffer.from(
    `${canonical(signature === undefined ? unsigned : { ...unsigned, signature })}\n`,
  );
  if (bytes.length > recordLimit) {
    throw new SlipwayError(
      'refused',
      `A record of ${bytes.length} bytes is over the limit of ${recordLimit}.`,
      {
        hint: 'Shorten what was typed; nothing was written.',
      },
    );
  }
  return { bytes, id, hash: sha256(bytes) };
}

/**
 * Reads a record and checks everything that can be checked without the state: shape, place, chain.
 * @throws SlipwayError journal-damaged (naming the key) | journal-version
 */
export function decodeRecord(
  key: string,
  bytes: Uint8Array,
  place: { of: string; seq: number; prev: string },
): ReadRecord {
  const damaged = (why: string): SlipwayError =>
    new SlipwayError('journal-damaged', `The journal record ${key} is damaged: ${why}.`, {
      hint: 'Nothing of this run is started while its journal cannot be read. Restore the record from a backup (slipway restore), then run slipway verify.',
    });
  let raw: unknown;
  try {
    raw = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw damaged(bytes.length === 0 ? 'it is empty' : 'it is not JSON');
  }
  const version = z.looseObject({ v: z.int() }).safeParse(raw);
  if (version.success && version.data.v > recordVersion)
    throw newerVersion(key, `record version ${version.data.v}`);
  const parsed = Envelope.safeParse(raw);
  if (!parsed.success)
    throw damaged(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  const envelope = parsed.data;
  if (envelope.of !== place.of || envelope.seq !== place.seq)
    throw damaged(`it says it is ${envelope.of} ${envelope.seq}`);
  if (envelope.prev !== place.prev)
    throw damaged('its link to the record before does not fit, so one of the two was changed');
  return { envelope, hash: sha256(bytes) };
}

/** The refusal to touch what a newer Slipway wrote. */
export function newerVersion(key: string, what: string): SlipwayError {
  return new SlipwayError(
    'journal-version',
    `${key} was written by a newer Slipway (${what}); this one knows version ${recordVersion}.`,
    {
      hint: 'The run is left alone. Start a Slipway of that version or newer.',
    },
  );
}

/** Whether the signature of a record is ours. */
export function isSigned(envelope: Envelope, keys: JournalKeys): boolean {
  const { signature, ...unsigned } = envelope;
  return signature !== undefined && keys.verify(canonical(unsigned), signature);
}
