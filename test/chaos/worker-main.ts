import { runStep } from '../../src/engine/run-step.js';
import { beChild, say, work } from './child.js';

// A worker: it takes steps from the queue, and has only the public half of the journal key.
const { engine } = await beChild(() => undefined);
const drain = new AbortController();
await work(engine.queue, { runStep: (job) => runStep(engine, job, drain.signal) });
say({ ready: true });
