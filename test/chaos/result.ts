/** What came of a case. Lists hold one sentence for each thing that is wrong. */
export interface Outcome {
  runs: number;
  kills: number;
  /** Effects that are there and were counted. */
  effects: number;
  lost: string[];
  doubled: string[];
  /** Second messages that were posted, and those of them that are still there. */
  twinsMade: number;
  twinsLeft: string[];
  /** How often a person was asked. */
  asked: number;
  /** Runs that did not end, journals that do not replay, and what a case itself expects. */
  problems: string[];
  /** For people: what was done, in short. */
  notes: string[];
}

/** An outcome with its case and its time. */
export interface Row extends Outcome {
  name: string;
  seconds: number;
  /** Why the case could not run here; '' when it did. */
  skipped: string;
}

/** An outcome of nothing yet. */
export function noOutcome(): Outcome {
  return {
    runs: 0,
    kills: 0,
    effects: 0,
    lost: [],
    doubled: [],
    twinsMade: 0,
    twinsLeft: [],
    asked: 0,
    problems: [],
    notes: [],
  };
}

/** Everything that is wrong in an outcome. */
export function faultsOf(outcome: Outcome): string[] {
  return [...outcome.lost, ...outcome.doubled, ...outcome.twinsLeft, ...outcome.problems];
}
