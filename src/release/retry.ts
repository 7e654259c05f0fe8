/** How often a failure that may pass is tried again by itself, and when. */
export const retryDelaysMs = [1_000, 3_000, 10_000, 30_000, 60_000, 120_000] as const;

/**
 * When to try again after `failures` failures in a row (1 for the first), in ms since the epoch; 0: no more, a person
 * decides. What the other side asked for (Retry-After) wins if it is longer. Pure.
 */
export function retryAt(
  failures: number,
  now: number,
  retryable: boolean,
  retryAfterMs: number | undefined,
  scale = 1,
): number {
  const delay = retryDelaysMs[failures - 1];
  if (!retryable || delay === undefined) return 0;
  // Whole milliseconds: an event holds no others.
  return Math.ceil(now + Math.max(delay * scale, retryAfterMs ?? 0));
}
