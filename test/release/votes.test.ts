import { describe, expect, test } from 'vitest';
import type { Actor } from '../../src/release/actor.js';
import { mayVote, tally, type GatePolicy, type Person, type Tally } from '../../src/release/votes.js';
import { alice, bob, person } from './fixtures.js';

const carol = person('carol');
const dave = person('dave');
const bobOnDiscord: Actor = { issuer: 'discord', workspace: '', user: '42', name: 'bobby' };
const trigger: Actor = { issuer: 'slipway', workspace: '', user: 'slipway', name: 'Slipway' };

const people: Record<string, Person> = {
  alice: { id: 'alice', name: 'Alice', roles: ['release'] },
  bob: { id: 'bob', name: 'Bob', roles: ['release', 'lead'] },
  carol: { id: 'carol', name: 'Carol', roles: ['qa'] },
  dave: { id: 'dave', name: 'Dave', roles: [] },
};
const everybody = Object.values(people);
const resolve = (actor: Actor): Person | undefined =>
  actor.user === bobOnDiscord.user ? people['bob'] : people[actor.name];

const policy = (changes: Partial<GatePolicy> = {}): GatePolicy => ({
  rule: { need: 2, of: ['release', 'qa'], eachOf: [] },
  requesterMayVote: false,
  reject: ['lead'],
  expiresMs: 1,
  remindMs: [],
  hash: '',
  ...changes,
});
const count = (by: Actor[], changes: Partial<GatePolicy> = {}, requester = alice): Tally =>
  tally(
    by.map((one) => ({ by: one })),
    requester,
    policy(changes),
    everybody,
    resolve,
  );
const named = (list: Person[]): string[] => list.map((one) => one.id);

