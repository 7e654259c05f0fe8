import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The named moments: those of the engine, and those that only the outside or a port of ours can hit. */
export const killPoints = [
  'before-claim',
  'after-claim',
  'before-intent',
  'after-intent',
  'before-send',
  'in-flight',
  'after-effect',
  'after-reply',
  'before-done',
  'after-done',
] as const;
export type KillPoint = (typeof killPoints)[number];

/**
 * Points that only the outside can hit: `in-flight`, when it has taken the request and has not committed it;
 * `after-effect`, when it has committed and not replied. Points that a port of ours hits:
 * `in-request`: after the lease was asked, right before the bytes leave. `in-write`: between reading the journal and
 * writing an intent. `in-services`: while what a step needs is opened.
 * `full-at-done`: the journal takes no `step.done` of this step for a while.
 */
export type TrapPoint = KillPoint | 'in-request' | 'in-write' | 'in-services' | 'full-at-done';

/** What happens to who steps into it: `kill -9`, `kill -STOP`, or an error of the kind that a broken network gives. */
export type Blow = 'kill' | 'stop' | 'fail';

/** A trap: the first process that comes to this point of this step is hit, once. */
export interface Trap {
  run: string;
  step: string;
  point: TrapPoint;
  blow: Blow;
}

function nameOf({ run, step, point, blow }: Trap): string {
  return `${run}~${step}~${point}~${blow}`;
}

const set = (folder: string): string => join(folder, 'traps');
const sprung = (folder: string): string => join(folder, 'sprung');

/** Makes the folders of traps below the folder of an arena. */
export function makeTrapFolders(folder: string): void {
  mkdirSync(set(folder), { recursive: true });
  mkdirSync(sprung(folder), { recursive: true });
}

/** Sets a trap. */
export function setTrap(folder: string, trap: Trap): void {
  writeFileSync(join(set(folder), nameOf(trap)), '');
}

/** The pid of who was caught, or undefined while nobody was. */
export function caughtBy(folder: string, trap: Trap): number | undefined {
  const prefix = `${nameOf(trap)}~`;
  const found = readdirSync(sprung(folder)).find((name) => name.startsWith(prefix));
  return found === undefined ? undefined : Number(found.slice(prefix.length));
}

/** Springs a trap for a process, if it is set; the rename makes it spring once. */
export function spring(folder: string, trap: Trap, pid: number): boolean {
  const file = join(set(folder), nameOf(trap));
  if (!existsSync(file)) return false;
  try {
    renameSync(file, join(sprung(folder), `${nameOf(trap)}~${pid}`));
    return true;
  } catch {
    return false;
  }
}

/** For a child: what it does at each named moment. Throws where the trap says `fail`. */
export function stepInto(folder: string, point: TrapPoint, where: { run: string; step: string }): void {
  if (spring(folder, { ...where, point, blow: 'kill' }, process.pid)) process.kill(process.pid, 'SIGKILL');
  if (spring(folder, { ...where, point, blow: 'stop' }, process.pid)) process.kill(process.pid, 'SIGSTOP');
  if (spring(folder, { ...where, point, blow: 'fail' }, process.pid))
    throw new Error(`a trap at ${point} of ${where.step}`);
}
