import { spawn, type ChildProcess } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { SlipwayError } from '../../error.js';
import type { Command, CommandResult } from './command.js';

/** After a normal end, for pipes that a grandchild holds; and at most between SIGKILL and the answer. */
const pipesMs = 5_000;
/** For bytes on their way, once nobody is left who should write. */
const drainMs = 500;

function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false; // nobody is left in the group
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Why a program could not be started; undefined where it is simply not there. */
async function startFailure(command: Command, error: unknown): Promise<SlipwayError | undefined> {
  const program = JSON.stringify(command.argv[0]);
  const code = codeOf(error);
  if (code === 'EPERM' && command.runAs !== undefined) {
    return new SlipwayError('isolation-missing', `This process may not run ${program} as another user.`, {
      cause: error,
      hint: 'Start the worker as root, or without run-as.',
    });
  }
  if (code === 'ENOENT') {
    const isFolder = await stat(command.folder).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (isFolder) return undefined;
  }
  return new SlipwayError('command-failed', `${program} could not be started (${code}).`, {
    cause: error,
    hint: 'The folder must exist, and its user must be allowed to enter it and to run the program.',
  });
}

/** Follows a started process to its end. */
function follow(child: ChildProcess, pid: number, command: Command, started: number): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    let reason: CommandResult['reason'] = 'exited';
    let ended: { exit: number | undefined; signal: string | undefined } | undefined;
    let failure: unknown;
    let isStopping = false;
    let killedAt: number | undefined;
    let isOver = false;
    let timer: NodeJS.Timeout | undefined;

    const arm = (ms: number, next: () => void): void => {
      clearTimeout(timer);
      timer = setTimeout(next, ms);
    };
    const finish = (pipesHeld: boolean): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      clearTimeout(limit);
      command.signal?.removeEventListener('abort', onAbort);
      if (killedAt === undefined && isGroupOurs) signalGroup(pid, 'SIGKILL');
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.unref();
      if (failure !== undefined) return reject(failure);
      const durationMs = Math.round(performance.now() - started);
      const { exit, signal } = ended ?? { exit: undefined, signal: 'SIGKILL' };
      return resolve({ exit, signal, reason, pipesHeld, durationMs });
    };
    const kill = (): void => {
      if (isOver || killedAt !== undefined) return;
      killedAt = performance.now();
      if (isGroupOurs) signalGroup(pid, 'SIGKILL');
      // A process that the kernel does not let die is given the rest of the time.
      arm(ended === undefined ? pipesMs : drainMs, () => finish(true));
    };
    const stop = (why: 'timed-out' | 'aborted' | 'exited'): void => {
      if (isStopping || isOver) return;
      isStopping = true;
      if (ended !== undefined) return kill(); // only pipes are waited for
      reason = why;
      signalGroup(pid, 'SIGTERM');
      return arm(command.graceMs ?? 10_000, kill);
    };

    // The number of a group whose last process is gone can be given to somebody else: after the main process ended, the
    // group is signalled only if it had others at that moment.
    let isGroupOurs = true;
    const onAbort = (): void => stop('aborted');
    const limit = setTimeout(() => stop('timed-out'), command.timeoutMs);
    command.signal?.addEventListener('abort', onAbort, { once: true });

    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream]?.on('error', () => undefined);
      child[stream]?.on('data', (chunk: Buffer) => {
        if (isOver || failure !== undefined) return;
        try {
          command.onOutput(chunk, stream);
        } catch (error) {
          failure = error;
          stop('exited');
        }
      });
    }
    child.on('exit', (code, signal) => {
      ended = { exit: code ?? undefined, signal: signal ?? undefined };
      isGroupOurs = signalGroup(pid, 0);
      if (killedAt !== undefined) arm(drainMs, () => finish(true));
      else if (!isStopping) arm(pipesMs, kill);
      // While stopping, others of the group keep the rest of their grace.
    });
    child.on('close', () => finish(false));
  });
}

/**
 * Runs one program without a shell, in a process group of its own, with nothing on its input. Settles at most 5 s after
 * the SIGKILL that follows an abort or the time limit, whoever holds the pipes. When it settles, its group is gone.
 * A program that is not there is a result; what cannot be started is command-failed or isolation-missing; what
 * `onOutput` throws ends the command and is thrown.
 */
export async function runCommand(command: Command): Promise<CommandResult> {
  const started = performance.now();
  const nothing = { exit: undefined, signal: undefined, pipesHeld: false };
  if (command.signal?.aborted === true) return { ...nothing, reason: 'aborted', durationMs: 0 };
  const [program, ...args] = command.argv;
  let child: ChildProcess;
  let refusal: Promise<unknown>;
  try {
    child = spawn(program, args, {
      cwd: command.folder,
      env: command.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: false,
      ...command.runAs,
    });
    refusal = new Promise((resolve) => child.on('error', resolve));
  } catch (error) {
    throw (await startFailure(command, error)) ?? error;
  }
  if (child.pid !== undefined) return follow(child, child.pid, command, started);
  const failure = await startFailure(command, await refusal);
  if (failure !== undefined) throw failure;
  return { ...nothing, reason: 'not-found', durationMs: Math.round(performance.now() - started) };
}
