import { z } from 'zod';
import { defineVerb } from '../src/app/verb.js';
import { withdrawnReceipt } from '../src/chat/views/receipts.js';
import { withdraw as withdrawVote } from '../src/engine/gate.js';
import { gateOf, voter } from './approve.js';
import { runOf, said } from './on-run.js';

/** Takes a vote back, while the gate is undecided. */
export const withdraw = defineVerb({
  name: 'withdraw',
  about: 'Take your approval back, while the gate is undecided',
  positional: ['[run]', '[gate]'],
  options: [{ flags: '--seal <seal>', about: 'the seal that you approved', required: true }],
  acts: true,
  args: z.object({ run: z.string().optional(), gate: z.string().optional(), seal: z.string() }),
  async run(context, args) {
    const state = await runOf(context, args.run);
    const gate = gateOf(state, args.gate, args.seal);
    const by = await voter(context, state);
    const { run } = state.created;
    const ask = { run, step: gate.step, seal: gate.seal, by };
    const had = await withdrawVote(context.opened.engine, ask);
    return said(withdrawnReceipt(had), run);
  },
});
