import { setTimeout as pause } from 'node:timers/promises';
import { openArena } from '../arena.js';
import type { Case } from './case.js';

const sizes = {
  full: { runs: 300, kills: 200, atOnce: 16 },
  short: { runs: 40, kills: 25, atOnce: 12 },
};

/** Workers are killed at any moment, over many runs; some requests are refused and some answers never come. */
export const randomKills: Case = {
  name: 'random-kills',
  what: 'kill -9 of random workers, all the time',
  async run({ size, random, mutation, progress }) {
    const want = sizes[size];
    const arena = await openArena({
      random,
      bots: 1,
      workers: 4,
      concurrency: 3,
      mutation,
      refuses: 0.01,
      cuts: 0.01,
      expels: 0.5,
    });
    try {
      const targets: string[] = [];
      const open = new Set<string>();
      let done = 0;
      const isEnough = (): boolean => done >= want.runs && arena.crew.deaths() >= want.kills;
      const one = async (target: string): Promise<void> => {
        await arena.start(target);
        await arena.settled([target], 120_000);
        open.delete(target);
        done += 1;
      };
      const runs: Promise<void>[] = [];
      const starting = (async () => {
        while (!isEnough()) {
          if (open.size < want.atOnce && (targets.length < want.runs || arena.crew.deaths() < want.kills)) {
            const target = `1.0.${targets.length + 1}`;
            targets.push(target);
            open.add(target);
            runs.push(one(target));
          }
          await pause(30);
        }
      })();
      while (!isEnough()) {
        progress(`${done} of ${want.runs} runs, ${arena.crew.deaths()} of ${want.kills} kills`);
        await pause(random.between(200, 1_200));
        const ready = arena.crew.members('worker').filter((worker) => worker.isReady);
        const victim = ready[random.index(ready.length)];
        // One always lives, so that things go on.
        if (victim !== undefined && ready.length > 1 && open.size > 0 && arena.crew.deaths() < want.kills)
          arena.crew.kill(victim.pid);
      }
      await starting;
      await Promise.all(runs);
      return await arena.judge(targets);
    } finally {
      await arena.end();
    }
  },
};
