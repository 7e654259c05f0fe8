import type { Arena } from '../arena.js';

/**
 * Starts runs, `atOnce` at a time, and does `harm` again and again until all are over. The harm says itself how long it
 * takes; between two of them nothing is waited for.
 */
export async function underHarm(
  arena: Arena,
  targets: readonly string[],
  atOnce: number,
  harm: (round: number) => Promise<void>,
  progress: (text: string) => void,
  limitMs = 120_000,
): Promise<void> {
  const next = [...targets];
  let done = 0;
  let round = 0;
  const over = new AbortController();
  const lane = async (): Promise<void> => {
    for (let target = next.shift(); target !== undefined; target = next.shift()) {
      await arena.start(target);
      await arena.settled([target], limitMs);
      done += 1;
      progress(`${done} of ${targets.length} runs, harm ${round}`);
    }
  };
  const harming = (async () => {
    while (!over.signal.aborted) {
      round += 1;
      await harm(round);
    }
  })();
  try {
    await Promise.all(Array.from({ length: atOnce }, lane));
  } finally {
    over.abort();
    await harming;
  }
}

/** Names of targets of one case. */
export function targetsOf(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, place) => `${first}.0.${place}`);
}
