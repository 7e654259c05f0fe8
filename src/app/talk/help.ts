import type { HelpFacts } from '../../chat/views/answers/help.js';
import type { Verb } from '../verb.js';
import { seesProject } from '../visible.js';
import { mayActOnRuns, operationsFor } from './may.js';
import type { Around } from './meant.js';
import type { Heard } from './talk.js';

/** What somebody can say there: the operations of the room's projects, and verbs that he may use. */
export function helpOf(
  { installation, projects }: Around,
  { by, place }: Heard,
  verbs: readonly Verb[],
): HelpFacts {
  const seen = Object.values(installation.projects).filter((one) => seesProject(installation, one, place));
  const here = projects.length > 0 ? projects : seen;
  const operations = here.flatMap((project) => operationsFor(installation, project, by));
  const yours = new Set(operations.filter((one) => one.yours).map((one) => one.name));
  const others = new Map(
    operations
      .filter((one) => !yours.has(one.name) && one.others.length > 0)
      .map((one) => [one.name, one.others]),
  );
  const acts = here.some((project) => mayActOnRuns(installation, project, by));
  const isOnRun = (verb: Verb): boolean => verb.positional.some((one) => one.slice(1, -1) === 'run');
  const named = (which: (verb: Verb) => boolean): string[] =>
    verbs.filter((verb) => verb.name !== 'release' && which(verb)).map((verb) => verb.name);
  return {
    operations: [...yours],
    others: [...others].map(([name, people]) => ({ name, people })),
    looks: named((verb) => !verb.acts && !isOnRun(verb)).concat(
      named((verb) => !verb.acts && isOnRun(verb) && verb.positional.every((one) => one.startsWith('['))),
    ),
    // What a vote needs stands on its question; nobody types it.
    inThread: acts ? named((verb) => verb.acts && isOnRun(verb) && !asksForSeal(verb)) : [],
    acts: acts ? named((verb) => verb.acts && !isOnRun(verb)) : [],
  };
}

function asksForSeal({ options }: Verb): boolean {
  return options.some(({ flags }) => flags.startsWith('--seal '));
}
