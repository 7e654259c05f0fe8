import { z } from 'zod';

const Who = z.strictObject({ pid: z.number(), target: z.string(), step: z.string() });
/** Who asks, so that the world can count, and hit him after the effect and before the reply. */
export type Who = z.infer<typeof Who>;

const metadata = z.record(z.string(), z.string());

/** What can be asked of the world. */
export const Call = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('head'), key: z.string() }),
  z.strictObject({ op: z.literal('read'), key: z.string() }),
  z.strictObject({ op: z.literal('search'), room: z.string(), marker: z.string() }),
  z.strictObject({ op: z.literal('is-published'), target: z.string() }),
  z.strictObject({ op: z.literal('create'), key: z.string(), body: z.string(), metadata, who: Who }),
  z.strictObject({
    op: z.literal('replace'),
    key: z.string(),
    body: z.string(),
    metadata,
    ifMatch: z.string(),
    who: Who,
  }),
  z.strictObject({ op: z.literal('post'), room: z.string(), marker: z.string(), text: z.string(), who: Who }),
  z.strictObject({ op: z.literal('remove'), room: z.string(), id: z.string(), who: Who }),
  z.strictObject({ op: z.literal('mail'), subject: z.string(), who: Who }),
  z.strictObject({ op: z.literal('publish'), who: Who }),
  /** For the harness only: it is answered at once and never fails. */
  z.strictObject({ op: z.literal('report') }),
]);
export type Call = z.infer<typeof Call>;

const Stored = z.strictObject({ etag: z.string(), size: z.number(), sha256: z.string(), metadata });
const Posted = z.strictObject({ id: z.string(), marker: z.string(), text: z.string() });

/** One committed or refused effect. */
export const Entry = z.strictObject({
  at: z.number(),
  op: z.enum(['create', 'replace', 'post', 'remove', 'mail', 'publish']),
  target: z.string(),
  step: z.string(),
  pid: z.number(),
  /** Key, room or subject. */
  what: z.string(),
  sha256: z.string(),
  committed: z.boolean(),
});
export type Entry = z.infer<typeof Entry>;

/** Everything that the world holds and has seen. */
export const Report = z.strictObject({
  /** Targets with a request that was taken and is not committed yet. */
  pending: z.array(z.string()),
  log: z.array(Entry),
  objects: z.record(z.string(), Stored),
  messages: z.array(Posted.extend({ room: z.string() })),
});
export type Report = z.infer<typeof Report>;

/** What the world answers; which one follows from what was asked. */
export const Answers = {
  head: z.union([Stored, z.null()]),
  read: z.union([z.string(), z.null()]),
  create: z.union([Stored, z.literal('exists')]),
  replace: z.union([Stored, z.literal('changed')]),
  search: z.array(Posted),
  post: Posted,
  yes: z.boolean(),
  report: Report,
};
