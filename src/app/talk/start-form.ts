import type { Form, Message } from '../../chat/message.js';
import { mayStartNothing, startFormView, type StartFormFacts } from '../../chat/views/answers/start-form.js';
import { SlipwayError } from '../../error.js';
import { schemeOf } from '../../release/versions/index.js';
import { highest } from '../../release/versions/scheme.js';
import type { Project } from '../installation.js';
import { nextTarget, ruleOf } from '../next-target.js';
import { taggedVersions } from '../tagged.js';
import { seesProject } from '../visible.js';
import type { Opened } from '../wire.js';
import { operationsFor } from './may.js';
import type { Around } from './meant.js';
import type { Heard } from './talk.js';

/** The form that shows a plan and starts nothing; or why somebody gets none. `preset`: what it already says. */
export async function startForm(
  opened: Opened,
  { installation, projects }: Around,
  { by, place }: Heard,
  preset: Record<string, string> = {},
): Promise<Form | Message> {
  const seen = Object.values(installation.projects).filter((one) => seesProject(installation, one, place));
  const all = (projects.length > 0 ? projects : seen).map((project) => ({
    project,
    operations: operationsFor(installation, project, by),
  }));
  const startable = all.filter(({ operations }) => operations.some((one) => one.yours));
  const [first] = startable;
  if (first === undefined)
    return mayStartNothing(
      all.map(({ project }) => project.name),
      all.flatMap(({ operations }) => operations),
    );
  const operations = new Map(
    startable.flatMap(({ operations: some }) =>
      some.filter((one) => one.yours).map((one) => [one.name, one]),
    ),
  );
  const facts: StartFormFacts = {
    projects: startable.map(({ project }) => project.name),
    operations: [...operations.values()],
    // Of several projects the one that is chosen is not known yet.
    next: startable.length === 1 ? await nextOf(opened, first.project) : { version: '', after: '' },
    preset,
  };
  return startFormView(facts);
}

/** What an empty version takes, and what it comes after; '' where nobody can say it now. */
async function nextOf(
  opened: Opened,
  { name, process }: Project,
): Promise<{ version: string; after: string }> {
  const scheme = schemeOf(ruleOf(process));
  try {
    const git = await opened.services.git(name);
    const lines = await opened.services.lines(name);
    const tags = await taggedVersions(git, process, scheme, name);
    const finals = [
      ...lines.filter((one) => one.promoted).flatMap((one) => scheme.parse(one.target) ?? []),
      ...tags.map((one) => one.version).filter((one) => one.candidate === undefined),
    ];
    const after = highest(scheme, finals)?.text ?? '';
    if (typeof process.version.from === 'string') return { version: '', after };
    const { target } = await nextTarget(git, process);
    // What the default branch still says after a release is no version that could be cut.
    return { version: lines.some((one) => one.target === target) ? '' : target, after };
  } catch (error) {
    // A form that cannot say the number still asks for it.
    if (error instanceof SlipwayError) return { version: '', after: '' };
    throw error;
  }
}
