import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/release/run-events.js';
import {
  hasReached,
  mayStillArrive,
  stepOf,
  type RunState,
  type StepState,
} from '../../src/release/run-state.js';
import {
  alice,
  bob,
  created,
  digest,
  ev,
  goOn,
  inOrder,
  outline,
  person,
  refusal,
  runOf,
  seal,
} from './fixtures.js';

const plain = created([outline('build', { skippable: true })]);
const start = runOf(plain);
const claimed = goOn(start, ev.claim('build'));

function step(state: RunState, id = 'build'): StepState {
  const found = stepOf(state, id);
  if (found === undefined) throw new Error(id);
  return found;
}

describe('creation', () => {
  test('comes first, once', () => {
    expect(refusal(undefined, ev.pause)).toBe('not-created');
    expect(refusal(start, plain)).toBe('created-twice');
    expect(start).toMatchObject({
      seq: 1,
      at: 1000,
      createdAt: 1000,
      committed: false,
      gates: {},
      voided: [],
    });
    expect(step(start)).toMatchObject({ status: 'todo', attempt: 0, epoch: 0 });
  });

  test('a step that does not exist, or is called like something of JavaScript', () => {
    expect(refusal(start, ev.claim('deploy'))).toBe('no-such-step');
    expect(stepOf(start, 'deploy')).toBeUndefined();
    expect(refusal(start, ev.open('constructor'))).toBe('no-such-gate');
    const odd = runOf(created([outline('constructor', { gate: true })]));
    expect(refusal(odd, ev.vote(bob, 'constructor'))).toBe('gate-is-not-open');
    expect(refusal(odd, ev.open('constructor'))).toBe('');
  });
});

describe('an attempt', () => {
  test('its epoch is the number of its claim', () => {
    expect(step(claimed)).toMatchObject({
      status: 'claimed',
      attempt: 1,
      epoch: 2,
      worker: 'w1',
      startedAt: 2000,
    });
    const again = goOn(claimed, ev.claim('build', 2, 'w2'));
    expect(step(again)).toMatchObject({ attempt: 2, epoch: 3, worker: 'w2', startedAt: 2000 });
  });

  test('attempts count up by one', () => {
    expect(refusal(start, ev.claim('build', 2))).toBe('attempt-out-of-order');
    expect(refusal(claimed, ev.claim('build', 1))).toBe('attempt-out-of-order');
  });

  const late: [string, RunEvent][] = [
    ['intent', ev.intent('build')],
    ['done', ev.done('build')],
    ['failed', ev.failed('build')],
    ['waiting', ev.waiting('build')],
    ['unknown', ev.unknown('build')],
    ['interrupted', ev.interrupted('build')],
    ['skipped', ev.ownSkip('build', 1)],
  ];
  test.each(late)('%s of an attempt that was taken over is refused', (_, event) => {
    expect(refusal(claimed, event)).toBe('');
    expect(refusal(goOn(claimed, ev.claim('build', 2)), event)).toBe('claim-was-lost');
  });

  test.each(late)('%s without a claim is refused', (_, event) => {
    expect(refusal(start, event)).toBe('claim-was-lost');
    for (const after of [ev.failed('build'), ev.unknown('build'), ev.interrupted('build')]) {
      expect(refusal(goOn(claimed, after), event)).toBe('claim-was-lost');
    }
    expect(refusal(goOn(claimed, ev.done('build')), event)).not.toBe('');
  });

  test('done keeps what was read back', () => {
    const done = goOn(
      claimed,
      ev.intent('build'),
      ev.done('build', 1, { outputs: digest('a'), settleAt: 70_000 }),
    );
    expect(step(done)).toMatchObject({
      status: 'done',
      outputs: digest('a'),
      proof: 'read back',
      adopted: false,
      settleAt: 70_000,
      intentOpen: false,
      endedAt: 4000,
      firstIntentAt: 3000,
    });
    expect(refusal(done, ev.claim('build', 2))).toBe('step-is-over');
    expect(refusal(done, ev.skip('build'))).toBe('step-is-over');
  });

  test('the time of the first intent stays', () => {
    const again = goOn(claimed, ev.intent('build'), ev.claim('build', 2), ev.intent('build', 2));
    expect(step(again)).toMatchObject({ firstIntentAt: 3000, intentAttempt: 2, intentOpen: true });
  });

  test('a step that waits may be polled, but sends nothing', () => {
    const waits = goOn(claimed, ev.waiting('build', 1, 9_000));
    expect(step(waits)).toMatchObject({ status: 'waiting', waiting: { for: 'CI', checkAt: 9_000 } });
    expect(refusal(waits, ev.intent('build'))).toBe('claim-was-lost');
    for (const event of [ev.done('build'), ev.failed('build'), ev.waiting('build'), ev.unknown('build')]) {
      expect(refusal(waits, event)).toBe('');
    }
    expect(step(goOn(waits, ev.done('build'))).waiting).toBeUndefined();
    expect(step(goOn(waits, ev.ownSkip('build', 1))).status).toBe('skipped');
    expect(refusal(waits, ev.ownSkip('build'))).toBe('claim-was-lost');
    expect(step(goOn(waits, ev.retried('build'))).status).toBe('todo');
    expect(refusal(goOn(waits, ev.retried('build')), ev.done('build'))).toBe('claim-was-lost');
  });

  test('stages follow each other, steps of one go side by side', () => {
    const run = runOf(created([outline('a'), outline('b'), outline('c', { stage: 1 })]));
    expect(refusal(run, ev.claim('c'))).toBe('not-its-turn');
    const one = goOn(run, ev.claim('b'), ev.done('b'));
    expect(refusal(one, ev.claim('c'))).toBe('not-its-turn');
    expect(refusal(goOn(one, ev.claim('a'), ev.done('a')), ev.claim('c'))).toBe('');
  });
});

