import { defineVerb } from '../src/app/verb.js';
import { heldReceipt } from '../src/chat/views/receipts.js';
import { hold as holdGate } from '../src/engine/hold.js';
import { gateArgs, onGate } from './on-gate.js';
import { said } from './on-run.js';

/** Holds a gate: no votes open it until who holds it lets go. */
export const hold = defineVerb({
  name: 'hold',
  about: 'Hold a gate: no votes open it until you let go',
  positional: ['[run]', '[gate]'],
  options: [{ flags: '--seal <seal>', about: 'the seal that you have read', required: true }],
  acts: true,
  args: gateArgs,
  async run(context, args) {
    const { ask } = await onGate(context, args);
    const isNew = await holdGate(context.opened.engine, ask);
    return said(heldReceipt(ask.seal, isNew), ask.run);
  },
});
