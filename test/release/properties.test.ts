import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical } from '../../src/release/canonical.js';
import { decide, type Action } from '../../src/release/decide.js';
import { foldLine } from '../../src/release/fold-line.js';
import { isNotLegal } from '../../src/release/folded.js';
import { foldRun } from '../../src/release/fold-run.js';
import { lineName, type LineEvent, type LineState } from '../../src/release/line-state.js';
import { askLine } from '../../src/release/line-table.js';
import type { OperationKind } from '../../src/release/plan.js';
import type { RunEvent, StepOutline } from '../../src/release/run-events.js';
import { currentStage, stepOf, type RunState } from '../../src/release/run-state.js';
import { admitted, alice, bob, created, digest, ev, lv, outline, refusal } from './fixtures.js';

const names = new Set([
  'none',
  'preparing',
  'open',
  'open-without-candidate',
  'promoting',
  'promoted',
  'abandoned',
]);

const kind = fc.constantFrom<OperationKind>(
  'start',
  'change',
  'publish',
  'hotfix',
  'end',
  'work',
  'final',
  'none',
);

/** What somebody tries on a line, in terms of what stands there: mostly sensible, sometimes about another run. */
interface LineTry {
  what: number;
  kind: OperationKind;
  candidate: number;
  request: number;
  usual: boolean;
  flag: boolean;
}

const lineTry = fc.record<LineTry>({
  what: fc.nat({ max: 9 }),
  kind,
  candidate: fc.constantFrom(1, 1, 1, 0, -1, 2),
  request: fc.nat({ max: 12 }),
  usual: fc.constantFrom(true, true, true, false),
  flag: fc.boolean(),
});

function lineEventOf(state: LineState | undefined, one: LineTry): LineEvent {
  const { what, kind, request, usual, flag } = one;
  const makes = kind === 'start' || kind === 'change' || !usual;
  const candidate = makes ? Math.max(0, (state?.used ?? 0) + one.candidate) : 0;
  const run = (usual ? (state?.active ?? state?.publish)?.run : undefined) ?? `r${request}`;
  const asked = usual ? `new${state?.seq ?? 0}` : `q${request}`;
  const events: LineEvent[] = [
    lv.reached(run),
    lv.reached(run),
    lv.committed(run),
    lv.ended(run, flag),
    lv.queued(`q${request}`, flag),
    lv.left(`q${request}`),
  ];
  return events[what] ?? admitted(kind, `r${state?.seq ?? 0}`, { candidate, request: asked });
}

/** The states that a journal passes through that accepts what is legal and refuses the rest. */
function lineStates(
  tries: LineTry[],
): { before: LineState | undefined; event: LineEvent; after: LineState }[] {
  let state: LineState | undefined;
  const steps: { before: LineState | undefined; event: LineEvent; after: LineState }[] = [];
  for (const one of tries) {
    const event = lineEventOf(state, one);
    const seq = (state?.seq ?? 0) + 1;
    const after = foldLine(state, event, seq, seq);
    if (isNotLegal(after)) continue;
    steps.push({ before: state, event, after });
    state = after;
  }
  return steps;
}

