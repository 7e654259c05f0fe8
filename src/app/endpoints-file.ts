import { z } from 'zod';
import { dictionaryOf, Name, OneLine, VariableName } from '../process/names.js';

/** Where a secret is: the name of an environment variable, never the value. */
export const EnvRef = z.strictObject(
  { env: VariableName },
  {
    error: (issue) =>
      issue.code === 'invalid_type' ? 'a secret never stands here: write { env: NAME }' : undefined,
  },
);

/** An address of a server. Credentials in it would be in every message that names it. */
const Address = z.string().refine((text) => {
  const url = URL.canParse(text) && /^https?:\/\//.test(text) ? new URL(text) : undefined;
  return url !== undefined && url.username === '' && url.password === '';
}, 'must be an address such as https://s3.example.com');

/** The id of somebody or something at Slack: `U04ANA00001`, `C04RELEASE1`. */
export const SlackId = (first: string, example: string) =>
  z
    .string()
    .regex(
      new RegExp(`^[${first}][A-Z0-9]{6,20}$`),
      `is not an id of Slack such as ${example}; names can change`,
    );

/** The id of somebody or something at Discord. */
export const DiscordId = z
  .string(`expected a text in quotes: the number is too long for YAML`)
  .regex(/^[0-9]{15,20}$/, 'is not an id of Discord: 15 to 20 digits in quotes');

/** The chats that the bot is in. */
export const Chat = z.strictObject({
  slack: z
    .strictObject({
      'bot-token': EnvRef,
      'app-token': EnvRef.optional(),
      'signing-secret': EnvRef.optional(),
    })
    .refine(
      (slack) => (slack['app-token'] === undefined) !== (slack['signing-secret'] === undefined),
      'needs either "app-token" (Socket Mode) or "signing-secret" (HTTP)',
    )
    .optional(),
  discord: z
    .strictObject({
      token: EnvRef,
      application: DiscordId,
      guild: z.union([DiscordId, z.array(DiscordId).min(1)]),
    })
    .optional(),
});

/** A forge that holds repositories. */
export const Forge = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('github-app'),
      app: EnvRef,
      key: EnvRef,
      webhook: EnvRef.optional(),
      url: Address.optional(),
      api: Address.optional(),
    }),
    z.strictObject({
      kind: z.literal('github-token'),
      token: EnvRef,
      webhook: EnvRef.optional(),
      url: Address.optional(),
      api: Address.optional(),
    }),
    // A server that speaks git and has no API that we know.
    z.strictObject({ kind: z.literal('git'), url: Address, user: EnvRef, token: EnvRef }),
  ],
  { error: 'expected "github-app", "github-token" or "git"' },
);

/** A folder, or a bucket. */
export const StorageFile = z.strictObject({
  url: z.string(),
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'is not a region')
    .optional(),
  endpoint: Address.optional(),
  'key-id': EnvRef.optional(),
  secret: EnvRef.optional(),
});

/** Where tasks are kept. */
export const Tracker = z.strictObject({
  kind: z.literal('asana'),
  project: z
    .string('expected a text in quotes: the number is too long for YAML')
    .regex(/^[0-9]{6,20}$/, 'is not the id of an Asana project: digits in quotes'),
  token: EnvRef,
  api: Address.optional(),
});

/** Where packages, images and charts are published. */
export const Registry = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('pypi'), url: Address, token: EnvRef, index: Address.optional() }),
    z.strictObject({ kind: z.literal('npm'), url: Address, token: EnvRef }),
    z.strictObject({
      kind: z.literal('oci'),
      url: z
        .string()
        .regex(
          /^[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(\/[a-z0-9][a-z0-9._-]*)*$/,
          'is not a registry such as ghcr.io/example',
        ),
      user: EnvRef.optional(),
      token: EnvRef,
    }),
  ],
  { error: 'expected "pypi", "npm" or "oci"' },
);

const Mail = z.email('must be a mail address');

/** Where an announcement reaches people beside the rooms. */
export const Announcement = z.union([
  z.strictObject({ mail: z.array(Mail).min(1, 'must have at least 1 entry'), from: Mail }),
  z.strictObject({ webhook: EnvRef }),
  z.strictObject({ mastodon: Address, token: EnvRef }),
  z.strictObject({ bluesky: OneLine, password: EnvRef, server: Address.optional() }),
]);

/** What runs the steps of a label. */
export const Worker = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('worker') }),
    z.strictObject({
      kind: z.literal('skypilot'),
      api: EnvRef,
      'at-most': z
        .int('must be a whole number')
        .min(1, 'must be at least 1')
        .max(100, 'must be at most 100')
        .optional(),
    }),
    z.strictObject({
      kind: z.literal('workflow'),
      forge: Name,
      file: z.string().regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]*\.ya?ml$/, 'is not the name of a workflow file'),
    }),
  ],
  { error: 'expected "worker", "skypilot" or "workflow"' },
);

/** Everything outside that has an address and keys, by the names that processes use. */
export const endpoints = {
  chat: Chat.optional(),
  forges: dictionaryOf(Name, Forge).prefault({}),
  storage: dictionaryOf(Name, StorageFile).prefault({}),
  trackers: dictionaryOf(Name, Tracker).prefault({}),
  registries: dictionaryOf(Name, Registry).prefault({}),
  announcements: dictionaryOf(Name, Announcement).prefault({}),
  workers: dictionaryOf(Name, Worker).prefault({}),
};
