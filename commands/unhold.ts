import { defineVerb } from '../src/app/verb.js';
import { letGoReceipt } from '../src/chat/views/receipts.js';
import { unhold as letGo } from '../src/engine/hold.js';
import { gateArgs, onGate } from './on-gate.js';
import { goesOn } from './on-run.js';

/** Lets go of a gate; where its votes suffice it opens at once. */
export const unhold = defineVerb({
  name: 'unhold',
  about: 'Let go of a gate that you hold; it opens at once if its votes suffice',
  positional: ['[run]', '[gate]'],
  options: [{ flags: '--seal <seal>', about: 'the seal that you held', required: true }],
  acts: true,
  args: gateArgs,
  async run(context, args) {
    const { ask } = await onGate(context, args);
    const { run } = ask;
    const { wasHeld, approved } = await letGo(context.opened.engine, ask);
    const isApproved = wasHeld && approved;
    const lines = [letGoReceipt(ask.seal, wasHeld, isApproved)];
    return isApproved
      ? goesOn(context, run, lines, { run, approved })
      : { lines, data: { run, approved }, exit: 0 };
  },
});
