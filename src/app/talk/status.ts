import { frozenLine } from '../../chat/views/freeze.js';
import type { Message } from '../../chat/message.js';
import { statusAnswer, type StatusFacts } from '../../chat/views/answers/status.js';
import { runBoard } from '../../chat/views/run-board.js';
import { openGate } from '../../chat/views/run-words.js';
import { count } from '../../engine/gate.js';
import { haltNow } from '../../engine/halt.js';
import { openIndex } from '../../engine/open-index.js';
import { asSlipwayError } from '../../error.js';
import type { Actor } from '../../release/actor.js';
import { lineName } from '../../release/line-state.js';
import { partsOfLine } from '../../release/run-id.js';
import type { RunState } from '../../release/run-state.js';
import type { Place } from '../act.js';
import { freezesOn } from '../freezes.js';
import type { Installation, Project } from '../installation.js';
import { freezesFor } from '../said-freezes.js';
import { channelsNow } from '../served.js';
import { factsOf } from '../show/facts.js';
import type { Reply } from '../verb.js';
import { seesProject } from '../visible.js';
import type { Opened } from '../wire.js';
import { operationsFor } from './may.js';
import { projectOfRun } from './runs.js';

/** Everything that is open, as far as somebody who asks from there may know of it. */
export async function statusIn(opened: Opened, place: Place, by: Actor | undefined): Promise<Reply> {
  const installation = await opened.installation();
  const projects = Object.values(installation.projects).filter((one) =>
    seesProject(installation, one, place),
  );
  const names = new Set(projects.map((one) => one.name));
  const { runs, unreadable: damaged } = await openRuns(opened, projects);
  const channels = await channelsNow(opened);
  const { frozen, unreadable: unknown } = await frozenNow(opened, installation, projects);
  const unreadable = [...damaged, ...unknown];
  const message = statusAnswer({
    runs,
    unreadable,
    lines: await openLines(opened, names),
    channels: channels.filter((one) => names.has(one.project)),
    frozen,
    halt: await haltNow(opened.engine),
    now: opened.engine.clock.now(),
    mayStart:
      by !== undefined &&
      projects.some((one) => operationsFor(installation, one, by).some(({ yours }) => yours)),
  });
  return {
    lines: [message.header],
    data: { open: runs.map(({ state }) => state.created.run) },
    exit: unreadable.length === 0 ? 0 : 1,
    message,
  };
}

/** A run as its board says it; what can be done stands on the board itself. */
export async function boardNow(opened: Opened, { created }: RunState): Promise<Message | undefined> {
  const beside = { usual: {}, changes: () => undefined, wentOnAt: undefined };
  const facts = await factsOf(opened, created.run, beside);
  return facts === undefined ? undefined : { ...runBoard(facts), buttons: [] };
}

async function openRuns(
  { engine, records }: Opened,
  projects: readonly Project[],
): Promise<Pick<StatusFacts, 'runs' | 'unreadable'>> {
  const runs: StatusFacts['runs'][number][] = [];
  const unreadable: string[] = [];
  for (const run of await openIndex(records).list('runs')) {
    const project = projects.find((one) => one.name === projectOfRun(run));
    if (project === undefined) continue;
    try {
      const state = await engine.runs.load(run);
      if (state === undefined || state.finished !== undefined) continue;
      const gate = openGate(state);
      const tally = gate === undefined ? undefined : await count(engine, state, gate);
      runs.push({ state, room: project.room, tally });
    } catch (error) {
      unreadable.push(unreadableLine(run, error));
    }
  }
  return { runs, unreadable };
}

async function openLines(
  { engine, records }: Opened,
  projects: ReadonlySet<string>,
): Promise<StatusFacts['lines']> {
  const ids = await openIndex(records).list('lines');
  const read = await Promise.all(
    ids.map(async (id) => ({ ...partsOfLine(id), state: (await engine.lines.beginning(id)).state })),
  );
  return read.flatMap(({ project, target, state }) => {
    const isOpen =
      state !== undefined &&
      !['none', 'promoted', 'abandoned'].includes(lineName(state)) &&
      projects.has(project);
    return isOpen ? [{ project, target, state }] : [];
  });
}

/** The freeze of each project that ends last, in words; and the projects of which nobody can say. */
async function frozenNow(
  { engine }: Opened,
  installation: Installation,
  projects: readonly Project[],
): Promise<{ frozen: string[]; unreadable: string[] }> {
  const now = engine.clock.now();
  const frozen: string[] = [];
  const unreadable: string[] = [];
  for (const project of projects) {
    try {
      const standing = await freezesFor(engine, installation, project);
      const holding = Object.keys(project.process.operations)
        .flatMap((operation) => freezesOn(standing, project, operation, now))
        .toSorted((a, b) => b.until - a.until);
      const [longest] = holding;
      if (longest === undefined) continue;
      const { freeze, until } = longest;
      const { name, by = '', zone } = freeze;
      frozen.push(frozenLine({ project: project.name, name, by, until, now, zone }));
    } catch (error) {
      unreadable.push(unreadableLine(project.name, error));
    }
  }
  return { frozen, unreadable };
}

/** Something that cannot be read, in the words of a warning. */
function unreadableLine(what: string, error: unknown): string {
  return `⚠️ ${what} · warning: ${asSlipwayError(error).message}`;
}
