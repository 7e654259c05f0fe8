import type { Mutation } from '../child-settings.js';
import type { Random } from '../random.js';
import type { Outcome } from '../result.js';

/** What a case is given. */
export interface Stage {
  size: 'full' | 'short';
  random: Random;
  /** The guard that the children are without. */
  mutation: Mutation | undefined;
  /** Says how far it is, on the terminal. */
  progress(text: string): void;
}

/** One way of breaking things. */
export interface Case {
  name: string;
  /** One sentence for the list. */
  what: string;
  /** Why it cannot run on this machine; '' when it can. */
  skip?(): string;
  run(stage: Stage): Promise<Outcome>;
}
