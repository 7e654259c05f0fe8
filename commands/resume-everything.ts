import { z } from 'zod';
import { authorizeHalt, heldBy, seesRun } from '../src/app/halt.js';
import { defineVerb } from '../src/app/verb.js';
import { resumedLines } from '../src/chat/views/halt.js';
import { notHaltedReceipt } from '../src/chat/views/receipts.js';
import { haltNow, resumeAll } from '../src/engine/halt.js';
import { openIndex } from '../src/engine/open-index.js';
import { reconcile } from '../src/engine/reconcile.js';
import { actorOf } from './on-project.js';

/** Lifts the halt and wakes everything that is open. What a person has paused himself stays paused. */
export const resumeEverything = defineVerb({
  name: 'resume-everything',
  about: 'Go on after stop-everything',
  positional: [],
  options: [],
  acts: true,
  args: z.object({}),
  async run(context) {
    const { opened } = context;
    const { engine } = opened;
    const installation = await opened.installation();
    const by = authorizeHalt(installation, actorOf(context));
    const halt = await haltNow(engine);
    if (halt === undefined || !(await resumeAll(engine, by)))
      return { lines: [notHaltedReceipt()], data: { open: [] }, exit: 0 };
    const { running, held, unreadable, elsewhere } = await heldBy(opened, halt, context.place);
    let waiting = 0;
    for (const id of await openIndex(opened.records).list('lines'))
      waiting += (await engine.lines.beginning(id)).state?.queue.length ?? 0;
    const open = [...running.map(({ state }) => state), ...held];
    const { leftAlone } = await reconcile(engine);
    return {
      lines: [
        ...resumedLines(halt, { open, elsewhere, waiting }),
        ...unreadable.map((one) => `⚠️ ${one}`),
        ...leftAlone
          .filter(({ run }) => seesRun(installation, run, context.place))
          .map((one) => `⚠️ ${one.run} is left alone: ${one.why}`),
      ],
      data: { open: open.map(({ created }) => created.run) },
      exit: 0,
    };
  },
});
