import { openArena } from '../arena.js';
import { effects, namesOf, type Effect } from '../release-plan.js';
import { faultsOf, type Outcome } from '../result.js';
import { caughtBy, killPoints, type KillPoint, type Trap } from '../traps.js';
import type { Case } from './case.js';

interface Cell {
  effect: Effect;
  point: KillPoint;
  target: string;
}

/** What each cell came to, by its name: '' is good. For the table of the terminal. */
export type Matrix = Map<string, string>;

/** The name of a cell in a matrix. */
export function cellName(effect: Effect, point: KillPoint): string {
  return `${point} ${effect}`;
}

/** The cells that show a mutation. */
const few: Partial<Record<string, [Effect, KillPoint][]>> = {
  'no-find': [['publish', 'after-effect']],
  'no-search': [['announce', 'after-effect']],
  'no-deterministic-objects': [['tag', 'after-effect']],
};

/**
 * In full every point of every effect has a run of its own. In short each run has a trap for each of its effects, at
 * another point from run to run, so that all meet.
 */
function cellsOf(size: 'full' | 'short', mutation: string): Cell[] {
  const own = few[mutation];
  if (own !== undefined) return own.map(([effect, point]) => ({ effect, point, target: '2.0.0' }));
  return effects.flatMap((effect, column) =>
    killPoints.map((point, row): Cell => {
      const place = size === 'full' ? column * killPoints.length + row : (row + column) % killPoints.length;
      return { effect, point, target: `2.0.${place}` };
    }),
  );
}

function trapOf({ effect, point, target }: Cell): Trap {
  return { run: namesOf(target).run, step: effect, point, blow: 'kill' };
}

/** Every named point of every effect: the worker that comes there first is killed. */
export function namedPoints(matrix: Matrix): Case {
  return {
    name: 'named-points',
    what: 'kill -9 at every named point of every kind of effect',
    async run({ size, random, mutation, progress }) {
      const cells = cellsOf(size, mutation ?? '');
      const targets = [...new Set(cells.map((cell) => cell.target))];
      // One step at a time, so that nobody else dies with the one who is meant.
      const workers = mutation === undefined ? 6 : 2;
      const arena = await openArena({ random, bots: 1, workers, concurrency: 1, mutation });
      try {
        for (const cell of cells) arena.trap(trapOf(cell));
        const next = [...targets];
        let done = 0;
        const lane = async (): Promise<void> => {
          for (let target = next.shift(); target !== undefined; target = next.shift()) {
            await arena.start(target);
            await arena.settled([target], 180_000);
            done += 1;
            progress(`${done} of ${targets.length} runs, ${arena.crew.deaths()} of ${cells.length} points`);
          }
        };
        await Promise.all(Array.from({ length: 10 }, lane));
        const outcome = await arena.judge(targets);
        if (outcome.twinsMade > 0) {
          // Nothing was stopped here, and the lease outlives what a dead worker has sent: the search had to find it.
          outcome.problems.push(
            `${outcome.twinsMade} messages were posted twice, although there were only kills`,
          );
        }
        for (const cell of cells)
          matrix.set(cellName(cell.effect, cell.point), fate(arena.folder, cell, outcome));
        outcome.notes.push(`${cells.length} points`);
        return outcome;
      } finally {
        await arena.end();
      }
    },
  };
}

function fate(folder: string, cell: Cell, outcome: Outcome): string {
  const { effect, point, target } = cell;
  if (caughtBy(folder, trapOf(cell)) === undefined) {
    outcome.problems.push(`${target}: nobody came to ${point} of ${effect}`);
    return 'never reached';
  }
  return faultsOf(outcome)
    .filter((fault) => fault.startsWith(`${target}:`) && fault.includes(effect))
    .join('; ');
}
