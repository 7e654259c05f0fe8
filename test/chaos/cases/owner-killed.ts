import { setTimeout as pause } from 'node:timers/promises';
import { openArena } from '../arena.js';
import { until } from '../until.js';
import type { Case } from './case.js';
import { targetsOf, underHarm } from './keep-going.js';

const sizes = { full: 60, short: 12 };

/** The process that owns the folder and decides is killed, while people ask it to start and workers work. */
export const ownerKilled: Case = {
  name: 'owner-killed',
  what: 'kill -9 of the process that owns the journal',
  async run({ size, random, mutation, progress }) {
    const arena = await openArena({ random, bots: 1, workers: 3, concurrency: 3, mutation, owns: true });
    try {
      const targets = targetsOf(70, sizes[size]);
      const harm = async (round: number): Promise<void> => {
        // A bot that is killed as soon as it is up gets nothing done; every third time it is, all the same.
        const bot = await until('a bot works', 30_000, () =>
          arena.crew.members('bot').find((one) => one.isReady),
        );
        await pause(round % 3 === 0 ? random.between(0, 300) : random.between(1_500, 4_000));
        arena.crew.kill(bot.pid);
      };
      await underHarm(arena, targets, 8, harm, progress);
      return await arena.judge(targets);
    } finally {
      await arena.end();
    }
  },
};