describe('votes', () => {
  test('two different people of the roles reach it', () => {
    const one = count([bob]);
    expect(one).toMatchObject({ reached: false, need: 2 });
    expect(named(one.canDecide)).toEqual(['carol']);
    const two = count([bob, carol]);
    expect(two.reached).toBe(true);
    expect(named(two.counted)).toEqual(['bob', 'carol']);
    expect(two.canDecide).toEqual([]);
  });

  test('what held when it was asked must be satisfied too: loosening counts for later questions', () => {
    const one = { need: 1, of: ['release', 'qa'], eachOf: [] };
    const fewer = { rule: one, atOpening: { need: 2, may: ['bob', 'carol'], eachOf: [] } };
    expect(count([bob], fewer)).toMatchObject({ reached: false, need: 2 });
    expect(count([bob, carol], fewer).reached).toBe(true);
    const later = { rule: one, atOpening: { need: 1, may: ['carol'], eachOf: [] } };
    expect(count([bob], later)).toMatchObject({
      reached: false,
      notCounted: [{ because: 'not-in-the-role' }],
    });
    const more = { rule: { ...one, need: 2 }, atOpening: { need: 1, may: ['bob', 'carol'], eachOf: [] } };
    expect(count([bob], more)).toMatchObject({ reached: false, need: 2 });
    expect(count([bob], { atOpening: { need: 0, may: [], eachOf: [] } })).toMatchObject({
      reached: false,
      need: 0,
      canDecide: [],
    });
  });

  test('linked accounts are one person', () => {
    const result = count([bob, bobOnDiscord]);
    expect(result.reached).toBe(false);
    expect(named(result.counted)).toEqual(['bob']);
    expect(result.notCounted).toEqual([{ name: 'Bob', because: 'same-person' }]);
  });

  test('the requester does not count, also not by another account, unless the policy says so', () => {
    expect(count([alice, bob]).notCounted).toEqual([{ name: 'alice', because: 'requester' }]);
    expect(count([bobOnDiscord, carol], {}, bob).notCounted).toEqual([
      { name: 'bobby', because: 'requester' },
    ]);
    expect(count([alice, bob], { requesterMayVote: true }).reached).toBe(true);
  });

  test('a trigger that nobody knows asks for nobody', () => {
    expect(count([alice, bob], {}, trigger).reached).toBe(true);
    expect(count([trigger, bob], {}, trigger).notCounted).toEqual([{ name: 'Slipway', because: 'unknown' }]);
  });

  test('who has none of the roles does not count, who is unknown neither', () => {
    expect(count([dave, person('mallory'), bob]).notCounted).toEqual([
      { name: 'dave', because: 'not-in-the-role' },
      { name: 'mallory', because: 'unknown' },
    ]);
  });

  test('an empty policy denies', () => {
    for (const rule of [
      undefined,
      { need: 2, of: [], eachOf: [] },
      { need: 0, of: ['release'], eachOf: [] },
    ]) {
      expect(count([bob, carol], { rule }).reached).toBe(false);
      expect(count([], { rule }).reached).toBe(false);
    }
    expect(count([bob], { rule: undefined })).toMatchObject({ need: 0, canDecide: [] });
    expect(count([bob], { rule: { need: Number.NaN, of: ['release'], eachOf: [] } }).reached).toBe(false);
  });

  describe('a role of which somebody must be among them', () => {
    const rule = { need: 2, of: ['release', 'qa'], eachOf: ['lead'] };
    const erin: Person = { id: 'erin', name: 'Erin', roles: ['qa'] };
    const among = [...everybody, erin];
    const tallied = (by: Actor[], changes: Partial<GatePolicy> = {}): Tally =>
      tally(
        by.map((one) => ({ by: one })),
        alice,
        policy({ rule, ...changes }),
        among,
        (actor) => (actor.name === 'erin' ? erin : resolve(actor)),
      );

    test('is counted in the number, and the number alone does not suffice', () => {
      const without = tallied([carol, person('erin')]);
      expect(without).toMatchObject({ reached: false, need: 2, missing: ['lead'] });
      expect(named(without.counted)).toEqual(['carol', 'erin']);
      expect(named(without.canOpen)).toEqual(['bob']);
      expect(tallied([carol, bob])).toMatchObject({ reached: true, missing: [], canOpen: [] });
    });

    test('says whose approval would open it', () => {
      expect(named(tallied([bob]).canOpen)).toEqual(['carol', 'erin']);
      const first = tallied([carol]);
      expect(named(first.canDecide)).toEqual(['bob', 'erin']);
      expect(named(first.canOpen)).toEqual(['bob']);
      expect(tallied([]).canOpen).toEqual([]);
    });

    test('a vote of somebody who has that role only does not count', () => {
      const other = { need: 1, of: ['qa'], eachOf: ['lead'] };
      expect(tallied([bob], { rule: other })).toMatchObject({
        reached: false,
        counted: [],
        notCounted: [{ because: 'not-in-the-role' }],
      });
    });

    test('held when it was asked: who got the role later is not the one', () => {
      const atOpening = { need: 1, may: ['bob', 'carol'], eachOf: [{ role: 'qa', may: ['carol'] }] };
      const loose = { need: 1, of: ['release', 'qa'], eachOf: [] };
      expect(tallied([bob], { rule: loose, atOpening })).toMatchObject({ reached: false, missing: ['qa'] });
      expect(tallied([carol], { rule: loose, atOpening }).reached).toBe(true);
      const gone = { ...loose, eachOf: ['qa'] };
      const wasBob = { ...atOpening, eachOf: [{ role: 'qa', may: ['bob'] }] };
      expect(tallied([carol], { rule: gone, atOpening: wasBob })).toMatchObject({
        reached: false,
        missing: ['qa'],
      });
      expect(tallied([carol, bob], { rule: gone, atOpening: wasBob }).reached).toBe(true);
    });
  });

  test('one person may be asked by itself', () => {
    const [a, b, , d] = everybody;
    if (a === undefined || b === undefined || d === undefined) throw new Error('people');
    expect(mayVote(a, a, policy())).toBe('requester');
    expect(mayVote(a, b, policy())).toBe('yes');
    expect(mayVote(d, undefined, policy())).toBe('not-in-the-role');
  });
});
