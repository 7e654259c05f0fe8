import { z } from 'zod';
import { logText } from '../../chat/views/log-text.js';
import { attemptHeading, logParts, type StoredPart } from '../../engine/logs.js';
import type { Records } from '../../engine/ports/records.js';
import { SlipwayError } from '../../error.js';
import { isActive, stepOf } from '../../release/run-state.js';
import type { Opened } from '../wire.js';
import type { LogPart } from './run-page-types.js';

/** The most bytes of a log that one answer holds. */
export const logPartBytes = 256 * 1024;

/** How long after the end of a step the rest of its log is waited for: it is written behind the event, in ms. */
const restMs = 5_000;

/** Where something begins in a log: the attempt, a stored part of it, a byte of that. It stays true while the log grows. */
interface Place {
  attempt: number;
  part: number;
  byte: number;
}

const number = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);
const From = z.tuple([number, number, number]);

/**
 * What the log of a step says from a place on, at most 256 KB; without `from` from its beginning. It is cut between
 * characters, so that parts can be put together as text.
 * @throws SlipwayError not-found | command-invalid
 */
export async function logPart(opened: Opened, run: string, step: string, from = ''): Promise<LogPart> {
  const { state } = await opened.engine.runs.beginning(run);
  const found = state === undefined ? undefined : stepOf(state, step);
  if (found === undefined)
    throw new SlipwayError('not-found', `There is no step "${step}" in a run "${run}".`);
  const start = placeOf(from);
  const stored = await logParts(opened.records, run, step);
  const isGrowing = isActive(found) || opened.engine.clock.now() - found.endedAt < restMs;
  const { bytes, next, more } = await take(opened.records, stored, start);
  const cut = more || isGrowing ? Math.min(unfinished(bytes), next.byte) : 0;
  return {
    text: logText(
      new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, bytes.length - cut)),
    ),
    next: `${next.attempt}.${next.part}.${next.byte - cut}`,
    more,
    over: !isGrowing && !more,
  };
}

/** How many bytes at the end are the beginning of a character of UTF-8 that is not whole yet. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= 3; back += 1) {
    const byte = bytes.at(-back) ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}

/** @throws SlipwayError command-invalid */
function placeOf(from: string): Place {
  if (from === '') return { attempt: 0, part: 0, byte: 0 };
  const parsed = From.safeParse(from.split('.'));
  if (!parsed.success)
    throw new SlipwayError('command-invalid', 'The log has no such place.', {
      hint: 'Begin without `from`.',
    });
  const [attempt, part, byte] = parsed.data;
  return { attempt, part, byte };
}

/** Bytes from a place on, and the place behind them. */
async function take(
  records: Records,
  stored: readonly StoredPart[],
  start: Place,
): Promise<{ bytes: Uint8Array; next: Place; more: boolean }> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  let at = start;
  for (const { attempt, part, key } of stored) {
    if (attempt < at.attempt || (attempt === at.attempt && part < at.part)) continue;
    if (attempt !== at.attempt) {
      const heading = Buffer.from(
        `${size === 0 && start.attempt === 0 ? '' : '\n'}${attemptHeading(attempt)}`,
      );
      pieces.push(heading);
      size += heading.length;
    }
    const body = (await records.read(key)) ?? new Uint8Array();
    const first = attempt === at.attempt && part === at.part ? at.byte : 0;
    const piece = body.subarray(first, first + Math.max(0, logPartBytes - size));
    pieces.push(piece);
    size += piece.length;
    at = { attempt, part, byte: first + piece.length };
    if (at.byte < body.length) return { bytes: Buffer.concat(pieces), next: at, more: true };
  }
  return { bytes: Buffer.concat(pieces), next: at, more: false };
}
