import { z } from 'zod';

/** Objects without a prototype: looking up `constructor`, typed by a person, finds nothing. */
export function toDictionary<T>(entries: Readonly<Record<string, T>>): Record<string, T> {
  const dictionary: Record<string, T> = Object.create(null);
  return Object.assign(dictionary, entries);
}

/** A name of a thing: project, operation, room, person, role, channel. */
export const Name = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,30}$/,
    'a name starts with a lower-case letter, then lower-case letters, digits and "-", at most 31',
  );

/** An id of a step; it may also hold `_`. */
export const StepId = z
  .string()
  .regex(
    /^[a-z][a-z0-9_-]{0,62}$/,
    'an id starts with a lower-case letter, then lower-case letters, digits, "-" and "_", at most 63',
  );

/** A name of an environment variable or a secret. */
export const VariableName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'a name of a secret is upper-case letters, digits and "_"');

/** One line for people. */
export const OneLine = z
  .string()
  .regex(
    /^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+$/u,
    'must be one line of text without control characters',
  )
  .max(300, 'must have at most 300 characters');

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
// Above 24 days a timer of Node fires at once.
const maxDurationMs = 14 * unitMs.d;

/** `30s`, `45m`, `2h`, `7d` as ms; undefined for anything else, zero and more than 14 days. */
export function parseDuration(text: string): number | undefined {
  const match = /^([1-9][0-9]{0,6})([smhd])$/.exec(text);
  if (match === null) return undefined;
  const [, count, unit] = match;
  const factor = unit === 's' ? unitMs.s : unit === 'm' ? unitMs.m : unit === 'h' ? unitMs.h : unitMs.d;
  const ms = Number(count) * factor;
  return ms <= maxDurationMs ? ms : undefined;
}

const durationWords = 'not a duration: write 30s, 45m, 2h or 7d, at most 14d';

/** A duration in a file, parsed to ms. */
export const Duration = z.string(durationWords).transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  context.addIssue({ code: 'custom', message: durationWords });
  return z.NEVER;
});

/** A map whose keys are names that the author chooses. */
export function dictionaryOf<Key extends z.core.$ZodRecordKey, Value extends z.ZodType>(
  key: Key,
  value: Value,
) {
  return z.record(key, value).transform((entries) => toDictionary<z.output<Value>>(entries));
}
