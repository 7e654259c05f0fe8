/** What messages are found by. The same for the same thing, so that nothing is said twice. */

/** The board of a run. */
export const boardMarker = (run: string): string => `${run}_board`;
/** The question of a gate about one seal. */
export const questionMarker = (run: string, step: string, seal: string): string =>
  `${run}_${step}_${seal.slice(0, 16)}`;
/** The failure of a step; failing again edits it. */
export const failureMarker = (run: string, step: string): string => `${run}_${step}_failed`;
/** The open fact about a step. */
export const unknownMarker = (run: string, step: string): string => `${run}_${step}_unknown`;
/** The reminder of a question after this share of its time, in percent. */
export const reminderMarker = (run: string, seal: string, share: number): string =>
  `${run}_${seal.slice(0, 16)}_reminder-${share}`;
/** The offer of a next candidate, after this one of the line. */
export const offerMarker = (line: string, candidate: string): string => `${line}_offer-after-${candidate}`;
/** The line about what holds for a project or, as `all`, for everything: a pin, a freeze, a halt. `seq`: of its event. */
export const lineMarker = (of: string, seq: number): string => `${of}_line_${seq}`;
/** What left the queue of a line and was not started, at this time, ms. */
export const leftMarker = (line: string, at: number): string => `${line}_left-${at}`;
