import { asSlipwayError } from '../error.js';
import { lookForOffers } from './offers.js';
import type { Opened } from './wire.js';

/** A change that was merged for practice. */
export interface Merged {
  project: string;
  /** The branch that it went to. */
  branch: string;
  /** Whether that is the branch of an open release. */
  isRelease: boolean;
  commit: string;
  subject: string;
  author: string;
}

/** What colleagues do in a practice project: they merge fixes. */
export interface Practice {
  /** Whose fixes they are. */
  project: string;
  /** Merges the next fix: onto the branch of the open release if there is one, else onto the default branch. */
  merge(): Promise<Merged>;
}

/** Merges the next fix; rooms offer it at once instead of when branches are looked at the next time. */
export async function mergeAndOffer(opened: Opened, practice: Practice): Promise<Merged> {
  const merged = await practice.merge();
  try {
    await lookForOffers(opened, () => {
      for (const call of opened.afterActs) call();
    });
  } catch (error) {
    // It is merged all the same, and offered later.
    opened.engine.warn(`merged fixes are not looked for: ${asSlipwayError(error).message}`);
  }
  return merged;
}
