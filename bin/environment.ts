import { verbs } from '../commands/index.js';
import { openInstallation, type Opened } from '../src/app/wire.js';
import { readEnvironment, type Environment } from '../src/config.js';
import { systemClock } from '../src/engine/ports/clock.js';
import { openLogger } from '../src/log.js';
import { memoryLeases } from '../src/queue/memory/leases.js';
import { memoryQueue } from '../src/queue/memory/queue.js';

/** What the bot itself understands; the loader knows that an operation may be called `release` all the same. */
export const verbNames: ReadonlySet<string> = new Set(verbs.map((verb) => verb.name));

/** Opens the installation to look only: no owner is needed, and nothing is written. */
export async function openReader(environment: Environment = readEnvironment()): Promise<Opened> {
  const wakers = { queue: memoryQueue(systemClock), leases: memoryLeases(systemClock) };
  return openInstallation(environment, verbNames, 'reader', wakers, openLogger(environment.logLevel));
}
