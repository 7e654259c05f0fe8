import { describe, expect, test } from 'vitest';
import { lineName, type LineEvent, type LineName, type LineState } from '../../src/release/line-state.js';
import { askHotfix, askLine, isRefusal, type Answer, type Refusal } from '../../src/release/line-table.js';
import type { OperationKind } from '../../src/release/plan.js';
import { admitted, alice, lineOf, lineOn, lineRefusal, lv } from './fixtures.js';

const cut = admitted('start', 'cut_1', { candidate: 1, version: '0.44.0rc1' });
const fixup = admitted('change', 'fixup_1', { candidate: 2, version: '0.44.0rc2' });
const promote = admitted('publish', 'promote_1');
const abandon = admitted('end', 'abandon_1');
const hotfix = admitted('hotfix', 'hotfix_1');

const preparing = lineOf(cut);
const open = lineOn(preparing, lv.reached('cut_1'));
const waiting = lineOn(open, promote);
const promoting = lineOn(waiting, lv.committed('promote_1'));
const withoutCandidate = lineOf(hotfix, lv.reached('hotfix_1'));

const states: Record<LineName, LineState | undefined> = {
  none: undefined,
  preparing,
  open,
  'open-without-candidate': withoutCandidate,
  promoting,
  promoted: lineOn(promoting, lv.reached('promote_1')),
  abandoned: lineOn(open, abandon, lv.reached('abandon_1')),
};

const starts: Answer = { answer: 'start' };
const show = (run: string): Answer => ({ answer: 'show', run });
const refused = (because: Refusal): Answer => ({ answer: 'refuse', because });

const table: Record<OperationKind, Record<LineName, Answer>> = {
  start: {
    none: starts,
    preparing: show('cut_1'),
    open: refused('line-is-open'),
    'open-without-candidate': refused('line-has-no-candidate'),
    promoting: show('promote_1'),
    promoted: refused('exists'),
    abandoned: refused('burnt'),
  },
  change: {
    none: refused('cut-first'),
    preparing: { answer: 'queue', position: 1 },
    open: starts,
    'open-without-candidate': starts,
    promoting: refused('promotion-is-under-way'),
    promoted: refused('line-is-over'),
    abandoned: refused('line-is-over'),
  },
  publish: {
    none: refused('cut-first'),
    preparing: refused('candidate-is-on-its-way'),
    open: starts,
    'open-without-candidate': refused('line-has-no-candidate'),
    promoting: show('promote_1'),
    promoted: { answer: 'already', run: 'promote_1' },
    abandoned: refused('burnt'),
  },
  // Asked of the line that it opens; what the released line answers is a table of its own below.
  hotfix: {
    none: starts,
    preparing: show('cut_1'),
    open: refused('fixup-instead'),
    'open-without-candidate': show('hotfix_1'),
    promoting: refused('promotion-is-under-way'),
    promoted: refused('exists'),
    abandoned: refused('burnt'),
  },
  end: {
    none: refused('nothing-to-end'),
    preparing: { answer: 'stop-then-start', run: 'cut_1' },
    open: starts,
    'open-without-candidate': starts,
    promoting: refused('promotion-is-under-way'),
    promoted: refused('line-is-over'),
    abandoned: { answer: 'already', run: 'abandon_1' },
  },
  work: {
    none: refused('cut-first'),
    preparing: refused('candidate-is-on-its-way'),
    open: starts,
    'open-without-candidate': starts,
    promoting: refused('promotion-is-under-way'),
    promoted: refused('line-is-over'),
    abandoned: refused('line-is-over'),
  },
  final: {
    none: refused('needs-a-final'),
    preparing: refused('needs-a-final'),
    open: refused('needs-a-final'),
    'open-without-candidate': refused('needs-a-final'),
    promoting: refused('promotion-is-under-way'),
    promoted: starts,
    abandoned: refused('needs-a-final'),
  },
  // Its own line knows only runs of its operation at one commit; other states never come.
  none: {
    none: starts,
    preparing: show('cut_1'),
    open: { answer: 'already', run: 'cut_1' },
    'open-without-candidate': { answer: 'already', run: 'hotfix_1' },
    promoting: { answer: 'already', run: 'cut_1' },
    promoted: { answer: 'already', run: 'promote_1' },
    abandoned: { answer: 'already', run: 'abandon_1' },
  },
};

