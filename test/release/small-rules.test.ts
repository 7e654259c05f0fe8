import { describe, expect, test } from 'vitest';
import { Actor, sameActor } from '../../src/release/actor.js';
import {
  canonical,
  sealOf,
  sha256,
  shortDigest,
  longSeal,
  shortSeal,
  type Sealed,
} from '../../src/release/canonical.js';
import { decideChannel, type LineVersions } from '../../src/release/channel.js';
import { isPastPointOfNoReturn, pointOfNoReturn, publicSoFar } from '../../src/release/point-of-no-return.js';
import { retryAt, retryDelaysMs } from '../../src/release/retry.js';
import { needsSignature, RunEvent } from '../../src/release/run-events.js';
import { isSameLineAndOperation, lineId, runId } from '../../src/release/run-id.js';
import { hasEffects } from '../../src/release/run-state.js';
import { schemeOf } from '../../src/release/versions/index.js';
import { alice, bob, created, digest, ev, goOn, inOrder, outline, runOf } from './fixtures.js';

describe('actor', () => {
  test('an account is issuer, workspace and user; the name is for reading', () => {
    expect(sameActor(alice, { ...alice, name: 'Alice renamed' })).toBe(true);
    expect(sameActor(alice, { ...alice, issuer: 'discord' })).toBe(false);
    expect(sameActor(alice, { ...alice, workspace: 'T2' })).toBe(false);
    expect(sameActor(alice, bob)).toBe(false);
  });

  test('nothing else may stand in it', () => {
    expect(Actor.safeParse({ ...alice, role: 'admin' }).success).toBe(false);
    expect(Actor.safeParse({ ...alice, user: '' }).success).toBe(false);
  });
});

describe('canonical', () => {
  test('the order of keys does not matter, the order of lists does', () => {
    expect(canonical({ b: 1, a: [{ d: null, c: 'x' }] })).toBe('{"a":[{"c":"x","d":null}],"b":1}');
    expect(canonical([1, 2])).not.toBe(canonical([2, 1]));
  });

  test('members that are undefined are left out, elements are null', () => {
    expect(canonical({ a: undefined, b: 1 })).toBe('{"b":1}');
    expect(canonical([undefined])).toBe('[null]');
    expect(canonical(undefined)).toBe('null');
  });

  test('keys are escaped and survive a round trip', () => {
    const value = { 'a"b': 'ünï\u0000', é: [true, false, 1.5] };
    expect(JSON.parse(canonical(value))).toEqual(value);
  });
});

