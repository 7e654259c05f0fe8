import type { GateState } from './run-state.js';

/** After which shares of a question's time people are reminded, in percent, where the policy says nothing else. */
const usual = [50, 80];

/** A reminder of a question: when it is due, in ms, and after which share of its time that is, in whole percent. */
export interface Reminder {
  at: number;
  share: number;
}

/** The reminders of a question, the earliest first. None is after its end. */
export function remindersOf(gate: Pick<GateState, 'openedAt' | 'expiresAt' | 'remindAt'>): Reminder[] {
  const { openedAt, expiresAt, remindAt } = gate;
  const whole = expiresAt - openedAt;
  const times = remindAt ?? usual.map((share) => openedAt + (whole * share) / 100);
  return times
    .filter((at) => at > openedAt && at < expiresAt)
    .map((at) => ({ at, share: Math.round(((at - openedAt) / whole) * 100) }))
    .toSorted((a, b) => a.at - b.at);
}

/**
 * The reminder that is due now, and when the next one is, in ms. Only the newest: whoever was away for both is told once.
 */
export function reminderDue(
  gate: Pick<GateState, 'openedAt' | 'expiresAt' | 'remindAt' | 'reminded'>,
  now: number,
): { due: Reminder | undefined; next: number | undefined } {
  const all = remindersOf(gate);
  const newest = all.findLast(({ at }) => at <= now);
  const isDue = newest !== undefined && !(gate.reminded ?? []).some((share) => share >= newest.share);
  return { due: isDue ? newest : undefined, next: all.find(({ at }) => at > now)?.at };
}
