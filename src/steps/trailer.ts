/** The last line of our commits and tags: which run made them. */
export function withTrailer(message: string, run: string): string {
  return `${message.trimEnd()}\n\nSlipway-Run: ${run}`;
}

/**
 * The run that the last paragraph of a message names, or ''. Anybody can write such a line: it is a hint, never a proof,
 * and what it points at is compared before it counts.
 */
export function runOfTrailer(message: string): string {
  return /\n\nSlipway-Run: (\S+)\s*$/.exec(message)?.[1] ?? '';
}
