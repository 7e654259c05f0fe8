import { describe, expect, test } from 'vitest';
import { canonical } from '../../src/release/canonical.js';
import type { Actor } from '../../src/release/actor.js';
import { needsSignature } from '../../src/release/run-events.js';
import { mayHold, tally, type GatePolicy, type Person } from '../../src/release/votes.js';
import { alice, bob, created, digest, ev, goOn, outline, person, refusal, runOf } from './fixtures.js';

const asked = runOf(created([outline('approve', { kind: 'approve', gate: true })]), ev.open());
const whoHolds = (state: typeof asked): string[] =>
  (state.gates['approve']?.holds ?? []).map((hold) => hold.by.name);

describe('a hold', () => {
  test('stands until who holds lets go', () => {
    const both = goOn(asked, ev.held(alice), ev.held(bob));
    expect(both.gates['approve']?.holds).toEqual([
      { by: alice, at: 3000 },
      { by: bob, at: 4000 },
    ]);
    expect(whoHolds(goOn(both, ev.unheld(alice)))).toEqual(['bob']);
    expect(JSON.parse(canonical(both))).toEqual(both);
  });

  test('is one for each person, and nobody lets go of another', () => {
    const once = goOn(asked, ev.held(alice));
    expect(refusal(once, ev.held(alice))).toBe('held-already');
    expect(refusal(once, ev.unheld(bob))).toBe('does-not-hold');
    expect(refusal(asked, ev.unheld(alice))).toBe('does-not-hold');
  });

  test('binds a seal, and an open question', () => {
    expect(refusal(asked, ev.held(alice, digest('6')))).toBe('another-seal');
    expect(refusal(goOn(asked, ev.decided('rejected')), ev.held(alice))).toBe('gate-is-decided');
    expect(refusal(goOn(asked, ev.cancel()), ev.held(alice))).toBe('run-is-cancelled');
  });

  test('does not outlive its question: a new one begins without', () => {
    const again = goOn(asked, ev.held(alice), ev.voided(), ev.open('approve', 90_000, digest('6')));
    expect(again.gates['approve']).not.toHaveProperty('holds');
  });

  test('is written by the bot alone', () => {
    expect([ev.held(alice), ev.unheld(alice)].map(needsSignature)).toEqual([true, true]);
  });
});

describe('votes while somebody holds', () => {
  const dora = person('dora');
  const people: Record<string, Person> = {
    alice: { id: 'alice', name: 'Alice', roles: [] },
    bob: { id: 'bob', name: 'Bob', roles: ['release'] },
    carol: { id: 'carol', name: 'Carol', roles: ['release'] },
    dora: { id: 'dora', name: 'Dora', roles: ['lead'] },
  };
  const policy: GatePolicy = {
    rule: { need: 1, of: ['release'], eachOf: [] },
    requesterMayVote: false,
    reject: ['lead'],
    expiresMs: 1,
    remindMs: [],
    hash: '',
  };
  const counted = (holds: Actor[], roles: Record<string, Person> = people) =>
    tally(
      [{ by: bob }],
      alice,
      policy,
      Object.values(roles),
      (actor) => roles[actor.name],
      holds.map((by) => ({ by })),
    );

  test('do not open it, however many they are', () => {
    expect(counted([])).toMatchObject({ reached: true, holding: [] });
    for (const by of [alice, bob, dora]) {
      const { reached, holding, canOpen } = counted([by]);
      expect({ reached, canOpen, who: holding.map(({ id }) => id) }).toEqual({
        reached: false,
        canOpen: [],
        who: [by.name],
      });
    }
  });

  test('who holds twice, by several accounts, is one', () => {
    expect(counted([dora, dora]).holding).toHaveLength(1);
  });

  test('who is nobody any more, or lost the role, holds nothing', () => {
    expect(counted([person('zed')]).reached).toBe(true);
    expect(counted([dora], { ...people, dora: { id: 'dora', name: 'Dora', roles: [] } }).reached).toBe(true);
  });

  test('may be held by who votes, who rejects, and who asked', () => {
    const who = Object.values(people).filter((one) => mayHold(one, people['alice'], policy));
    expect(who.map(({ id }) => id)).toEqual(['alice', 'bob', 'carol', 'dora']);
    const denied = { ...policy, rule: undefined, reject: [] };
    const left = Object.values(people).filter((one) => mayHold(one, undefined, denied));
    expect(left).toEqual([]);
  });
});
