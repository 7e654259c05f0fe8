import { z } from 'zod';
import { Actor } from './actor.js';

const id = z.string().min(1).max(200);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const commit = z.string().regex(/^[0-9a-f]{40}$/);
const kind = z.enum(['start', 'change', 'publish', 'hotfix', 'end', 'work', 'final', 'none']);

/** An operation that waits for its turn; planned when it starts, not when it was typed. */
const Queued = z.strictObject({
  request: id,
  operation: id,
  kind,
  inputs: z.record(z.string(), z.string()),
  /** What else was asked for; left out where it was not. */
  variants: z.array(z.string()).optional(),
  again: z.boolean().optional(),
  forced: z.boolean().optional(),
  because: z.string().max(1_000).optional(),
  by: Actor,
});

/** A commit that somebody made. Its texts are foreign. */
const Change = z.strictObject({ commit, subject: z.string().max(200), author: z.string().max(100) });
export type Change = z.infer<typeof Change>;

/** Everything that can happen to a release line. All of it is written by the bot. */
export const LineEvent = z.discriminatedUnion('type', [
  /** The run may act. `created` is the blob of its run.created, so that a crash right here loses nothing. */
  z.strictObject({
    type: z.literal('line.admitted'),
    run: id,
    operation: id,
    kind,
    version: id,
    /** Number of the candidate that it makes; 0 for a final version, or none. */
    candidate: z.int().nonnegative(),
    created: digest,
    request: id,
    by: Actor,
  }),
  Queued.extend({ type: z.literal('line.queued'), first: z.boolean() }),
  z.strictObject({ type: z.literal('line.left-queue'), request: id, why: z.string().max(500) }),
  /** The publish run passed its point of no return. */
  z.strictObject({ type: z.literal('line.committed'), run: id }),
  /** What the run is for exists and was read back. */
  z.strictObject({ type: z.literal('line.reached'), run: id }),
  /** What was released, or opened, by hand before Slipway came, as a person confirmed it. Only as the first event. */
  z.strictObject({
    type: z.literal('line.adopted'),
    settled: z.enum(['open', 'open-without-candidate', 'promoted']),
    version: id,
    /** Number of its newest candidate; 0: none. No number up to it is given away again. */
    candidate: z.int().nonnegative(),
    /** What the tag of that version names, or the head of a branch without a candidate. */
    commit,
    by: Actor,
  }),
  z.strictObject({ type: z.literal('line.ended'), run: id, outcome: id, effects: z.boolean() }),
  /** Changes of people stand on the release branch since its newest candidate; none: they are gone again. */
  z.strictObject({
    type: z.literal('line.offered'),
    /** The version of that candidate. */
    candidate: id,
    /** Head of the branch that was looked at. */
    head: commit,
    /** How many they are, and the newest of them. */
    count: z.int().nonnegative(),
    commits: z.array(Change).max(20),
  }),
  /** Somebody wants no next candidate of what stands at `head`. */
  z.strictObject({ type: z.literal('line.set-aside'), head: commit, by: Actor }),
]);
export type LineEvent = z.infer<typeof LineEvent>;
export type Queued = z.infer<typeof Queued>;

/** The seven states of a line, in the words that people read. */
export type LineName =
  'none' | 'preparing' | 'open' | 'open-without-candidate' | 'promoting' | 'promoted' | 'abandoned';

interface LineRun {
  run: string;
  operation: string;
  kind: z.infer<typeof kind>;
  version: string;
  candidate: number;
  request: string;
  by: Actor;
  at: number;
  created: string;
}

/** What was merged since a candidate, and what people made of it. Times in ms. */
export interface LineOffer {
  /** The version of the candidate that it came after. */
  candidate: string;
  head: string;
  count: number;
  commits: Change[];
  at: number;
  /** Somebody said "not now" to exactly this; a further change asks again. */
  aside?: { by: Actor; at: number };
  /** The run that took it up, gave the line up, or released it without. */
  answered?: { run: string; operation: string; by: Actor; at: number };
}

/** A release line, folded from its journal. */
export interface LineState {
  seq: number;
  at: number;
  /** What the line is while nothing acts on it. `stopped`: a first run ended after an effect. */
  settled: 'none' | 'stopped' | 'open' | 'open-without-candidate' | 'promoted' | 'abandoned';
  /** The run that acts: everything but a publish before its point of no return. */
  active?: LineRun;
  /** The publish run that builds or waits at its gate; it holds nothing. */
  publish?: LineRun;
  committed: boolean;
  /** Newest published candidate, and the highest number that was ever given away. */
  candidate: number;
  used: number;
  /** The same for each name of candidates, by what stands before the number: `0.44.0rc`. */
  given: { [stem: string]: number };
  /** The newest published version, and who made the line final or burnt it. */
  version: string;
  ended?: LineRun;
  /** The run that made the line what it is now. */
  reached?: string;
  /** Set where the line was begun by hand: what stood there when a person confirmed it. */
  adopted?: { commit: string; by: Actor; at: number };
  /** The newest offer of a next candidate. */
  offer?: LineOffer;
  queue: Queued[];
  /** What left the queue last, and why; until something starts. */
  left?: { operation: string; by: Actor; why: string; at: number };
  /** How many runs each operation had, for their ids. */
  runs: { [operation: string]: number };
  /** Requests that were admitted, so that one delivered again shows its run. */
  requests: { [request: string]: string };
  superseded: string[];
}

/** What stands before the number of a candidate: `0.44.0rc` of 0.44.0rc2. */
export function stemOf(version: string): string {
  return version.replace(/[0-9]+$/, '');
}

/** The line's name in the table. */
export function lineName(state: LineState | undefined): LineName {
  if (state === undefined) return 'none';
  if (state.committed) return 'promoting';
  // Work on a final line changes nothing of it.
  if (state.settled === 'promoted') return 'promoted';
  if (state.active !== undefined || state.settled === 'stopped') return 'preparing';
  return state.settled;
}
