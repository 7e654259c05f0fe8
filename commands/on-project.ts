import { projectOf } from '../src/app/policies.js';
import type { Installation, Project } from '../src/app/installation.js';
import type { VerbContext } from '../src/app/verb.js';
import { SlipwayError } from '../src/error.js';
import type { Actor } from '../src/release/actor.js';

/** The option by which a verb names its project. */
export const projectOption = { flags: '--project <name>', about: 'which project, if there are several' };

/** The option for who agrees to an exception. */
export const secondOption = {
  flags: '--second <person>',
  about: 'who agrees, where the policy wants a second person',
};

/** The project that is meant: the named one, else the only one. @throws SlipwayError not-found | command-invalid */
export function projectMeant(installation: Installation, name: string | undefined): Project {
  if (name !== undefined) return projectOf(installation, name);
  const names = Object.keys(installation.projects);
  const [only] = names;
  if (only !== undefined && names.length === 1) return projectOf(installation, only);
  throw new SlipwayError('command-invalid', 'Several projects could be meant.', {
    hint: `Nothing was changed. Add --project: ${names.join(', ')}.`,
  });
}

/** Who acts. @throws SlipwayError not-allowed where nobody is named */
export function actorOf({ by }: VerbContext): Actor {
  if (by !== undefined) return by;
  throw new SlipwayError('not-allowed', 'Nobody is named who asks.', {
    hint: 'Nothing was changed. Add --as <person>.',
  });
}
