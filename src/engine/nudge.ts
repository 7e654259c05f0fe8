import type { Engine } from './engine.js';

/**
 * Wakes a run whose journal has grown. Never throws: what was recorded stands, whether the queue answers or not, and the
 * bot wakes everything open as soon as the queue is back.
 */
export async function nudge(engine: Pick<Engine, 'queue' | 'warn'>, run: string): Promise<void> {
  try {
    await engine.queue.wake(run);
  } catch (error) {
    engine.warn(`${run} is not woken; it goes on when the queue answers again`, error);
  }
}