describe('failures', () => {
  test('count up, and are forgotten by success and by a person', () => {
    const twice = goOn(
      claimed,
      ev.failed('build'),
      ev.claim('build', 2),
      ev.failed('build', 2, { retryAt: 7 }),
    );
    expect(step(twice)).toMatchObject({ status: 'failed', failures: 2, failure: { retryAt: 7 } });
    expect(step(goOn(twice, ev.retried('build')))).toMatchObject({ status: 'todo', failures: 0, attempt: 2 });
    expect(step(goOn(twice, ev.retried('build'))).failure).toBeUndefined();
    expect(step(goOn(twice, ev.claim('build', 3), ev.done('build', 3)))).toMatchObject({ failures: 0 });
  });

  test('only what failed or waits is retried', () => {
    expect(refusal(start, ev.retried('build'))).toBe('nothing-to-retry');
    expect(refusal(claimed, ev.retried('build'))).toBe('nothing-to-retry');
    expect(refusal(goOn(claimed, ev.unknown('build')), ev.retried('build'))).toBe('nothing-to-retry');
  });

  const sent = goOn(claimed, ev.intent('build'));
  test('the attempt that meant to send knows whether it did', () => {
    expect(step(goOn(sent, ev.failed('build', 1, { sent: false }))).intentOpen).toBe(false);
    expect(step(goOn(sent, ev.failed('build', 1, { sent: true }))).intentOpen).toBe(true);
    expect(step(goOn(sent, ev.interrupted('build', 1, false))).intentOpen).toBe(false);
    expect(step(goOn(sent, ev.interrupted('build', 1, true))).intentOpen).toBe(true);
    expect(step(goOn(sent, ev.waiting('build'))).intentOpen).toBe(true);
  });

  test('a later attempt that failed before it looked knows nothing of it', () => {
    for (const first of [[ev.failed('build', 1, { sent: true })], [ev.interrupted('build', 1, true)], []]) {
      const second = goOn(sent, ...first, ev.claim('build', 2));
      expect(step(goOn(second, ev.failed('build', 2, { sent: false }))).intentOpen).toBe(true);
      expect(step(goOn(second, ev.interrupted('build', 2, false))).intentOpen).toBe(true);
    }
  });

  test('a later attempt that looked and meant to send itself closes it', () => {
    const second = goOn(sent, ev.claim('build', 2), ev.intent('build', 2), ev.failed('build', 2));
    expect(step(second).intentOpen).toBe(false);
  });

  test('what can be done once only: the word of a person counts for the attempt that he saw fail', () => {
    const once = runOf(created([outline('mail', { effect: 'once' })]), ev.claim('mail'), ev.intent('mail'));
    const failed = goOn(once, ev.failed('mail', 1, { sent: true }));
    expect(step(failed, 'mail').intentOpen).toBe(true);
    expect(step(goOn(failed, ev.retried('mail')), 'mail').intentOpen).toBe(false);
    // The worker died after it sent; the next one failed for another reason, and that is what the person saw.
    const died = goOn(once, ev.claim('mail', 2), ev.failed('mail', 2), ev.retried('mail'));
    expect(step(died, 'mail').intentOpen).toBe(true);
    const looked = goOn(sent, ev.failed('build', 1, { sent: true }), ev.retried('build'));
    expect(step(looked).intentOpen).toBe(true);
  });
});

