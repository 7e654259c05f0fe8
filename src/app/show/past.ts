import type { Engine } from '../../engine/engine.js';
import type { RunFacts } from '../../chat/views/run-facts.js';
import { sameActor } from '../../release/actor.js';
import { own } from '../../release/own.js';
import type { RunEvent } from '../../release/run-events.js';
import type { GateState, RunState } from '../../release/run-state.js';

/** What a run's journal tells and its state has forgotten. */
export interface Past {
  stops: RunFacts['stops'];
  /** Questions that are void, as they stood then, and why. */
  voided: { gate: GateState; changed: string }[];
}

/** Whether anything of a run is forgotten that rooms may have shown: a failure that was answered, a question that is void. */
function hasPast({ steps, voided }: RunState): boolean {
  const isStopped = steps.some(
    ({ attempt, status, skip }) =>
      attempt > 1 || status === 'failed' || status === 'unknown' || skip?.by !== undefined,
  );
  return isStopped || voided.length > 0 || steps.some(({ outline }) => outline.effect === 'once');
}

/** Reads it from the journal; most runs have none, and nothing is read for them. */
export async function pastOf({ runs }: Pick<Engine, 'runs'>, state: RunState): Promise<Past> {
  const past: Past = { stops: {}, voided: [] };
  if (!hasPast(state)) return past;
  const open = new Map<string, GateState>();
  await runs.replay(state.created.run, ({ envelope }, event) => {
    const at = Date.parse(envelope.at);
    remember(past, open, event, at);
  });
  return past;
}

function remember(past: Past, open: Map<string, GateState>, event: RunEvent, at: number): void {
  switch (event.type) {
    case 'step.failed':
      if (event.retryAt === 0) stop(past, event.step, { failed: true });
      return;
    case 'step.unknown':
      stop(past, event.step, { unknown: true });
      return;
    case 'step.retried':
    case 'step.answered':
    case 'step.skipped':
      answer(past, event.step, event.by, at);
      return;
    default:
      question(past, open, event, at);
  }
}

function stop({ stops }: Past, step: string, what: { failed?: true; unknown?: true }): void {
  const before = own(stops, step) ?? { failed: false, unknown: false };
  stops[step] = { ...before, ...what, by: undefined, at: 0 };
}

function answer({ stops }: Past, step: string, by: RunFacts['stops'][string]['by'], at: number): void {
  const before = own(stops, step);
  if (before !== undefined) stops[step] = { ...before, by, at };
}

function question({ voided }: Past, open: Map<string, GateState>, event: RunEvent, at: number): void {
  if (event.type === 'gate.opened') {
    const { step, seal, expiresAt, need, may } = event;
    open.set(step, { step, seal, openedAt: at, expiresAt, need, may, votes: [] });
    return;
  }
  if (event.type !== 'vote.cast' && event.type !== 'vote.withdrawn' && event.type !== 'gate.voided') return;
  const gate = open.get(event.step);
  if (gate === undefined) return;
  if (event.type === 'gate.voided') {
    voided.push({ gate, changed: event.changed });
    open.delete(event.step);
    return;
  }
  const others = gate.votes.filter((one) => !sameActor(one.by, event.by));
  const votes = event.type === 'vote.cast' ? [...others, { by: event.by, at }] : others;
  open.set(event.step, { ...gate, votes });
}
