import { z } from 'zod';
import { personOf, projectOf } from '../src/app/policies.js';
import { defineVerb, type VerbContext } from '../src/app/verb.js';
import { voteReceipt } from '../src/chat/views/run-question.js';
import { vote } from '../src/engine/gate.js';
import { approvedReceipt, countedReceipt, decidedBefore } from '../src/chat/views/receipts.js';
import { SlipwayError } from '../src/error.js';
import type { Actor } from '../src/release/actor.js';
import type { GateState, RunState } from '../src/release/run-state.js';
import { goesOn, runOf } from './on-run.js';

/** Votes for exactly what the seal holds. */
export const approve = defineVerb({
  name: 'approve',
  about: 'Approve what a gate asks for; the seal says exactly what',
  positional: ['[run]', '[gate]'],
  options: [
    {
      flags: '--seal <seal>',
      about: 'the seal that you have read, as the question shows it',
      required: true,
    },
  ],
  acts: true,
  args: z.object({ run: z.string().optional(), gate: z.string().optional(), seal: z.string() }),
  async run(context, args) {
    const state = await runOf(context, args.run);
    const gate = gateOf(state, args.gate, args.seal);
    const by = await voter(context, state);
    const { result, tally } = await vote(context.opened.engine, {
      run: state.created.run,
      step: gate.step,
      seal: gate.seal,
      by,
    });
    const { run } = state.created;
    switch (result) {
      case 'approved':
        return goesOn(context, run, [approvedReceipt(run, gate.seal, tally, state.paused !== undefined)], {
          run,
          approved: true,
        });
      case 'approved-before':
        return {
          lines: decidedBefore(gate),
          data: { run, approved: gate.decided?.outcome === 'approved' },
          exit: gate.decided?.outcome === 'approved' ? 0 : 1,
        };
      default:
        return {
          lines: [countedReceipt(gate.seal, tally, result === 'counted')],
          data: { run, approved: false },
          exit: 0,
          message: voteReceipt({
            run,
            gate: gate.step,
            seal: gate.seal,
            counted: tally.counted.length,
            need: tally.need,
            holding: tally.holding.map(({ name }) => name),
          }),
        };
    }
  },
});

/** The question that is meant, if it is still the one that was read. */
export function gateOf(state: RunState, name: string | undefined, seal: string): GateState {
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
export async function voter({ opened, by }: VerbContext, state: RunState): Promise<Actor> {
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
