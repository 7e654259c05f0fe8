import { isSameLineAndOperation } from '../release/run-id.js';
import type { Git, HistoryEntry } from '../services/git/git.js';
import { runOfTrailer } from './trailer.js';

/** More than one run ever makes. */
const longest = 300;

/** A commit that an earlier run made, by its trailer. */
export interface OwnCommit {
  commit: string;
  /** Which run. */
  run: string;
  /** Time of its step's intent, in ms. */
  date: number;
}

function ownOf(entry: HistoryEntry, run: string): OwnCommit | undefined {
  const owner = runOfTrailer(entry.message);
  if (entry.parents.length !== 1 || owner === run || !isSameLineAndOperation(owner, run)) return undefined;
  return { commit: entry.commit, run: owner, date: entry.date };
}

/**
 * The commits between `base` and `head`, oldest first, if all of them say that an earlier run of the same line and
 * operation made them, one on the other. Else undefined. They only say so: whoever goes on from one makes it again
 * and compares. Both must be available locally.
 */
export async function ownChain(
  git: Git,
  { base, head, run }: { base: string; head: string; run: string },
): Promise<OwnCommit[] | undefined> {
  const entries = await git.history(head, { since: base, limit: longest });
  const chain = entries.flatMap((entry) => ownOf(entry, run) ?? []);
  const isStraight = entries.every((entry, n) => entry.parents[0] === (entries[n + 1]?.commit ?? base));
  if (chain.length === 0 || chain.length < entries.length || !isStraight) return undefined;
  return chain.toReversed();
}
