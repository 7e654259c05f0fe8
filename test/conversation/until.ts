import { setTimeout as pause } from 'node:timers/promises';

/** How long a test waits for something at most, in ms: the machine may be busy with other things. */
export const patience = 40_000;

/** Asks until the answer is neither undefined nor false. Throws with the name of what was waited for. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  shown: () => Promise<string> | string = () => '',
): Promise<T> {
  const end = performance.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`waited in vain: ${what}\n${await shown()}`);
    await pause(20);
  }
}
