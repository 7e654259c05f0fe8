import { z } from 'zod';
import { Actor } from './actor.js';
import { no, type NotLegal } from './folded.js';
import type { RunState } from './run-state.js';

/** What people do to the whole installation. All of it is written by the bot. */
export const HaltEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('halted'), by: Actor, reason: z.string().min(1).max(500) }),
  z.strictObject({ type: z.literal('resumed'), by: Actor }),
]);
export type HaltEvent = z.infer<typeof HaltEvent>;

/** Who has stopped everything, and why. `at` in ms since the epoch. */
export interface Halt {
  by: Actor;
  reason: string;
  at: number;
}

/** Whether everything is stopped, folded from the installation's journal. */
export interface HaltState {
  seq: number;
  at: number;
  halted?: Halt;
}

/** Adds one event. Pure; says why an event cannot stand here. */
export function foldHalt(
  state: HaltState | undefined,
  event: HaltEvent,
  seq: number,
  at: number,
): HaltState | NotLegal {
  if (event.type === 'resumed') return state?.halted === undefined ? no('nothing-is-stopped') : { seq, at };
  if (state?.halted !== undefined) return no('everything-is-stopped');
  const { by, reason } = event;
  return { seq, at, halted: { by, reason, at } };
}

/** Whether a halt keeps a run from starting anything. What was cancelled may still be looked up, which changes nothing. */
export function isHeld(state: RunState, halt: Halt | undefined): boolean {
  return halt !== undefined && state.finished === undefined && state.cancelled === undefined;
}

/** The run as it must be decided on: one that a halt holds is paused by it, whatever its own journal says. */
export function withHalt(state: RunState, halt: Halt | undefined): RunState {
  if (halt === undefined || !isHeld(state, halt)) return state;
  return { ...state, paused: { by: halt.by, reason: halt.reason } };
}
