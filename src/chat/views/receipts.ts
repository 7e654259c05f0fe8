import { shortSeal } from '../../release/canonical.js';
import type { GateState } from '../../release/run-state.js';
import type { Tally } from '../../release/votes.js';

/** What somebody hears right after he has done something: the fact, and what it means. Commands as a terminal has them. */

/** How votes stand on a seal. */
function votesOn(seal: string, { counted, need }: Tally): string {
  return `seal ${shortSeal(seal)}, ${counted.length} of ${need}`;
}

/** A vote that opened the gate. `isPaused`: the run goes nowhere yet. */
export function approvedReceipt(run: string, seal: string, tally: Tally, isPaused: boolean): string {
  const next = isPaused ? `The run is paused; next: slipway resume ${run}` : 'The run goes on.';
  return `Approved: ${votesOn(seal, tally)}. ${next}`;
}

/** A vote that is one of several, or that waits for a hold to be lifted. */
export function countedReceipt(seal: string, tally: Tally, isNew: boolean): string {
  const names = tally.holding.map(({ name }) => name).join(', ');
  const held = names === '' ? '' : ` Held by ${names}: no vote opens it until that is lifted.`;
  return `${isNew ? 'Counted' : 'Counted before'}: ${votesOn(seal, tally)}.${held}`;
}

/** A vote that came after the decision: how it was decided, and what that means. */
export function decidedBefore({ decided }: GateState): string[] {
  const outcome = decided?.outcome ?? '';
  const means = outcome === 'approved' ? [] : ['Nothing shipped. Start it again to ask anew.'];
  return [`It was decided before: ${outcome}.`, ...means];
}

/** A vote that was taken back; `had`: there was one. */
export const withdrawnReceipt = (had: boolean): string =>
  had ? 'Your vote does not count any more.' : 'You had not voted. Nothing was changed.';

export const rejectedReceipt = (reason: string): string =>
  `Rejected: "${reason}". Nothing shipped. This run is over.`;

export const heldReceipt = (seal: string, isNew: boolean): string =>
  `${isNew ? 'Held' : 'Held before'}: seal ${shortSeal(seal)}. No votes open it until you let go, or reject it.`;

export const letGoReceipt = (seal: string, wasHeld: boolean, isApproved: boolean): string =>
  `${wasHeld ? 'Not held by you any more' : 'You held nothing'}: seal ${shortSeal(seal)}.${isApproved ? ' Its votes suffice: approved.' : ''}`;

/** An answer about a step whose outcome nobody can look up; `step` as whoever asked reads it. */
export const answeredReceipt = (step: string, made: boolean, by: string): string =>
  made ? `${step} counts as done, on the word of ${by}.` : `${step} is done now.`;

/** `step`: '' where nothing had failed, and a pause was ended. */
export const retriedReceipt = (step: string): string =>
  step === '' ? resumedReceipt() : `${step} is tried again.`;

export const skippedReceipt = (step: string, reason: string): string => `${step} is skipped: "${reason}".`;

export const pausedReceipt = (run: string): string =>
  `Paused. What runs now ends by itself. Next: slipway resume ${run}`;

export const resumedReceipt = (): string => 'It goes on.';

/** A run that was ended; past the point of no return it only stops. */
export const cancelledReceipt = (run: string, done: 'cancelled' | 'stopped'): string =>
  done === 'cancelled'
    ? 'Cancelled: commands are stopped, nothing new starts.'
    : `Past the point of no return: it stops after this step. Next: slipway retry ${run} goes on.`;

export const leftQueueReceipt = (operation: string, project: string, line: string): string =>
  `Left the queue: ${operation} of ${project} ${line}. Nothing was started. What runs goes on.`;

/** An offer that was set aside; `operation` makes the next candidate all the same. */
export const setAsideReceipt = (project: string, line: string, operation: string): string =>
  `Set aside: what was merged into ${project} ${line}. slipway release ${operation} still works.`;

export const notHaltedReceipt = (): string => 'Nothing was stopped. Everything goes on.';

/** Behind a receipt, where everything is stopped. `held`: by whom, and the way on. */
export const butHeld = (held: string): string => `But nothing starts now. ${held}`;

export const noLog = (step: string): string => `${step} has written no log.`;
