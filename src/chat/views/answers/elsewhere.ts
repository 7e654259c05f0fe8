import { goes, line } from '../../compose.js';
import type { Message } from '../../message.js';
import { clip, oneLine } from '../fit.js';
import { answer } from './answer.js';

/** A project that is released somewhere else; `room`: '' where who asks may not know of it. */
export interface Elsewhere {
  project: string;
  room: string;
}

const nothing = 'Nothing was started.';

/** `kestrel is released in #rel-kestrel.` */
export function elsewhere({ project, room }: Elsewhere): Message {
  if (room === '') return answer({ lines: [line(`${project} is released in another room. ${nothing}`)] });
  return answer({
    lines: [line(`${project} is released in #${room}. ${nothing}`)],
    buttons: [goes('go', 'Go there', { to: 'room', room }, { about: `Go to #${room}` })],
  });
}

/** No project is released in the room where it was asked. */
export function nothingHere(room: string, projects: readonly Elsewhere[]): Message {
  const [only] = projects;
  if (only !== undefined && projects.length === 1) return elsewhere(only);
  const seen = projects.filter((one) => one.room !== '');
  return answer({
    lines: [
      line(`No project is released in #${room}. ${nothing}`),
      ...seen.slice(0, 8).map((one) => line(`${one.project} is released in #${one.room}.`)),
    ],
    // Several projects may be released in one room.
    buttons: [...new Set(seen.map((one) => one.room))]
      .slice(0, 3)
      .map((to) => goes(`go-${to}`, clip(`Go to #${to}`, 24), { to: 'room', room: to })),
  });
}

/** A project was named that is not there. `projects`: those that who asks may know of. */
export function noSuchProject(name: string, projects: readonly string[]): Message {
  return answer({
    lines: [
      line(`There is no project "${clip(oneLine(name), 40)}". ${nothing}`),
      ...(projects.length === 0 ? [] : [line(`Projects: ${projects.join(', ')}.`)]),
    ],
  });
}

/** Several projects are released here, and none was named. */
export function severalHere(projects: readonly string[]): Message {
  return answer({
    lines: [
      line(`Several projects are released here: ${projects.join(', ')}. ${nothing}`),
      line(`Name one: --project ${projects[0] ?? ''}.`),
    ],
  });
}

/** Several runs of this room are open, and none was named. */
export function severalRuns(runs: readonly string[]): Message {
  return answer({
    lines: [
      line(`Several runs are open here: ${runs.slice(0, 8).join(', ')}. Nothing was changed.`),
      line('Name one, or say it in the thread of its board.'),
    ],
  });
}

/** Something about a run was asked where none is open. */
export function noRunHere(): Message {
  return answer({ lines: [line('No run is open here. Nothing was changed.')] });
}
