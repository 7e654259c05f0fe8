import type { z } from 'zod';
import { SlipwayError } from '../error.js';
import { sha256 } from '../release/canonical.js';
import { isNotLegal, type NotLegal } from '../release/folded.js';
import { createOrFindOurs } from './create-record.js';
import type { JournalKeys } from './keys.js';
import type { Clock } from './ports/clock.js';
import type { Records } from './ports/records.js';
import { decodeRecord, encodeRecord, isSigned, newerVersion, type ReadRecord } from './record.js';
import { makeSnapshots } from './snapshots.js';

/** The rules of one kind of journal. */
export interface JournalRules<State extends { seq: number; at: number }, Event extends { type: string }> {
  /** First part of the keys: `runs` or `lines`. */
  folder: string;
  /** Reads an event of a record, and refuses to write one that could not be read again. */
  schema: z.ZodType<Event>;
  fold(state: State | undefined, event: Event, seq: number, at: number): State | NotLegal;
  /** Whether only the bot may write it. */
  signed(event: Event): boolean;
}

/** A journal read to its end. `hash` is that of the newest record. */
export interface Head<State> {
  state: State | undefined;
  seq: number;
  hash: string;
  /** Sequence number of the newest snapshot that this head knows of; 0: none. */
  saved: number;
}

/** What `update` did: `written` is false when the change wanted nothing, or our own record stood there already. */
export interface Updated<State> {
  state: State | undefined;
  written: boolean;
}

/** The journals of one kind: one append-only chain of create-only records for each id. */
export interface Journal<State, Event> {
  /** Reads to the end and folds. @throws SlipwayError journal-damaged | journal-version | journal-unreachable */
  load(id: string): Promise<State | undefined>;
  /**
   * Appends what `change` wants as the very next event after the state it saw. When another process was faster, reads
   * on and asks `change` again. An event that is not legal in the state throws SlipwayError `claim-lost` or `refused`,
   * one that does not fit its schema (a text that is too long, say) `refused`; nothing is written then.
   */
  update(id: string, change: (state: State | undefined) => Event | undefined): Promise<Updated<State>>;
  /** Everything from the first record, without cache or snapshot; for `verify`. */
  replay(id: string, each?: (record: ReadRecord, event: Event) => void): Promise<Head<State>>;
  /** As far as the journal can be read: the last good state, and what is wrong with the next record, if anything. */
  beginning(id: string): Promise<{ state: State | undefined; problem: unknown }>;
  /** The key of an event's record. */
  key(id: string, seq: number): string;
  ids(): Promise<string[]>;
}

const cached = 512;
const snapshotEvery = 32;
/** How long a head that was just read or written is taken for the newest by who appends, in ms. */
const freshMs = 50;
const isRecord = /\/[0-9]{8}\.json$/;

