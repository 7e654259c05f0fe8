import { setTimeout as pause } from 'node:timers/promises';
import { takeOwnership } from '../../src/app/owner.js';
import { advance } from '../../src/engine/advance.js';
import { expelWorker } from '../../src/engine/expel.js';
import { reconcile } from '../../src/engine/reconcile.js';
import { start } from '../../src/engine/start.js';
import { beChild, say, settings, work } from './child.js';
import { project } from './release-plan.js';

// A bot: it takes what people ask, decides, and wakes. Everything that it knows is in the journal.
const by = { issuer: 'local', workspace: 'chaos', user: 'ana', name: 'Ana' } as const;
const { engine } = await beChild((told, { engine }) => {
  if ('expel' in told) expelWorker(engine, told.expel).catch((error: unknown) => engine.warn('expel', error));
  if (!('start' in told)) return;
  const { ask, request, target, commit } = told.start;
  start(engine, { request, project, operation: 'cut', kind: 'start', target, commit, inputs: {}, by }).then(
    (started) => say({ ask, answer: started.answer }),
    (error: unknown) => engine.warn(`start of ${target}`, error),
  );
});
if (settings.owns) await takeOwnership(engine.records, '', Date.now());
await work(engine.queue, { advance: (run) => advance(engine, run) });
await reconcile(engine);
say({ ready: true });
// No reconciliation from time to time: it would hide a wake-up that is lost for another reason than a lost server.
let isKnown = true;
for (;;) {
  try {
    isKnown = (await engine.queue.remembers()) && isKnown;
    if (!isKnown) await reconcile(engine);
    isKnown = true;
  } catch (error) {
    engine.warn('the queue was not reached', error);
  }
  await pause(300);
}
