import { z } from 'zod';
import { defineVerb } from '../src/app/verb.js';
import { heldReceipt } from '../src/chat/views/receipts.js';
import { hold as holdGate } from '../src/engine/hold.js';
import { gateOf, voter } from './approve.js';
import { runOf, said } from './on-run.js';

/** Holds a gate: no votes open it until who holds it lets go. */
export const hold = defineVerb({
  name: 'hold',
  about: 'Hold a gate: no votes open it until you let go',
  positional: ['[run]', '[gate]'],
  options: [{ flags: '--seal <seal>', about: 'the seal that you have read', required: true }],
  acts: true,
  args: z.object({ run: z.string().optional(), gate: z.string().optional(), seal: z.string() }),
  async run(context, args) {
    const state = await runOf(context, args.run);
    const gate = gateOf(state, args.gate, args.seal);
    const by = await voter(context, state);
    const { run } = state.created;
    const isNew = await holdGate(context.opened.engine, { run, step: gate.step, seal: gate.seal, by });
    return said(heldReceipt(gate.seal, isNew), run);
  },
});
