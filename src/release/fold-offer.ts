import { no, type NotLegal } from './folded.js';
import type { LineEvent, LineState } from './line-state.js';

/** Adds what is offered of a line, and "not now". Pure. */
export function foldOffer(
  next: LineState,
  event: Extract<LineEvent, { type: 'line.offered' | 'line.set-aside' }>,
): LineState | NotLegal {
  const { offer } = next;
  if (event.type === 'line.set-aside') {
    if (offer === undefined || offer.count === 0 || offer.answered !== undefined)
      return no('nothing-is-offered');
    if (offer.head !== event.head) return no('another-offer');
    if (offer.aside !== undefined) return no('set-aside-already');
    return { ...next, offer: { ...offer, aside: { by: event.by, at: next.at } } };
  }
  const { candidate, head, count, commits } = event;
  if (next.settled !== 'open' || next.version !== candidate) return no('another-candidate');
  if (next.active !== undefined || next.committed) return no('another-run-acts');
  if (offer?.candidate === candidate && offer.head === head) return no('offered-already');
  if (count === 0 && offer?.candidate !== candidate) return no('nothing-to-offer');
  return { ...next, offer: { candidate, head, count, commits, at: next.at } };
}

/** The line after a run has taken up what was offered, or made it pointless. */
export function answered(
  line: LineState,
  { run, operation, by }: { run: string; operation: string; by: NonNullable<LineState['active']>['by'] },
): LineState {
  const { offer } = line;
  if (offer === undefined || offer.answered !== undefined) return line;
  return { ...line, offer: { ...offer, answered: { run, operation, by, at: line.at } } };
}

/** A run that ended without what it was for leaves the offer as it was. One that reached it has freed the line before. */
export function offeredAgain(line: LineState, run: string): LineState {
  const { offer } = line;
  if (offer?.answered?.run !== run) return line;
  const { answered: _, ...rest } = offer;
  return { ...line, offer: rest };
}
