import { defineVerb } from '../src/app/verb.js';
import { withdrawnReceipt } from '../src/chat/views/receipts.js';
import { withdraw as withdrawVote } from '../src/engine/gate.js';
import { gateArgs, onGate } from './on-gate.js';
import { said } from './on-run.js';

/** Takes a vote back, while the gate is undecided. */
export const withdraw = defineVerb({
  name: 'withdraw',
  about: 'Take your approval back, while the gate is undecided',
  positional: ['[run]', '[gate]'],
  options: [{ flags: '--seal <seal>', about: 'the seal that you approved', required: true }],
  acts: true,
  args: gateArgs,
  async run(context, args) {
    const { ask } = await onGate(context, args);
    const had = await withdrawVote(context.opened.engine, ask);
    return said(withdrawnReceipt(had), ask.run);
  },
});
