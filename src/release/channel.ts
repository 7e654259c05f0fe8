/** What is known of a release line for its channels. Versions compare by `compare` of the scheme. */
export interface LineVersions {
  target: string;
  /** Newest published candidate, '' for none. */
  candidate: string;
  /** Of each name the candidate with the highest number that was ever given away; left out: none. */
  given?: readonly string[];
  promoted: boolean;
  /** It is neither promoted nor abandoned; its first candidate may still be on its way. */
  open: boolean;
}

/**
 * What a channel should serve, as a version; undefined: nothing yet. Pure.
 * - stable: the highest promoted version.
 * - internal: the newest candidate of the highest open line if it is above stable, else stable.
 */
export function decideChannel(
  channel: 'stable' | 'internal',
  lines: LineVersions[],
  compare: (a: string, b: string) => number,
): string | undefined {
  const highest = (versions: string[]): string | undefined => versions.toSorted(compare).at(-1);
  const stable = highest(lines.filter((line) => line.promoted).map((line) => line.target));
  if (channel === 'stable') return stable;
  const open = lines
    .filter((line) => line.open && line.candidate !== '')
    .toSorted((a, b) => compare(a.target, b.target))
    .at(-1);
  if (open === undefined) return stable;
  return stable === undefined || compare(open.candidate, stable) > 0 ? open.candidate : stable;
}
