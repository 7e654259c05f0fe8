import type { Message } from '../../chat/message.js';
import {
  elsewhere,
  nothingHere,
  noRunHere,
  noSuchProject,
  severalHere,
  severalRuns,
} from '../../chat/views/answers/elsewhere.js';
import type { Place } from '../act.js';
import type { Installation, Project } from '../installation.js';
import type { Verb } from '../verb.js';
import { isPrivate, projectsIn, roomsOfProject, seesProject } from '../visible.js';
import type { Opened } from '../wire.js';
import { openRunsOf, projectOfRun, runOfMessage } from './runs.js';

type Args = Record<string, string>;

/** The arguments with what the room and the thread say, or why it is not done here. */
export type Meant = { args: Args } | { refusal: Message };

/** What a room and a thread say of which project and which run is meant. */
export interface Around {
  installation: Installation;
  /** Those that the room shows. */
  projects: Project[];
  /** The run of the thread. */
  run: string | undefined;
}

/** Looks at where something was said. */
export async function aroundOf(opened: Opened, place: Place): Promise<Around> {
  const installation = await opened.installation();
  const run = place.thread === undefined ? undefined : await runOfMessage(opened, place.thread);
  return { installation, projects: projectsIn(installation, place.room), run };
}

/**
 * Which project and which run is meant, by what was said, the thread and the room. Who acts does it in a room of the
 * project, where all who follow its releases see it; looking is possible wherever one may know of it.
 */
export async function meant(
  opened: Opened,
  { installation, projects, run }: Around,
  place: Place,
  verb: Verb,
  args: Args,
): Promise<Meant> {
  const takes = new Set([
    ...verb.positional.map((one) => one.slice(1, -1)),
    ...verb.options.map(({ flags }) => (flags.split(' ')[0] ?? '').slice(2)),
  ]);
  if (takes.has('run')) {
    const of = await runMeant(opened, { projects, run }, verb, args);
    if ('refusal' in of) return of;
    const refusal = refusalOf(installation, place, verb, projectOfRun(of.args['run'] ?? ''));
    return refusal === undefined ? of : { refusal };
  }
  if (!takes.has('project')) return { args };
  const named = args['project'] ?? (run === undefined ? undefined : projectOfRun(run));
  const name = named ?? projectMeant(installation, projects, place, verb.acts);
  if (typeof name !== 'string') return { refusal: name };
  if (!Object.hasOwn(installation.projects, name)) {
    const all = Object.values(installation.projects).filter((one) => seesProject(installation, one, place));
    return {
      refusal: noSuchProject(
        name,
        all.map((one) => one.name),
      ),
    };
  }
  const refusal = refusalOf(installation, place, verb, name);
  return refusal === undefined ? { args: { ...args, project: name } } : { refusal };
}

async function runMeant(
  opened: Opened,
  { projects, run }: Pick<Around, 'projects' | 'run'>,
  verb: Verb,
  args: Args,
): Promise<Meant> {
  if (args['run'] !== undefined) return { args };
  if (run !== undefined) return { args: { ...args, run } };
  // Without a run these show everything.
  if (!verb.acts) return { args };
  const open = await openRunsOf(
    opened,
    projects.map((project) => project.name),
  );
  const [only] = open;
  if (only === undefined) return { refusal: noRunHere() };
  return open.length > 1 ? { refusal: severalRuns(open) } : { args: { ...args, run: only } };
}

/** The project of the room; where several could be meant, or none is, what is said instead. */
function projectMeant(
  installation: Installation,
  here: readonly Project[],
  place: Place,
  acts: boolean,
): string | Message {
  const [only] = here;
  if (only !== undefined) return here.length === 1 ? only.name : severalHere(here.map(({ name }) => name));
  const all = Object.values(installation.projects);
  const seen = all.filter((project) => seesProject(installation, project, place));
  const [one] = seen;
  if (!acts && one !== undefined && seen.length === 1) return one.name;
  const [single] = all;
  if (single !== undefined && all.length === 1) return elsewhere(roomShown(installation, single, place));
  return nothingHere(
    place.room,
    seen.map((project) => roomShown(installation, project, place)),
  );
}

/** What is refused because of where it was said. */
function refusalOf(installation: Installation, place: Place, verb: Verb, name: string): Message | undefined {
  const project = Object.hasOwn(installation.projects, name) ? installation.projects[name] : undefined;
  if (project === undefined) return undefined;
  if (verb.acts && !roomsOfProject(project).includes(place.room))
    return elsewhere(roomShown(installation, project, place));
  return seesProject(installation, project, place)
    ? undefined
    : elsewhere(roomShown(installation, project, place));
}

function roomShown(
  installation: Installation,
  project: Project,
  place: Place,
): { project: string; room: string } {
  const room = roomsOfProject(project).find((one) => one === place.room || !isPrivate(installation, one));
  return { project: project.name, room: room ?? '' };
}
