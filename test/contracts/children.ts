import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A child process that tells what it did, one message each, and can be killed. */
export interface Racer {
  readonly child: ChildProcess;
  readonly messages: unknown[];
  /** Resolves with the exit code, or null after a signal. */
  readonly ended: Promise<number | null>;
}

/**
 * Starts `script` (beside this file) once for each job, waits until all say `ready`, gives each its job, and hands
 * every later message to `onMessage`.
 */
export async function race(
  script: string,
  jobs: object[],
  onMessage: (racer: Racer) => void = () => undefined,
): Promise<Racer[]> {
  const racers = jobs.map(() => {
    const child = fork(fileURLToPath(new URL(script, import.meta.url)), {
      execArgv: ['--import', 'tsx'],
      // Only a warning that the SDK will want Node 22 in 2027.
      env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    });
    const ended = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null);
    return { child, messages: [], ended };
  });
  await Promise.all(
    racers.map(async ({ child, ended }) => {
      const died = ended.then((code) =>
        Promise.reject(new Error(`${script} ended before it began: ${code}`)),
      );
      await Promise.race([once(child, 'message'), died]);
      died.catch(() => undefined);
    }),
  );
  racers.forEach((racer: Racer, at) => {
    racer.child.on('message', (message) => {
      racer.messages.push(message);
      onMessage(racer);
    });
    racer.child.send(jobs[at] ?? {});
  });
  return racers;
}

/** The child's side: says `ready`, waits for its job, works, and leaves when everything it told has been sent. */
export function serveRace(work: (job: unknown, tell: (message: object) => void) => Promise<void>): void {
  const tell = (message: object): void => {
    process.send?.(message);
  };
  process.once('message', (job) => {
    work(job, tell).then(
      () => process.disconnect(),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  tell({ ready: true });
}
