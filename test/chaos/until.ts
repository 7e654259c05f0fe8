import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks again and again until there is an answer. Nothing here sleeps for luck: every wait names what it waits for and
 * fails with that name.
 */
export async function until<T>(
  what: string,
  limitMs: number,
  ask: () => Promise<T | undefined> | T | undefined,
  everyMs = 50,
): Promise<T> {
  const end = performance.now() + limitMs;
  let problem = '';
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      problem = '';
    } catch (error) {
      // What is asked may be the very thing that was killed.
      problem = error instanceof Error ? `: ${error.message}` : '';
    }
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms in vain until ${what}${problem}`);
    await pause(everyMs);
  }
}