describe('a release line, whatever is asked of it', () => {
  const histories = fc.array(lineTry, { maxLength: 60, size: 'max' });

  test('is always in a state of the table, with at most one acting run', () => {
    fc.assert(
      fc.property(histories, (events) => {
        for (const { after } of lineStates(events)) {
          expect(names).toContain(lineName(after));
          expect(after.active === undefined || after.publish === undefined).toBe(true);
          expect(after.committed && after.publish === undefined).toBe(false);
          const waiting = after.queue.map((one) => one.request);
          expect(new Set(waiting).size).toBe(waiting.length);
          expect(waiting.filter((one) => Object.hasOwn(after.requests, one))).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('gives no candidate number away twice', () => {
    fc.assert(
      fc.property(histories, (events) => {
        const given: number[] = [];
        for (const { before, event, after } of lineStates(events)) {
          expect(after.used).toBeGreaterThanOrEqual(before?.used ?? 0);
          expect(after.used).toBeGreaterThanOrEqual(after.candidate);
          if (event.type !== 'line.admitted' || event.candidate === 0) continue;
          const last = given.at(-1) ?? 0;
          if (event.kind === 'start') expect(event.candidate).toBeGreaterThanOrEqual(last);
          else expect(event.candidate).toBeGreaterThan(last);
          given.push(event.candidate);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('never leaves promoted and abandoned, and a committed publish is never superseded', () => {
    fc.assert(
      fc.property(histories, (events) => {
        for (const { before, after } of lineStates(events)) {
          const name = lineName(before);
          if (name === 'promoted' || name === 'abandoned') expect(lineName(after)).toBe(name);
          if (before?.committed === true) {
            expect(after.superseded).toEqual(before.superseded);
            expect(after.active).toBeUndefined();
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('is asked and answered by the same rules as its journal', () => {
    fc.assert(
      fc.property(histories, kind, (events, kind) => {
        const state = lineStates(events).at(-1)?.after;
        const answer = askLine(state, { kind }).answer;
        const event = admitted(kind, 'new', { candidate: kind === 'change' ? 99 : 0, request: 'new' });
        const legal = !isNotLegal(foldLine(state, event, (state?.seq ?? 0) + 1, 1e6));
        // What is asked outside of all lines again by name is legal, and answered with what was done otherwise.
        if (kind === 'none' && legal) expect(['start', 'already']).toContain(answer);
        else if (kind === 'none') expect(state?.settled !== 'none' || state.active !== undefined).toBe(true);
        else expect(legal).toBe(answer === 'start');
        if (answer === 'start' && legal && state?.publish !== undefined)
          expect(askLine(state, { kind })).toMatchObject({ supersedes: state.publish.run });
      }),
      { numRuns: 1000 },
    );
  });

  test('a state from a snapshot goes on like the one that was folded', () => {
    fc.assert(
      fc.property(histories, kind, (events, kind) => {
        const state = lineStates(events).at(-1)?.after;
        if (state === undefined) return;
        const snapshot: LineState = JSON.parse(canonical(state));
        expect(snapshot).toEqual(state);
        expect(askLine(snapshot, { kind })).toEqual(askLine(state, { kind }));
      }),
    );
  });
});

const finishes = [
  'done',
  'cancelled',
  'rejected',
  'done',
  'expired',
  'cancelled',
  'done',
  'superseded',
] as const;
const seals = [digest('5'), digest('6')] as const;
const plans: StepOutline[][] = [
  [
    outline('a', { skippable: true }),
    outline('b'),
    outline('gate', { gate: true, stage: 1 }),
    outline('c', { stage: 2, public: 'for-ever' }),
  ],
  [
    outline('gate', { gate: true }),
    outline('a', { skippable: true }),
    outline('gate2', { gate: true }),
    outline('b', { effect: 'once', public: 'reversible' }),
  ],
  [
    outline('a', { effect: 'searched', public: 'reversible' }),
    outline('b', { stage: 1, effect: 'once' }),
    outline('c', { stage: 2, followUp: true }),
  ],
];

/** What somebody tries, in terms of the state that he sees: mostly sensible, sometimes late. */
interface Try {
  what: number;
  step: number;
  late: number;
  flag: boolean;
  time: number;
}

const tries = fc.array(
  fc.record<Try>({
    what: fc.nat({ max: 1000 }),
    step: fc.nat({ max: 3 }),
    late: fc.constantFrom(0, 0, 0, 1, -1),
    flag: fc.boolean(),
    time: fc.nat({ max: 400 }),
  }),
  { maxLength: 80, size: 'max' },
);

function eventOf(state: RunState, { what, step, late, flag, time }: Try): RunEvent {
  const usual = time % 8 === 0 ? state.steps : currentStage(state);
  const among = usual.length === 0 ? state.steps : usual;
  const chosen = among[step % among.length];
  const id = chosen?.outline.id ?? '';
  const attempt = Math.max(1, (chosen?.attempt ?? 0) - late);
  const seal = seals[flag ? 0 : 1];
  const by = flag ? alice : bob;
  const claim = ev.claim(id, Math.max(1, (chosen?.attempt ?? 0) + 1 - late));
  const ofAttempt: RunEvent[] = [
    ev.done(id, attempt, { settleAt: flag ? time : 0 }),
    ev.done(id, attempt),
    ev.intent(id, attempt),
    ev.failed(id, attempt, { retryAt: flag ? time : 0, sent: late !== 0 }),
    ev.waiting(id, attempt, time),
    ev.unknown(id, attempt),
    ev.interrupted(id, attempt, flag),
    ev.ownSkip(id, attempt),
    claim,
  ];
  const ofPeople: RunEvent[] = [
    claim,
    ev.answered(id, flag ? 'made' : 'not-made'),
    ev.retried(id),
    ev.commit,
    claim,
    ev.skip(id),
    flag && time % 3 === 0 ? ev.pause : ev.resume,
    time % 16 === 0 ? ev.cancel(flag) : ev.resume,
    ev.finish(finishes[time % finishes.length] ?? 'done'),
    ev.settled(id),
  ];
  const known = state.gates[id]?.seal ?? seal;
  const ofGate: RunEvent[] = [
    ev.open(id, time, seal),
    ev.vote(by, id, known),
    ev.decided('approved', id, known),
    ev.decided(flag ? 'rejected' : 'expired', id, late === 0 ? known : seal),
    ev.voided(id, known),
    ev.withdraw(by, id, known),
    ev.finish(finishes[time % finishes.length] ?? 'done'),
  ];
  const isHeld = chosen?.status === 'claimed' || chosen?.status === 'waiting';
  const sensible = chosen?.outline.gate === true ? ofGate : isHeld ? ofAttempt : ofPeople;
  const events = time % 8 === 1 ? [...ofAttempt, ...ofPeople, ...ofGate] : sensible;
  return events[what % events.length] ?? ev.resume;
}

const kindOfRun = fc.constantFrom<OperationKind>('start', 'publish');

function runStates(plan: number, kind: OperationKind, all: Try[]): RunState[] {
  const first = foldRun(undefined, created(plans[plan] ?? [], { kind }), 1, 0);
  if (isNotLegal(first)) throw new Error(first.illegal);
  const states = [first];
  let state = first;
  for (const one of all) {
    const next = foldRun(state, eventOf(state, one), state.seq + 1, state.at + (one.time % 7));
    if (isNotLegal(next)) continue;
    state = next;
    states.push(state);
  }
  return states;
}

const run = fc.tuple(fc.nat({ max: plans.length - 1 }), kindOfRun, tries);
const now = fc.nat({ max: 600 });

/** The event that carrying out an action would write. */
function written(action: Action): RunEvent {
  switch (action.do) {
    case 'record':
      return action.event;
    case 'offer':
    case 'watch':
      return ev.claim(action.step, action.attempt);
    case 'open-gate':
      return ev.open(action.step);
    case 'commit':
      return ev.commit;
    case 'settle':
      return ev.settled(action.step);
    case 'poll':
      return ev.ownSkip(action.step, 0);
    case 'reach':
      return ev.pause;
  }
}

describe('a run, whatever happens to it', () => {
  test('never has a step that runs after its end, and is never superseded once it took the line', () => {
    fc.assert(
      fc.property(run, ([plan, kind, all]) => {
        const states = runStates(plan, kind, all);
        let before = states[0];
        for (const state of states) {
          if (state.finished !== undefined)
            expect(state.steps.map((step) => step.status)).not.toContain('claimed');
          if (state.committed) expect(state.finished?.outcome).not.toBe('superseded');
          if (before?.committed === true) expect(state.committed).toBe(true);
          if (before?.finished !== undefined) expect(state.finished).toEqual(before.finished);
          for (const step of before?.steps ?? []) {
            const now = stepOf(state, step.outline.id);
            expect(now?.epoch).toBeGreaterThanOrEqual(step.epoch);
            expect(now?.attempt).toBeGreaterThanOrEqual(step.attempt);
            if (step.status === 'done' || step.status === 'skipped') expect(now?.status).toBe(step.status);
          }
          before = state;
        }
      }),
      { numRuns: 500 },
    );
  });

  test('accepts nothing of an attempt that is no longer the newest', () => {
    fc.assert(
      fc.property(run, ([plan, kind, all]) => {
        for (const state of runStates(plan, kind, all)) {
          for (const { outline, attempt, status } of state.steps) {
            const id = outline.id;
            const late = (of: number): RunEvent[] => [
              ev.intent(id, of),
              ev.done(id, of),
              ev.failed(id, of),
              ev.waiting(id, of),
              ev.unknown(id, of),
              ev.interrupted(id, of),
              ev.ownSkip(id, of),
            ];
            const old = [
              ...late(attempt - 1),
              ...late(attempt + 1),
              ev.claim(id, attempt),
              ev.claim(id, attempt + 2),
            ];
            const ended = status === 'claimed' || status === 'waiting' ? [] : late(attempt);
            expect([...old, ...ended].filter((event) => refusal(state, event) === '')).toEqual([]);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('decides at any time without an error, and each action can be carried out', () => {
    fc.assert(
      fc.property(run, now, ([plan, kind, all], now) => {
        for (const state of runStates(plan, kind, all)) {
          const { actions, due } = decide(state, now);
          if (due !== undefined) expect(due).toBeGreaterThan(now);
          for (const action of actions) {
            if (action.do === 'poll') expect(stepOf(state, action.step)?.status).toBe('waiting');
            else if (action.do !== 'reach') expect(refusal(state, written(action))).toBe('');
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('asks for no record again that was written', () => {
    fc.assert(
      fc.property(run, now, ([plan, kind, all], now) => {
        for (const state of runStates(plan, kind, all)) {
          const asked = decide(state, now).actions.filter((action) => action.do === 'record');
          let after = state;
          for (const { event } of asked) {
            const next = foldRun(after, event, after.seq + 1, Math.max(after.at, now));
            if (isNotLegal(next)) throw new Error(next.illegal);
            after = next;
          }
          const again = decide(after, now).actions.filter((action) => action.do === 'record');
          for (const { event } of asked)
            expect(again.map((action) => action.event)).not.toContainEqual(event);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('never stands still but for people', () => {
    fc.assert(
      fc.property(run, now, ([plan, kind, all], now) => {
        for (const state of runStates(plan, kind, all)) {
          if (state.finished !== undefined || state.paused !== undefined) continue;
          const { actions, due } = decide(state, now);
          if (due !== undefined || actions.some((action) => action.do !== 'reach')) continue;
          expect(state.steps.some((step) => step.status === 'failed' || step.status === 'unknown')).toBe(
            true,
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  test('decides from a snapshot as from the fold', () => {
    fc.assert(
      fc.property(run, now, ([plan, kind, all], now) => {
        const state = runStates(plan, kind, all).at(-1);
        if (state === undefined) return;
        const snapshot: RunState = JSON.parse(canonical(state));
        expect(snapshot).toEqual(state);
        expect(decide(snapshot, now)).toEqual(decide(state, now));
      }),
      { numRuns: 500 },
    );
  });
});
