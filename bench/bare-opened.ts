import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { localChat } from '../src/chat/local/local-chat.js';
import { loadInstallation } from '../src/app/load-installation.js';
import type { Opened } from '../src/app/wire.js';
import type { JournalKeys } from '../src/engine/keys.js';
import { systemClock } from '../src/engine/ports/clock.js';
import type { Records } from '../src/engine/ports/records.js';
import { memoryLeases } from '../src/queue/memory/leases.js';
import { memoryQueue } from '../src/queue/memory/queue.js';
import type { AnyStepKind } from '../src/steps/step.js';
import { plainEngine } from './plain-engine.js';
import { emptyRepository } from './temporary.js';

/** What verbs and `receive` work with, on a folder, in an installation without projects and without Redis. */
export async function bareOpened(
  folder: string,
  records: Records,
  more: { keys?: JournalKeys; steps?: AnyStepKind[] } = {},
): Promise<Opened> {
  const engine = await plainEngine({
    records,
    queue: memoryQueue(systemClock),
    leases: memoryLeases(systemClock),
    steps: [],
    repo: await emptyRepository(join(folder, 'origin.git')),
    mirror: join(folder, 'mirror.git'),
    warn: (text, error) => process.stderr.write(`${text} ${String(error)}\n`),
    ...more,
  });
  const none = async (): Promise<never> => {
    throw new Error('There is no project.');
  };
  const file = join(folder, 'slipway.yaml');
  await writeFile(file, 'slipway: 1\nname: bench\n');
  const installation = await loadInstallation(file, new Map(), new Set());
  return {
    installation: async () => installation,
    data: folder,
    records,
    engine,
    services: { git: none, lines: none, storage: none, of: none },
    chats: [],
    afterActs: new Set(),
    local: localChat(records, async () => [], Date.now),
  };
}
