import { z } from 'zod';
import type { Form, Message } from '../chat/message.js';

/**
 * What the browser and the private listener say to each other. Everything is JSON; errors are `{ error: { code,
 * message, hint } }` with a status of 4xx or 5xx. Times are ms since the epoch.
 */

const name = z.string().min(1).max(200);
/** The key by which a repeated delivery is known; the browser makes a new one for each act. */
const request = z.string().regex(/^[\w-]{1,100}$/);
/** What a message is found by: a word, which may hold points and is no `.` or `..`. */
const marker = z
  .string()
  .max(200)
  .regex(/^[\w.-]*\w[\w.-]*$/);

/** POST /api/rooms/:room/say – a line typed in a room: a command (`/release …`), a mention, or just words. */
export const SayBody = z.strictObject({
  as: name,
  text: z.string().min(1).max(4_000),
  thread: marker.optional(),
  request,
});
export type SayBody = z.infer<typeof SayBody>;

/** POST /api/rooms/:room/act – what a button or a form says. */
export const ActBody = z.strictObject({
  as: name,
  verb: z.string().min(1).max(50),
  args: z.record(z.string(), z.string().max(4_000)),
  thread: marker.optional(),
  request,
});
export type ActBody = z.infer<typeof ActBody>;

/** POST /api/rooms/:room/react – a reaction put under a message, or taken away. */
export const ReactBody = z.strictObject({
  as: name,
  marker,
  /** One emoji, skin tone and all. */
  emoji: z
    .string()
    .max(12)
    .regex(/^\p{Extended_Pictographic}[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F\u200D]*$/u),
  on: z.boolean(),
  request,
});
export type ReactBody = z.infer<typeof ReactBody>;

/** POST /api/practice/fix – somebody merges the next fix of the practice project. */
export const PracticeBody = z.strictObject({ as: name, request });
export type PracticeBody = z.infer<typeof PracticeBody>;

/** The answer to the four above: for the asker alone; null where nothing is to be said. */
export interface Answered {
  message: Message | null;
  form: Form | null;
}

/** GET /api/workspace */
export interface WorkspaceView {
  installation: string;
  version: string;
  /** Changes with every start of the server. */
  boot: string;
  people: { id: string; name: string; roles: string[] }[];
  rooms: RoomView[];
  /** The rooms with a button that a practice project has: merge a fix. */
  practice: string[];
}

export interface RoomView {
  room: string;
  projects: string[];
  /** False: none of its projects is a sandbox; the room only shows. */
  canAct: boolean;
}

/**
 * A message as a room shows it. GET /api/rooms/:room gives `{ room, messages }`, oldest first; GET /api/direct/:person
 * gives `{ person, messages }`, what is said to one person alone (`room` is '' in these).
 */
export interface MessageView {
  room: string;
  marker: string;
  at: number;
  /** 0: never edited. */
  editedAt: number;
  /** Marker of the message in whose thread it stands, or ''. */
  under: string;
  /** Whom it is for alone, by the id of slipway.yaml; '': everybody in the room. */
  to: string;
  by: { is: 'slipway' } | { is: 'person'; id: string; name: string };
  /** What the bot says; null for words of a person. */
  message: Message | null;
  /** Words of a person; '' for the bot. */
  words: string;
  reactions: { emoji: string; people: { id: string; name: string }[] }[];
}

/**
 * GET /api/events – server-sent events: `message` with a MessageView that is new or changed, `run` with `{ run, seq }` of a
 * run that moved, `gone` with `{ room, to, marker }` of a message that was taken away, `hello` with `{ boot }` first. Who
 * reconnects reads its room again. Messages for one person alone come too; `to` says for whom.
 */
export interface HelloEvent {
  boot: string;
}
export interface RunMoved {
  run: string;
  seq: number;
}

/** GET /api/complete – what could be typed next, best first, at most 10: a list of Completions. */
export const CompleteQuery = z.strictObject({
  as: name,
  room: name,
  text: z.string().max(4_000),
  thread: marker.optional(),
});
export type { Completion } from '../chat/completion.js';

/** GET /api/runs/:run gives a RunPage. */
export type { JournalRow, MetricRow, RunPage, SealRow, StepRow } from '../app/run-page/run-page-types.js';

/**
 * GET /api/runs/:run/logs/:step?from=<next of the part before> gives a LogPart: what the log says from there on; without
 * `from` from its beginning.
 */
export type { LogPart } from '../app/run-page/run-page-types.js';
