import { openIndex } from '../engine/open-index.js';
import { drainLine } from '../engine/start.js';
import { SlipwayError } from '../error.js';
import { parseDuration } from '../process/names.js';
import { saidFreeze, type SaidFreeze } from '../release/project-state.js';
import { partsOfLine } from '../release/run-id.js';
import { didYouMean } from '../suggest.js';
import type { Agreed } from './authorize-governed.js';
import type { Project } from './installation.js';
import { momentsOf, wallTimeOf } from './wall-clock.js';
import type { Opened } from './wire.js';

const dayMs = 24 * 3_600_000;
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
/** Longer than this is a typing error; the freezes of slipway.yaml come back by themselves. */
const longestMs = 366 * dayMs;

/**
 * The moment that somebody typed, in ms: `Mon 09:00`, `09:00` (the next one), `2026-12-18 17:00`, or `4h`, `3d` from now.
 * What clocks show twice is the later one: a freeze is rather the longer. Pure. undefined: it is none of these.
 */
export function momentTyped(text: string, nowMs: number, zone: string): number | undefined {
  const typed = text.trim();
  const span = parseDuration(typed);
  if (span !== undefined) return nowMs + span;
  const dated = /^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})$/.exec(typed);
  if (dated !== null) {
    const wall = Date.parse(`${dated[1] ?? ''}T${dated[2] ?? ''}Z`);
    // The 30th of February would be the 2nd of March.
    const isReal = !Number.isNaN(wall) && new Date(wall).toISOString().startsWith(dated[1] ?? '');
    return isReal ? Math.max(...momentsOf(wall, zone)) : undefined;
  }
  const clock = /^(?:([A-Za-z]{3}) )?([01]?[0-9]|2[0-3]):([0-5][0-9])$/.exec(typed);
  const weekday = clock?.[1] === undefined ? undefined : weekdays.indexOf(clock[1].toLowerCase());
  if (clock === null || weekday === -1) return undefined;
  const today = Math.floor(wallTimeOf(nowMs, zone) / dayMs);
  const time = (Number(clock[2]) * 60 + Number(clock[3])) * 60_000;
  for (let day = today; day <= today + 8; day += 1) {
    // 1970-01-01 was a Thursday.
    if (weekday !== undefined && (day + 3) % 7 !== weekday) continue;
    const moment = Math.max(...momentsOf(day * dayMs + time, zone));
    if (moment > nowMs) return moment;
  }
  return undefined;
}

/** The end of a freeze that somebody typed, in ms. @throws SlipwayError command-invalid */
export function freezeEnd(text: string, nowMs: number, zone: string): number {
  const moment = momentTyped(text, nowMs, zone);
  const hint = 'Nothing was frozen. Write --until "Mon 09:00", 17:30, "2026-12-18 17:00", 4h or 3d.';
  if (moment === undefined)
    throw new SlipwayError('command-invalid', `"${text.slice(0, 80)}" is no time that is understood.`, {
      hint,
    });
  if (moment <= nowMs || moment - nowMs > longestMs)
    throw new SlipwayError(
      'command-invalid',
      moment <= nowMs ? `"${text}" is over already.` : `"${text}" is more than a year away.`,
      { hint },
    );
  return moment;
}

/**
 * Freezes a project: nothing of it is started until then, but for the operations that are allowed, and what waits in a
 * queue waits on. What runs goes on. A freeze that was said before is replaced.
 * @throws SlipwayError command-invalid
 */
export async function freezeProject(
  { engine }: Opened,
  project: Project,
  ask: Agreed & { until: number; reason: string; allows: string[] },
): Promise<void> {
  const known = Object.keys(project.process.operations);
  for (const name of ask.allows) {
    if (known.includes(name)) continue;
    throw new SlipwayError(
      'command-invalid',
      `"${name}" is no operation of ${project.name}${didYouMean(name, known) || '.'}`,
      { hint: `Nothing was frozen. Operations: ${known.join(', ')}.` },
    );
  }
  await engine.projects.update(project.name, () => ({ type: 'project.frozen', ...ask }));
}

/**
 * Lifts the freeze that somebody said, before its time, and starts what waited for its end. undefined: there
 * was none. Those of slipway.yaml are lifted there.
 */
export async function thawProject(
  { engine }: Opened,
  project: Project,
  { by, second }: Agreed,
): Promise<SaidFreeze | undefined> {
  let lifted: SaidFreeze | undefined;
  await engine.projects.update(project.name, (now) => {
    lifted = saidFreeze(now, engine.clock.now());
    return lifted === undefined ? undefined : { type: 'project.thawed', by, ...(second && { second }) };
  });
  if (lifted !== undefined) await startWaiting(engine, project);
  return lifted;
}

/** What waited for the end of the freeze; what cannot be started now is looked at again by itself. */
async function startWaiting(engine: Opened['engine'], project: Project): Promise<void> {
  for (const id of await openIndex(engine.records).list('lines')) {
    const { project: name, target } = partsOfLine(id);
    try {
      if (name === project.name) await drainLine(engine, name, target);
    } catch (error) {
      engine.warn(`the queue of ${id} does not move yet`, error);
    }
  }
}