const ofReleased: Record<LineName, Answer> = {
  none: refused('needs-a-final'),
  preparing: refused('candidate-is-on-its-way'),
  open: refused('fixup-instead'),
  'open-without-candidate': show('hotfix_1'),
  promoting: refused('promotion-is-under-way'),
  promoted: starts,
  abandoned: refused('needs-a-final'),
};

const kinds: OperationKind[] = ['start', 'change', 'publish', 'hotfix', 'end', 'work', 'final', 'none'];
const names: LineName[] = [
  'none',
  'preparing',
  'open',
  'open-without-candidate',
  'promoting',
  'promoted',
  'abandoned',
];

describe('the release-line table', () => {
  test.each(names)('a line that is %s is called so', (name) => {
    expect(lineName(states[name])).toBe(name);
  });

  test.each(kinds.flatMap((kind) => names.map((name): [OperationKind, LineName] => [kind, name])))(
    '%s asked of a line that is %s',
    (kind, name) => {
      expect(askLine(states[name], { kind })).toEqual(table[kind][name]);
    },
  );

  test.each(names)('a hotfix of a line that is %s', (name) => {
    expect(askHotfix(states[name])).toEqual(ofReleased[name]);
  });

  test.each(kinds.flatMap((kind) => names.map((name): [OperationKind, LineName] => [kind, name])))(
    'the journal admits %s on a line that is %s exactly where the table lets it start',
    (kind, name) => {
      const legal =
        lineRefusal(states[name], admitted(kind, 'new_1', { candidate: kind === 'change' ? 9 : 0 })) === '';
      expect(legal).toBe(table[kind][name].answer === 'start');
    },
  );
});

describe('a publish that waits at its gate holds nothing', () => {
  test('asked twice: shows it', () => {
    expect(lineName(waiting)).toBe('open');
    expect(askLine(waiting, { kind: 'publish' })).toEqual(show('promote_1'));
    expect(lineRefusal(waiting, admitted('publish', 'promote_2'))).toBe('asked-already');
  });

  test.each<OperationKind>(['change', 'end', 'work'])('%s starts and says whom it supersedes', (kind) => {
    expect(askLine(waiting, { kind })).toEqual({ answer: 'start', supersedes: 'promote_1' });
    const after = lineOn(waiting, admitted(kind, 'next_1', { candidate: kind === 'change' ? 2 : 0 }));
    expect(after?.superseded).toEqual(['promote_1']);
    expect(after?.publish).toBeUndefined();
    expect(lineName(after)).toBe('preparing');
    expect(lineRefusal(after, lv.committed('promote_1'))).toBe('superseded');
    expect(lineRefusal(after, lv.ended('promote_1'))).toBe('not-acting');
    expect(lineRefusal(after, lv.reached('promote_1'))).toBe('not-acting');
  });

  test('past the point of no return nothing supersedes it', () => {
    expect(lineRefusal(promoting, fixup)).toBe('another-run-acts');
    expect(lineRefusal(promoting, abandon)).toBe('another-run-acts');
    expect(lineRefusal(promoting, lv.committed('promote_1'))).toBe('superseded');
    expect(lineRefusal(promoting, lv.ended('promote_1'))).toBe('past-the-point-of-no-return');
  });

  test('it cannot reach before it took the line', () => {
    expect(lineRefusal(waiting, lv.reached('promote_1'))).toBe('not-acting');
  });

  test('rejected: the line is open as before, and can be promoted again', () => {
    const after = lineOn(waiting, lv.ended('promote_1', false, 'rejected'));
    expect(lineName(after)).toBe('open');
    expect(askLine(after, { kind: 'publish' })).toEqual(starts);
  });

  test('cancelled between taking the line and its first effect: the line is free again', () => {
    const after = lineOn(promoting, lv.ended('promote_1', false));
    expect(lineName(after)).toBe('open');
    expect(askLine(after, { kind: 'publish' })).toEqual(starts);
    expect(lineName(lineOn(after, fixup))).toBe('preparing');
  });
});

