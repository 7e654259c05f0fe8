import { instant } from './marks.js';

/** What somebody hears who has asked for an operation, sentence by sentence; commands as a terminal has them. */

/** `what`: `cut of kestrel 0.44.0rc1`, or the header of a board. `run`: left out where a button leads to it. */
export const accepted = (what: string, run?: string): string =>
  `Accepted: ${what}${run === undefined ? '' : `, run ${run}`}.`;

export const supersedes = (run: string): string => `It supersedes ${run}, which had published nothing.`;

/** What the default branch has to say after a cut. */
export const afterIt = (raise: string): string => `After it: ${raise}`;

export const notKnownHere = (versions: readonly string[]): string =>
  `Released by hand, and not known here: ${versions.join(', ')}. Next: slipway adopt`;

/** Commits in full. */
export function goesOnWith(
  branch: string,
  commit: string,
  main: { branch: string; commit: string },
): string[] {
  return [
    `It goes on with ${branch} at ${commit.slice(0, 7)}, which a run before it has begun; ${main.branch} is at ${main.commit.slice(0, 7)} by now.`,
    `To bring a fix in: cancel, push it to ${branch}, ask again. To begin anew at ${main.branch}: cancel, delete ${branch}, ask again.`,
  ];
}

/** A run that is shown instead of a new one. `since`: when it was done, in ms; undefined: it is under way. */
export const isThere = (what: string, since: number | undefined): string =>
  since === undefined
    ? `${what} is under way already.`
    : `${what} is there already, since ${instant(since)}.`;

/** `done`: who did it and when, in ms. `run`: left out where a button leads to it. */
export function doneBefore(
  what: string,
  done: { by: string; at: number } | undefined,
  run: string | undefined,
): string {
  const by = done === undefined ? '' : ` by ${done.by}, ${instant(done.at)}`;
  return `${what}: already done${by}${run === undefined ? '' : `, run ${run}`}.`;
}

export const onceMore = (operation: string): string =>
  `To build it once more: slipway release ${operation} --again`;

export const busy = (project: string, behind: string, operation: string, position: number): string =>
  `${project} is busy: ${behind}. Your ${operation} is ${position === 1 ? 'next' : `number ${position}`} and starts by itself.`;

/** Nothing that waits behind a run starts by itself while that run waits for a person. */
export const standsStill = (run: string): string =>
  `But ${run} stands still until somebody acts: slipway status ${run}`;

export const needs = (operation: string, inputs: readonly string[]): string =>
  `${operation} needs: ${inputs.join(', ')}.`;

export const nothingStarted = 'Nothing was started.';
