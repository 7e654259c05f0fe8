import type { Clock } from './ports/clock.js';
import type { Records } from './ports/records.js';
import type { StepLog } from './ports/step-log.js';

const partBytes = 1024 * 1024;
/** How old the first part may be, in ms; each later one twice as old, up to the longest. */
const firstMs = 1_000;
const longestMs = 10_000;

const prefix = (run: string, step: string): string => `logs/${run}/${step}/`;

/**
 * A log in parts of at most 1 MB or 10 s under `logs/<run>/<step>/<attempt>/<part>`, so that everyone reads it while it
 * grows; the first parts are shorter, because whoever waits looks at the beginning.
 */
export function openLog(records: Records, clock: Clock, run: string, step: string, attempt: number): StepLog {
  let waiting: Uint8Array[] = [];
  let size = 0;
  let part = 0;
  let partMs = firstMs;
  let begun = clock.monotonic();
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();

  /** The same attempt may be logged a second time (a poll): it goes on behind the parts that are there. */
  const store = async (body: Uint8Array): Promise<void> => {
    let isStored = false;
    while (!isStored) {
      const key = `${prefix(run, step)}${attempt}/${String(part).padStart(6, '0')}`;
      part += 1;
      isStored = await records.create(key, body);
    }
  };
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    begun = clock.monotonic();
    if (size === 0) return;
    partMs = Math.min(2 * partMs, longestMs);
    const body = Buffer.concat(waiting);
    waiting = [];
    size = 0;
    // A log that cannot be written never fails a release; what is missing is seen in the numbers of the parts.
    last = last.then(() => store(body)).catch(() => undefined);
  };
  const write = (chunk: Uint8Array): void => {
    for (let from = 0; from < chunk.length;) {
      const piece = Uint8Array.from(chunk.subarray(from, from + partBytes - size));
      waiting.push(piece);
      size += piece.length;
      from += piece.length;
      if (size === partBytes) flush();
    }
    if (clock.monotonic() - begun >= partMs) flush();
    // A command that falls silent must not keep its last words.
    if (size > 0) timer ??= setTimeout(flush, partMs).unref();
  };
  return {
    write,
    line: (text) => write(Buffer.from(`${text}\n`)),
    async end() {
      flush();
      await last;
    },
  };
}

/** One stored part of a log, by its key. */
export interface StoredPart {
  attempt: number;
  part: number;
  key: string;
}

/** The parts of a step's log that are stored by now: attempts in order, and within each its parts. */
export async function logParts(records: Records, run: string, step: string): Promise<StoredPart[]> {
  const keys = await records.list(prefix(run, step));
  return keys
    .map((key) => {
      const [attempt, part] = key.slice(prefix(run, step).length).split('/').map(Number);
      return { attempt: attempt ?? 0, part: part ?? 0, key };
    })
    .toSorted((a, b) => a.attempt - b.attempt || a.part - b.part);
}

/** The heading line of an attempt. */
export const attemptHeading = (attempt: number): string => `== attempt ${attempt}\n`;

/** The whole log of a step, all attempts in order, each under a heading line. */
export async function readLog(records: Records, run: string, step: string): Promise<string> {
  const attempts = new Map<number, Uint8Array[]>();
  for (const { attempt, key } of await logParts(records, run, step))
    attempts.set(attempt, [...(attempts.get(attempt) ?? []), (await records.read(key)) ?? new Uint8Array()]);
  return [...attempts]
    .map(([attempt, parts]) => `${attemptHeading(attempt)}${Buffer.concat(parts).toString('utf8')}`)
    .join('\n');
}

/** The end of the newest attempt's log: its last whole lines in at most `most` bytes, however long the log is. */
export async function endOfLog(records: Records, run: string, step: string, most: number): Promise<string> {
  const parts = await logParts(records, run, step);
  const left = parts.filter(({ attempt }) => attempt === parts.at(-1)?.attempt);
  let end = Buffer.alloc(0);
  for (let part = left.pop(); part !== undefined; part = end.length > most ? undefined : left.pop())
    end = Buffer.concat([(await records.read(part.key)) ?? new Uint8Array(), end]);
  if (end.length <= most) return end.toString('utf8');
  const text = end.subarray(end.length - most).toString('utf8');
  return text.slice(text.indexOf('\n') + 1);
}
