import { z } from 'zod';
import { personOf, projectOf } from '../src/app/policies.js';
import { defineVerb, type VerbContext } from '../src/app/verb.js';
import { skippedReceipt } from '../src/chat/views/receipts.js';
import { skip as skipStep } from '../src/engine/people.js';
import type { Actor } from '../src/release/actor.js';
import type { RunState } from '../src/release/run-state.js';
import { actorOn, calledStep, goesOn, runOf } from './on-run.js';

/** Leaves a step out for good, with a reason and, where the policy wants it, a second person. */
export const skip = defineVerb({
  name: 'skip',
  about: 'Leave a step out, with a reason; loud on the board and in the record',
  positional: ['<run>', '<step>'],
  options: [
    { flags: '--reason <text>', about: 'why', required: true },
    { flags: '--second <person>', about: 'who agrees, where the policy wants a second person' },
  ],
  acts: true,
  args: z.object({
    run: z.string(),
    step: z.string(),
    reason: z.string().min(1).max(500),
    second: z.string().optional(),
  }),
  async run(context, args) {
    const state = await runOf(context, args.run);
    const second: Actor | undefined =
      args.second === undefined || context.by === undefined
        ? undefined
        : { ...context.by, user: args.second, name: args.second };
    const by = await actorOn(context, state, { act: 'skip', ...(second && { second }) });
    const agrees = second && (await named(context, state, second));
    const { run } = state.created;
    await skipStep(context.opened.engine, {
      run,
      by,
      step: args.step,
      reason: args.reason,
      ...(agrees && { second: agrees }),
    });
    const name = await calledStep(context, state, args.step);
    return goesOn(context, run, [skippedReceipt(name, args.reason)]);
  },
});

/** With the name that slipway.yaml gives. */
async function named({ opened }: VerbContext, state: RunState, actor: Actor): Promise<Actor> {
  const installation = await opened.installation();
  const person = personOf(installation, projectOf(installation, state.created.project), actor);
  return { ...actor, name: person?.name ?? actor.name };
}
