import type { Chat, Sent } from '../../chat/chat.js';
import { editAt, type Change } from '../../chat/pace.js';
import { renderingOf } from '../../chat/rendering.js';
import type { Leases } from '../../engine/ports/leases.js';
import { asSlipwayError } from '../../error.js';
import type { Urgency, Wanted } from './wanted.js';

/** Time as shows use it; in ms. */
export interface Time {
  now(): number;
  /** Calls once, later; returns how to call it off. */
  after(ms: number, call: () => void): () => void;
}

/** One room of one chat, which is made to show what is wanted. A chat that fails is tried again, and holds nobody else up. */
export interface Place {
  /** What it should show from now on; called before, that is forgotten. */
  show(wanted: readonly Wanted[]): void;
  /** Waits until all of it was tried, without the pauses between edits. */
  settled(): Promise<void>;
  /** Waits for what is being done right now. */
  idle(): Promise<void>;
  /** Whether all of it is shown. */
  isDone(): boolean;
  stop(): void;
}

interface PlaceOptions {
  chat: Chat;
  room: string;
  leases: Leases;
  /** Unique to this process. */
  worker: string;
  time: Time;
  warn(text: string, error: unknown): void;
  /**
   * Asks for what is wanted by now, which comes by `show`: what waited may be old, and another bot may have shown what is
   * newer. Without it what waited is shown.
   */
  look?: (() => void) | undefined;
}

/** A message as we know it to stand there; `sent` is undefined where we looked and it was not there. */
interface Known {
  sent: Sent | undefined;
  lastAt: number | undefined;
  urgency: Urgency | undefined;
}

/** How long a post may take before another bot takes it over. */
const leaseMs = 30_000;
/** How soon it is looked again where somebody else is posting right now. */
const busyMs = 1_000;
const longestBackoffMs = 5 * 60_000;

/** Opens a room of a chat. */
export function openPlace(options: PlaceOptions): Place {
  const { time } = options;
  const known = new Map<string, Known>();
  let wanted: readonly Wanted[] = [];
  let running: Promise<void> | undefined;
  let isDirty = false;
  let isFlushed = false;
  let isStopped = false;
  let failures = 0;
  let callOff: (() => void) | undefined;

  /** Tries everything once. Returns when to try again. */
  const pass = async (): Promise<number | undefined> => {
    const due: number[] = [];
    let hasFailed = false;
    for (const one of wanted) {
      if (isStopped) return undefined;
      try {
        const at = await showOne(options, known, one, isFlushed);
        if (at !== undefined) due.push(at);
      } catch (error) {
        // What stands there now is not known: it is searched again.
        known.delete(one.marker);
        hasFailed = true;
        const { message } = asSlipwayError(error);
        options.warn(`${one.marker} is not shown in ${options.room}, tried again: ${message}`, error);
      }
    }
    failures = hasFailed ? failures + 1 : 0;
    if (hasFailed) due.push(time.now() + Math.min(longestBackoffMs, 1_000 * 2 ** failures));
    return due.length === 0 ? undefined : Math.min(...due);
  };
  const passes = async (): Promise<void> => {
    let again: number | undefined;
    do {
      isDirty = false;
      callOff?.();
      callOff = undefined;
      again = await pass();
    } while (isDirty);
    // At once, so that whoever asks from here on starts anew.
    running = undefined;
    if (again === undefined || isStopped) return;
    callOff = time.after(Math.max(0, again - time.now()), () => {
      callOff = undefined;
      if (options.look === undefined) void run();
      else options.look();
    });
  };
  const run = (): Promise<void> => {
    isDirty = true;
    running ??= passes();
    return running;
  };
  return {
    show(now) {
      wanted = now;
      void run();
    },
    async settled() {
      isFlushed = true;
      await run();
      isFlushed = false;
    },
    idle: async () => running,
    isDone: () => running === undefined && callOff === undefined,
    stop() {
      isStopped = true;
      callOff?.();
      callOff = undefined;
    },
  };
}

/** Makes one message stand as it is wanted. Returns when to try again where it must wait. */
async function showOne(
  options: PlaceOptions,
  known: Map<string, Known>,
  one: Wanted,
  isFlushed: boolean,
): Promise<number | undefined> {
  const { time, chat } = options;
  const before = known.get(one.marker);
  const isLooked = before !== undefined && (before.sent !== undefined || one.how === 'if-there');
  const now = isLooked ? before : await findOrPost(options, known, one);
  if (now === 'busy') return time.now() + busyMs;
  known.set(one.marker, now);
  const { sent, lastAt, urgency } = now;
  if (sent === undefined || one.how === 'once') return undefined;
  if (sent.rendering === renderingOf(one.message)) {
    known.set(one.marker, { ...now, urgency: one.urgency });
    return undefined;
  }
  const at = time.now();
  const paced = { now: at, lastAt, since: one.urgency?.since };
  const may = one.how === 'paced' && !isFlushed ? editAt(changeOf(urgency, one.urgency), paced) : at;
  if (may > at) return may;
  const edited = await chat.edit(sent, one.message);
  known.set(one.marker, { sent: edited, lastAt: time.now(), urgency: one.urgency });
  return undefined;
}

/** What has changed since what is shown; where that is not known, as after a restart, it may be anything. */
function changeOf(shown: Urgency | undefined, wanted: Urgency | undefined): Change {
  if (shown === undefined || wanted === undefined || shown.decision !== wanted.decision) return 'decision';
  return shown.state === wanted.state ? 'progress' : 'state';
}

/** Looks for the message; if it is not there, says it. Only one bot at a time does, since no chat refuses a twin. */
async function findOrPost(
  options: PlaceOptions,
  known: Map<string, Known>,
  { how, marker, message, under, urgency }: Wanted,
): Promise<Known | 'busy'> {
  const { chat, room, leases, worker, time } = options;
  if (how === 'if-there')
    return { sent: await oldest(chat, room, marker), lastAt: undefined, urgency: undefined };
  const key = `say_${chat.name}_${room}_${marker}`;
  const token = `${worker}_say`;
  if (!(await leases.take(key, token, leaseMs))) return 'busy';
  try {
    const there = await oldest(chat, room, marker);
    if (there !== undefined) return { sent: there, lastAt: undefined, urgency: undefined };
    const parent =
      under === undefined ? undefined : (known.get(under)?.sent ?? (await oldest(chat, room, under)));
    // It comes into the thread as soon as there is one.
    if (under !== undefined && parent === undefined) return 'busy';
    return { sent: await chat.post(room, marker, message, parent), lastAt: time.now(), urgency };
  } finally {
    await leases.release(key, token).catch(() => undefined);
  }
}

/** The oldest message of ours with that marker; what was said twice is taken away. */
async function oldest(chat: Chat, room: string, marker: string): Promise<Sent | undefined> {
  const [first, ...twins] = await chat.search(room, marker);
  for (const twin of twins) await chat.remove(twin);
  return first;
}