describe('seal', () => {
  const sealed: Sealed = {
    project: 'kestrel',
    run: 'kestrel_0.44.0_promote_1',
    step: 'approve',
    version: '0.44.0',
    commit: 'c',
    branch: 'release/0.44.0',
    branchHead: 'c',
    plan: digest('1'),
    differs: ['pyproject.toml'],
    results: { build: { digest: digest('a') }, test: 'ok' },
    skips: {},
  };

  test('equal for equal content', () => {
    expect(sealOf({ ...sealed, results: { test: 'ok', build: { digest: digest('a') } } })).toBe(
      sealOf(sealed),
    );
    expect(sealOf(sealed)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('another for every change', () => {
    const changes: Partial<Sealed>[] = [
      { project: 'other' },
      { run: 'kestrel_0.44.0_promote_2' },
      { step: 'approve-2' },
      { version: '0.44.1' },
      { commit: 'd' },
      { branch: 'main' },
      { branchHead: 'd' },
      { plan: digest('2') },
      { differs: [] },
      { results: { ...sealed.results, build: { digest: digest('b') } } },
      { skips: { test: 'known flake' } },
    ];
    const seals = changes.map((change) => sealOf({ ...sealed, ...change }));
    expect(new Set([sealOf(sealed), ...seals]).size).toBe(changes.length + 1);
  });

  test('is read in short', () => {
    expect(shortSeal('7f3a91c2ffff')).toBe('7F3A-91C2');
    expect(longSeal('7f3a91c205de7b11ffff')).toBe('7F3A-91C2-05DE-7B11');
    expect(shortDigest(sha256(''))).toBe('sha256:e3b0c44298fc');
  });
});

describe('channels', () => {
  const scheme = schemeOf({ scheme: 'pep440', candidate: ['rc'], counter: 'restarts' });
  const versions = (a: string, b: string): number => {
    const [left, right] = [scheme.parse(a), scheme.parse(b)];
    if (left === undefined || right === undefined) throw new Error(`${a} ${b}`);
    return scheme.compare(left, right);
  };
  const promoted = (target: string, candidate = ''): LineVersions => ({
    target,
    candidate,
    promoted: true,
    open: false,
  });
  const open = (target: string, candidate: string): LineVersions => ({
    target,
    candidate,
    promoted: false,
    open: true,
  });
  const abandoned = (target: string, candidate: string): LineVersions => ({
    target,
    candidate,
    promoted: false,
    open: false,
  });
  const both = (lines: LineVersions[]): (string | undefined)[] => [
    decideChannel('stable', lines, versions),
    decideChannel('internal', lines, versions),
  ];

  test('nothing yet', () => {
    expect(both([])).toEqual([undefined, undefined]);
    expect(both([open('0.43.0', '')])).toEqual([undefined, undefined]);
  });

  test('the very first candidate is on internal', () => {
    expect(both([open('0.43.0', '0.43.0rc1')])).toEqual([undefined, '0.43.0rc1']);
  });

  test('promoting 0.42.1 beside an open 0.43.0rc2 moves stable and leaves internal', () => {
    const before = [promoted('0.42.0'), open('0.42.1', '0.42.1rc1'), open('0.43.0', '0.43.0rc2')];
    expect(both(before)).toEqual(['0.42.0', '0.43.0rc2']);
    const after = [promoted('0.42.0'), promoted('0.42.1', '0.42.1rc1'), open('0.43.0', '0.43.0rc2')];
    expect(both(after)).toEqual(['0.42.1', '0.43.0rc2']);
  });

  test('abandoning 0.43.0 takes internal back', () => {
    expect(both([promoted('0.42.1'), abandoned('0.43.0', '0.43.0rc2')])).toEqual(['0.42.1', '0.42.1']);
  });

  test('a candidate of an older line leaves internal on stable', () => {
    expect(both([promoted('0.43.0'), open('0.42.1', '0.42.1rc1')])).toEqual(['0.43.0', '0.43.0']);
  });

  test('a final version is above its own candidates, and ten is above nine', () => {
    expect(both([promoted('0.43.0', '0.43.0rc3')])).toEqual(['0.43.0', '0.43.0']);
    expect(both([promoted('0.9.0'), promoted('0.10.0'), open('0.11.0', '0.11.0rc10')])).toEqual([
      '0.10.0',
      '0.11.0rc10',
    ]);
  });

  test('the order of the lines does not matter', () => {
    const lines = [
      open('0.43.0', '0.43.0rc2'),
      promoted('0.42.1'),
      open('0.44.0', '0.44.0rc1'),
      promoted('0.42.0'),
    ];
    expect(both(lines)).toEqual(both(lines.toReversed()));
    expect(both(lines)).toEqual(['0.42.1', '0.44.0rc1']);
  });
});

describe('retry', () => {
  test('waits longer each time, then leaves it to a person', () => {
    const times = retryDelaysMs.map((_, index) => retryAt(index + 1, 1_000, true, undefined));
    expect(times).toEqual(retryDelaysMs.map((delay) => 1_000 + delay));
    expect(retryAt(retryDelaysMs.length + 1, 1_000, true, undefined)).toBe(0);
  });

  test('what cannot pass is not tried again', () => {
    expect(retryAt(1, 1_000, false, 5_000)).toBe(0);
  });

  test('Retry-After wins if it is longer', () => {
    expect(retryAt(1, 0, true, 60_000)).toBe(60_000);
    expect(retryAt(4, 0, true, 10)).toBe(30_000);
    expect(retryAt(4, 0, true, 10, 0.001)).toBe(30);
    expect(retryAt(1, 0, true, 1_234.5)).toBe(1_235);
  });
});

describe('ids', () => {
  test('a run belongs to its line', () => {
    expect(lineId('kestrel', '0.44.0')).toBe('kestrel_0.44.0');
    expect(runId('kestrel', '0.44.0', 'cut', 2)).toBe('kestrel_0.44.0_cut_2');
  });

  test('runs of the same line and operation know each other', () => {
    expect(isSameLineAndOperation('k_0.44.0_cut_1', 'k_0.44.0_cut_12')).toBe(true);
    expect(isSameLineAndOperation('k_0.44.0_cut_1', 'k_0.44.0_fixup_1')).toBe(false);
    expect(isSameLineAndOperation('k_0.44.0_cut_1', 'k_0.44.1_cut_1')).toBe(false);
    expect(isSameLineAndOperation('nonsense', 'k_0.44.0_cut_1')).toBe(false);
  });
});

describe('point of no return', () => {
  const steps = inOrder(
    outline('build'),
    outline('branch', { public: 'reversible', effect: 'conditional' }),
    outline('tag', { public: 'for-ever', effect: 'conditional', skippable: true }),
    outline('announce', { public: 'reversible', effect: 'searched' }),
  );

  test('is drawn before the first step that is for ever', () => {
    expect(pointOfNoReturn(steps)).toBe('tag');
    expect(pointOfNoReturn(steps.slice(0, 2))).toBeUndefined();
  });

  test('is passed when such a step was sent or done', () => {
    const before = runOf(
      created(steps),
      ev.claim('build'),
      ev.done('build'),
      ev.claim('branch'),
      ev.intent('branch'),
    );
    expect(isPastPointOfNoReturn(before)).toBe(false);
    const tagging = goOn(before, ev.done('branch'), ev.claim('tag'));
    expect(isPastPointOfNoReturn(tagging)).toBe(false);
    expect(isPastPointOfNoReturn(goOn(tagging, ev.intent('tag')))).toBe(true);
    expect(isPastPointOfNoReturn(goOn(tagging, ev.done('tag', 1, { adopted: true })))).toBe(true);
    expect(isPastPointOfNoReturn(goOn(before, ev.commit))).toBe(false);
  });

  test('what is public, unknown and missing', () => {
    const state = runOf(
      created(steps),
      ev.claim('build'),
      ev.done('build'),
      ev.claim('branch'),
      ev.intent('branch'),
      ev.done('branch'),
      ev.claim('tag'),
      ev.intent('tag'),
    );
    const ids = (of: typeof state): string[][] =>
      [publicSoFar(of).made, publicSoFar(of).unknown, publicSoFar(of).missing].map((list) =>
        list.map((step) => step.outline.id),
      );
    expect(ids(state)).toEqual([['branch'], ['tag'], ['announce']]);
    expect(ids(goOn(state, ev.failed('tag'), ev.skip('tag')))).toEqual([['branch'], [], ['announce']]);
  });

  test('effects: sent or made here; what was adopted is not of this run', () => {
    const built = runOf(
      created(steps),
      ev.claim('build'),
      ev.intent('build'),
      ev.done('build'),
      ev.claim('branch'),
    );
    expect(hasEffects(built)).toBe(false);
    expect(hasEffects(goOn(built, ev.done('branch', 1, { adopted: true })))).toBe(false);
    expect(hasEffects(goOn(built, ev.intent('branch')))).toBe(true);
    expect(hasEffects(goOn(built, ev.done('branch')))).toBe(true);
  });
});

describe('events', () => {
  test('build workers write the events of their attempts only', () => {
    const worker = [
      ev.claim('a'),
      ev.intent('a'),
      ev.done('a'),
      ev.failed('a'),
      ev.waiting('a'),
      ev.unknown('a'),
      ev.interrupted('a'),
      ev.settled('a'),
      ev.ownSkip('a', 1),
    ];
    const bot = [
      created([outline('a')]),
      ev.skip('a'),
      ev.retried('a'),
      ev.answered('a', 'made'),
      ev.open(),
      ev.vote(alice),
      ev.withdraw(alice),
      ev.held(alice),
      ev.unheld(alice),
      ev.reminded(50),
      ev.decided('approved'),
      ev.voided(),
      ev.pause,
      ev.resume,
      ev.cancel(),
      ev.commit,
      ev.finish('done'),
    ];
    expect(worker.map(needsSignature)).toEqual(worker.map(() => false));
    expect(bot.map(needsSignature)).toEqual(bot.map(() => true));
    for (const event of [...worker, ...bot]) expect(RunEvent.parse(event)).toEqual(event);
    const all = new Set([...worker, ...bot].map((event) => event.type));
    expect(all.size).toBe(RunEvent.options.length);
  });
});
