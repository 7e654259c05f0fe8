import type { JobsOptions } from 'bullmq';
import { z } from 'zod';
import type { StepJob } from '../../engine/ports/queue.js';

/** The two queues. A queue name may not contain `:`. */
export const queueNames = { advance: 'advance', runStep: 'run-step' } as const;

/** What an `advance` job carries. */
export const wakeData = z.object({ run: z.string() });

/** What a `run-step` job carries. */
export const stepData = z.object({ run: z.string(), step: z.string(), attempt: z.number() });

/** Every key of an installation. The braces keep them on one node of a Redis Cluster. */
export function keyPrefix(installation: string): string {
  return `{slipway:${encodeURIComponent(installation)}}`;
}

/** BullMQ builds keys with `:` and refuses it in ids. */
export function safeId(text: string): string {
  return text.replaceAll('%', '%25').replaceAll(':', '%3A');
}

/**
 * A job is tried until it succeeds. The journal decides when a step has failed; a handler that throws means that
 * something around it is out of order (journal or storage away), and giving up would lose the wake-up.
 */
const everyJob: JobsOptions = {
  attempts: 1_000_000_000,
  backoff: { type: 'capped' },
  removeOnComplete: true,
  removeOnFail: true,
  stackTraceLimit: 0,
  keepLogs: 0,
};

/**
 * A wake-up. Never with a jobId: BullMQ then drops it while one is active. `keepLastIfActive` makes one more
 * afterwards; `reschedule` pulls forward one that waits after a throw, so that a person does not wait for it.
 */
export function wakeOptions(run: string): JobsOptions {
  return { ...everyJob, deduplication: { id: safeId(run), keepLastIfActive: true, reschedule: true } };
}

/** An attempt: the id keeps it single while it waits, is active or waits after a throw. */
export function offerOptions({ run, step, attempt }: StepJob): JobsOptions {
  return { ...everyJob, jobId: `${safeId(run)}_${safeId(step)}_${attempt}` };
}
