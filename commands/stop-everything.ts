import { z } from 'zod';
import { authorizeHalt, heldBy } from '../src/app/halt.js';
import { defineVerb } from '../src/app/verb.js';
import { haltedLines } from '../src/chat/views/halt.js';
import { haltAll } from '../src/engine/halt.js';
import { actorOf } from './on-project.js';

/** Starts nothing anywhere until `resume-everything`; what a worker has begun ends by itself. */
export const stopEverything = defineVerb({
  name: 'stop-everything',
  about: 'Pause all runs of all projects and refuse new ones',
  positional: [],
  options: [{ flags: '--reason <text>', about: 'why', required: true }],
  acts: true,
  args: z.object({ reason: z.string().trim().min(1).max(500) }),
  async run(context, { reason }) {
    const { opened } = context;
    const by = authorizeHalt(await opened.installation(), actorOf(context));
    const found = await heldBy(opened, await haltAll(opened.engine, { by, reason }), context.place);
    const { running, held, unreadable } = found;
    return {
      lines: [...haltedLines(found), ...unreadable.map((one) => `⚠️ ${one}`)],
      data: {
        running: running.map(({ state, steps }) => ({ run: state.created.run, steps })),
        held: held.map(({ created }) => created.run),
      },
      exit: 0,
    };
  },
});