describe('a first run that stopped', () => {
  test('without an effect: nothing is there', () => {
    const after = lineOn(preparing, lv.ended('cut_1', false));
    expect(lineName(after)).toBe('none');
    expect(askLine(after, { kind: 'start' })).toEqual(starts);
    expect(askLine(after, { kind: 'end' })).toEqual(refused('nothing-to-end'));
  });

  test('after an effect: start goes on, end abandons, the rest is refused', () => {
    const stopped = lineOn(preparing, lv.ended('cut_1'));
    expect(lineName(stopped)).toBe('preparing');
    expect(askLine(stopped, { kind: 'start' })).toEqual(starts);
    expect(askLine(stopped, { kind: 'end' })).toEqual(starts);
    for (const kind of kinds.filter((one) => !['start', 'end', 'hotfix', 'none'].includes(one))) {
      expect(askLine(stopped, { kind }).answer).toBe('refuse');
      expect(lineRefusal(stopped, admitted(kind, 'x', { candidate: 0 }))).toBe(
        'not-on-a-line-that-is-stopped',
      );
    }
    const again = admitted('start', 'cut_2', { candidate: 1, version: '0.44.0rc1' });
    const goesOn = lineOn(stopped, again);
    expect(lineName(goesOn)).toBe('preparing');
    // Stopped again, now before it made anything new: what the first one made is still there.
    expect(lineName(lineOn(goesOn, lv.ended('cut_2', false)))).toBe('preparing');
    expect(lineName(lineOn(goesOn, lv.reached('cut_2')))).toBe('open');
    expect(lineName(lineOn(stopped, abandon, lv.reached('abandon_1')))).toBe('abandoned');
  });

  test('a change that stopped leaves the line as it was', () => {
    const after = lineOn(open, fixup, lv.ended('fixup_1'));
    expect(lineName(after)).toBe('open');
    expect(after?.candidate).toBe(1);
    expect(after?.version).toBe('0.44.0rc1');
  });
});

describe('candidate numbers', () => {
  test('are never used twice, also when their run was cancelled', () => {
    const after = lineOn(open, fixup, lv.ended('fixup_1'));
    expect(after?.used).toBe(2);
    expect(lineRefusal(after, admitted('change', 'fixup_2', { candidate: 2, version: '0.44.0rc2' }))).toBe(
      'candidate-was-used',
    );
    expect(lineRefusal(after, admitted('change', 'fixup_2', { candidate: 1, version: '0.44.0rc1' }))).toBe(
      'candidate-was-used',
    );
    const third = lineOn(
      after,
      admitted('change', 'fixup_2', { candidate: 3, version: '0.44.0rc3' }),
      lv.reached('fixup_2'),
    );
    expect(third).toMatchObject({ candidate: 3, used: 3, settled: 'open' });
  });

  test('are of one name: after rc2 the first beta is free, and no rc2', () => {
    const after = lineOn(open, fixup, lv.reached('fixup_1'));
    const beta = admitted('change', 'beta_1', { candidate: 1, version: '0.44.0b1' });
    const next = lineOn(after, beta, lv.reached('beta_1'));
    expect(next).toMatchObject({ candidate: 1, used: 2, given: { '0.44.0rc': 2, '0.44.0b': 1 } });
    const other = admitted('change', 'beta_2', { candidate: 1, version: '0.44.0b1' });
    expect(lineRefusal(next, other)).toBe('candidate-was-used');
    const again = admitted('change', 'fixup_2', { candidate: 2, version: '0.44.0rc2' });
    expect(lineRefusal(next, again)).toBe('candidate-was-used');
  });

  test('a cut that goes on keeps its number', () => {
    const stopped = lineOn(preparing, lv.ended('cut_1'));
    expect(lineRefusal(stopped, admitted('start', 'cut_2', { candidate: 1 }))).toBe('');
  });

  test('a hotfix makes no candidate, its first fixup makes rc1', () => {
    expect(withoutCandidate).toMatchObject({ candidate: 0, used: 0 });
    const after = lineOn(
      withoutCandidate,
      admitted('change', 'fixup_1', { candidate: 1, version: '0.44.0rc1' }),
      lv.reached('fixup_1'),
    );
    expect(after).toMatchObject({ candidate: 1, settled: 'open' });
    expect(askLine(after, { kind: 'hotfix' })).toEqual(refused('fixup-instead'));
  });

  test('stay known after abandon', () => {
    expect(states.abandoned).toMatchObject({ candidate: 1, used: 1, version: '0.44.0rc1' });
    expect(lineRefusal(states.abandoned, admitted('start', 'cut_2', { candidate: 2 }))).toBe(
      'the-line-is-over',
    );
    expect(lineRefusal(states.promoted, fixup)).toBe('the-line-is-over');
  });
});

