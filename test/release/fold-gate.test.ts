import { describe, expect, test } from 'vitest';
import { RunEvent } from '../../src/release/run-events.js';
import { canonical } from '../../src/release/canonical.js';
import { created, ev, goOn, outline, runOf } from './fixtures.js';

const asked = runOf(created([outline('approve', { kind: 'approve', gate: true })]));
const eachOf = [{ role: 'lead', may: ['bob'] }];

describe('a question', () => {
  test('keeps the roles of which somebody must approve, as they were when it was asked', () => {
    const opened = RunEvent.parse({ ...ev.open(), eachOf });
    expect(goOn(asked, opened).gates['approve']?.eachOf).toEqual(eachOf);
  });

  test('that was asked before there were such roles has none, also in a snapshot', () => {
    const opened = goOn(asked, ev.open());
    expect(opened.gates['approve']).not.toHaveProperty('eachOf');
    expect(JSON.parse(canonical(opened))).toEqual(opened);
  });

  test('names at most five of them', () => {
    const six = Array.from({ length: 6 }, () => eachOf[0]);
    expect(RunEvent.safeParse({ ...ev.open(), eachOf: six }).success).toBe(false);
  });
});
