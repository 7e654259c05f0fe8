import { openIndex } from '../engine/open-index.js';
import { SlipwayError } from '../error.js';
import { sameActor, type Actor } from '../release/actor.js';
import type { Queued } from '../release/line-state.js';
import { lineId, partsOfLine } from '../release/run-id.js';
import { authorize } from './authorize.js';
import type { Installation, Project } from './installation.js';
import { personOf } from './policies.js';
import type { Opened } from './wire.js';

/** What is taken out: by its request, else by the words for its line and operation, else one's own, else the only one. */
interface Ask {
  words: string[];
  entry: string | undefined;
  by: Actor;
}

/** What the line remembers of what a person has taken out. */
export const takenOut = ({ name }: Pick<Actor, 'name'>): string => `taken out by ${name}`;

interface Waiting {
  line: string;
  queued: Queued;
}

/**
 * Takes what waits out of its queue: one's own, or anybody's by who may act on runs of the project.
 * @throws SlipwayError not-found | not-allowed | command-invalid | refused where it has started meanwhile
 */
export async function leaveQueue(
  opened: Opened,
  installation: Installation,
  project: Project,
  ask: Ask,
): Promise<{ line: string; operation: string }> {
  const { line, queued } = meant(project, await waitingOf(opened, project), ask);
  const person = personOf(installation, project, ask.by);
  const isOwn = person !== undefined && sameActor(queued.by, ask.by);
  const by = isOwn ? person : authorize(installation, project, ask.by, { act: 'run' });
  const { request } = queued;
  const { written } = await opened.engine.lines.update(lineId(project.name, line), (now) =>
    now?.queue.some((one) => one.request === request) === true
      ? { type: 'line.left-queue', request, why: takenOut(by) }
      : undefined,
  );
  if (written) return { line, operation: queued.operation };
  throw new SlipwayError(
    'refused',
    `${queued.operation} of ${project.name} ${line} has left the queue already.`,
    {
      hint: 'Nothing was changed. slipway status shows where it stands.',
    },
  );
}

async function waitingOf({ records, engine }: Opened, project: Project): Promise<Waiting[]> {
  const ids = await openIndex(records).list('lines');
  const own = ids.filter((id) => partsOfLine(id).project === project.name);
  const lines = await Promise.all(own.map(async (id) => ({ id, state: await engine.lines.load(id) })));
  return lines.flatMap(({ id, state }) =>
    (state?.queue ?? []).map((queued) => ({ line: partsOfLine(id).target, queued })),
  );
}

function meant(project: Project, waiting: readonly Waiting[], ask: Ask): Waiting {
  const fitting = waiting.filter(
    ({ line, queued }) =>
      (ask.entry === undefined || queued.request === ask.entry) &&
      ask.words.every((word) => word === line || word === queued.operation),
  );
  const own = fitting.filter(({ queued }) => sameActor(queued.by, ask.by));
  const [only, other] = own.length > 0 ? own : fitting;
  if (only === undefined) {
    throw new SlipwayError('not-found', `Nothing that was asked for waits in a queue of ${project.name}.`, {
      hint: 'Nothing was changed. slipway status shows what runs and what waits.',
    });
  }
  if (other === undefined) return only;
  const named = (own.length > 0 ? own : fitting).map(({ line, queued }) => `${line} ${queued.operation}`);
  throw new SlipwayError('command-invalid', 'Several things wait.', {
    hint: `Nothing was changed. Name one: ${named.join(', ')}.`,
  });
}
