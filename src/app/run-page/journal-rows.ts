import { z } from 'zod';
import { journalLine } from '../../chat/views/journal-line.js';
import type { Json } from '../../release/plan.js';
import type { RunEvent } from '../../release/run-events.js';
import type { Opened } from '../wire.js';
import type { JournalRow } from './run-page-types.js';

const Raw: z.ZodType<Json> = z.json();

/** An event with its place in the journal. `at` in ms. */
export interface Recorded {
  seq: number;
  at: number;
  event: RunEvent;
}

/** The events of a run as far as they can be read, oldest first. */
export async function recordedEvents({ engine }: Opened, run: string): Promise<Recorded[]> {
  const events: Recorded[] = [];
  try {
    await engine.runs.replay(run, ({ envelope }, event) => {
      events.push({ seq: envelope.seq, at: Date.parse(envelope.at), event });
    });
  } catch {
    // What is wrong behind them is said by who asks for the state.
  }
  return events;
}

/** The journal as a table: one readable sentence an event, and the event itself. */
export function journalRows(events: readonly Recorded[], called: (step: string) => string): JournalRow[] {
  return events.map(({ seq, at, event }) => ({
    seq,
    at,
    type: event.type,
    ...journalLine(event, called),
    event: Raw.parse(event),
  }));
}
