import { frozen } from '../chat/views/freeze.js';
import { SlipwayError } from '../error.js';
import type { Person } from '../release/votes.js';
import type { Freeze, Installation, Project } from './installation.js';
import { momentsOf, wallTimeOf } from './wall-clock.js';

/** A freeze that holds now, and when it ends, in ms since the epoch. */
export interface Frozen {
  freeze: Freeze;
  until: number;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** The freezes that stop an operation of a project at a time, the one that ends last first. Pure. */
export function freezesOn(
  installation: Pick<Installation, 'freezes'>,
  project: Pick<Project, 'name'>,
  operation: string,
  nowMs: number,
): Frozen[] {
  return installation.freezes
    .filter(({ blocks }) => blocks === 'all' || blocks.includes(operation))
    .filter(({ projects }) => projects === undefined || projects.includes(project.name))
    .flatMap((freeze) => {
      const until = endOf(freeze, nowMs);
      return until === undefined ? [] : [{ freeze, until }];
    })
    .toSorted((a, b) => b.until - a.until);
}

/** When the window that holds now ends; undefined outside of it. Where clocks are changed over an edge, the window is the longer. */
function endOf({ window, zone }: Freeze, nowMs: number): number | undefined {
  if (window.kind === 'said') return window.from <= nowMs && nowMs < window.to ? window.to : undefined;
  if (window.kind === 'dated') return endOfSpan(window.from, window.to, zone, nowMs);
  const today = Math.floor(wallTimeOf(nowMs, zone) / dayMs);
  // 1970-01-01 was a Thursday.
  const monday = today - ((((today + 3) % 7) + 7) % 7);
  const length = window.to - window.from + (window.to <= window.from ? 7 * 24 * 60 : 0);
  // It may have begun last week; tomorrow may be Monday in this zone already where clocks differ.
  return [monday - 7, monday, monday + 7]
    .map((week) => {
      const from = week * dayMs + window.from * minuteMs;
      return endOfSpan(from, from + length * minuteMs, zone, nowMs);
    })
    .find((end) => end !== undefined);
}

function endOfSpan(from: number, to: number, zone: string, nowMs: number): number | undefined {
  const begin = Math.min(...momentsOf(from, zone));
  const end = Math.max(...momentsOf(to, zone));
  return begin <= nowMs && nowMs < end ? end : undefined;
}

/** Whether somebody may start in a freeze all the same, with a reason. */
export function isExcepted({ except }: Pick<Freeze, 'except'>, { roles }: Pick<Person, 'roles'>): boolean {
  return except.some((role) => roles.includes(role));
}

/**
 * Refuses to start an operation in a freeze. Who has a role that the freeze excepts may start with a reason; of several
 * freezes every one must let him. Returns the names of those that he passed, for the record.
 * @throws SlipwayError refused, which says until when, and what is allowed
 */
export function requireUnfrozen(
  installation: Pick<Installation, 'freezes'>,
  project: Pick<Project, 'name' | 'process'>,
  operation: string,
  person: Pick<Person, 'roles'>,
  nowMs: number,
  reason?: string,
): string[] {
  const holding = freezesOn(installation, project, operation, nowMs);
  const stops = holding.find(({ freeze }) => !isExcepted(freeze, person));
  const [longest] = holding;
  if (longest === undefined) return [];
  if (stops === undefined && reason !== undefined && reason.trim() !== '')
    return holding.map(({ freeze }) => freeze.name);
  const allowed = Object.keys(project.process.operations).filter(
    (name) => freezesOn(installation, project, name, nowMs).length === 0,
  );
  const { freeze, until } = stops ?? longest;
  const { message, hint } = frozen({
    project: project.name,
    name: freeze.name,
    by: freeze.by ?? '',
    until,
    now: nowMs,
    zone: freeze.zone,
    allowed,
    except: freeze.except,
    needsReason: stops === undefined,
  });
  throw new SlipwayError('refused', message, { hint });
}