describe('unknown', () => {
  const unknown = goOn(claimed, ev.intent('build'), ev.unknown('build'));

  test('waits for the answer of a person, and for nothing else', () => {
    expect(step(unknown)).toMatchObject({ status: 'unknown', question: 'Was it sent?', intentOpen: true });
    expect(refusal(unknown, ev.claim('build', 2))).toBe('waits-for-an-answer');
    expect(refusal(unknown, ev.skip('build'))).toBe('waits-for-an-answer');
    expect(refusal(unknown, ev.ownSkip('build'))).toBe('claim-was-lost');
    expect(refusal(claimed, ev.answered('build', 'made'))).toBe('nothing-to-answer');
  });

  test('made: it is done', () => {
    const made = step(goOn(unknown, ev.answered('build', 'made')));
    expect(made).toMatchObject({
      status: 'done',
      adopted: true,
      intentOpen: false,
      proof: 'said to be made by bob',
    });
    expect(made.question).toBeUndefined();
  });

  test('not made: it is done again', () => {
    const again = goOn(unknown, ev.answered('build', 'not-made'));
    expect(step(again)).toMatchObject({ status: 'todo', intentOpen: false, failures: 0 });
    expect(refusal(again, ev.claim('build', 2))).toBe('');
  });
});

describe('interrupted', () => {
  test('is claimed again', () => {
    const after = goOn(claimed, ev.interrupted('build'));
    expect(step(after).status).toBe('interrupted');
    expect(step(goOn(after, ev.claim('build', 2))).status).toBe('claimed');
  });
});

describe('skip', () => {
  test('by a person: only where the process allows it, and not what runs', () => {
    expect(step(goOn(start, ev.skip('build'))).skip).toEqual({ reason: 'known flake', by: alice });
    expect(step(goOn(start, ev.skip('build', bob))).skip).toEqual({
      reason: 'known flake',
      by: alice,
      second: bob,
    });
    expect(refusal(claimed, ev.skip('build'))).toBe('step-is-running');
    expect(refusal(runOf(created([outline('build')])), ev.skip('build'))).toBe('may-not-be-skipped');
    expect(step(goOn(claimed, ev.failed('build'), ev.skip('build'))).status).toBe('skipped');
    expect(step(goOn(claimed, ev.waiting('build'), ev.skip('build'))).status).toBe('skipped');
  });

  test('by its own decision: only while it is claimed', () => {
    expect(step(goOn(claimed, ev.ownSkip('build', 1)))).toMatchObject({
      status: 'skipped',
      skip: { reason: 'older' },
    });
    expect(refusal(start, ev.ownSkip('build', 1))).toBe('claim-was-lost');
    expect(refusal(claimed, ev.ownSkip('build'))).toBe('claim-was-lost');
    const tag = created([outline('tag', { public: 'for-ever', effect: 'conditional' })]);
    expect(refusal(runOf(tag, ev.claim('tag')), ev.ownSkip('tag', 1))).toBe('may-not-skip-itself');
    const skipped = goOn(start, ev.skip('build'));
    expect(refusal(skipped, ev.skip('build'))).toBe('step-is-over');
    expect(refusal(skipped, ev.claim('build'))).toBe('step-is-over');
  });
});

