import { describe, expect, test } from 'vitest';
import { foldProject } from '../../src/release/fold-project.js';
import { isNotLegal } from '../../src/release/folded.js';
import { ProjectEvent, saidFreeze, type ProjectState } from '../../src/release/project-state.js';
import { alice, bob } from './fixtures.js';

const frozen = (until: number, allows: string[] = []): ProjectEvent => ({
  type: 'project.frozen',
  until,
  reason: 'quarter end',
  allows,
  by: alice,
});
const thawed: ProjectEvent = { type: 'project.thawed', by: bob };

/** Each event is a second after the one before. */
function folded(...events: ProjectEvent[]): ProjectState | string {
  let state: ProjectState | undefined;
  for (const event of events) {
    const seq = (state?.seq ?? 0) + 1;
    const next = foldProject(state, ProjectEvent.parse(event), seq, seq * 1000);
    if (isNotLegal(next)) return next.illegal;
    state = next;
  }
  return state ?? 'nothing';
}
const stateOf = (...events: ProjectEvent[]): ProjectState => {
  const state = folded(...events);
  if (typeof state === 'string') throw new Error(state);
  return state;
};

describe('a freeze that somebody said', () => {
  test('holds until its time, and ends then by itself', () => {
    const state = stateOf(frozen(5000, ['cut']));
    expect(saidFreeze(state, 4999)).toEqual({
      until: 5000,
      reason: 'quarter end',
      allows: ['cut'],
      by: alice,
      at: 1000,
    });
    expect(saidFreeze(state, 5000)).toBeUndefined();
    expect(saidFreeze(undefined, 0)).toBeUndefined();
  });

  test('is replaced by a later word', () => {
    expect(saidFreeze(stateOf(frozen(5000), frozen(9000)), 6000)?.until).toBe(9000);
  });

  test('is lifted once, before its time', () => {
    const state = stateOf(frozen(5000), thawed);
    expect(saidFreeze(state, 2000)).toBeUndefined();
    expect(folded(thawed)).toBe('nothing-is-frozen');
    expect(folded(frozen(5000), thawed, thawed)).toBe('nothing-is-frozen');
    expect(folded(frozen(1500), thawed)).toBe('nothing-is-frozen');
  });

  test('is never over when it begins', () => {
    expect(folded(frozen(1000))).toBe('its-time-is-over');
  });
});
