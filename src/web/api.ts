import { z } from 'zod';
import type { Form, Message } from '../chat/message.js';
import type { Json } from '../release/plan.js';

/**
 * What the browser and the private listener say to each other. Everything is JSON; errors are `{ error: { code,
 * message, hint } }` with a status of 4xx or 5xx. Times are ms since the epoch.
 */

const name = z.string().min(1).max(200);
const request = z.string().min(1).max(200);

/** POST /api/rooms/:room/say – a line typed in a room: a command (`/release …`), a mention, or just words. */
export const SayBody = z.strictObject({
  as: name,
  text: z.string().min(1).max(4_000),
  thread: z.string().max(300).optional(),
  request,
});
export type SayBody = z.infer<typeof SayBody>;

/** POST /api/rooms/:room/act – what a button or a form says. */
export const ActBody = z.strictObject({
  as: name,
  verb: z.string().min(1).max(50),
  args: z.record(z.string(), z.string().max(4_000)),
  thread: z.string().max(300).optional(),
  request,
});
export type ActBody = z.infer<typeof ActBody>;

/** POST /api/rooms/:room/react – a reaction put under a message, or taken away. */
export const ReactBody = z.strictObject({
  as: name,
  marker: z.string().min(1).max(300),
  emoji: z.string().min(1).max(40),
  on: z.boolean(),
  request,
});
export type ReactBody = z.infer<typeof ReactBody>;

/** The answer to the three above: for the asker alone; null where nothing is to be said. */
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
  /** A button that a practice project has: merge a fix. */
  practice: boolean;
}

export interface RoomView {
  room: string;
  projects: string[];
  /** False: none of its projects is a sandbox; the room only shows. */
  canAct: boolean;
}

/** A message as a room shows it. GET /api/rooms/:room gives `{ room, messages }`, oldest first. */
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
 * run that moved, `hello` with `{ boot }` first. Who reconnects reads its room again.
 */
export interface HelloEvent {
  boot: string;
}
export interface RunMoved {
  run: string;
  seq: number;
}

/** GET /api/complete?room=&text= – what could be typed next, best first, at most 10. */
export interface Completion {
  /** The whole line after it is taken. */
  line: string;
  label: string;
  about: string;
}

/** GET /api/runs/:run */
export interface RunPage {
  run: string;
  seq: number;
  project: string;
  version: string;
  operation: string;
  room: string;
  /** The board and the open questions, as the room shows them. */
  board: Message;
  questions: Message[];
  /** `running`, `waiting`, `failed`, `done`, … */
  state: string;
  asked: { by: string; at: number };
  commit: string;
  branch: string;
  plan: string;
  steps: StepRow[];
  /** Values people compare: durations beside what is usual, sizes, digests. */
  metrics: { name: string; value: string; usual: string; note: string }[];
  seals: {
    step: string;
    short: string;
    whole: string;
    state: string;
    votes: { name: string; at: number; counts: string }[];
  }[];
  /** What `cancel` would do now: what it would end, and what stays as it is. */
  cancel: { possible: boolean; words: string; undone: string[]; stays: string[] };
  journal: { seq: number; at: number; type: string; by: string; what: string; event: Json }[];
}

export interface StepRow {
  id: string;
  name: string;
  kind: string;
  sentence: string;
  mark: string;
  word: string;
  startedAt: number;
  endedAt: number;
  attempt: number;
  public: string;
  detail: string;
  /** Bytes of its log so far; 0: none. */
  log: number;
}

/** GET /api/runs/:run/logs/:step?from=<bytes> – what the log says from there on. */
export interface LogPart {
  text: string;
  /** Where the next part begins. */
  next: number;
  /** The step is over: nothing more comes. */
  over: boolean;
}
