import type { RunState, StepState } from '../release/run-state.js';
import type { Engine } from './engine.js';

const firstSeen = new WeakMap<Engine, Map<string, number>>();

function seenBy(engine: Engine): Map<string, number> {
  const known = firstSeen.get(engine) ?? new Map<string, number>();
  firstSeen.set(engine, known);
  return known;
}

function keyOf(state: RunState, step: StepState): string {
  return `${state.created.run} ${step.outline.id}`;
}

/** Notes which messages wait for their sweep, so that their time begins now and not when the sweep is due. */
export function noteSettling(engine: Engine, state: RunState): void {
  const seen = seenBy(engine);
  for (const step of state.steps) {
    const key = keyOf(state, step);
    if (step.settleAt === 0) seen.delete(key);
    else if (!seen.has(key)) seen.set(key, engine.clock.monotonic());
  }
}

/**
 * How long this process still waits, by its own clock, before it looks for twins of a message: the kind's time from the
 * moment that it first saw the step done. The time in the journal comes from a worker, whose clock may be behind: the
 * sweep would be over before the twin is there.
 */
export function restOfSettling(engine: Engine, state: RunState, step: StepState): number {
  const now = engine.clock.monotonic();
  const since = seenBy(engine).get(keyOf(state, step)) ?? now;
  return since + (engine.kinds.get(step.outline.kind)?.settleMs ?? 0) - now;
}