describe('one acting run', () => {
  test('a second one is refused, whoever typed at the same moment', () => {
    expect(lineRefusal(preparing, admitted('start', 'cut_2', { candidate: 2 }))).toBe('another-run-acts');
    expect(lineRefusal(preparing, lv.reached('cut_2'))).toBe('not-acting');
    expect(lineRefusal(preparing, lv.ended('cut_2'))).toBe('not-acting');
    expect(lineRefusal(undefined, lv.ended('cut_1'))).toBe('not-acting');
  });

  test('runs are counted by operation, whatever it is called', () => {
    const operation = 'constructor';
    const after = lineOn(
      open,
      admitted('work', 'a', { operation }),
      lv.reached('a'),
      admitted('work', 'b', { operation }),
    );
    expect(after?.runs).toEqual({ start: 1, constructor: 2 });
  });

  test('work changes nothing of the line', () => {
    const after = lineOn(open, admitted('work', 'bench_1'), lv.reached('bench_1'));
    expect(after).toMatchObject({ settled: 'open', candidate: 1, version: '0.44.0rc1' });
  });

  test('the board of a hotfix is shown also after other runs, and after a snapshot', () => {
    const after = lineOn(
      withoutCandidate,
      admitted('work', '17'),
      lv.ended('17'),
      admitted('work', '3'),
      lv.reached('3'),
    );
    expect(askLine(after, { kind: 'hotfix' })).toEqual(show('hotfix_1'));
  });

  test('an abandon that runs is shown, not stopped', () => {
    expect(askLine(lineOn(open, abandon), { kind: 'end' })).toEqual(show('abandon_1'));
  });
});

describe('a hotfix that stopped after an effect', () => {
  const stopped = lineOf(hotfix, lv.ended('hotfix_1'));

  test('goes on with what it made, or is abandoned', () => {
    expect(lineName(stopped)).toBe('preparing');
    expect(askLine(stopped, { kind: 'hotfix' })).toEqual(starts);
    const after = lineOn(stopped, admitted('hotfix', 'hotfix_2'), lv.reached('hotfix_2'));
    expect(lineName(after)).toBe('open-without-candidate');
    expect(askLine(stopped, { kind: 'end' })).toEqual(starts);
    expect(askHotfix(stopped)).toEqual(refused('first-run-stopped'));
  });
});

describe('a first run that stopped', () => {
  test('is not said to be on its way', () => {
    const stopped = lineOf(cut, lv.ended('cut_1'));
    for (const kind of ['change', 'publish', 'work'] as const)
      expect(askLine(stopped, { kind })).toEqual(refused('first-run-stopped'));
    expect(isRefusal('first-run-stopped')).toBe(true);
    expect(isRefusal('the remote did not answer')).toBe(false);
  });
});

describe('work on a final line', () => {
  const { promoted } = states;
  const announce = admitted('final', 'announce_1', { operation: 'announce' });
  const acting = lineOn(promoted, announce);

  test('changes nothing of it', () => {
    expect(lineName(acting)).toBe('promoted');
    const after = lineOn(acting, lv.reached('announce_1'));
    expect(after).toMatchObject({ settled: 'promoted', version: '0.44.0', reached: 'promote_1' });
    expect(lineName(lineOn(acting, lv.ended('announce_1')))).toBe('promoted');
    expect(askLine(after, { kind: 'publish' })).toEqual({ answer: 'already', run: 'promote_1' });
  });

  test('runs one at a time: the same one is shown, another waits', () => {
    expect(askLine(acting, { kind: 'final', operation: 'announce' })).toEqual(show('announce_1'));
    expect(askLine(acting, { kind: 'final', operation: 'mark-broken' })).toEqual({
      answer: 'queue',
      position: 1,
    });
    expect(lineRefusal(acting, admitted('final', 'mark_1'))).toBe('another-run-acts');
    const queued = lineOn(acting, lv.queued('r1', false, 'final'));
    expect(askLine(queued, { kind: 'final', operation: 'mark-broken' })).toMatchObject({ position: 2 });
  });

  test('a hotfix of it is not held up', () => {
    expect(askHotfix(acting)).toEqual(starts);
  });
});

