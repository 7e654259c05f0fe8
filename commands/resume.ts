import { z } from 'zod';
import { defineVerb } from '../src/app/verb.js';
import { resumedReceipt } from '../src/chat/views/receipts.js';
import { resume as resumeRun } from '../src/engine/people.js';
import { actorOn, goesOn, runOf } from './on-run.js';

/** Goes on after a pause. */
export const resume = defineVerb({
  name: 'resume',
  about: 'Go on after a pause',
  positional: ['[run]'],
  options: [],
  acts: true,
  args: z.object({ run: z.string().optional() }),
  async run(context, args) {
    const state = await runOf(context, args.run);
    const by = await actorOn(context, state, { act: 'run' });
    await resumeRun(context.opened.engine, { run: state.created.run, by });
    return goesOn(context, state.created.run, [resumedReceipt()]);
  },
});
