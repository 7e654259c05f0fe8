import { defineVerb } from '../src/app/verb.js';
import { voteReceipt } from '../src/chat/views/run-question.js';
import { vote } from '../src/engine/gate.js';
import { approvedReceipt, countedReceipt, decidedBefore } from '../src/chat/views/receipts.js';
import { own } from '../src/release/own.js';
import { gateArgs, onGate } from './on-gate.js';
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
  args: gateArgs,
  async run(context, args) {
    const { state, gate, ask } = await onGate(context, args);
    const { result, tally } = await vote(context.opened.engine, ask);
    const { run } = ask;
    switch (result) {
      case 'approved':
        return goesOn(context, run, [approvedReceipt(run, gate.seal, tally, state.paused !== undefined)], {
          run,
          approved: true,
        });
      case 'approved-before': {
        // It may have been decided after it was read here.
        const now = own((await runOf(context, run)).gates, gate.step) ?? gate;
        const approved = now.decided?.outcome === 'approved';
        return { lines: decidedBefore(now), data: { run, approved }, exit: approved ? 0 : 1 };
      }
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
