import { setTimeout as pause } from 'node:timers/promises';
import type { Queue, QueueHandlers, QueueWorker } from '../../src/engine/ports/queue.js';
import { buildEngine, type Built } from './build-engine.js';
import { ChildSettings, Told, type Said } from './child-settings.js';

/** What the process was told to be. */
export const settings = ChildSettings.parse(JSON.parse(process.env['CHAOS'] ?? '{}'));

/** Says something to the harness. */
export function say(said: Said): void {
  process.send?.(said);
}

/** Builds the engine of this process; hears what the harness says; ends when the harness is gone. */
export async function beChild(onTold: (told: Told, built: Built) => void): Promise<Built> {
  process.on('disconnect', () => process.exit(0));
  const built = await buildEngine(settings);
  process.on('message', (message) => {
    const told = Told.parse(message);
    if ('clockMs' in told) built.clock.offsetMs = told.clockMs;
    else onTold(told, built);
  });
  return built;
}

/** Consumes; where triggers are tripled, each job is handled three times, two of them late and out of order. */
export async function work(queue: Queue, handlers: Omit<QueueHandlers, 'concurrency'>): Promise<void> {
  const { advance, runStep } = handlers;
  const consumer = await queue.work({
    ...(advance && { advance: tripled(advance) }),
    ...(runStep && { runStep: tripled(runStep) }),
    concurrency: settings.concurrency,
  });
  process.on('message', (message) => {
    if (!('close' in Told.parse(message))) return;
    void close(consumer);
  });
}

const late = new Set<Promise<void>>();

async function close(consumer: QueueWorker): Promise<void> {
  await consumer.close();
  await Promise.all(late);
  say({ closed: true });
}

async function handleLate<T>(handle: (job: T) => Promise<void>, job: T, afterMs: number): Promise<void> {
  await pause(afterMs);
  await handle(job).catch(() => undefined);
}

function tripled<T>(handle: (job: T) => Promise<void>): (job: T) => Promise<void> {
  if (!settings.triples) return handle;
  return async (job) => {
    for (const again of [1, 2]) {
      const done = handleLate(handle, job, again * Math.random() * 1_000).finally(() => late.delete(done));
      late.add(done);
    }
    await handle(job);
  };
}