/** Opens the journals of one kind over a record store. */
export function openJournal<State extends { seq: number; at: number }, Event extends { type: string }>(
  rules: JournalRules<State, Event>,
  deps: { records: Records; keys: JournalKeys; clock: Clock },
): Journal<State, Event> {
  const { records, keys, clock } = deps;
  const heads = new Map<string, { head: Head<State>; at: number }>();
  const start: Head<State> = { state: undefined, seq: 0, hash: '', saved: 0 };
  const key = (id: string, seq: number): string =>
    `${rules.folder}/${id}/${String(seq).padStart(8, '0')}.json`;
  const snapshots = makeSnapshots<State>(records, keys, rules.folder);

  function remember(id: string, head: Head<State>): Head<State> {
    heads.delete(id);
    heads.set(id, { head, at: clock.monotonic() });
    const oldest = heads.keys().next();
    if (heads.size > cached && !oldest.done) heads.delete(oldest.value);
    return head;
  }

  function step(
    id: string,
    head: Head<State>,
    bytes: Uint8Array,
    each?: (record: ReadRecord, event: Event) => void,
  ): Head<State> {
    const at = key(id, head.seq + 1);
    const record = decodeRecord(at, bytes, {
      of: `${rules.folder}/${id}`,
      seq: head.seq + 1,
      prev: head.hash,
    });
    const event = rules.schema.safeParse(record.envelope.event).data;
    if (event === undefined) throw newerVersion(at, `event "${record.envelope.event.type}"`);
    if (rules.signed(event) && !isSigned(record.envelope, keys)) {
      throw new SlipwayError(
        'journal-damaged',
        `The journal record ${at} ("${event.type}") has no valid signature of the bot.`,
        {
          hint: 'Somebody without the journal key wrote it, or the key was exchanged. Nothing of this run is started. Run slipway verify.',
        },
      );
    }
    const state = rules.fold(head.state, event, head.seq + 1, Date.parse(record.envelope.at));
    if (isNotLegal(state)) {
      throw new SlipwayError(
        'journal-damaged',
        `The journal record ${at} ("${event.type}") cannot stand there: ${state.illegal}.`,
        {
          hint: 'Nothing of this run is started. Run slipway verify, and restore the journal from a backup.',
        },
      );
    }
    each?.(record, event);
    return { state, seq: head.seq + 1, hash: record.hash, saved: head.saved };
  }

  async function readOn(
    id: string,
    from: Head<State>,
    each?: (record: ReadRecord, event: Event) => void,
  ): Promise<Head<State>> {
    let head = from;
    for (;;) {
      const bytes = await records.read(key(id, head.seq + 1));
      if (bytes === undefined) return head;
      head = step(id, head, bytes, each);
    }
  }

  /** Reads on, and makes sure that where it stops nothing follows: who took a gap for the end would do again what was done. */
  async function readToEnd(
    id: string,
    from: Head<State>,
    each?: (record: ReadRecord, event: Event) => void,
  ): Promise<Head<State>> {
    let head = await readOn(id, from, each);
    for (;;) {
      const behind = (await records.list(`${rules.folder}/${id}/`, key(id, head.seq))).find((there) =>
        isRecord.test(there),
      );
      if (behind === undefined) return head;
      // Somebody may have appended between the two looks.
      const further = await readOn(id, head, each);
      if (further.seq === head.seq) throw missing(key(id, head.seq + 1), behind);
      head = further;
    }
  }

  function missing(absent: string, there: string): SlipwayError {
    return new SlipwayError(
      'journal-damaged',
      `The journal record ${absent} is missing; ${there} is there.`,
      {
        hint: 'Nothing of this run is started. Restore the missing record from a backup (slipway restore), then run slipway verify.',
      },
    );
  }

  async function load(id: string): Promise<Head<State>> {
    const known = heads.get(id);
    if (known !== undefined) return remember(id, await readOn(id, known.head));
    return remember(id, await readToEnd(id, (await fromSnapshot(id)) ?? start));
  }

  /** The newest snapshot, if the journal still holds the very record that it was made after. */
  async function fromSnapshot(id: string): Promise<Head<State> | undefined> {
    const snapshot = await snapshots.newest(id);
    if (snapshot === undefined) return undefined;
    const bytes = await records.read(key(id, snapshot.seq));
    if (bytes === undefined || sha256(bytes) !== snapshot.hash) return undefined;
    return { ...snapshot, saved: snapshot.seq };
  }

  async function beginning(id: string): Promise<{ state: State | undefined; problem: unknown }> {
    let head = start;
    try {
      for (;;) {
        const bytes = await records.read(key(id, head.seq + 1));
        if (bytes === undefined) break;
        head = step(id, head, bytes);
      }
      await readToEnd(id, head);
      return { state: head.state, problem: undefined };
    } catch (problem) {
      return { state: head.state, problem };
    }
  }

  async function update(
    id: string,
    change: (state: State | undefined) => Event | undefined,
  ): Promise<Updated<State>> {
    let guess = fresh(id);
    for (;;) {
      const isGuess = guess !== undefined;
      const head = guess ?? (await load(id));
      guess = undefined;
      const next = isGuess ? attempted(id, head, change) : follow(id, head, change);
      if (next === undefined) {
        if (isGuess) continue;
        return { state: head.state, written: false };
      }
      const { state, seq, record } = next;
      if (await createOrFindOurs(records, key(id, seq), record.bytes)) {
        const written = { state, seq, hash: record.hash };
        remember(id, { ...written, saved: await save(id, written, head.saved) });
        return { state, written: true };
      }
    }
  }

  /**
   * The head to append to without another look. Only the creation decides whether it was the newest: where it was not,
   * the name is taken and everything is read and asked again. So it may be old, but it must not often be: a creation
   * that fails costs more than a look.
   */
  function fresh(id: string): Head<State> | undefined {
    const known = heads.get(id);
    return known !== undefined && clock.monotonic() - known.at <= freshMs ? known.head : undefined;
  }

  /** What follows a head that may be old; undefined also where it refuses: nobody is refused for what is old. */
  function attempted(...asked: Parameters<typeof follow>): ReturnType<typeof follow> {
    try {
      return follow(...asked);
    } catch {
      return undefined;
    }
  }

  /** The record that `change` wants next after a head; undefined: none. */
  function follow(
    id: string,
    head: Head<State>,
    change: (state: State | undefined) => Event | undefined,
  ): { state: State; seq: number; record: { bytes: Uint8Array; hash: string } } | undefined {
    const wanted = change(head.state);
    if (wanted === undefined) return undefined;
    const event = readable(wanted);
    const seq = head.seq + 1;
    const at = Math.max(Math.floor(clock.now()), head.state?.at ?? 0);
    const state = rules.fold(head.state, event, seq, at);
    if (isNotLegal(state)) {
      throw new SlipwayError(
        state.illegal === 'claim-was-lost' ? 'claim-lost' : 'refused',
        `${event.type} cannot be recorded: ${state.illegal}.`,
      );
    }
    const fields = { of: `${rules.folder}/${id}`, seq, at, prev: head.hash, event };
    return { state, seq, record: encodeRecord(fields, rules.signed(event), keys) };
  }

  /** A record that nobody could read again would stop the run for good: rather nothing is written. */
  function readable(event: Event): Event {
    const parsed = rules.schema.safeParse(event);
    if (parsed.success) return parsed.data;
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new SlipwayError('refused', `${event.type} cannot be recorded: ${problems.join('; ')}.`, {
      hint: 'Nothing was written. Shorten what was typed.',
    });
  }

  /** Writes a snapshot where the last one is far behind; one that fails is no failure of the event, which stands. */
  async function save(
    id: string,
    head: { state: State; seq: number; hash: string },
    saved: number,
  ): Promise<number> {
    if (head.seq - saved < snapshotEvery || keys.sign === undefined) return saved;
    try {
      await snapshots.write(id, head);
      return head.seq;
    } catch {
      return saved;
    }
  }

  return {
    load: async (id) => (await load(id)).state,
    update,
    replay: (id, each) => readToEnd(id, start, each),
    beginning,
    key,
    ids: () => records.names(`${rules.folder}/`),
  };
}
