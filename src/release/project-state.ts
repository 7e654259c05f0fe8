import { z } from 'zod';
import { Actor } from './actor.js';

const id = z.string().min(1).max(200);
const place = z.strictObject({ storage: id, key: z.string().min(1).max(1_024) });

/** One object of a channel, and the archived bytes that it is to serve. */
const ChannelFile = z.strictObject({
  artifact: id,
  /** The archive that the bytes are read from. */
  from: place,
  /** The object that the channel serves. */
  to: place,
  /** Of the archived bytes, hex. Other bytes are never written. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Digest of what the channel served when it was asked, or ''. */
  there: z.union([z.string().regex(/^[0-9a-f]{64}$/), z.literal('')]),
});
export type ChannelFile = z.infer<typeof ChannelFile>;

const files = z.array(ChannelFile).max(30);

/** What people do to a project outside of its release lines. All of it is written by the bot. */
export const ProjectEvent = z.discriminatedUnion('type', [
  /** The channel serves this version until somebody lifts it, whatever is released meanwhile. */
  z.strictObject({
    type: z.literal('channel.pinned'),
    channel: id,
    version: id,
    reason: z.string().min(1).max(500),
    files: files.min(1),
    /** The version that it served before, or ''. */
    before: z.string().max(200),
    by: Actor,
    /** Who agreed, where the policy wants a second person. */
    second: Actor.optional(),
  }),
  /** The channel is computed again. It moves to these files, if it still serves what it served; none: it stays. */
  z.strictObject({
    type: z.literal('channel.unpinned'),
    channel: id,
    version: z.string().max(200),
    files,
    by: Actor,
    second: Actor.optional(),
  }),
  /** The move that lifting a pin has asked for was made, or somebody else has moved the channel since. */
  z.strictObject({ type: z.literal('channel.settled'), channel: id }),
  /** Nothing of the project is started until then, but for the operations that are allowed. A later word replaces it. */
  z.strictObject({
    type: z.literal('project.frozen'),
    until: z.int().nonnegative(),
    reason: z.string().min(1).max(500),
    allows: z.array(id).max(100),
    by: Actor,
    second: Actor.optional(),
  }),
  /** The freeze is lifted before its time. */
  z.strictObject({ type: z.literal('project.thawed'), by: Actor, second: Actor.optional() }),
]);
export type ProjectEvent = z.infer<typeof ProjectEvent>;

/** The recorded exception to what a channel would serve. */
export interface Pin {
  channel: string;
  version: string;
  reason: string;
  files: ChannelFile[];
  before: string;
  by: Actor;
  second?: Actor | undefined;
  /** ms since the epoch */
  at: number;
}

/** A freeze that somebody said: until when, why, and which operations may be started all the same. */
export interface SaidFreeze {
  /** ms since the epoch; it ends then by itself. */
  until: number;
  reason: string;
  allows: string[];
  by: Actor;
  second?: Actor | undefined;
  at: number;
}

/** A project, folded from its journal. Plain JSON. */
export interface ProjectState {
  seq: number;
  at: number;
  pins: { [channel: string]: Pin };
  /** Moves that are owed since a pin was lifted, by channel. */
  moving: { [channel: string]: { version: string; files: ChannelFile[] } };
  /** The freeze that was said last, also when its time is over; undefined: none, or it was lifted. */
  frozen?: SaidFreeze;
}

/** The freeze that somebody said and that still holds. */
export function saidFreeze(state: ProjectState | undefined, now: number): SaidFreeze | undefined {
  return state?.frozen !== undefined && now < state.frozen.until ? state.frozen : undefined;
}

/** Why a pinned channel stays where it is: `pinned to 0.43.2 by Jonas Weil: "db migration"`. */
export function pinWords({ version, by, reason }: Pick<Pin, 'version' | 'by' | 'reason'>): string {
  return `pinned to ${version} by ${by.name}: "${reason}"`;
}
