import { describe, expect, test } from 'vitest';
import { decide } from '../../src/release/decide.js';
import { remindersOf } from '../../src/release/reminders.js';
import type { RunState } from '../../src/release/run-state.js';
import { alice, created, ev, goOn, outline, refusal, runOf, seal } from './fixtures.js';

const gate = created([outline('approve', { kind: 'approve', gate: true })]);
/** Asked at 2 s; its time is over at 102 s. */
const asked = runOf(gate, ev.open('approve', 102_000));
const recorded = (state: RunState, now: number): string[] =>
  decide(state, now).actions.map((action) =>
    action.do !== 'record'
      ? action.do
      : action.event.type === 'gate.reminded'
        ? `reminded ${action.event.share}`
        : action.event.type,
  );

describe('a question reminds', () => {
  test('at half of its time, and at four fifths', () => {
    expect(decide(asked, 10_000)).toEqual({ actions: [], due: 52_000 });
    expect(recorded(asked, 51_999)).toEqual([]);
    expect(recorded(asked, 52_000)).toEqual(['reminded 50']);
    const once = goOn(asked, ev.reminded(50));
    expect(decide(once, 60_000)).toEqual({ actions: [], due: 82_000 });
    expect(recorded(once, 82_000)).toEqual(['reminded 80']);
    const twice = goOn(once, ev.reminded(80));
    expect(twice.gates['approve']?.reminded).toEqual([50, 80]);
    expect(decide(twice, 90_000)).toEqual({ actions: [], due: 102_000 });
  });

  test('once when nobody was there for both, and never after its end', () => {
    expect(recorded(asked, 90_000)).toEqual(['reminded 80']);
    expect(recorded(goOn(asked, ev.reminded(80)), 90_000)).toEqual([]);
    expect(recorded(asked, 102_000)).toEqual(['gate.decided']);
  });

  test('when the policy says so', () => {
    // Not in order; one before it was asked, one after its end.
    const state = runOf(gate, ev.open('approve', 102_000, seal, [72_000, 12_000, 1_000, 200_000]));
    expect(remindersOf(state.gates['approve'] ?? { openedAt: 0, expiresAt: 0 })).toEqual([
      { at: 12_000, share: 10 },
      { at: 72_000, share: 70 },
    ]);
    expect(recorded(state, 12_000)).toEqual(['reminded 10']);
    const never = runOf(gate, ev.open('approve', 102_000, seal, []));
    expect(decide(never, 90_000)).toEqual({ actions: [], due: 102_000 });
  });

  test('also while the run is paused: a vote counts then too', () => {
    expect(recorded(goOn(asked, ev.pause), 52_500)).toEqual(['reminded 50']);
  });

  test('nobody of a question that is decided, or whose run is cancelled', () => {
    expect(recorded(goOn(asked, ev.cancel()), 60_000)).toEqual(['run.finished']);
    expect(refusal(goOn(asked, ev.vote(alice), ev.decided('approved')), ev.reminded(50))).toBe(
      'gate-is-decided',
    );
  });

  test('never twice, and never for what is older than the last', () => {
    const state = goOn(asked, ev.reminded(80));
    expect(refusal(state, ev.reminded(80))).toBe('reminded-already');
    expect(refusal(state, ev.reminded(50))).toBe('reminded-already');
  });
});
