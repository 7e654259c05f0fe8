import { z } from 'zod';
import { dictionaryOf, Name, OneLine, VariableName } from '../process/names.js';
import { DiscordId, endpoints, SlackId } from './endpoints-file.js';
import { Exception, FreezeFile, PolicyFile, StepRef, TimeZone } from './policy-file.js';

const Names = z.array(Name);

const Room = z
  .strictObject({
    slack: SlackId('CG', 'C04RELEASE1').optional(),
    discord: DiscordId.optional(),
    local: Name.optional(),
    private: z.boolean().default(false),
  })
  .refine(
    ({ slack, discord, local }) => slack !== undefined || discord !== undefined || local !== undefined,
    'a room is somewhere: write "slack", "discord" or "local"',
  );

const Person = z.strictObject({
  name: OneLine.optional(),
  slack: SlackId('UW', 'U04ANA00001').optional(),
  discord: DiscordId.optional(),
  github: z
    .string()
    .regex(/^[A-Za-z0-9]([A-Za-z0-9-]{0,38})$/, 'is not a name of GitHub')
    .optional(),
  asana: z
    .string('expected a text in quotes: the number is too long for YAML')
    .regex(/^[0-9]{6,20}$/, 'is not an id of Asana: digits in quotes')
    .optional(),
  email: z.email('must be a mail address').optional(),
});

const Role = z.union([
  Names,
  z.strictObject({ 'slack-group': SlackId('S', 'S04LEADS001') }),
  z.strictObject({ 'discord-role': DiscordId }),
  z.strictObject({
    'forge-team': z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9-]*\/[a-z0-9][a-z0-9_-]*$/, 'is not a team: write organisation/team'),
  }),
  z.strictObject({ room: Name }),
]);

/** A preset by its name, `./file.yml`, `repo`, or one of these with changes. */
const ProcessChange = z.strictObject({
  extends: z.string(),
  // Read by the loader of processes, which knows what can be changed.
  patch: z.unknown().optional(),
  variants: z.unknown().optional(),
});

const RefPart = z
  .string()
  .regex(
    /^(?!.*(\.\.|\/\/|\/\.|\.lock(\/|$)))[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/,
    'may hold letters, digits, ".", "_", "-" and "/"',
  );

const Secret = z.strictObject({
  env: VariableName,
  steps: z.array(StepRef).describe('The steps that may see it.'),
  operations: Names.optional().describe('Only in these operations.'),
  after: StepRef.optional().describe('The gate that comes before each of these steps.'),
});

const Project = z.strictObject({
  sandbox: z
    .boolean()
    .default(false)
    .describe('People of this machine may act; folders and a local repository only.'),
  repo: z.string().describe('./folder, https://…, ssh://…, git@host:path, or owner/name with `forge`.'),
  forge: Name.optional(),
  process: z
    .union([z.string(), ProcessChange])
    .describe('A preset, ./file.yml, or one of these with changes.'),
  lines: z.record(z.string(), z.string()).optional(),
  'protected-branch': RefPart.optional(),
  policy: Name.optional(),
  room: Name,
  'also-in': Names.default([]),
  'security-room': Name.optional(),
  contacts: dictionaryOf(Name, Name).prefault({}),
  'tag-prefix': RefPart.optional().describe(
    "What stands before the version in tags, instead of the process's own.",
  ),
  paths: z.array(z.string().min(1, 'must be a path')).optional(),
  secrets: dictionaryOf(VariableName, Secret).prefault({}),
});

/** `slipway.yaml`: who, where and with which keys. `$schema` is for editors. */
export const InstallationFile = z.strictObject({
  $schema: z.string().optional(),
  slipway: z.literal(1),
  name: Name.default('slipway').describe('Prefixes keys, queues, markers and trailers.'),
  team: OneLine.optional(),
  'time-zone': TimeZone.default('UTC').describe('IANA zone of freezes that name none.'),
  journal: z
    .union([
      z.strictObject({ folder: z.string().min(1, 'must be a folder') }),
      z.strictObject({ bucket: Name }),
    ])
    .prefault({ folder: './journal' }),
  records: Name.optional().describe('The storage that finished runs are archived in.'),
  git: z
    .strictObject({
      identity: z.strictObject({
        name: OneLine.regex(/^[^<>]+$/, 'may not contain < or >'),
        email: z.email('must be a mail address'),
      }),
    })
    .optional(),
  'run-as': z
    .string()
    .regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'is not a name of a user')
    .refine((user) => user !== 'root', 'root is not less than the bot: take a user without rights')
    .optional(),
  isolation: z
    .literal('none')
    .optional()
    .describe("You accept that commands of projects run as the bot's own user and can read its keys."),
  'break-glass': Exception.optional().describe('Who may override, loudly.'),
  rooms: dictionaryOf(Name, Room).prefault({}).describe('Places in chats, by ids.'),
  people: dictionaryOf(Name, Person).prefault({}).describe('People with their accounts.'),
  roles: dictionaryOf(Name, Role).prefault({}).describe('People, or where they are looked for.'),
  policies: dictionaryOf(Name, PolicyFile)
    .prefault({})
    .describe('Who may do what. What is not said is denied.'),
  freezes: z.array(FreezeFile).max(100, 'must have at most 100 entries').default([]),
  ...endpoints,
  projects: dictionaryOf(Name, Project).prefault({}).describe('Repositories with their processes.'),
});
export type InstallationFile = z.output<typeof InstallationFile>;
