import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editAt, progressEvery, shortestMs, type Change } from '../../src/chat/pace.js';

const at = (change: Change, times: { now: number; lastAt?: number; since?: number }): number =>
  editAt(change, { now: times.now, lastAt: times.lastAt, since: times.since });

describe('an edit', () => {
  test('of a decision never waits', () => {
    expect(at('decision', { now: 10_001, lastAt: 10_000, since: 0 })).toBe(10_001);
  });

  test('of a state waits for the end of 3 s after the edit before', () => {
    expect(at('state', { now: 20_000, lastAt: 10_000 })).toBe(20_000);
    expect(at('state', { now: 13_000, lastAt: 10_000 })).toBe(13_000);
    expect(at('state', { now: 10_500, lastAt: 10_000 })).toBe(13_000);
  });

  test('of progress waits longer the longer the step runs', () => {
    const since = 0;
    expect(at('progress', { now: 30_500, lastAt: 30_000, since })).toBe(33_000);
    expect(at('progress', { now: 120_500, lastAt: 120_000, since })).toBe(135_000);
    expect(at('progress', { now: 7_200_500, lastAt: 7_200_000, since })).toBe(7_260_000);
  });

  test('of a message that we do not remember is made at once', () => {
    expect(at('progress', { now: 5 })).toBe(5);
  });

  test('waits no longer than the pause where the clock was set back', () => {
    expect(at('state', { now: 10_000, lastAt: 900_000 })).toBe(13_000);
  });

  test('waits 3 s in the first minute, 15 s in the first hour, then a minute', () => {
    expect([0, 59_999, 60_000, 3_599_999, 3_600_000].map(progressEvery)).toEqual([
      3_000, 3_000, 15_000, 15_000, 60_000,
    ]);
  });
});

/** A room's message under this rule, on a clock of its own: what is edited when. */
function edited(changes: readonly { afterMs: number; change: Change }[]): {
  edits: { at: number; change: Change; shown: number }[];
} {
  const edits: { at: number; change: Change; shown: number }[] = [];
  let now = 0;
  let lastAt: number | undefined = 0;
  let waiting: { change: Change; shown: number } | undefined;
  const due = (): number =>
    waiting === undefined ? Infinity : editAt(waiting.change, { now, lastAt, since: 0 });
  const pass = (until: number): void => {
    while (due() <= until && waiting !== undefined) {
      now = Math.max(now, due());
      edits.push({ at: now, ...waiting });
      lastAt = now;
      waiting = undefined;
    }
    now = Math.max(now, until === Infinity ? now : until);
  };
  const rank: Change[] = ['progress', 'state', 'decision'];
  changes.forEach(({ afterMs, change }, place) => {
    pass(now + afterMs);
    const most = Math.max(rank.indexOf(change), rank.indexOf(waiting?.change ?? 'progress'));
    waiting = { change: rank[most] ?? change, shown: place };
    pass(now);
  });
  pass(Infinity);
  return { edits };
}

const changes = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 0, max: 20_000 }),
    change: fc.constantFrom<Change>('decision', 'state', 'progress'),
  }),
  { minLength: 1, maxLength: 40 },
);

describe('whatever happens', () => {
  test('no paced edit comes within 3 s of the edit before', () => {
    fc.assert(
      fc.property(changes, (all) => {
        const { edits } = edited(all);
        edits.forEach(({ at: time, change }, place) => {
          const before = place === 0 ? 0 : (edits[place - 1]?.at ?? 0);
          if (change !== 'decision') expect(time - before).toBeGreaterThanOrEqual(shortestMs);
        });
      }),
    );
  });

  test('the last state is shown in the end', () => {
    fc.assert(
      fc.property(changes, (all) => {
        expect(edited(all).edits.at(-1)?.shown).toBe(all.length - 1);
      }),
    );
  });

  test('a decision is shown at the moment it is made', () => {
    fc.assert(
      fc.property(changes, (all) => {
        let now = 0;
        const { edits } = edited(all);
        all.forEach(({ afterMs, change }, place) => {
          now += afterMs;
          if (change === 'decision')
            expect(edits.some((one) => one.shown >= place && one.at === now)).toBe(true);
        });
      }),
    );
  });
});
