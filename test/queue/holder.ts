import { bullmqQueue } from '../../src/queue/bullmq/queue.js';

// A worker for bullmq.test.ts that takes a job of each kind and never finishes it: `holder.ts <address> <name>`.
const [address = '', name = ''] = process.argv.slice(2);
// The search for stalled jobs is shared: the longest `stalledEveryMs` of all workers counts.
const queue = await bullmqQueue({ address, name, options: { lockMs: 600, stalledEveryMs: 200 } });
const hold = async (): Promise<never> => {
  console.log('holding');
  return new Promise(() => undefined);
};
await queue.work({ advance: hold, runStep: hold, concurrency: 1 });
