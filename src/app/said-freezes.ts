import type { Engine, StartAsk } from '../engine/engine.js';
import type { SaidFreeze } from '../release/project-state.js';
import type { Person } from '../release/votes.js';
import { freezesOn, isExcepted } from './freezes.js';
import { policyOf, startersOf } from './installation.js';
import type { Freeze, Installation, Project } from './installation.js';

/** Where the freezes stand that people said. */
type Reach = Pick<Engine, 'projects'>;

/**
 * Every freeze that can hold a project: those of slipway.yaml, and the one that somebody said. Who may freeze may also
 * start in such a one, with a reason: he could lift it.
 */
export async function freezesFor(
  { projects }: Reach,
  installation: Installation,
  project: Project,
): Promise<Pick<Installation, 'freezes'>> {
  const said = (await projects.load(project.name))?.frozen;
  const { freezes } = installation;
  return { freezes: said === undefined ? freezes : [...freezes, freezeOf(installation, project, said)] };
}

function freezeOf(installation: Installation, project: Project, said: SaidFreeze): Freeze {
  const { until, reason, allows, by } = said;
  // `point` is stopped like an operation, and is none.
  const names = [...Object.keys(project.process.operations), 'point'];
  return {
    name: reason,
    by: by.name,
    zone: installation.timeZone,
    window: { kind: 'said', from: 0, to: until },
    blocks: allows.length === 0 ? 'all' : names.filter((name) => !allows.includes(name)),
    projects: [project.name],
    except: startersOf(policyOf(installation, project), 'freeze'),
  };
}

/**
 * Until when a freeze holds back what waits in a queue, in ms; undefined: it may start. Who was let through when he
 * asked is let through now, if he still may be.
 */
export async function heldUntil(
  reach: Reach,
  installation: Installation,
  project: Project,
  { operation, because }: Pick<StartAsk, 'operation' | 'because'>,
  person: Person | undefined,
  nowMs: number,
): Promise<number | undefined> {
  const standing = await freezesFor(reach, installation, project);
  const holding = freezesOn(standing, project, operation, nowMs);
  const isLet =
    because !== undefined &&
    person !== undefined &&
    holding.every(({ freeze }) => isExcepted(freeze, person));
  return isLet ? undefined : holding[0]?.until;
}
