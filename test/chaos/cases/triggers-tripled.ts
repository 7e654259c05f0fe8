import { setTimeout as pause } from 'node:timers/promises';
import { openArena } from '../arena.js';
import type { Case } from './case.js';
import { targetsOf, underHarm } from './keep-going.js';

const sizes = { full: 60, short: 12 };

/** Every request and every job comes three times, two of them late; two bots take them; now and then a worker dies. */
export const triggersTripled: Case = {
  name: 'triggers-tripled',
  what: 'every request and job three times, out of order, to two bots',
  async run({ size, random, mutation, progress }) {
    const arena = await openArena({ random, bots: 2, workers: 3, concurrency: 3, mutation, triples: true });
    try {
      const targets = targetsOf(72, sizes[size]);
      const harm = async (): Promise<void> => {
        await pause(random.between(1_000, 3_000));
        const ready = arena.crew.members('worker').filter((worker) => worker.isReady);
        const victim = ready[random.index(ready.length)];
        if (ready.length > 1 && victim !== undefined) arena.crew.kill(victim.pid);
      };
      const again = async (): Promise<void> => {
        // Out of order, and some of it when the run is long over.
        for (const target of random.shuffled([...targets, ...targets])) {
          await pause(random.between(0, 300));
          await arena.deliver(target);
        }
      };
      await Promise.all([underHarm(arena, targets, 6, harm, progress), again()]);
      const outcome = await arena.judge(targets);
      const started = (await arena.engine.runs.ids()).length;
      if (started !== targets.length) outcome.problems.push(`${started} runs of ${targets.length} requests`);
      return outcome;
    } finally {
      await arena.end();
    }
  },
};
