import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Said, type ChildSettings, type Told } from './child-settings.js';
import { killed, startScript } from './processes.js';
import { until } from './until.js';

/** A bot or worker. When it dies it is started again under the same name, as a supervisor does. */
export interface Member {
  name: string;
  role: 'bot' | 'worker';
  pid: number;
  isReady: boolean;
}

/** The processes of an arena. */
export interface Crew {
  members(role?: 'bot' | 'worker'): Member[];
  /** Starts one more; resolves when it works. */
  add(role: 'bot' | 'worker', name: string, settings?: Partial<ChildSettings>): Promise<void>;
  /** `kill -9`; it comes back by itself. */
  kill(pid: number): void;
  stop(pid: number): void;
  cont(pid: number): void;
  tell(pid: number, told: Told): void;
  /** Asks a bot to start; undefined when it was killed before it answered. */
  ask(start: Extract<Told, { start: unknown }>['start'], pid: number): Promise<string | undefined>;
  /** Takes one out for good: it ends what it does first. */
  retire(pid: number): Promise<void>;
  retireAll(role: 'bot' | 'worker'): Promise<void>;
  /** The name of a process that died. */
  nameOf(pid: number): string | undefined;
  /** How many deaths there were. */
  deaths(): number;
  end(): Promise<void>;
}

interface Place extends Member {
  child: ChildProcess;
  closed: boolean;
  keep: boolean;
  settings: ChildSettings;
}

const answerMs = 3_000;

/** Starts nothing yet; `base` is what all children are told. */
export function makeCrew(
  base: Omit<ChildSettings, 'role' | 'name'>,
  onDeath: (worker: string) => void = () => undefined,
): Crew {
  const places = new Set<Place>();
  const asked = new Map<number, (answer: string) => void>();
  const dead = new Map<number, string>();
  let questions = 0;
  let deaths = 0;
  let isOver = false;

  function launch(settings: ChildSettings): Place {
    const { role, name } = settings;
    const log = join(base.folder, 'log', `${name}.log`);
    const child = startScript(`${role}-main.ts`, log, { CHAOS: JSON.stringify(settings) });
    const place: Place = {
      name,
      role: role === 'bot' ? 'bot' : 'worker',
      pid: child.pid ?? -1,
      isReady: false,
      closed: false,
      keep: true,
      child,
      settings,
    };
    places.add(place);
    child.on('message', (message) => {
      const said = Said.parse(message);
      if ('ready' in said) place.isReady = true;
      if ('closed' in said) place.closed = true;
      if ('answer' in said) asked.get(said.ask)?.(said.answer);
    });
    child.once('exit', () => {
      places.delete(place);
      if (!place.keep || isOver) return;
      deaths += 1;
      launch(settings);
      dead.set(place.pid, place.name);
      if (place.role === 'worker') onDeath(`${place.name}-${place.pid}-`);
    });
    return place;
  }

  const find = (pid: number): Place | undefined => [...places].find((place) => place.pid === pid);

  function signal(pid: number, name: NodeJS.Signals): void {
    try {
      process.kill(pid, name);
    } catch {
      // It has just ended.
    }
  }

  const tell = (pid: number, told: Told): void => {
    // A message to who has just died is lost, as it would be.
    find(pid)?.child.send(told, () => undefined);
  };

  async function retire(pid: number): Promise<void> {
    const place = find(pid);
    if (place === undefined) return;
    place.keep = false;
    // Who is not up yet hears nothing, and does nothing.
    if (!place.isReady) return killed(place.child);
    tell(pid, { close: true });
    const gone = (): true | undefined => (place.closed || !places.has(place) ? true : undefined);
    await until(`${place.name} has ended what it did`, 30_000, gone);
    await killed(place.child);
  }

  return {
    nameOf: (pid) => dead.get(pid),
    members: (role) => [...places].filter((place) => role === undefined || place.role === role),
    async add(role, name, more = {}) {
      launch({ ...base, role, name, ...more });
      const isUp = (): true | undefined =>
        [...places].some((place) => place.name === name && place.isReady) || undefined;
      await until(`${name} works; its log: ${join(base.folder, 'log', `${name}.log`)}`, 30_000, isUp);
    },
    kill: (pid) => signal(pid, 'SIGKILL'),
    stop: (pid) => signal(pid, 'SIGSTOP'),
    cont: (pid) => signal(pid, 'SIGCONT'),
    tell,
    async ask(start, pid) {
      questions += 1;
      const own = questions;
      const answer = new Promise<string | undefined>((resolve) => {
        const timer = setTimeout(() => resolve(undefined), answerMs);
        asked.set(own, (said) => {
          clearTimeout(timer);
          resolve(said);
        });
      });
      tell(pid, { start: { ...start, ask: own } });
      return answer;
    },
    retire,
    async retireAll(role) {
      await Promise.all([...places].filter((place) => place.role === role).map((place) => retire(place.pid)));
    },
    deaths: () => deaths,
    async end() {
      isOver = true;
      await Promise.all([...places].map((place) => killed(place.child)));
    },
  };
}

/** Whether the kernel holds the process stopped (`kill -STOP`). */
export function isStopped(pid: number): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
}
