import { openArena, type Arena } from '../arena.js';
import { namesOf, type Effect } from '../release-plan.js';
import { caughtBy, type Trap, type TrapPoint } from '../traps.js';
import { until } from '../until.js';
import type { Case } from './case.js';

/** What comes right after the death of a worker, before another has taken over. */
type Mishap = 'services-fail' | 'expelled' | 'flushed' | 'journal-full';

interface Death {
  effect: Effect;
  point: TrapPoint;
  mishap: Mishap;
}

const unguarded: Effect[] = ['publish', 'announce', 'mail'];

const deaths: Death[] = [
  ...unguarded.map((effect): Death => ({ effect, point: 'after-effect', mishap: 'services-fail' })),
  ...unguarded.map((effect): Death => ({ effect, point: 'in-flight', mishap: 'expelled' })),
  ...unguarded.map((effect): Death => ({ effect, point: 'in-flight', mishap: 'flushed' })),
  // Nobody dies: the mail is sent, and the journal is full just then, for longer than the worker is patient.
  { effect: 'mail', point: 'full-at-done', mishap: 'journal-full' },
];

/**
 * A worker dies with a request on its way, and something else goes wrong before the next one has looked: its project
 * cannot be opened for once, its lease is ended early because its parent saw it exit, or Redis forgets the lease.
 */
export const takenOver: Case = {
  name: 'taken-over',
  what: 'a second mishap between the death of a worker and the next look',
  async run({ random, mutation, progress }) {
    const arena = await openArena({
      random,
      bots: 1,
      workers: 4,
      concurrency: 2,
      mutation,
      retryCodes: ['journal-full'],
    });
    const next = deaths.map((death, place) => ({ ...death, target: `4.0.${place}` }));
    const targets = next.map(({ target }) => target);
    let done = 0;
    const lane = async (): Promise<void> => {
      for (let death = next.shift(); death !== undefined; death = next.shift()) {
        await die(arena, death);
        done += 1;
        progress(`${done} of ${targets.length} deaths`);
      }
    };
    try {
      await Promise.all(Array.from({ length: 3 }, lane));
      return await arena.judge(targets);
    } finally {
      await arena.end();
    }
  },
};

async function die(
  arena: Arena,
  { target, effect, point, mishap }: Death & { target: string },
): Promise<void> {
  const { run } = namesOf(target);
  const trap: Trap = { run, step: effect, point, blow: mishap === 'journal-full' ? 'fail' : 'kill' };
  arena.trap(trap);
  await arena.start(target);
  const runs = arena.settled([target], 90_000);
  const pid = await until(`somebody dies at ${effect}`, 60_000, () => caughtBy(arena.folder, trap), 5);
  if (mishap === 'services-fail') arena.trap({ run, step: effect, point: 'in-services', blow: 'fail' });
  if (mishap === 'flushed') await arena.flush();
  if (mishap === 'expelled') await arena.expel(pid);
  await runs;
}
