import { openArena } from '../arena.js';
import { effects, type Effect } from '../release-plan.js';
import type { TrapPoint } from '../traps.js';
import type { Case } from './case.js';
import { stopMany } from './stopped.js';

/**
 * `before-send` for all. `in-request`, the instant between the lease and the bytes, only for what the outside refuses or
 * what is swept: nothing can close it for a mail, or for a command that may run twice.
 * `in-write`: the fence of the journal.
 */
const all: [Effect, TrapPoint][] = [
  ...effects.map((effect): [Effect, TrapPoint] => [effect, 'before-send']),
  ...(['branch', 'commit', 'tag', 'store', 'channel', 'announce'] as const).map(
    (effect): [Effect, TrapPoint] => [effect, 'in-request'],
  ),
  ...(['commit', 'store', 'publish', 'mail'] as const).map((effect): [Effect, TrapPoint] => [
    effect,
    'in-write',
  ]),
];

/** The stops that show a mutation. */
const few: Partial<Record<string, [Effect, TrapPoint][]>> = {
  'no-lease-check': [['mail', 'before-send']],
  'no-sweep': [['announce', 'in-request']],
  'no-create-only': [['store', 'in-write']],
};

/** Workers are stopped for longer than their lease and go on when others have done their work. */
export const sigstop: Case = {
  name: 'sigstop',
  what: 'a worker is stopped longer than its lease, then goes on',
  async run({ random, mutation, progress }) {
    const pairs = few[mutation ?? ''] ?? all;
    const stops = pairs.map(([effect, point], place) => ({ effect, point, target: `3.0.${place}` }));
    const workers = mutation === undefined ? 6 : 2;
    const arena = await openArena({ random, bots: 1, workers, concurrency: 1, mutation });
    try {
      const problems = await stopMany(arena, stops, mutation === undefined ? 4 : 1, (done) =>
        progress(`${done} of ${stops.length} stops`),
      );
      const outcome = await arena.judge(stops.map((stop) => stop.target));
      return { ...outcome, problems: [...outcome.problems, ...problems], notes: [`${stops.length} stops`] };
    } finally {
      await arena.end();
    }
  },
};
