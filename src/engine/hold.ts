import { SlipwayError } from '../error.js';
import { sameActor, type Actor } from '../release/actor.js';
import type { GateState } from '../release/run-state.js';
import { mayHold } from '../release/votes.js';
import type { Engine } from './engine.js';
import { decideGate, openQuestion, policyNow, requireInTime } from './gate.js';
import { nudge } from './nudge.js';

interface Ask {
  run: string;
  step: string;
  seal: string;
  by: Actor;
}

/**
 * Holds a gate: no votes open it until he lets go, or it is rejected. Held already, it stays as it is. Who may is asked of
 * the policy of now, and again at the decision.
 * @returns false: he held it before
 * @throws SlipwayError not-found | not-allowed | seal-changed | refused
 */
export async function hold(engine: Engine, { run, step, seal, by }: Ask): Promise<boolean> {
  const state = await engine.runs.load(run);
  const gate = openQuestion(state, step, seal);
  if (state === undefined || gate === undefined)
    throw new SlipwayError('not-found', `No question "${step}" is open in ${run}.`);
  requireUndecided(gate);
  requireInTime(engine, gate, 'held');
  const { project, by: requester } = state.created;
  const policy = await policyNow(engine, state, step);
  const person = await engine.policies.resolve(project, by);
  const asked = await engine.policies.resolve(project, requester);
  if (person === undefined || !mayHold(person, asked, policy)) {
    throw new SlipwayError('not-allowed', `${by.name} may not hold ${run}.`, {
      hint: `Nothing was changed. Who may vote or reject can hold it, and ${requester.name}, who asked for it.`,
    });
  }
  const { written } = await engine.runs.update(run, (now) => {
    const open = openQuestion(now, step, seal);
    requireUndecided(open);
    if (now?.cancelled !== undefined)
      throw new SlipwayError('refused', `${run} was cancelled by ${now.cancelled.by.name}.`, {
        hint: 'Nothing was held. Nothing ships.',
      });
    const isHeld = open?.holds?.some((one) => sameActor(one.by, by)) === true;
    return open === undefined || isHeld ? undefined : { type: 'gate.held', step, seal, by };
  });
  await nudge(engine, run);
  return written;
}

function requireUndecided(gate: GateState | undefined): void {
  if (gate?.decided === undefined) return;
  throw new SlipwayError('refused', `The question is decided: ${gate.decided.outcome}.`, {
    hint: 'Nothing was held.',
  });
}

/** What letting go of a gate did. */
export interface Unheld {
  /** false: he did not hold it. */
  wasHeld: boolean;
  /** The votes sufficed all along, and nobody else holds it. */
  approved: boolean;
}

/** Lets go of a gate, which is decided at once if its votes suffice and nobody else holds it. */
export async function unhold(engine: Engine, { run, step, seal, by }: Ask): Promise<Unheld> {
  const { written } = await engine.runs.update(run, (now) => {
    const gate = openQuestion(now, step, seal);
    const isHeld = gate?.holds?.some((one) => sameActor(one.by, by)) === true;
    return isHeld && gate.decided === undefined ? { type: 'gate.unheld', step, seal, by } : undefined;
  });
  const { approved } = await decideGate(engine, run, step);
  await nudge(engine, run);
  return { wasHeld: written, approved };
}
