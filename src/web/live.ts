import type { Installation } from '../app/installation.js';
import type { Opened } from '../app/wire.js';
import type { LocalChange } from '../chat/local/local-chat.js';
import type { Shelf } from '../chat/local/local-messages.js';
import { openIndex } from '../engine/open-index.js';
import { asSlipwayError } from '../error.js';
import { eventClients, eventText, stillHere } from './event-clients.js';
import { messageView } from './message-view.js';
import { isVisibleRun, visibleRooms } from './rooms.js';

/** How often it is looked what other processes have said or done, while somebody listens, in ms. */
const lookMs = 2_000;
/** How often a silent connection gets a sign of life, in looks. */
const lifeLooks = 7;

/** What moves, told to the browsers that listen. */
export interface Live {
  /** A stream for one more browser; undefined: there are too many. `drop` ends its connection. */
  open(boot: string, drop: () => void): Promise<ReadableStream<Uint8Array> | undefined>;
  stop(): Promise<void>;
}

const nameOf = (shelf: Shelf): string => ('room' in shelf ? `#${shelf.room}` : `@${shelf.person}`);

/**
 * Tells browsers what is new or changed. Changes of this process are known at once; workers in processes of their own
 * announce and write to the journal, so rooms and open runs are looked at every 2 s, only while somebody listens.
 */
export function openLive(opened: Opened, warn: (text: string, error: unknown) => void): Live {
  const { local, records, engine } = opened;
  const clients = eventClients();
  const seen = new Map<string, Set<string>>();
  const seqs = new Map<string, number>();
  let looks = 0;
  // One thing after the other, so that an older state is never sent after a newer one.
  let last: Promise<void> = Promise.resolve();
  let problem = '';
  const next = (work: () => Promise<void>): Promise<void> => {
    last = last.then(work).then(
      () => void (problem = ''),
      (error: unknown) => {
        // What is wrong with slipway.yaml would be said every 2 s.
        const { message } = asSlipwayError(error);
        if (message !== problem) warn('browsers were not told what is new', error);
        problem = message;
      },
    );
    return last;
  };

  async function tell({ shelf, marker }: LocalChange): Promise<void> {
    const found = await local.messages.find(shelf, marker);
    if (found === undefined) return clients.send(eventText('gone', { ...placeOf(shelf), marker }));
    seen.get(nameOf(shelf))?.add(marker);
    clients.send(eventText('message', await messageView(local.messages, shelf, found)));
  }

  async function lookAtRooms(isFirst: boolean): Promise<void> {
    for (const shelf of shelvesOf(await opened.installation())) {
      const known = seen.get(nameOf(shelf)) ?? new Set();
      seen.set(nameOf(shelf), known);
      const markers = new Set(await local.messages.markers(shelf));
      for (const marker of markers) {
        if (known.has(marker)) continue;
        known.add(marker);
        if (!isFirst) await tell({ shelf, marker });
      }
      for (const marker of [...known].filter((one) => !markers.has(one))) {
        known.delete(marker);
        await tell({ shelf, marker });
      }
    }
  }

  /** 0 for a journal that cannot be read: its page says so. */
  async function seqOf(run: string): Promise<number> {
    const state = await engine.runs.load(run).catch(() => undefined);
    return state?.seq ?? 0;
  }

  async function lookAtRuns(isFirst: boolean): Promise<void> {
    const installation = await opened.installation();
    const open = await openIndex(records).list('runs');
    for (const run of new Set([...open, ...seqs.keys()])) {
      const seq = await seqOf(run);
      const isNews = !isFirst && seqs.get(run) !== seq;
      if (isNews && isVisibleRun(installation, run)) clients.send(eventText('run', { run, seq }));
      if (open.includes(run)) seqs.set(run, seq);
      else seqs.delete(run);
    }
  }

  const unwatch = local.watch((change) => {
    if (clients.count() === 0) return;
    void next(async () => {
      const rooms = shelvesOf(await opened.installation()).map(nameOf);
      if (rooms.includes(nameOf(change.shelf))) await tell(change);
      await lookAtRuns(false);
    });
  });
  const look = async (): Promise<void> => {
    if (clients.count() === 0) return;
    looks += 1;
    if (looks % lifeLooks === 0) clients.send(stillHere);
    await lookAtRooms(false);
    await lookAtRuns(false);
  };
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void next(look).finally(() => (isLooking = false));
  }, lookMs);
  timer.unref();

  return {
    async open(boot, drop) {
      // What is there now is not news: who connects reads its room after `hello`.
      if (clients.count() === 0) {
        await next(async () => {
          if (clients.count() > 0) return;
          seen.clear();
          seqs.clear();
          await lookAtRooms(true);
          await lookAtRuns(true);
        });
      }
      return clients.open(eventText('hello', { boot }), drop);
    },
    async stop() {
      clearInterval(timer);
      unwatch();
      clients.close();
      await last;
    },
  };
}

const placeOf = (shelf: Shelf): { room: string; to: string } =>
  'room' in shelf ? { room: shelf.room, to: '' } : { room: '', to: shelf.person };

function shelvesOf(installation: Installation): Shelf[] {
  return [
    ...visibleRooms(installation).map(({ room }) => ({ room })),
    ...Object.keys(installation.people).map((person) => ({ person })),
  ];
}
