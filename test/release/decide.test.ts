import { describe, expect, test } from 'vitest';
import { decide, type Action, type Decision } from '../../src/release/decide.js';
import type { RunEvent, StepOutline } from '../../src/release/run-events.js';
import type { RunState } from '../../src/release/run-state.js';
import { created, ev, goOn, inOrder, outline, runOf, seal } from './fixtures.js';

const offer = (step: string, attempt = 1): Action => ({ do: 'offer', step, attempt });
const watch = (step: string, attempt: number): Action => ({ do: 'watch', step, attempt });
const record = (event: RunEvent): Action => ({ do: 'record', event });
const finished = (outcome: 'done' | 'cancelled' | 'rejected' | 'expired', reason: string): Action =>
  record({ type: 'run.finished', outcome, reason });
const only = (...actions: Action[]): Decision => ({ actions, due: undefined });
const at = (due: number, ...actions: Action[]): Decision => ({ actions, due });
const run = (...steps: StepOutline[]): RunState => runOf(created(steps));
const over = (id: string): RunEvent[] => [ev.claim(id), ev.done(id)];

describe('stages', () => {
  test('follow each other', () => {
    const state = run(...inOrder(outline('a'), outline('b')));
    expect(decide(state, 0)).toEqual(only(offer('a')));
    expect(decide(goOn(state, ev.claim('a')), 0)).toEqual(only(watch('a', 2)));
    expect(decide(goOn(state, ...over('a')), 0)).toEqual(only(offer('b')));
    expect(decide(goOn(state, ev.claim('a'), ev.ownSkip('a', 1)), 0)).toEqual(only(offer('b')));
  });

  test('when all are over the run has reached and is done', () => {
    const state = goOn(run(outline('a')), ...over('a'));
    expect(decide(state, 0)).toEqual(only({ do: 'reach' }, finished('done', '')));
  });

  test('steps side by side go on to their end when one fails; the next stage waits', () => {
    const state = goOn(
      run(outline('a'), outline('b'), outline('c'), outline('d', { stage: 1 })),
      ev.claim('a'),
    );
    expect(decide(state, 0)).toEqual(only(watch('a', 2), offer('b'), offer('c')));
    const failed = goOn(state, ev.failed('a'), ev.claim('b'));
    expect(decide(failed, 0)).toEqual(only(watch('b', 2), offer('c')));
    const rest = goOn(failed, ev.done('b'), ...over('c'));
    expect(decide(rest, 0)).toEqual(only());
    expect(decide(goOn(rest, ev.retried('a')), 0)).toEqual(only(offer('a', 2)));
  });

  test('the line has reached before the follow-ups', () => {
    const state = goOn(
      run(...inOrder(outline('tag'), outline('announce', { followUp: true }))),
      ...over('tag'),
    );
    expect(decide(state, 0)).toEqual(only({ do: 'reach' }, offer('announce')));
    expect(decide(goOn(state, ev.claim('announce'), ev.failed('announce')), 0)).toEqual(
      only({ do: 'reach' }),
    );
  });
});

describe('failures, interruptions and unknown outcomes', () => {
  const claimed = goOn(run(outline('a')), ev.claim('a'));

  test('a failure that may pass is tried again when it is due', () => {
    const failed = goOn(claimed, ev.failed('a', 1, { retryAt: 5_000 }));
    expect(decide(failed, 4_999)).toEqual(at(5_000));
    expect(decide(failed, 5_000)).toEqual(only(offer('a', 2)));
    expect(decide(goOn(failed, ev.pause), 5_000)).toEqual(only());
  });

  test('another one waits for a person', () => {
    expect(decide(goOn(claimed, ev.failed('a')), 1e9)).toEqual(only());
  });

  test('interrupted: offered again', () => {
    expect(decide(goOn(claimed, ev.interrupted('a')), 0)).toEqual(only(offer('a', 2)));
  });

  test('unknown: a person answers', () => {
    expect(decide(goOn(claimed, ev.unknown('a')), 1e9)).toEqual(only());
  });
});

