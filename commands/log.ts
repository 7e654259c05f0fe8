import { z } from 'zod';
import { defineVerb, type Reply } from '../src/app/verb.js';
import { plain } from '../src/chat/views/plain.js';
import { logAnswer } from '../src/chat/views/answers/log.js';
import { noLog } from '../src/chat/views/receipts.js';
import { endOfLog, readLog } from '../src/engine/logs.js';
import { SlipwayError } from '../src/error.js';
import { stepOf } from '../src/release/run-state.js';
import { runOf } from './on-run.js';

/** How much of a log is read for a chat, which shows its end; a log may be as long as a command has time. */
const chatBytes = 64 * 1024;

/** The log of a step, all attempts; in a chat the end of the newest one. */
export const log = defineVerb({
  name: 'log',
  about: 'Show the log of a step',
  positional: ['<run>', '<step>'],
  options: [],
  acts: false,
  args: z.object({ run: z.string(), step: z.string() }),
  async run(context, args): Promise<Reply> {
    const state = await runOf(context, args.run);
    if (stepOf(state, args.step) === undefined) {
      throw new SlipwayError('not-found', `${args.run} has no step "${args.step}".`, {
        hint: `Its steps: ${state.steps.map((step) => step.outline.id).join(', ')}.`,
      });
    }
    const { project, version } = state.created;
    if (context.place !== undefined) {
      const text = await endOfLog(context.opened.records, args.run, args.step, chatBytes);
      const of = { run: args.run, step: args.step, version: `${project} ${version}` };
      return { lines: [], data: { run: args.run, step: args.step }, exit: 0, message: logAnswer(of, text) };
    }
    const text = await readLog(context.opened.records, args.run, args.step);
    const lines = text === '' ? [noLog(args.step)] : text.trimEnd().split('\n').map(plain);
    return { lines, data: { run: args.run, step: args.step, log: text }, exit: 0 };
  },
});
