import { z } from 'zod';
import { defineVerb } from '../src/app/verb.js';
import { retriedReceipt } from '../src/chat/views/receipts.js';
import { retry as retryStep } from '../src/engine/people.js';
import { actorOn, calledStep, goesOn, runOf } from './on-run.js';

/** Tries a failed step again now; goes on after a stop. */
export const retry = defineVerb({
  name: 'retry',
  about: 'Try a failed step again, or go on after a stop',
  positional: ['[run]', '[step]'],
  options: [],
  acts: true,
  args: z.object({ run: z.string().optional(), step: z.string().optional() }),
  async run(context, args) {
    const state = await runOf(context, args.run);
    const by = await actorOn(context, state, { act: 'run' });
    const { run } = state.created;
    const step = await retryStep(context.opened.engine, {
      run,
      by,
      ...(args.step !== undefined && { step: args.step }),
    });
    const name = step === '' ? '' : await calledStep(context, state, step);
    return goesOn(context, run, [retriedReceipt(name)]);
  },
});
