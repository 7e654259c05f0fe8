import { z } from 'zod';
import { defineVerb } from '../src/app/verb.js';
import { plain } from '../src/chat/views/plain.js';
import { readLog } from '../src/engine/logs.js';
import { SlipwayError } from '../src/error.js';
import { stepOf } from '../src/release/run-state.js';
import { runOf } from './on-run.js';

/** The log of a step, all attempts. */
export const log = defineVerb({
  name: 'log',
  about: 'Show the log of a step',
  positional: ['<run>', '<step>'],
  options: [],
  acts: false,
  args: z.object({ run: z.string(), step: z.string() }),
  async run(context, args) {
    const state = await runOf(context, args.run);
    if (stepOf(state, args.step) === undefined) {
      throw new SlipwayError('not-found', `${args.run} has no step "${args.step}".`, {
        hint: `Its steps: ${state.steps.map((step) => step.outline.id).join(', ')}.`,
      });
    }
    const text = await readLog(context.opened.records, args.run, args.step);
    const lines = text === '' ? [`${args.step} has written no log.`] : text.trimEnd().split('\n').map(plain);
    return { lines, data: { run: args.run, step: args.step, log: text }, exit: 0 };
  },
});
