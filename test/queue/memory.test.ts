import { memoryLeases } from '../../src/queue/memory/leases.js';
import { memoryQueue } from '../../src/queue/memory/queue.js';
import { systemClock } from '../../src/engine/ports/clock.js';
import { leasesContract } from '../contracts/leases.js';
import { queueContract } from '../contracts/queue.js';

queueContract('in-process queue', async (times) => memoryQueue(systemClock, times));

leasesContract('in-process leases', async () => {
  let time = 0;
  return {
    leases: memoryLeases({ now: () => 0, monotonic: () => time }),
    pass: async (ms) => void (time += ms),
  };
});