describe('waiting', () => {
  const waits = goOn(
    run(outline('ci'), outline('b')),
    ...over('b'),
    ev.claim('ci'),
    ev.waiting('ci', 1, 8_000),
  );

  test('asks again when it is time', () => {
    expect(decide(waits, 7_999)).toEqual(at(8_000));
    expect(decide(waits, 8_000)).toEqual(only({ do: 'poll', step: 'ci' }));
    expect(decide(goOn(waits, ev.pause), 8_000)).toEqual(only());
    expect(decide(goOn(waits, ev.pause), 7_999)).toEqual(at(8_000));
  });

  test('the soonest time counts', () => {
    const two = goOn(
      run(outline('ci'), outline('b'), outline('c')),
      ev.claim('ci'),
      ev.waiting('ci', 1, 8_000),
      ev.claim('b'),
      ev.failed('b', 1, { retryAt: 6_000 }),
      ev.claim('c'),
    );
    expect(decide(two, 0)).toEqual(at(6_000, watch('c', 2)));
    expect(decide(two, 7_000)).toEqual(at(8_000, offer('b', 2), watch('c', 2)));
  });
});

describe('pause', () => {
  test('starts nothing new, watches what runs', () => {
    const state = goOn(run(outline('a'), outline('b')), ev.claim('a'), ev.pause);
    expect(decide(state, 0)).toEqual(only(watch('a', 2)));
    expect(decide(goOn(state, ev.interrupted('a')), 0)).toEqual(only());
    expect(decide(goOn(state, ev.resume), 0)).toEqual(only(watch('a', 2), offer('b')));
  });
});

describe('cancel', () => {
  test('what was sent and has no known outcome is looked up before the run ends', () => {
    const tag = outline('tag', { public: 'reversible', effect: 'conditional' });
    const sent = goOn(
      run(tag, outline('mail', { effect: 'once', public: 'for-ever' })),
      ev.claim('tag'),
      ev.intent('tag'),
    );
    const interrupted = goOn(sent, ev.interrupted('tag', 1, true), ev.cancel());
    expect(decide(interrupted, 0)).toEqual(only(offer('tag', 2)));
    const failing = goOn(sent, ev.failed('tag', 1, { retryAt: 70_000, sent: true }), ev.cancel());
    expect(decide(failing, 0)).toEqual(at(70_000));
    expect(decide(failing, 70_000)).toEqual(only(offer('tag', 2)));
    // The look-up found nothing, or found it; either way the run ends then.
    const absent = goOn(failing, ev.claim('tag', 2), ev.failed('tag', 2, { sent: false }));
    expect(decide(absent, 80_000)).toEqual(only(finished('cancelled', 'by alice')));
    const found = goOn(failing, ev.claim('tag', 2), ev.done('tag', 2, { adopted: true }));
    expect(decide(found, 80_000)).toEqual(only(finished('cancelled', 'by alice')));
  });

  test('what failed for good, or never was sent, is not looked up', () => {
    const tag = outline('tag', { public: 'reversible', effect: 'conditional' });
    const refused = goOn(
      run(tag),
      ev.claim('tag'),
      ev.intent('tag'),
      ev.failed('tag', 1, { sent: true }),
      ev.cancel(),
    );
    expect(decide(refused, 0)).toEqual(only(finished('cancelled', 'by alice')));
    const unsent = goOn(
      run(tag),
      ev.claim('tag'),
      ev.intent('tag'),
      ev.interrupted('tag', 1, false),
      ev.cancel(),
    );
    expect(decide(unsent, 0)).toEqual(only(finished('cancelled', 'by alice')));
  });

  test('ends a run in which nothing runs', () => {
    expect(decide(goOn(run(outline('a')), ev.cancel()), 0)).toEqual(only(finished('cancelled', 'by alice')));
  });

  test.each([true, false])('waits for what runs, starts nothing (boundary %s)', (boundary) => {
    const state = goOn(run(outline('a'), outline('b')), ev.claim('a'), ev.cancel(boundary));
    expect(decide(state, 0)).toEqual(only(watch('a', 2)));
    expect(decide(goOn(state, ev.done('a')), 0)).toEqual(only(finished('cancelled', 'by alice')));
  });

  test('what was reached already is told to the line', () => {
    const state = goOn(
      run(...inOrder(outline('tag'), outline('announce', { followUp: true }))),
      ev.claim('tag'),
    );
    const cancelled = goOn(state, ev.cancel(true), ev.done('tag'));
    expect(decide(cancelled, 0)).toEqual(only({ do: 'reach' }, finished('cancelled', 'by alice')));
  });
});

