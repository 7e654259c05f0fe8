import { SlipwayError } from '../../error.js';
import { byteMatcher } from './byte-matcher.js';
import { secretForms } from './secret-forms.js';

/** Takes bytes as they come and gives them back without secrets, as early as it is certain. */
export interface Scrubber {
  push(chunk: Uint8Array): Uint8Array;
  /** The rest, at the end of the stream; afterwards it can be used for a new one. */
  flush(): Uint8Array;
}

interface Span {
  start: number;
  end: number;
  isShown: boolean;
}

const mask = Buffer.from('***');

/**
 * A scrubber by value: each secret, also as base64, percent-encoded or JSON-escaped, and split over chunks in any way,
 * becomes `***`. Secrets that overlap go together. Holds back at most as many bytes as the longest form has; the time is
 * linear. A secret of fewer than 8 characters is refused with config-invalid, since it would tear up every text.
 */
export function scrubber(secrets: string[]): Scrubber {
  if (secrets.some((secret) => secret.length < 8)) {
    throw new SlipwayError('config-invalid', 'A secret has fewer than 8 characters.', {
      hint: 'Use a longer secret; a short one cannot be kept out of logs.',
    });
  }
  const matcher = byteMatcher([...new Set(secrets)].flatMap(secretForms));
  let held: Buffer = Buffer.alloc(0);
  let spans: Span[] = []; // in `held`, ascending, apart from each other
  let state = 0;

  function cover(start: number, end: number): void {
    const span: Span = { start, end, isShown: false };
    for (let last = spans.at(-1); last !== undefined && last.end > span.start; last = spans.at(-1)) {
      span.start = Math.min(span.start, last.start);
      span.isShown ||= last.isShown;
      spans.pop();
    }
    spans.push(span);
  }

  /** Gives out what stands before `limit`, which no later match can reach. */
  function release(limit: number): Buffer {
    const parts: Buffer[] = [];
    let at = 0;
    for (const span of spans) {
      if (span.start >= limit) break;
      if (span.start > at) parts.push(held.subarray(at, span.start));
      if (!span.isShown) parts.push(mask);
      span.isShown = true;
      at = Math.min(span.end, limit);
    }
    parts.push(held.subarray(at, limit));
    held = held.subarray(limit);
    spans = spans
      .filter((span) => span.end > limit)
      .map((span) => ({ ...span, start: Math.max(0, span.start - limit), end: span.end - limit }));
    return Buffer.concat(parts);
  }

  return {
    push(chunk) {
      const before = held.length;
      held = Buffer.concat([held, chunk]);
      for (let i = 0; i < chunk.length; i += 1) {
        state = matcher.next(state, chunk[i] ?? 0);
        const length = matcher.matched(state);
        if (length > 0) cover(before + i + 1 - length, before + i + 1);
      }
      return release(held.length - matcher.open(state));
    },
    flush() {
      state = 0;
      return release(held.length);
    },
  };
}
