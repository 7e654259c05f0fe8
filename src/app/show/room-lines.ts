import { roomLine, type RoomLine } from '../../chat/views/room-lines.js';
import { asSlipwayError } from '../../error.js';
import type { HaltEvent } from '../../release/halt.js';
import type { ProjectEvent } from '../../release/project-state.js';
import type { Installation, Project } from '../installation.js';
import type { Opened } from '../wire.js';
import { lineMarker } from '../../chat/markers.js';
import type { Wanted } from './wanted.js';

/** What is older is said no more: who was away for so long reads it in the status. */
const youngMs = 15 * 60_000;
/** So many of the newest lines are kept until they are said. */
const mostKept = 50;

/** Says in rooms what holds for more than a run: one line for each freeze, pin and halt, on and off. */
export interface RoomLines {
  /** Everything that should be said, and the projects of which something has changed since the last look. */
  look(): Promise<{ wanted: Wanted[]; changed: string[] }>;
}

/** Opens the lines of an installation. */
export function openRoomLines(opened: Opened): RoomLines {
  const seen = new Map<string, number>();
  const problems = new Map<string, string>();
  /** Kept, because a chat that fails now says them later. */
  let kept: Wanted[] = [];
  /**
   * What a journal says if it has grown since the last look. One that cannot be read holds no other up, and is asked
   * again; what is wrong with it is told once.
   */
  const newsOf = async (
    id: string,
    load: () => Promise<{ seq: number } | undefined>,
    linesOf: () => Promise<Wanted[]>,
  ): Promise<Wanted[] | undefined> => {
    try {
      const seq = (await load())?.seq;
      if (seq === undefined || seen.get(id) === seq) return undefined;
      const lines = await linesOf();
      seen.set(id, seq);
      problems.delete(id);
      return lines;
    } catch (error) {
      const { message } = asSlipwayError(error);
      if (problems.get(id) !== message)
        opened.engine.warn(`what people said of ${id} is not told: ${message}`, error);
      problems.set(id, message);
      return undefined;
    }
  };
  return {
    async look() {
      const { engine } = opened;
      const installation = await opened.installation();
      const projects = Object.values(installation.projects);
      const halts = await newsOf(
        'everything',
        () => engine.halts.load('all'),
        () => haltLines(opened, projects),
      );
      const wanted = halts ?? [];
      const changed = halts === undefined ? [] : projects.map(({ name }) => name);
      for (const project of projects) {
        const { name } = project;
        const said = await newsOf(
          `project ${name}`,
          () => engine.projects.load(name),
          () => projectLines(opened, installation, project),
        );
        if (said === undefined) continue;
        wanted.push(...said);
        changed.push(name);
      }
      const markers = new Set(wanted.map(({ marker }) => marker));
      kept = [...kept.filter(({ marker }) => !markers.has(marker)), ...wanted].slice(-mostKept);
      return { wanted: kept, changed };
    },
  };
}

async function projectLines(
  { engine }: Opened,
  installation: Installation,
  project: Project,
): Promise<Wanted[]> {
  const said: Wanted[] = [];
  const pinned = new Set<string>();
  await engine.projects.replay(project.name, ({ envelope }, event) => {
    if (event.type === 'channel.pinned') pinned.add(event.channel);
    // Said of a channel that was not pinned it only puts the channel right.
    if (event.type === 'channel.unpinned' && !pinned.delete(event.channel)) return;
    const fact = projectLine(installation, project.name, event);
    if (fact === undefined || isOld(engine.clock.now(), envelope.at)) return;
    said.push(lineIn(project, lineMarker(project.name, envelope.seq), fact));
  });
  return said;
}

async function haltLines({ engine }: Opened, projects: readonly Project[]): Promise<Wanted[]> {
  const rooms = new Map(projects.map((project) => [project.room, project]));
  const said: Wanted[] = [];
  await engine.halts.replay('all', ({ envelope }, event) => {
    if (isOld(engine.clock.now(), envelope.at)) return;
    const fact = haltLine(event, Date.parse(envelope.at));
    for (const project of rooms.values()) said.push(lineIn(project, lineMarker('all', envelope.seq), fact));
  });
  return said;
}

const isOld = (now: number, at: string): boolean => now - Date.parse(at) > youngMs;

const lineIn = ({ room }: Project, marker: string, fact: RoomLine): Wanted => ({
  room,
  marker,
  message: roomLine(fact),
  how: 'once',
});

/** What an event of a project says to its room; undefined: nothing that people did. */
function projectLine({ timeZone }: Installation, project: string, event: ProjectEvent): RoomLine | undefined {
  switch (event.type) {
    case 'channel.pinned': {
      const { channel, version, by, reason } = event;
      return { is: 'pinned', project, channel, version, by, reason };
    }
    case 'channel.unpinned':
      return { is: 'unpinned', project, channel: event.channel, by: event.by };
    case 'channel.settled':
      return undefined;
    case 'project.frozen': {
      const { until, by, reason, allows } = event;
      return { is: 'frozen', project, until, zone: timeZone, by, reason, allows };
    }
    case 'project.thawed':
      return { is: 'thawed', project, by: event.by };
  }
}

function haltLine(event: HaltEvent, at: number): RoomLine {
  return event.type === 'halted'
    ? { is: 'stopped', by: event.by, reason: event.reason, at }
    : { is: 'resumed', by: event.by };
}