describe('gates', () => {
  const gated = created(inOrder(outline('build'), outline('approve', { gate: true }), outline('ship')), {
    kind: 'publish',
  });
  const built = runOf(gated, ev.claim('build'), ev.done('build'));
  const open = goOn(built, ev.open());

  test('open when it is their turn', () => {
    expect(refusal(runOf(gated), ev.open())).toBe('not-its-turn');
    expect(refusal(built, ev.open('build'))).toBe('no-such-gate');
    expect(refusal(built, ev.open('nothing'))).toBe('no-such-gate');
    expect(refusal(open, ev.open())).toBe('gate-is-open');
    expect(open.gates['approve']).toMatchObject({ seal, openedAt: 4000, expiresAt: 90_000, votes: [] });
    expect(step(open, 'approve')).toMatchObject({ status: 'waiting', waiting: { for: 'approval' } });
  });

  test('are decided by people, not by workers', () => {
    expect(refusal(built, ev.claim('approve'))).toBe('a-gate-is-decided-by-people');
    expect(refusal(open, ev.skip('approve'))).toBe('a-gate-is-decided-by-people');
    expect(refusal(open, ev.claim('ship'))).toBe('not-its-turn');
  });

  test('votes: one for each account, taken back and given again', () => {
    const one = goOn(open, ev.vote(bob));
    expect(one.gates['approve']?.votes).toEqual([{ by: bob, at: 5000 }]);
    expect(refusal(one, ev.vote({ ...bob, name: 'renamed' }))).toBe('voted-already');
    expect(refusal(one, ev.withdraw(alice))).toBe('has-not-voted');
    const two = goOn(one, ev.vote(person('carol')), ev.withdraw(bob));
    expect(two.gates['approve']?.votes.map((vote) => vote.by.name)).toEqual(['carol']);
    expect(refusal(two, ev.vote(bob))).toBe('');
  });

  test('votes, decisions and ends bind the seal', () => {
    const other = digest('6');
    for (const event of [
      ev.vote(bob, 'approve', other),
      ev.withdraw(bob, 'approve', other),
      ev.decided('approved', 'approve', other),
      ev.voided('approve', other),
    ]) {
      expect(refusal(open, event)).toBe('another-seal');
      expect(refusal(built, event)).toBe('gate-is-not-open');
    }
  });

  test('the decision and the transition are one event, and it is the last', () => {
    const approved = goOn(open, ev.vote(bob), ev.decided('approved'));
    expect(step(approved, 'approve')).toMatchObject({ status: 'done', proof: 'approved', endedAt: 6000 });
    expect(approved.gates['approve']?.decided).toMatchObject({ outcome: 'approved', by: [bob], at: 6000 });
    for (const event of [ev.vote(alice), ev.withdraw(bob), ev.decided('rejected'), ev.voided()]) {
      expect(refusal(approved, event)).toBe('gate-is-decided');
    }
    expect(refusal(approved, ev.open())).toBe('gate-is-open');
    expect(refusal(approved, ev.claim('ship'))).toBe('');
  });

  test.each(['rejected', 'expired'] as const)('%s ends the run so', (outcome) => {
    const decided = goOn(open, ev.decided(outcome));
    expect(step(decided, 'approve').status).toBe('failed');
    expect(refusal(decided, ev.finish(outcome))).toBe('');
    expect(refusal(open, ev.finish(outcome))).toBe('gate-did-not-decide-so');
    expect(refusal(decided, ev.finish(outcome === 'expired' ? 'rejected' : 'expired'))).toBe(
      'gate-did-not-decide-so',
    );
    expect(refusal(decided, ev.finish('done'))).toBe('steps-are-left');
    expect(refusal(decided, ev.retried('approve'))).toBe('a-gate-is-decided-by-people');
  });

  test('one of two that decides so is enough to end it so', () => {
    const both = runOf(created([outline('g1', { gate: true }), outline('g2', { gate: true })]));
    const decided = goOn(
      both,
      ev.open('g1'),
      ev.open('g2'),
      ev.decided('approved', 'g1'),
      ev.decided('expired', 'g2'),
    );
    expect(refusal(decided, ev.finish('expired'))).toBe('');
    expect(refusal(decided, ev.finish('rejected'))).toBe('gate-did-not-decide-so');
  });

  test('void: nobody’s vote carries over to the new question', () => {
    const voided = goOn(open, ev.vote(bob), ev.voided());
    expect(voided.gates).toEqual({});
    expect(voided.voided).toEqual([{ step: 'approve', seal, changed: 'the notes', at: 6000 }]);
    expect(step(voided, 'approve')).toMatchObject({ status: 'todo' });
    const other = digest('6');
    const again = goOn(voided, ev.open('approve', 95_000, other));
    expect(again.gates['approve']).toMatchObject({ seal: other, votes: [] });
    expect(refusal(again, ev.vote(bob))).toBe('another-seal');
  });

  test('nothing public is begun before the line is taken', () => {
    const steps = inOrder(outline('build'), outline('tag', { public: 'for-ever' }));
    const publish = runOf(created(steps, { kind: 'publish' }), ev.claim('build'), ev.done('build'));
    expect(refusal(publish, ev.claim('tag'))).toBe('line-is-not-taken');
    expect(refusal(goOn(publish, ev.commit), ev.claim('tag'))).toBe('');
  });
});

