import { z } from 'zod';
import { defineVerb } from '../src/app/verb.js';
import { rejectedReceipt } from '../src/chat/views/receipts.js';
import { reject as rejectGate } from '../src/engine/gate.js';
import { gateOf, voter } from './approve.js';
import { runOf, said } from './on-run.js';

/** Ends the run at its gate, with a reason; nothing ships. */
export const reject = defineVerb({
  name: 'reject',
  about: 'Reject what a gate asks for; nothing ships',
  positional: ['[run]', '[gate]'],
  options: [
    { flags: '--seal <seal>', about: 'the seal that you have read', required: true },
    { flags: '--reason <text>', about: 'why', required: true },
  ],
  acts: true,
  args: z.object({
    run: z.string().optional(),
    gate: z.string().optional(),
    seal: z.string(),
    reason: z.string().min(1).max(500),
  }),
  async run(context, args) {
    const state = await runOf(context, args.run);
    const gate = gateOf(state, args.gate, args.seal);
    const by = await voter(context, state);
    const { run } = state.created;
    await rejectGate(context.opened.engine, {
      run,
      step: gate.step,
      seal: gate.seal,
      by,
      reason: args.reason,
    });
    return said(rejectedReceipt(args.reason), run);
  },
});
