import { describe, expect, test } from 'vitest';
import { isFinal, nextLook } from '../../../src/app/show/looks.js';
import type { Wanted } from '../../../src/app/show/wanted.js';
import { toldOf, wantedOf } from '../../../src/app/show/wanted-of.js';
import type { RunFacts } from '../../../src/chat/views/run-facts.js';
import type { RunEvent } from '../../../src/release/run-events.js';
import {
  at,
  claimAt,
  decidedAt,
  factsOf,
  failedUpload,
  mira,
  openLine,
  questionOf,
  retriedUpload,
  runAt,
  theSeal,
  toBuild,
  toGate,
  voteAt,
  ada,
  wholeCut,
} from '../../chat/views/facts.js';

const short = (all: readonly Wanted[]): string[] =>
  all.map(({ room, marker, how }) => `${room} ${marker} ${how}`);

const failed = { store: { failed: true, unknown: false, by: undefined, at: 0 } };

function atGate(...more: [number, RunEvent][]): RunFacts {
  const state = runAt(...toGate, ...more);
  return factsOf(state, { questions: [questionOf(state)] });
}

/** The same, reminded after these shares of its time. */
function reminded(...shares: number[]): RunFacts {
  const facts = atGate();
  const [question] = facts.questions;
  if (question === undefined) throw new Error('no question');
  return { ...facts, questions: [{ ...question, gate: { ...question.gate, reminded: shares } }] };
}

describe('what rooms should show', () => {
  test('of a smooth run is its board, in each of its rooms', () => {
    const facts = factsOf(runAt(...wholeCut), { alsoIn: ['eng', 'rel-kestrel', 'eng'] });
    const { run } = facts.state.created;
    expect(short(wantedOf(facts))).toEqual([`rel-kestrel ${run}_board paced`, `eng ${run}_board paced`]);
  });

  test('of a failure is a question, and the same message when it is solved', () => {
    const open = factsOf(runAt(...failedUpload), { stops: failed });
    const { run } = open.state.created;
    expect(short(wantedOf(open)).slice(1)).toEqual([`rel-kestrel ${run}_store_failed now`]);
    const solved = factsOf(runAt(...failedUpload, ...retriedUpload), {
      stops: { store: { failed: true, unknown: false, by: mira, at: at(14, 51) } },
    });
    expect(short(wantedOf(solved)).slice(1)).toEqual([`rel-kestrel ${run}_store_failed if-there`]);
    expect(wantedOf(solved)[1]?.message).not.toEqual(wantedOf(open)[1]?.message);
  });

  test('of a failure that is tried again by itself is the board alone', () => {
    const facts = factsOf(runAt(...failedUpload), { stops: {} });
    expect(wantedOf(facts)).toHaveLength(1);
  });

  test('of a gate is one question, with a name for its seal', () => {
    const facts = atGate();
    const { run } = facts.state.created;
    const seal = theSeal.slice(0, 16);
    expect(short(wantedOf(facts)).slice(1)).toEqual([`rel-kestrel ${run}_approve_${seal} now`]);
    const decided = atGate(voteAt(at(15, 4), ada), decidedAt(at(15, 5), 'rejected', [ada], 'no'));
    expect(short(wantedOf(decided))[1]).toMatch(/_approve_[0-9a-f]{16} if-there$/);
  });

  test('of a reminder is one in the thread, the newest only', () => {
    expect(wantedOf(reminded())).toHaveLength(2);
    const facts = reminded(50, 80);
    const reminder = wantedOf(facts)[2];
    expect(reminder?.marker).toMatch(/_reminder-80$/);
    expect(reminder).toMatchObject({ under: `${facts.state.created.run}_board`, how: 'once' });
    expect(wantedOf(facts)).toHaveLength(3);
  });
});

