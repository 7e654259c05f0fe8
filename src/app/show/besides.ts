import type { Plan } from '../../release/plan.js';
import { isAtRest } from '../../chat/terminal/follow.js';
import { changesSince } from '../changes-since.js';
import type { Opened } from '../wire.js';
import type { Beside } from './facts.js';
import { usualTimes } from './usual-times.js';

/** What is known of runs besides their journals, kept as long as rooms show them. */
export interface Besides {
  of(run: string): Promise<Beside>;
  /** These runs were open when this bot started: what was on its way goes on from now. */
  wentOn(runs: readonly string[]): void;
  forget(run: string): void;
  /** Waits for what is being counted. */
  idle(): Promise<void>;
}

/** `counted` is called when something of a run became known that takes its time. */
export function openBesides(opened: Opened, counted: (run: string) => void): Besides {
  const { engine } = opened;
  const usual = new Map<string, Promise<Record<string, number>>>();
  const changes = new Map<string, number | undefined>();
  const counting = new Map<string, Promise<void>>();
  const since = new Map<string, number>();

  /** The remote is asked for it, so nobody waits. */
  const count = (run: string, plan: Plan): number | undefined => {
    if (changes.has(run) || counting.has(run)) return changes.get(run);
    const counts = async (): Promise<void> => {
      try {
        changes.set(run, await changesSince(opened, plan));
      } catch (error) {
        changes.set(run, undefined);
        engine.warn(`the changes of ${run} were not counted`, error);
      }
      counting.delete(run);
      if (changes.get(run) !== undefined) counted(run);
    };
    counting.set(run, counts());
    return undefined;
  };
  const usualOf = async (run: string): Promise<Record<string, number>> => {
    try {
      const state = await engine.runs.load(run);
      if (state === undefined) return {};
      const { project, operation } = state.created;
      return await usualTimes(opened, project, operation);
    } catch (error) {
      engine.warn(`how long ${run} usually takes is not known`, error);
      return {};
    }
  };
  const wentOnAt = async (run: string): Promise<number | undefined> => {
    const at = since.get(run);
    if (at === undefined) return undefined;
    const state = await engine.runs.load(run);
    // What waited for people has not been stopped by anything.
    if (state !== undefined && state.at < at && isAtRest(state)) since.delete(run);
    return since.get(run);
  };
  return {
    async of(run) {
      const known = usual.get(run) ?? usualOf(run);
      usual.set(run, known);
      return {
        usual: await known,
        changes: (plan) => count(run, plan),
        wentOnAt: await wentOnAt(run),
      };
    },
    wentOn(runs) {
      for (const run of runs) since.set(run, engine.clock.now());
    },
    forget(run) {
      usual.delete(run);
      changes.delete(run);
      since.delete(run);
    },
    idle: async () => void (await Promise.all(counting.values())),
  };
}