describe('pause', () => {
  test('starts nothing new; what runs ends by itself', () => {
    const paused = goOn(start, ev.pause);
    expect(paused.paused).toEqual({ by: alice, reason: 'lunch' });
    expect(refusal(paused, ev.pause)).toBe('paused-already');
    expect(refusal(paused, ev.claim('build'))).toBe('run-is-paused');
    expect(refusal(start, ev.resume)).toBe('not-paused');
    const resumed = goOn(paused, ev.resume);
    expect(resumed.paused).toBeUndefined();
    expect(refusal(resumed, ev.claim('build'))).toBe('');
    const running = goOn(claimed, ev.pause);
    expect(refusal(running, ev.done('build'))).toBe('');
    expect(refusal(running, ev.claim('build', 2))).toBe('');
  });
});

describe('cancel', () => {
  test('one that stops commands may follow one that waits, not the other way round', () => {
    const soft = goOn(claimed, ev.cancel(true));
    expect(refusal(soft, ev.cancel(true))).toBe('cancelled-already');
    const hard = goOn(soft, ev.cancel(false));
    expect(hard.cancelled).toEqual({ by: alice, boundary: false });
    expect(refusal(hard, ev.cancel(true))).toBe('cancelled-already');
    expect(refusal(hard, ev.cancel(false))).toBe('cancelled-already');
  });

  test('starts nothing, but a claim may be taken over to look up what was sent', () => {
    expect(refusal(goOn(start, ev.cancel()), ev.claim('build'))).toBe('run-is-cancelled');
    expect(refusal(goOn(claimed, ev.cancel()), ev.claim('build', 2))).toBe('');
    const ended = goOn(claimed, ev.cancel(), ev.done('build'));
    expect(refusal(ended, ev.finish('cancelled'))).toBe('');
  });

  test('while nothing for ever was made, also after the line was taken; the line is not taken after it', () => {
    const committed = goOn(start, ev.commit);
    expect(committed.committed).toBe(true);
    expect(refusal(committed, ev.cancel())).toBe('');
    const push = created([outline('push', { public: 'for-ever', effect: 'conditional' })]);
    const sent = runOf(push, ev.commit, ev.claim('push'), ev.intent('push'));
    expect(refusal(sent, ev.cancel())).toBe('past-the-point-of-no-return');
    // Something else stands there: ours was refused, and nothing holds the line.
    const refused = goOn(sent, ev.failed('push', 1, { sent: true, code: 'commit-moved' }));
    expect(refusal(refused, ev.cancel())).toBe('');
    expect(refusal(committed, ev.commit)).toBe('committed-already');
    expect(refusal(committed, ev.finish('superseded'))).toBe('past-the-point-of-no-return');
    expect(refusal(goOn(start, ev.cancel()), ev.commit)).toBe('cancelled-already');
  });
});

