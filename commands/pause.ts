import { z } from 'zod';
import { defineVerb } from '../src/app/verb.js';
import { pausedAnswer } from '../src/chat/views/answers/acts.js';
import { pausedReceipt } from '../src/chat/views/receipts.js';
import { pause as pauseRun } from '../src/engine/people.js';
import { actorOn, runOf, said } from './on-run.js';

/** Starts nothing new; what runs ends by itself. */
export const pause = defineVerb({
  name: 'pause',
  about: 'Start nothing new in a run until it is resumed',
  positional: ['[run]'],
  options: [{ flags: '--reason <text>', about: 'why' }],
  acts: true,
  args: z.object({ run: z.string().optional(), reason: z.string().max(500).default('no reason given') }),
  async run(context, args) {
    const state = await runOf(context, args.run);
    const by = await actorOn(context, state, { act: 'run' });
    const { run } = state.created;
    await pauseRun(context.opened.engine, { run, by, reason: args.reason });
    const reply = said(pausedReceipt(run), run);
    return { ...reply, message: pausedAnswer(run) };
  },
});
