import { openArena, type Arena } from '../arena.js';
import type { Random } from '../random.js';
import type { Case } from './case.js';
import { stopMany } from './stopped.js';

const sizes = { full: 40, short: 8 };
const tenMinutes = 600_000;
const clocks = [tenMinutes, -tenMinutes, 0];

/** Until what was asked for is over, sets the clock of one worker after another. */
async function moveClocks(arena: Arena, random: Random, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const workers = arena.crew.members('worker');
    const worker = workers[random.index(workers.length)];
    const clockMs = clocks[random.index(clocks.length)] ?? 0;
    if (worker !== undefined) arena.crew.tell(worker.pid, { clockMs });
    await new Promise((resolve) => setTimeout(resolve, random.between(300, 1_500)));
  }
}

/**
 * Workers whose clocks are ten minutes off, and are moved while they work. Two runs have only workers that are behind,
 * and a message that is posted twice: the twin must still be swept.
 */
export const clockMoved: Case = {
  name: 'clock-moved',
  what: 'the clocks of workers are ten minutes ahead or behind, and move',
  async run({ size, random, mutation, progress }) {
    const arena = await openArena({
      random,
      bots: 1,
      workers: 4,
      // One step a worker: who is stopped at a message must not hold, at that instant, a publish whose lease was
      // asked and whose bytes have not left. Nothing closes that instant for it, so it proves nothing.
      concurrency: 1,
      mutation,
      clockOf: (name) => (name.startsWith('worker') ? -tenMinutes : 0),
    });
    try {
      const twins = ['5.1.0', '5.1.1'].map(
        (target) => ({ target, effect: 'announce', point: 'in-request' }) as const,
      );
      const problems = await stopMany(arena, twins, 2, (done) => progress(`${done} of 2 twins`));
      const targets = Array.from({ length: sizes[size] }, (_, place) => `5.0.${place}`);
      let done = 0;
      const moving = moveClocks(arena, random, () => done === targets.length);
      await Promise.all(
        targets.map(async (target) => {
          await arena.start(target);
          await arena.finished(target, 90_000);
          done += 1;
          progress(`${done} of ${targets.length} runs`);
        }),
      );
      done = targets.length;
      await moving;
      // A worker ahead has set the sweep of its message ten minutes later: let them pass.
      await arena.crew.add('bot', 'bot-later', { clockMs: 2 * tenMinutes });
      await arena.settled(targets, 30_000);
      const outcome = await arena.judge([...targets, ...twins.map((twin) => twin.target)]);
      return { ...outcome, problems: [...outcome.problems, ...problems] };
    } finally {
      await arena.end();
    }
  },
};