describe('a run outside of all lines', () => {
  const run = admitted('none', 'latest_1');
  const acting = lineOf(run);
  const done = lineOn(acting, lv.reached('latest_1'));

  test('is shown while it runs, and is done once', () => {
    expect(askLine(acting, { kind: 'none', again: true })).toEqual(show('latest_1'));
    expect(lineRefusal(acting, admitted('none', 'latest_2'))).toBe('another-run-acts');
    expect(askLine(done, { kind: 'none' })).toEqual({ answer: 'already', run: 'latest_1' });
  });

  test('again by name, it runs once more', () => {
    expect(askLine(done, { kind: 'none', again: true })).toEqual(starts);
    const twice = lineOn(done, admitted('none', 'latest_2'), lv.reached('latest_2'));
    expect(twice).toMatchObject({ settled: 'none', reached: 'latest_2', runs: { none: 2 } });
  });

  test('that stopped leaves nothing behind', () => {
    const stopped = lineOn(acting, lv.ended('latest_1'));
    expect(stopped?.settled).toBe('none');
    expect(askLine(stopped, { kind: 'none' })).toEqual(starts);
  });
});

describe('a line that was begun by hand', () => {
  const adopted = (
    settled: 'open' | 'open-without-candidate' | 'promoted',
    candidate: number,
  ): LineEvent => ({
    type: 'line.adopted',
    settled,
    version: candidate === 0 ? '0.44.0' : `0.44.0rc${candidate}`,
    candidate,
    commit: 'c'.repeat(40),
    by: alice,
  });

  test('goes on like any other', () => {
    const line = lineOf(adopted('open', 3));
    expect(line).toMatchObject({ settled: 'open', candidate: 3, used: 3, version: '0.44.0rc3' });
    expect(line?.adopted).toEqual({ commit: 'c'.repeat(40), by: alice, at: 1000 });
    expect(lineRefusal(line, admitted('change', 'fixup_1', { candidate: 3, version: '0.44.0rc3' }))).toBe(
      'candidate-was-used',
    );
    const next = lineOn(
      line,
      admitted('change', 'fixup_1', { candidate: 4, version: '0.44.0rc4' }),
      lv.reached('fixup_1'),
    );
    expect(next).toMatchObject({ candidate: 4, reached: 'fixup_1' });
  });

  test('released, it can be hotfixed and not released again', () => {
    const line = lineOf(adopted('promoted', 0));
    expect(askHotfix(line)).toEqual(starts);
    expect(askLine(line, { kind: 'start' })).toEqual(refused('exists'));
    expect(askLine(line, { kind: 'publish' })).toEqual(refused('line-is-over'));
  });

  test('is adopted once, and only where nothing is known', () => {
    expect(lineRefusal(lineOf(adopted('promoted', 0)), adopted('promoted', 0))).toBe('the-line-is-known');
    expect(lineRefusal(open, adopted('open', 1))).toBe('the-line-is-known');
  });
});

describe('the queue', () => {
  const queued = lineOn(preparing, lv.queued('r1'), lv.queued('r2'));

  test('keeps its order; an abandon goes first', () => {
    expect(askLine(queued, { kind: 'change' })).toEqual({ answer: 'queue', position: 3 });
    const after = lineOn(queued, lv.queued('r3', true, 'end'));
    expect(after?.queue.map((one) => one.request)).toEqual(['r3', 'r1', 'r2']);
  });

  test('a request that is delivered twice waits once', () => {
    expect(lineRefusal(queued, lv.queued('r1'))).toBe('queued-already');
  });

  test('what starts leaves it, and is not admitted or queued again', () => {
    const started = lineOn(
      queued,
      lv.reached('cut_1'),
      admitted('change', 'fixup_1', { candidate: 2, request: 'r1' }),
    );
    expect(started?.queue.map((one) => one.request)).toEqual(['r2']);
    expect(started?.requests).toEqual({ 'request-cut_1': 'cut_1', r1: 'fixup_1' });
    expect(lineRefusal(started, lv.queued('r1'))).toBe('asked-already');
    const free = lineOn(started, lv.reached('fixup_1'));
    expect(lineRefusal(free, admitted('change', 'fixup_2', { candidate: 3, request: 'r1' }))).toBe(
      'asked-already',
    );
    expect(lineRefusal(free, admitted('change', 'fixup_2', { candidate: 3, request: 'r2' }))).toBe('');
  });

  test('what the line no longer accepts leaves it with the reason', () => {
    const after = lineOn(queued, lv.left('r1'));
    expect(after?.queue.map((one) => one.request)).toEqual(['r2']);
    expect(lineRefusal(after, lv.left('r1'))).toBe('not-queued');
  });
});