describe('gates', () => {
  const steps = inOrder(
    outline('build'),
    outline('approve', { gate: true }),
    outline('push', { public: 'for-ever' }),
  );
  const built = runOf(created(steps, { kind: 'publish' }), ...over('build'));
  const open = goOn(built, ev.open('approve', 50_000, seal, []));

  test('are opened, and wait without a worker until they expire', () => {
    expect(decide(built, 0)).toEqual(only({ do: 'open-gate', step: 'approve' }));
    expect(decide(goOn(built, ev.pause), 0)).toEqual(only());
    expect(decide(open, 49_999)).toEqual(at(50_000));
  });

  test('expiry becomes an event, and ends the run', () => {
    const expired: RunEvent = {
      type: 'gate.decided',
      step: 'approve',
      seal,
      outcome: 'expired',
      by: [],
      reason: 'nobody decided in time',
      policy: '',
    };
    expect(decide(open, 50_000)).toEqual(only(record(expired)));
    expect(decide(goOn(open, ev.pause), 50_000)).toEqual(only(record(expired)));
    expect(decide(goOn(open, expired), 50_000)).toEqual(only(finished('expired', 'nobody decided in time')));
  });

  test('rejected: the run ends', () => {
    expect(decide(goOn(open, ev.decided('rejected')), 0)).toEqual(
      only(finished('rejected', 'because rejected')),
    );
  });

  test('rejected beside other steps: what runs ends first, and nothing new starts', () => {
    const beside = goOn(
      run(outline('approve', { gate: true }), outline('a'), outline('b')),
      ev.open('approve', 90_000, seal, []),
      ev.claim('a'),
    );
    const rejected = goOn(beside, ev.decided('rejected'));
    expect(decide(beside, 0)).toEqual(at(90_000, watch('a', 2), offer('b')));
    expect(decide(rejected, 0)).toEqual(only(watch('a', 2)));
    expect(decide(goOn(rejected, ev.failed('a', 1, { retryAt: 1 })), 5)).toEqual(
      only(finished('rejected', 'because rejected')),
    );
  });

  test('voided: asked anew', () => {
    expect(decide(goOn(open, ev.voided()), 0)).toEqual(only({ do: 'open-gate', step: 'approve' }));
  });

  test('a publish takes the line before its first public step', () => {
    const approved = goOn(open, ev.decided('approved'));
    expect(decide(approved, 0)).toEqual(only({ do: 'commit' }));
    expect(decide(goOn(approved, ev.pause), 0)).toEqual(only());
    const committed = goOn(approved, ev.commit);
    expect(decide(committed, 0)).toEqual(only(offer('push')));
    expect(decide(goOn(committed, ...over('push')), 0)).toEqual(only({ do: 'reach' }, finished('done', '')));
  });

  test('other kinds have their line already', () => {
    expect(decide(run(outline('push', { public: 'for-ever' })), 0)).toEqual(only(offer('push')));
  });

  test('a step may be called like something of JavaScript', () => {
    expect(decide(run(outline('constructor')), 0)).toEqual(only(offer('constructor')));
  });
});

describe('twins', () => {
  const posted = goOn(
    run(...inOrder(outline('post'), outline('b'))),
    ev.claim('post'),
    ev.done('post', 1, { settleAt: 60_000 }),
  );

  test('are looked for when it is time, beside everything else', () => {
    expect(decide(posted, 0)).toEqual(at(60_000, offer('b')));
    expect(decide(posted, 60_000)).toEqual(only(offer('b'), { do: 'settle', step: 'post' }));
    expect(decide(goOn(posted, ev.settled('post')), 60_000)).toEqual(only(offer('b')));
  });

  test('also after the run is finished', () => {
    const done = goOn(posted, ...over('b'), ev.finish('done'));
    expect(decide(done, 59_999)).toEqual(at(60_000));
    expect(decide(done, 60_000)).toEqual(only({ do: 'settle', step: 'post' }));
    expect(decide(goOn(done, ev.settled('post')), 1e9)).toEqual(only());
  });
});
