import type { Completion } from '../../chat/completion.js';
import { completions, type Candidate, type Values } from '../../chat/parser/complete.js';
import { openIndex } from '../../engine/open-index.js';
import type { Actor } from '../../release/actor.js';
import { isCommitTarget, partsOfLine } from '../../release/run-id.js';
import type { Place } from '../act.js';
import { peopleOf } from '../policies.js';
import { seesProject } from '../visible.js';
import type { Opened } from '../wire.js';
import { grammarOf } from './grammar.js';
import { mayActOnRuns, operationsFor } from './may.js';
import { aroundOf, type Around } from './meant.js';
import { openRunsOf, stateOf } from './runs.js';
import type { Listening } from './talk.js';

export type { Completion } from '../../chat/completion.js';

/** A line that somebody is typing in a room. */
export interface Typing {
  by: Actor;
  place: Place;
  text: string;
}

/**
 * What could be typed next, what this person may do first. Looks only at our own records, so that it answers while
 * somebody types.
 */
export async function complete(
  { opened, verbs }: Listening,
  { by, place, text }: Typing,
): Promise<Completion[]> {
  const around = await aroundOf(opened, place);
  const { installation } = around;
  const seen = Object.values(installation.projects).filter((one) => seesProject(installation, one, place));
  const here = around.projects.length > 0 ? around.projects : seen;
  const acts = here.some((project) => mayActOnRuns(installation, project, by));
  const operations = here.flatMap((project) => operationsFor(installation, project, by));
  const heads = [
    ...operations.map(({ name, about, yours }) => ({ word: name, about, yours })),
    ...verbs
      .filter(({ name }) => name !== 'release')
      .map((verb) => ({ word: verb.name, about: verb.about, yours: !verb.acts || acts })),
    { word: 'help', about: 'What you can say', yours: true },
  ];
  return completions(text, {
    grammar: grammarOf(around, verbs),
    heads: heads.filter((one, at) => heads.findIndex((other) => other.word === one.word) === at),
    values: await valuesOf(opened, { ...around, projects: here }, place),
  });
}

async function valuesOf(
  opened: Opened,
  { installation, projects, run }: Around,
  place: Place,
): Promise<Values> {
  const names = projects.map((one) => one.name);
  const open = await openRunsOf(opened, names);
  const states = await Promise.all(
    [...(run === undefined ? [] : [run]), ...open].map((one) => stateOf(opened, one)),
  );
  const steps = states.flatMap((state) => state?.steps ?? []);
  const lines = (await openIndex(opened.records).list('lines'))
    .map((id) => partsOfLine(id))
    .filter(({ project, target }) => names.includes(project) && !isCommitTarget(target));
  const targets = lines.map(({ project, target }) => ({ word: target, about: `the line of ${project}` }));
  const people = peopleOf(installation).map(({ id, name, roles }) => ({
    word: id,
    about: roles.length === 0 ? name : `${name}, ${roles.join(', ')}`,
  }));
  const all = Object.values(installation.projects).filter((one) => seesProject(installation, one, place));
  const processes = projects.map(({ process }) => process);
  const variants = plainly(
    processes.flatMap((one) => Object.keys(one.variants)),
    'a variant',
  );
  return {
    run: plainly(open, 'an open run'),
    step: unique(
      steps.map(({ outline: { id, kind }, status }) => ({ word: id, about: `${kind}, ${status}` })),
    ),
    gate: plainly(
      states.flatMap((state) => Object.keys(state?.gates ?? {})),
      'a question',
    ),
    version: unique(targets),
    line: unique(targets),
    open: unique(targets),
    variant: variants,
    'variant-2': variants,
    operation: unique(
      processes.flatMap((one) =>
        Object.values(one.operations).map(({ name, about }) => ({ word: name, about })),
      ),
    ),
    allow: plainly(
      processes.flatMap((one) => Object.keys(one.operations)),
      'an operation',
    ),
    channel: plainly(
      processes.flatMap((one) => Object.keys(one.channels)),
      'a channel',
    ),
    project: plainly(
      all.map((one) => one.name),
      'a project',
    ),
    second: people,
  };
}

function plainly(words: readonly string[], about: string): Candidate[] {
  return [...new Set(words)].map((word) => ({ word, about }));
}

function unique(all: readonly Candidate[]): Candidate[] {
  return all.filter((one, at) => all.findIndex((other) => other.word === one.word) === at);
}
