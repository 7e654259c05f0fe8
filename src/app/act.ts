import { z } from 'zod';
import { Actor } from '../release/actor.js';

/** Where something was said. `room` is a name of slipway.yaml, `thread` the marker of the message whose thread it is. */
export const Place = z.strictObject({
  chat: z.enum(['local', 'slack', 'discord']),
  room: z.string().min(1).max(200),
  thread: z.string().max(300).optional(),
});
export type Place = z.infer<typeof Place>;

/** An act as it came in: who, what, and the key by which a repeated delivery is known. */
export const Act = z.strictObject({
  request: z.string().min(1).max(200),
  verb: z.string().min(1).max(50),
  args: z.record(z.string(), z.string().max(4_000)),
  by: Actor.optional(),
  /** undefined on the command line. */
  place: Place.optional(),
});
export type Act = z.infer<typeof Act>;
