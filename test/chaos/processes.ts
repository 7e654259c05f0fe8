import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const running = new Set<ChildProcess>();
const cleaners = new Set<() => void>();

/** Runs `clean` when this process ends in whatever way it can notice; returns how to forget it. */
export function atTheEnd(clean: () => void): () => void {
  cleaners.add(clean);
  return () => cleaners.delete(clean);
}

/** Ends every process that was started here. */
export function endEverything(): void {
  for (const child of running) killGroup(child);
  for (const clean of cleaners) clean();
  cleaners.clear();
}

function killGroup(child: ChildProcess): void {
  try {
    // A group of its own: git daemon has children.
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

process.once('exit', endEverything);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    endEverything();
    process.exit(130);
  });
}

/** Starts a program in a group of its own; its words go to `log`. It never outlives this process. */
export function startProgram(
  program: string,
  args: string[],
  options: { log: string; env?: NodeJS.ProcessEnv; ipc?: boolean },
): ChildProcess {
  const log = openSync(options.log, 'a');
  const child = spawn(program, args, {
    detached: true,
    env: options.env ?? process.env,
    stdio: options.ipc === true ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
  });
  closeSync(log);
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.on('error', () => running.delete(child));
  return child;
}

let argumentsOf = (script: string): string[] => [
  '--import',
  'tsx',
  fileURLToPath(new URL(script, import.meta.url)),
];

/** From now on scripts are started with these arguments of node. */
export function startScriptsAs(args: (script: string) => string[]): void {
  argumentsOf = args;
}

/** Starts a script of this folder as a process of its own that can be talked to. */
export function startScript(script: string, log: string, env: NodeJS.ProcessEnv): ChildProcess {
  return startProgram(process.execPath, argumentsOf(script), {
    log,
    ipc: true,
    env: { ...process.env, ...env },
  });
}

/** `kill -9`, and waits until it is gone. */
export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  killGroup(child);
  await gone;
}
