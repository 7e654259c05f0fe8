import { describe, expect, test } from 'vitest';
import { decide } from '../../src/release/decide.js';
import { isNotLegal } from '../../src/release/folded.js';
import { foldHalt, isHeld, withHalt, type HaltEvent, type HaltState } from '../../src/release/halt.js';
import { alice, bob, created, ev, inOrder, outline, runOf } from './fixtures.js';

const stop: HaltEvent = { type: 'halted', by: alice, reason: 'keys leaked' };
const go: HaltEvent = { type: 'resumed', by: bob };

function haltOf(...events: HaltEvent[]): HaltState | undefined {
  let state: HaltState | undefined;
  for (const event of events) {
    const seq = (state?.seq ?? 0) + 1;
    const next = foldHalt(state, event, seq, seq * 1000);
    if (isNotLegal(next)) throw new Error(next.illegal);
    state = next;
  }
  return state;
}

describe('a halt', () => {
  test('stands until it is lifted, and can come again', () => {
    expect(haltOf(stop)).toEqual({
      seq: 1,
      at: 1000,
      halted: { by: alice, reason: 'keys leaked', at: 1000 },
    });
    expect(haltOf(stop, go)).toEqual({ seq: 2, at: 2000 });
    expect(haltOf(stop, go, stop)?.halted?.at).toBe(3000);
  });

  test('is recorded once, and lifted only where it stands', () => {
    expect(foldHalt(haltOf(stop), stop, 2, 2000)).toEqual({ illegal: 'everything-is-stopped' });
    expect(foldHalt(undefined, go, 1, 1000)).toEqual({ illegal: 'nothing-is-stopped' });
    expect(foldHalt(haltOf(stop, go), go, 3, 3000)).toEqual({ illegal: 'nothing-is-stopped' });
  });

  test('holds every run that is not over: nothing of it starts', () => {
    const halt = haltOf(stop)?.halted;
    const run = runOf(created(inOrder(outline('build'), outline('tag'))));
    expect(decide(run, 2000).actions).toHaveLength(1);
    expect(isHeld(run, halt)).toBe(true);
    expect(withHalt(run, halt).paused).toEqual({ by: alice, reason: 'keys leaked' });
    expect(decide(withHalt(run, halt), 2000).actions).toEqual([]);
    expect(withHalt(run, undefined)).toBe(run);
    expect(isHeld(run, undefined)).toBe(false);
  });

  test('lets what was cancelled be looked up, and leaves alone what is over', () => {
    const halt = haltOf(stop)?.halted;
    const cancelled = runOf(created(inOrder(outline('build'))), ev.cancel());
    expect(withHalt(cancelled, halt)).toBe(cancelled);
    const over = runOf(created(inOrder(outline('build'))), ev.cancel(), ev.finish('cancelled'));
    expect(isHeld(over, halt)).toBe(false);
  });
});