describe('who is told alone', () => {
  test('is everybody who can decide, near the end, once a reminder', () => {
    expect(toldOf(reminded(50))).toEqual([]);
    const told = toldOf(reminded(50, 80));
    expect(told.map(({ person }) => person)).toEqual(['ada', 'jonas', 'priya']);
    expect(new Set(told.map(({ marker }) => marker)).size).toBe(1);
  });

  test('is nobody when it is decided', () => {
    const facts = reminded(80);
    const [question] = facts.questions;
    if (question === undefined) throw new Error('no question');
    const decided = { outcome: 'approved' as const, by: [ada], reason: '', at: at(15, 9) };
    const gate = { ...question.gate, decided };
    expect(toldOf({ ...facts, questions: [{ ...question, gate }] })).toEqual([]);
    expect(toldOf({ ...facts, questions: [{ ...question, changed: 'superseded' }] })).toEqual([]);
  });
});

describe('how urgent an edit is', () => {
  const urgency = (facts: RunFacts): NonNullable<Wanted['urgency']> => {
    const found = wantedOf(facts)[0]?.urgency;
    if (found === undefined) throw new Error('the board is not paced');
    return found;
  };
  const building = factsOf(runAt(...toBuild, claimAt(at(14, 32), 'build')));

  test('a step that begins is a state; what is only counted is progress', () => {
    const todo = factsOf(runAt(...toBuild));
    expect(urgency(todo).decision).toBe(urgency(building).decision);
    expect(urgency(todo).state).not.toBe(urgency(building).state);
    expect(urgency({ ...building, changes: 15 })).toEqual(urgency(building));
    expect(urgency(building).since).toBe(at(14, 32));
    expect(urgency(todo).since).toBeUndefined();
  });

  test('a failure, a question, its end and the end of the run are decisions; a vote is a state', () => {
    const before = urgency(building).decision;
    expect(urgency(factsOf(runAt(...failedUpload))).decision).not.toBe(before);
    expect(urgency(factsOf(runAt(...wholeCut))).decision).not.toBe(before);
    const gate = urgency(atGate());
    const voted = urgency(atGate(voteAt(at(15, 4), ada)));
    expect(voted.decision).toBe(gate.decision);
    expect(voted.state).not.toBe(gate.state);
    const rejected = atGate(decidedAt(at(15, 5), 'rejected', [ada], 'no'));
    expect(urgency(rejected).decision).not.toBe(gate.decision);
  });
});

describe('a look', () => {
  const building = factsOf(runAt(...toBuild, claimAt(at(14, 32), 'build')));

  test('comes by itself while a worker works, less often the longer it does', () => {
    expect(nextLook({ ...building, now: at(14, 32, 30) })).toBe(3_000);
    expect(nextLook({ ...building, now: at(14, 40) })).toBe(15_000);
    expect(nextLook({ ...building, now: at(16, 0) })).toBe(60_000);
    expect(nextLook(factsOf(runAt(...toBuild)))).toBe(3_000);
  });

  test('comes only when something happens where people are waited for, and where all is over', () => {
    expect(nextLook(atGate())).toBeUndefined();
    expect(nextLook(factsOf(runAt(...failedUpload)))).toBeUndefined();
    expect(nextLook(factsOf(runAt(...wholeCut)))).toBeUndefined();
  });

  test('is the last one when nothing can change any more', () => {
    const done = factsOf(runAt(...wholeCut));
    expect(isFinal(building)).toBe(false);
    // Its buttons may go.
    expect(isFinal(done)).toBe(false);
    expect(isFinal({ ...done, isNewest: false })).toBe(true);
    expect(isFinal({ ...done, line: undefined })).toBe(true);
    // Another run has taken its buttons; they come back if that one is cancelled.
    const active = { ...openLine, active: { ...activeRun(done), run: 'kestrel_0.44.0_fixup_1' } };
    expect(isFinal({ ...done, isNewest: false, line: active })).toBe(false);
    expect(isFinal({ ...done, line: { ...openLine, settled: 'abandoned' } })).toBe(true);
  });
});

function activeRun({ state }: RunFacts): NonNullable<NonNullable<RunFacts['line']>['active']> {
  const { run, operation, kind, version, by, plan } = state.created;
  return { run, operation, kind, version, candidate: 1, request: 'r', by, at: state.at, created: plan };
}
