import { z } from 'zod';
import { defineVerb } from '../src/app/verb.js';
import { answeredReceipt } from '../src/chat/views/receipts.js';
import { answer as answerStep } from '../src/engine/people.js';
import { SlipwayError } from '../src/error.js';
import { actorOn, calledStep, goesOn, runOf } from './on-run.js';

/** Answers the one open fact about a step whose outcome nobody can look up. */
export const answer = defineVerb({
  name: 'answer',
  about: 'Say whether a step whose outcome is unknown was done',
  positional: ['[run]', '[step]'],
  options: [
    { flags: '--made', about: 'it was done; the run goes on' },
    { flags: '--not-made', about: 'it was not done; it is done now' },
  ],
  acts: true,
  args: z.object({
    run: z.string().optional(),
    step: z.string().optional(),
    made: z.string().optional(),
    'not-made': z.string().optional(),
  }),
  async run(context, args) {
    if ((args.made === undefined) === (args['not-made'] === undefined)) {
      throw new SlipwayError('command-invalid', 'Say either --made or --not-made.', {
        hint: 'Nothing was changed.',
      });
    }
    const state = await runOf(context, args.run);
    const by = await actorOn(context, state, { act: 'run' });
    const { run } = state.created;
    const made = args.made !== undefined;
    const step = await answerStep(context.opened.engine, {
      run,
      by,
      made,
      ...(args.step !== undefined && { step: args.step }),
    });
    const name = await calledStep(context, state, step);
    return goesOn(context, run, [answeredReceipt(name, made, by.name)]);
  },
});
