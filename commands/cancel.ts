import { z } from 'zod';
import { defineVerb } from '../src/app/verb.js';
import { cancelledReceipt } from '../src/chat/views/receipts.js';
import { cancel as cancelRun } from '../src/engine/people.js';
import { actorOn, publicNow, runOf } from './on-run.js';

/** Ends a run; after the point of no return it stops after the step, and `retry` goes on. */
export const cancel = defineVerb({
  name: 'cancel',
  about: 'End a run; past the point of no return, stop after this step',
  positional: ['[run]'],
  options: [],
  acts: true,
  args: z.object({ run: z.string().optional() }),
  async run(context, args) {
    const state = await runOf(context, args.run);
    const by = await actorOn(context, state, { act: 'run' });
    const { run } = state.created;
    const done = await cancelRun(context.opened.engine, { run, by });
    const is = await publicNow(context, state);
    const lines = [cancelledReceipt(run, done), ...is];
    return { lines, data: { run, result: done }, exit: 0, follow: run };
  },
});
