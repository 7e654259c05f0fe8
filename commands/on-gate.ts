import { z } from 'zod';
import { personOf, projectOf } from '../src/app/policies.js';
import type { VerbContext } from '../src/app/verb.js';
import { SlipwayError } from '../src/error.js';
import type { Actor } from '../src/release/actor.js';
import type { GateState, RunState } from '../src/release/run-state.js';
import { runOf } from './on-run.js';

/** What names a question: the only open one may be left out, the seal may not. */
export const gateArgs = z.object({
  run: z.string().optional(),
  gate: z.string().optional(),
  seal: z.string(),
});

/** A question, and what the engine is asked about it. */
export interface OnGate {
  state: RunState;
  gate: GateState;
  ask: { run: string; step: string; seal: string; by: Actor };
}

/** The question that is meant, and who says something to it. @throws SlipwayError not-found | seal-changed | not-allowed */
export async function onGate(context: VerbContext, args: z.infer<typeof gateArgs>): Promise<OnGate> {
  const state = await runOf(context, args.run);
  const gate = gateOf(state, args.gate, args.seal);
  const by = await voter(context, state);
  return { state, gate, ask: { run: state.created.run, step: gate.step, seal: gate.seal, by } };
}

/** The question that is meant, if it is still the one that was read. */
function gateOf(state: RunState, name: string | undefined, seal: string): GateState {
  const gates = Object.values(state.gates).filter((gate) => name === undefined || gate.step === name);
  const [gate] = gates;
  const read = seal.replaceAll('-', '').toLowerCase();
  const voided = read.length < 8 ? undefined : state.voided.find((one) => one.seal.startsWith(read));
  if (voided !== undefined) {
    throw new SlipwayError('seal-changed', `That question is void: ${voided.changed}.`, {
      hint: 'No vote on it counts, and nothing shipped through it. slipway status shows what is asked now.',
    });
  }
  if (gate === undefined || gates.length > 1) {
    throw new SlipwayError(
      'not-found',
      gate === undefined
        ? `${state.created.run} asks for no approval now.`
        : `${state.created.run} asks several questions.`,
      {
        hint: gate === undefined ? 'Nobody voted.' : `Name one: ${gates.map((one) => one.step).join(', ')}.`,
      },
    );
  }
  if (read.length < 8 || !gate.seal.startsWith(read)) {
    throw new SlipwayError('seal-changed', `The seal ${seal} is not what is asked now.`, {
      hint: 'Nobody voted. Read the question again (slipway status): what would ship may have changed.',
    });
  }
  return gate;
}

/** Who votes; whether the vote counts is decided by the gate. */
async function voter({ opened, by }: VerbContext, state: RunState): Promise<Actor> {
  const installation = await opened.installation();
  const person =
    by === undefined ? undefined : personOf(installation, projectOf(installation, state.created.project), by);
  if (by === undefined || person === undefined) {
    throw new SlipwayError(
      'not-allowed',
      `${by === undefined ? 'Nobody is named who votes' : `"${by.user}" is nobody who may act here`}.`,
      {
        hint: 'Nobody voted. Add --as <person>, in a sandbox project.',
      },
    );
  }
  return { ...by, name: person.name };
}
