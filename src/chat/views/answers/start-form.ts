import { line } from '../../compose.js';
import type { Field, Form, Message } from '../../message.js';
import { answer } from './answer.js';

/** What the form that begins a release knows. */
export interface StartFormFacts {
  projects: readonly string[];
  /** Those that who asks may start. */
  operations: readonly { name: string; about: string }[];
  /** What an empty version takes, and the version before it; '' where it is not known. */
  next: { version: string; after: string };
  /** What was said already, by the name of the field. */
  preset: Readonly<Record<string, string>>;
}

/** "Start a release": a form starts nothing, it shows the plan. */
export function startFormView({ projects, operations, next, preset }: StartFormFacts): Form {
  const [project = ''] = projects;
  const [operation] = operations;
  return {
    title: 'Start a release',
    about: [],
    fields: [
      choice(
        'project',
        'Project',
        preset['project'] ?? project,
        projects.map((one) => ({ value: one, label: one })),
      ),
      choice(
        'operation',
        'Operation',
        preset['operation'] ?? operation?.name ?? '',
        operations.map(({ name, about }) => ({ value: name, label: labelOf(name, about) })),
      ),
      textField('version', 'Version', versionHint(next), preset['version'] ?? ''),
      textField('reason', 'Reason', 'Optional', preset['reason'] ?? ''),
    ],
    submit: 'Show the plan',
    close: 'Close',
    say: { verb: 'plan', args: {} },
  };
}

/** Who may start nothing is told who may. */
export function mayStartNothing(
  projects: readonly string[],
  operations: readonly { name: string; others: readonly string[] }[],
): Message {
  const people = [...new Set(operations.flatMap((one) => one.others))];
  return answer({
    lines: [
      line(
        projects.length === 0
          ? 'No project is released here. Nothing was started.'
          : `You may start nothing of ${projects.join(', ')}. Nothing was started.`,
      ),
      ...(people.length === 0 ? [] : [line(`Others decide: ${people.join(', ')}.`)]),
    ],
  });
}

function versionHint({ version, after }: StartFormFacts['next']): string {
  if (version === '') return 'Empty takes the next one';
  return `Empty takes ${version}${after === '' || after === version ? '' : `, next after ${after}`}`;
}

/** Of a sentence about an operation what a menu has room for. */
function labelOf(name: string, about: string): string {
  const label = about === '' ? name : `${name}: ${about.replace(/\.$/, '')}`;
  return [...label].length <= 75 ? label : `${[...label].slice(0, 74).join('')}…`;
}

function choice(
  name: string,
  label: string,
  value: string,
  choices: { value: string; label: string }[],
): Field {
  return { is: 'choice', name, label, hint: '', required: true, value, choices };
}

function textField(name: string, label: string, hint: string, value: string): Field {
  return { is: 'text', name, label, hint, required: false, value, long: false };
}
