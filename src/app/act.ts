import { z } from 'zod';
import { Actor } from '../release/actor.js';

/** An act as it came in: who, what, and the key by which a repeated delivery is known. */
export const Act = z.strictObject({
  request: z.string().min(1).max(200),
  verb: z.string().min(1).max(50),
  args: z.record(z.string(), z.string().max(4_000)),
  by: Actor.optional(),
});
export type Act = z.infer<typeof Act>;
