import type { Grammar } from '../../chat/parser/command.js';
import type { Verb } from '../verb.js';
import type { Around } from './meant.js';

/** What can be typed there: all verbs, and the operations of the room's projects, or else of all. */
export function grammarOf({ installation, projects, run }: Around, verbs: readonly Verb[]): Grammar {
  const meant = projects.length > 0 ? projects : Object.values(installation.projects);
  const operations = new Map<string, Set<string>>();
  for (const { name, inputs } of meant.flatMap(({ process }) => Object.values(process.operations)))
    operations.set(name, new Set([...(operations.get(name) ?? []), ...Object.keys(inputs)]));
  return {
    verbs,
    operations: [...operations].map(([name, inputs]) => ({ name, inputs: [...inputs] })),
    run,
  };
}
