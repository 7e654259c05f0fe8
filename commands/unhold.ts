import { z } from 'zod';
import { defineVerb } from '../src/app/verb.js';
import { letGoReceipt } from '../src/chat/views/receipts.js';
import { unhold as letGo } from '../src/engine/hold.js';
import { gateOf, voter } from './approve.js';
import { goesOn, runOf } from './on-run.js';

/** Lets go of a gate; where its votes suffice it opens at once. */
export const unhold = defineVerb({
  name: 'unhold',
  about: 'Let go of a gate that you hold; it opens at once if its votes suffice',
  positional: ['[run]', '[gate]'],
  options: [{ flags: '--seal <seal>', about: 'the seal that you held', required: true }],
  acts: true,
  args: z.object({ run: z.string().optional(), gate: z.string().optional(), seal: z.string() }),
  async run(context, args) {
    const state = await runOf(context, args.run);
    const gate = gateOf(state, args.gate, args.seal);
    const by = await voter(context, state);
    const { run } = state.created;
    const ask = { run, step: gate.step, seal: gate.seal, by };
    const { wasHeld, approved } = await letGo(context.opened.engine, ask);
    const isApproved = wasHeld && approved;
    const lines = [letGoReceipt(gate.seal, wasHeld, isApproved)];
    return isApproved
      ? goesOn(context, run, lines, { run, approved })
      : { lines, data: { run, approved }, exit: 0 };
  },
});
