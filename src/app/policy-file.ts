import { z } from 'zod';
import { dictionaryOf, Duration, Name, OneLine } from '../process/names.js';

/** An id of a step as it stands in a run: one that was included has the id of its include before a dot. */
export const StepRef = z
  .string()
  .regex(
    /^[a-z][a-z0-9_-]{0,62}(\.[a-z][a-z0-9_-]{0,62}){0,3}$/,
    'an id of a step starts with a lower-case letter, then lower-case letters, digits, "-" and "_"',
  );

const Names = z.array(Name);

const OneOrMore = z
  .int('must be a whole number')
  .min(1, 'must be at least 1')
  .max(100, 'must be at most 100');

const Rule = z.strictObject({
  versions: z.string().optional().describe('Such as ">=1.0.0 <2.0.0"; a candidate counts as its line.'),
  series: Name.optional(),
  variant: Name.optional(),
  need: OneOrMore.describe('Distinct people.'),
  of: Names.describe('Roles whose votes count.'),
  'each-of': Names.max(5, 'must have at most 5 roles')
    .default([])
    .describe('Roles of which one must be among them.'),
});

/** `stable`, `latest:sculptor.tar.gz`, `pypi`, `branch:stable`, `image:ghcr.io/example/api`, `tag`: something that a gate comes before. */
const Protected = z
  .string()
  .regex(
    /^[a-z][a-z0-9_-]{0,62}(:\S{1,200})?$/,
    'is none of: a channel, storage:path, a registry, branch:name, a kind of step',
  );

const Gate = z.strictObject({
  rules: z.array(Rule).describe('The first that fits decides; where none fits, nobody can approve.'),
  requester: z.enum(['may-not-vote', 'may-vote']).default('may-not-vote'),
  expires: Duration.default(24 * 3_600_000),
  remind: z.array(Duration).max(5, 'must have at most 5 entries').optional(),
  escalate: z.strictObject({ after: Duration, to: Names }).optional(),
  reject: Names.default([]).describe('Roles that may reject, besides those who can approve.'),
  protects: z
    .array(Protected)
    .default([])
    .describe(
      'Channels, storage:path, registries, branch:name, kinds of steps: written after this gate only.',
    ),
});

/** Somebody of `who` may, with a reason; `second`: somebody of these roles must agree. */
export const Exception = z.strictObject({
  who: Names,
  second: Names.default([]),
  reason: z.literal('required'),
});

/** A policy as it is written; `extends` another one, of which it replaces operations and gates by name. */
export const PolicyFile = z.strictObject({
  extends: Name.optional().describe('A policy of which operations and gates are replaced by name.'),
  operations: dictionaryOf(Name, z.strictObject({ start: Names, confirm: Names.default([]) })).prefault({}),
  gates: dictionaryOf(StepRef, Gate).prefault({}),
  skip: Exception.optional(),
  force: Exception.optional(),
});
export type PolicyFile = z.output<typeof PolicyFile>;

/** A name of the IANA database; what this machine does not know is refused. */
export const TimeZone = z.string().refine((zone) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}, 'is not a time zone such as Europe/London');

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** `Fri 16:00` as minutes since Monday 00:00. */
const WeekTime = z.string('not a time of the week: write Fri 16:00').transform((text, context) => {
  const match = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([01][0-9]|2[0-3]):([0-5][0-9])$/.exec(text);
  if (match !== null) {
    const [, day = '', hours, minutes] = match;
    return (weekdays.indexOf(day) * 24 + Number(hours)) * 60 + Number(minutes);
  }
  context.addIssue({ code: 'custom', message: 'not a time of the week: write Fri 16:00' });
  return z.NEVER;
});

const dateWords = 'not a date and time: write 2026-12-18T17:00';

/** `2026-12-18T17:00` on the wall of a zone, as if it were UTC, in ms. */
const WallTime = z.string(dateWords).transform((text, context) => {
  const ms = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$/.test(text)
    ? Date.parse(`${text}Z`)
    : Number.NaN;
  // The 30th of February would be the 2nd of March.
  if (!Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text)) return ms;
  context.addIssue({ code: 'custom', message: dateWords });
  return z.NEVER;
});

const freeze = {
  name: OneLine,
  zone: TimeZone.optional(),
  blocks: z
    .union([z.literal('all'), Names.min(1, 'must have at least 1 entry')])
    .describe('Operations that are not started.'),
  except: Names.default([]).describe('Roles that may start all the same, with a reason.'),
  projects: Names.min(1, 'must have at least 1 entry').optional(),
};

/** A time in which operations are not started: every week, or once. */
export const FreezeFile = z.union([
  z.strictObject({ ...freeze, every: z.strictObject({ from: WeekTime, to: WeekTime }) }),
  z.strictObject({ ...freeze, from: WallTime, to: WallTime }),
]);
export type FreezeFile = z.output<typeof FreezeFile>;
