import { z } from 'zod';
import { dictionaryOf, Duration, Name, OneLine, StepId, VariableName } from '../process/names.js';

const Names = z.array(Name);
const EnvRef = z.strictObject({ env: VariableName });

const OneOrMore = z
  .int('must be a whole number')
  .min(1, 'must be at least 1')
  .max(100, 'must be at most 100');

const Gate = z.strictObject({
  rules: z.array(z.strictObject({ need: OneOrMore, of: Names })),
  requester: z.enum(['may-not-vote', 'may-vote']).default('may-not-vote'),
  expires: Duration.default(24 * 3_600_000),
  reject: Names.default([]),
  protects: z.array(StepId).default([]),
});

const Policy = z.strictObject({
  operations: dictionaryOf(Name, z.strictObject({ start: Names })).prefault({}),
  gates: dictionaryOf(StepId, Gate).prefault({}),
  skip: z.strictObject({ who: Names, second: Names.default([]), reason: z.literal('required') }).optional(),
});

const TimeZone = z.string().refine((zone) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}, 'is not a time zone such as Europe/London');

const Address = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https?:\/\//.test(text),
    'must be an address such as https://s3.example.com',
  );

const Storage = z.strictObject({
  url: z.string(),
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'is not a region')
    .optional(),
  endpoint: Address.optional(),
  'key-id': EnvRef.optional(),
  secret: EnvRef.optional(),
});

const Project = z.strictObject({
  sandbox: z.boolean().default(false),
  repo: z.string(),
  process: z.string(),
  policy: Name.optional(),
  room: Name,
  secrets: dictionaryOf(
    VariableName,
    z.strictObject({ env: VariableName, steps: z.array(StepId), after: StepId.optional() }),
  ).prefault({}),
});

/** `slipway.yaml`: who, where and with which keys. `$schema` is for editors. */
export const InstallationFile = z.strictObject({
  $schema: z.string().optional(),
  slipway: z.literal(1),
  name: Name,
  'time-zone': TimeZone.default('UTC'),
  journal: z.union([
    z.strictObject({ folder: z.string().min(1, 'must be a folder') }),
    z.strictObject({ bucket: Name }),
  ]),
  git: z.strictObject({
    identity: z.strictObject({
      name: OneLine.regex(/^[^<>]+$/, 'may not contain < or >'),
      email: z.email('must be a mail address'),
    }),
  }),
  'run-as': z
    .string()
    .regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'is not a name of a user')
    .refine((user) => user !== 'root', 'root is not less than the bot: take a user without rights')
    .optional(),
  isolation: z.literal('none').optional(),
  rooms: dictionaryOf(Name, z.strictObject({ local: Name })).prefault({}),
  people: dictionaryOf(Name, z.strictObject({ name: OneLine })).prefault({}),
  roles: dictionaryOf(Name, Names).prefault({}),
  policies: dictionaryOf(Name, Policy).prefault({}),
  storage: dictionaryOf(Name, Storage).prefault({}),
  projects: dictionaryOf(Name, Project).prefault({}),
});
export type InstallationFile = z.output<typeof InstallationFile>;
