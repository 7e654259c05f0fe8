import { z } from 'zod';

/** A guard of the engine that a child is without, to see that something notices. */
export const Mutation = z.enum([
  'no-create-only',
  'no-find',
  'no-lease-check',
  'no-search',
  'no-sweep',
  'no-deterministic-objects',
]);
export type Mutation = z.infer<typeof Mutation>;

/** What a child process is told, as JSON in the environment variable CHAOS. */
export const ChildSettings = z.strictObject({
  role: z.enum(['bot', 'worker', 'harness']),
  /** For what it prints. */
  name: z.string(),
  folder: z.string(),
  /** Folder of the journal. */
  journal: z.string(),
  redis: z.string(),
  world: z.string(),
  origin: z.string(),
  leaseMs: z.number(),
  settleMs: z.number(),
  concurrency: z.number(),
  /** How far the clock of this process is off, in ms. */
  clockMs: z.number(),
  /** Takes the ownership of the folder, as `slipway start` does. */
  owns: z.boolean(),
  /** Offers every job three times, in another order. */
  triples: z.boolean(),
  mutation: Mutation.optional(),
});
export type ChildSettings = z.infer<typeof ChildSettings>;

/** What is said to a child while it runs. */
export const Told = z.union([
  z.strictObject({ clockMs: z.number() }),
  /** A worker of this name is dead: its parent has seen it exit. */
  z.strictObject({ expel: z.string() }),
  /** Take nothing new, end what is active, say so. */
  z.strictObject({ close: z.literal(true) }),
  z.strictObject({
    start: z.strictObject({ ask: z.number(), request: z.string(), target: z.string(), commit: z.string() }),
  }),
]);
export type Told = z.infer<typeof Told>;

/** What a child says. */
export const Said = z.union([
  z.strictObject({ ready: z.literal(true) }),
  z.strictObject({ closed: z.literal(true) }),
  z.strictObject({ ask: z.number(), answer: z.string() }),
]);
export type Said = z.infer<typeof Said>;