describe('finish', () => {
  test('not while a step runs, not with steps left, not as something that did not happen', () => {
    for (const outcome of ['done', 'cancelled', 'superseded', 'rejected', 'expired'] as const) {
      expect(refusal(claimed, ev.finish(outcome))).toBe('a-step-is-running');
    }
    const two = runOf(created([outline('a'), outline('b')]), ev.claim('b'), ev.cancel());
    expect(refusal(two, ev.finish('cancelled'))).toBe('a-step-is-running');
    expect(refusal(start, ev.finish('done'))).toBe('steps-are-left');
    expect(refusal(start, ev.finish('cancelled'))).toBe('not-cancelled');
    expect(refusal(start, ev.finish('superseded'))).toBe('');
  });

  test('afterwards only twins are swept', () => {
    const done = goOn(claimed, ev.done('build', 1, { settleAt: 60_000 }), ev.finish('done'));
    expect(done.finished).toEqual({ outcome: 'done', reason: '', at: 4000 });
    for (const event of [
      ev.pause,
      ev.cancel(),
      ev.commit,
      ev.finish('done'),
      ev.claim('build', 2),
      ev.skip('build'),
    ]) {
      expect(refusal(done, event)).toBe('run-is-finished');
    }
    const settled = goOn(done, ev.settled('build'));
    expect(step(settled).settleAt).toBe(0);
    expect(refusal(settled, ev.settled('build'))).toBe('settled-already');
  });

  test('what a run is for is reached before its follow-ups', () => {
    const run = runOf(created(inOrder(outline('tag'), outline('announce', { followUp: true }))));
    expect(hasReached(run)).toBe(false);
    const tagged = goOn(run, ev.claim('tag'), ev.done('tag'));
    expect(hasReached(tagged)).toBe(true);
  });
});

describe('what may still arrive', () => {
  test('is a message or a command that a worker sent and did not report', () => {
    const post = outline('post', { effect: 'searched', public: 'for-ever' });
    const tag = outline('tag', { effect: 'conditional', public: 'for-ever' });
    const sent = goOn(
      runOf(created([post, tag])),
      ev.claim('post'),
      ev.intent('post'),
      ev.claim('tag'),
      ev.intent('tag'),
    );
    expect(sent.steps.map(mayStillArrive)).toEqual([true, false]);
    const told = goOn(sent, ev.interrupted('post', 1, true));
    expect(told.steps.map(mayStillArrive)).toEqual([false, false]);
    expect(runOf(created([post])).steps.map(mayStillArrive)).toEqual([false]);
  });
});

describe('a candidate that is half published', () => {
  test('may still be stopped: whoever abandons the line does not wait for its last step', () => {
    const store = outline('store', { public: 'for-ever', effect: 'conditional' });
    const half = runOf(
      created(inOrder(store, outline('tag'))),
      ev.claim('store'),
      ev.intent('store'),
      ev.done('store'),
    );
    expect(refusal(half, ev.cancel(true))).toBe('');
  });
});

describe('what workers may not write', () => {
  test('an effect that waits, an approval after its time, a vote in a cancelled run', () => {
    const tag = created([outline('tag', { effect: 'conditional', public: 'reversible' })]);
    expect(refusal(runOf(tag, ev.claim('tag')), ev.waiting('tag'))).toBe('an-effect-does-not-wait');
    const gate = created([outline('approve', { gate: true })]);
    const late = runOf(gate, ev.open('approve', 3_000), ev.vote(bob));
    expect(refusal(late, ev.decided('approved'))).toBe('gate-has-expired');
    expect(refusal(late, ev.decided('expired'))).toBe('');
    const cancelled = runOf(gate, ev.open(), ev.cancel());
    expect(refusal(cancelled, ev.vote(bob))).toBe('run-is-cancelled');
  });

  test('a step that was sent is looked up or answered, not skipped', () => {
    const tag = created([outline('tag', { effect: 'conditional', public: 'reversible', skippable: true })]);
    const sent = runOf(tag, ev.claim('tag'), ev.intent('tag'), ev.failed('tag', 1, { sent: true }));
    expect(refusal(sent, ev.skip('tag'))).toBe('sent-and-not-looked-up');
    const unsent = runOf(tag, ev.claim('tag'), ev.intent('tag'), ev.failed('tag', 1, { sent: false }));
    expect(refusal(unsent, ev.skip('tag'))).toBe('');
  });
});
