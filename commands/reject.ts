import { z } from 'zod';
import { defineVerb } from '../src/app/verb.js';
import { rejectedReceipt } from '../src/chat/views/receipts.js';
import { reject as rejectGate } from '../src/engine/gate.js';
import { gateArgs, onGate } from './on-gate.js';
import { said } from './on-run.js';

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
  args: gateArgs.extend({ reason: z.string().min(1).max(500) }),
  async run(context, args) {
    const { ask } = await onGate(context, args);
    await rejectGate(context.opened.engine, { ...ask, reason: args.reason });
    return said(rejectedReceipt(args.reason), ask.run);
  },
});
