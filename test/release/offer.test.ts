import { describe, expect, test } from 'vitest';
import { canonical } from '../../src/release/canonical.js';
import { LineEvent, type LineState } from '../../src/release/line-state.js';
import { admitted, alice, bob, lineOf, lineOn, lineRefusal, lv } from './fixtures.js';

const head = (letter: string): string => letter.repeat(40);
const offered = (of: string, count = 1, candidate = '0.44.0rc1'): LineEvent =>
  LineEvent.parse({
    type: 'line.offered',
    candidate,
    head: head(of),
    count,
    commits: count === 0 ? [] : [{ commit: head(of), subject: 'Fix crash', author: 'Tom' }],
  });
const aside = (of: string): LineEvent => ({ type: 'line.set-aside', head: head(of), by: bob });
const rc1 = admitted('start', 'cut_1', { candidate: 1, version: '0.44.0rc1' });
const rc2 = admitted('change', 'fixup_1', { candidate: 2, version: '0.44.0rc2' });
const open = lineOf(rc1, lv.reached('cut_1'));
const offerOn = (state: LineState | undefined) => state?.offer;

describe('what was merged since a candidate', () => {
  test('is offered, and more of it is the same offer with more in it', () => {
    const state = lineOn(open, offered('a'), offered('b', 2));
    expect(offerOn(state)).toMatchObject({ candidate: '0.44.0rc1', head: head('b'), count: 2, at: 4000 });
    expect(lineRefusal(state, offered('b', 2))).toBe('offered-already');
    expect(JSON.parse(canonical(state ?? {}))).toEqual(state);
  });

  test('is offered of a line with this candidate on which nothing acts', () => {
    expect(lineRefusal(undefined, offered('a'))).toBe('another-candidate');
    expect(lineRefusal(open, offered('a', 1, '0.44.0rc2'))).toBe('another-candidate');
    expect(lineRefusal(lineOn(open, rc2), offered('a'))).toBe('another-run-acts');
    const committed = lineOn(open, admitted('publish', 'p_1'), lv.committed('p_1'));
    expect(lineRefusal(committed, offered('a'))).toBe('another-run-acts');
  });

  test('may be gone again, if it was there', () => {
    expect(lineRefusal(open, offered('a', 0))).toBe('nothing-to-offer');
    const gone = lineOn(open, offered('a'), offered('b', 0));
    expect(offerOn(gone)).toMatchObject({ count: 0, commits: [] });
    expect(lineRefusal(gone, aside('b'))).toBe('nothing-is-offered');
  });
});

describe('not now', () => {
  test('is kept with who said it, until more is merged', () => {
    const state = lineOn(open, offered('a'), aside('a'));
    expect(offerOn(state)?.aside).toEqual({ by: bob, at: 4000 });
    expect(offerOn(lineOn(state, offered('b', 2)))).not.toHaveProperty('aside');
  });

  test('is said once, to what is offered', () => {
    expect(lineRefusal(open, aside('a'))).toBe('nothing-is-offered');
    const state = lineOn(open, offered('a'));
    expect(lineRefusal(state, aside('b'))).toBe('another-offer');
    expect(lineRefusal(lineOn(state, aside('a')), aside('a'))).toBe('set-aside-already');
    expect(lineRefusal(lineOn(state, rc2), aside('a'))).toBe('nothing-is-offered');
  });
});

describe('an offer is answered', () => {
  const state = lineOn(open, offered('a'));

  test('by the run that takes it up', () => {
    const taken = lineOn(state, rc2);
    expect(offerOn(taken)?.answered).toEqual({ run: 'fixup_1', operation: 'change', by: alice, at: 4000 });
    const made = lineOn(taken, lv.reached('fixup_1'));
    expect(offerOn(made)?.answered?.run).toBe('fixup_1');
    expect(offerOn(lineOn(made, offered('b', 1, '0.44.0rc2')))).toMatchObject({ candidate: '0.44.0rc2' });
  });

  test('by who gives the line up, and by who releases it without', () => {
    expect(offerOn(lineOn(state, admitted('end', 'abandon_1')))?.answered?.operation).toBe('end');
    const promoting = lineOn(state, admitted('publish', 'p_1'));
    expect(offerOn(promoting)).not.toHaveProperty('answered');
    expect(offerOn(lineOn(promoting, lv.committed('p_1')))?.answered?.run).toBe('p_1');
  });

  test('not by work that makes no candidate', () => {
    expect(offerOn(lineOn(state, admitted('work', 'check_1')))).not.toHaveProperty('answered');
    expect(offerOn(lineOn(open, rc2))).toBeUndefined();
  });

  test('not for good by a run that came to nothing', () => {
    const ended = lineOn(state, rc2, lv.ended('fixup_1'));
    expect(offerOn(ended)).toEqual(offerOn(state));
    const other = lineOn(state, rc2, lv.reached('fixup_1'), admitted('change', 'fixup_2', { candidate: 3 }));
    expect(offerOn(lineOn(other, lv.ended('fixup_2')))?.answered?.run).toBe('fixup_1');
  });
});
