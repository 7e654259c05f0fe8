import { sameActor } from './actor.js';
import { isItsTurn, no, over, replaceStep, type Folded } from './folded.js';
import { own } from './own.js';
import type { RunEvent } from './run-events.js';
import { stepOf, type RunState } from './run-state.js';

/** What happens to a gate: all of it binds a seal. */
export type GateEvent = Extract<RunEvent, { seal: string }>;

/** Adds an event of a gate to a run. Pure. */
export function foldGate(next: RunState, event: GateEvent): Folded {
  const step = stepOf(next, event.step);
  if (step === undefined || !step.outline.gate) return no('no-such-gate');
  const gate = own(next.gates, event.step);
  const withGate = (changed: typeof gate): RunState => {
    const { [event.step]: _, ...others } = next.gates;
    return { ...next, gates: changed === undefined ? others : { ...others, [event.step]: changed } };
  };
  if (event.type === 'gate.opened') {
    if (gate !== undefined) return no('gate-is-open');
    if (!isItsTurn(next, step)) return no('not-its-turn');
    const opened = withGate({
      step: event.step,
      seal: event.seal,
      openedAt: next.at,
      expiresAt: event.expiresAt,
      need: event.need,
      may: event.may,
      // Left out where it was never written: a state read from a snapshot must be the same.
      ...(event.eachOf !== undefined && { eachOf: event.eachOf }),
      ...(event.remindAt !== undefined && { remindAt: event.remindAt }),
      votes: [],
    });
    return replaceStep(opened, {
      ...step,
      status: 'waiting',
      startedAt: next.at,
      waiting: { for: 'approval', checkAt: event.expiresAt },
    });
  }
  if (gate === undefined) return no('gate-is-not-open');
  if (gate.seal !== event.seal) return no('another-seal');
  if (gate.decided !== undefined) return no('gate-is-decided');
  const { holds = [], reminded = [] } = gate;
  switch (event.type) {
    case 'gate.held':
      if (next.cancelled !== undefined) return no('run-is-cancelled');
      if (holds.some((hold) => sameActor(hold.by, event.by))) return no('held-already');
      return withGate({ ...gate, holds: [...holds, { by: event.by, at: next.at }] });
    case 'gate.unheld':
      if (!holds.some((hold) => sameActor(hold.by, event.by))) return no('does-not-hold');
      return withGate({ ...gate, holds: holds.filter((hold) => !sameActor(hold.by, event.by)) });
    case 'gate.reminded':
      if (reminded.some((share) => share >= event.share)) return no('reminded-already');
      return withGate({ ...gate, reminded: [...reminded, event.share] });
    case 'vote.cast':
      if (next.cancelled !== undefined) return no('run-is-cancelled');
      if (gate.votes.some((vote) => sameActor(vote.by, event.by))) return no('voted-already');
      return withGate({ ...gate, votes: [...gate.votes, { by: event.by, at: next.at }] });
    case 'vote.withdrawn':
      if (!gate.votes.some((vote) => sameActor(vote.by, event.by))) return no('has-not-voted');
      return withGate({ ...gate, votes: gate.votes.filter((vote) => !sameActor(vote.by, event.by)) });
    case 'gate.decided': {
      const { outcome, by, reason } = event;
      if (outcome === 'approved' && next.at >= gate.expiresAt) return no('gate-has-expired');
      const decided = withGate({ ...gate, decided: { outcome, by, reason, at: next.at } });
      // The decision and the transition are this one event.
      return replaceStep(decided, {
        ...over(step, next.at),
        status: outcome === 'approved' ? 'done' : 'failed',
        proof: outcome,
      });
    }
    case 'gate.voided': {
      const voided = [
        ...next.voided,
        { step: event.step, seal: event.seal, changed: event.changed, at: next.at },
      ];
      return replaceStep({ ...withGate(undefined), voided }, { ...over(step, 0), status: 'todo' });
    }
  }
}
