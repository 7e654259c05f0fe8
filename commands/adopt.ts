import { z } from 'zod';
import { confirmAdoption, lookAtRemote } from '../src/app/adoption.js';
import { authorize } from '../src/app/authorize.js';
import { defineVerb, type Reply } from '../src/app/verb.js';
import { adoptedLines, adoptionLines } from '../src/chat/views/adoption.js';
import { adoptionAnswer } from '../src/chat/views/answers/acts.js';
import { longSeal } from '../src/release/canonical.js';
import { actorOf, projectMeant, projectOption } from './on-project.js';

/** Shows what was released by hand, and takes it over when a person confirms exactly what was shown. */
export const adopt = defineVerb({
  name: 'adopt',
  about: 'Show what was released by hand; with --confirm take it over',
  positional: [],
  options: [
    projectOption,
    { flags: '--open <version>', repeat: true, about: 'a line with two readings that is to be open' },
    { flags: '--confirm <hash>', about: 'take over what was shown, as its last line says' },
  ],
  acts: true,
  args: z.object({
    project: z.string().optional(),
    open: z.string().optional(),
    confirm: z.string().max(200).optional(),
  }),
  async run(context, args): Promise<Reply> {
    const { opened } = context;
    const installation = await opened.installation();
    const project = projectMeant(installation, args.project);
    const open = args.open === undefined || args.open === '' ? [] : args.open.split('\n');
    if (args.confirm === undefined) {
      const looked = await lookAtRemote(opened, project, open);
      const { hash, lines, ambiguous, changed, strange } = looked;
      const sentences = adoptionLines(project.name, looked, open);
      const said = { project: project.name, ...(args.open !== undefined && { open: args.open }) };
      return {
        message: adoptionAnswer(sentences, lines.length, longSeal(hash), { verb: 'adopt', args: said }),
        lines: sentences,
        data: {
          project: project.name,
          hash,
          lines: lines.map((line) => ({ ...line })),
          ambiguous: ambiguous.map((one) => ({ ...one })),
          changed: changed.map((one) => ({ ...one })),
          strange,
        },
        exit: 0,
      };
    }
    const asked = actorOf(context);
    const by = { ...asked, name: authorize(installation, project, asked, { act: 'run' }).name };
    const lines = await confirmAdoption(opened, project, { hash: args.confirm, open, by });
    return {
      lines: adoptedLines(project.name, lines),
      data: { project: project.name, lines: lines.map((line) => ({ ...line })) },
      exit: 0,
    };
  },
});
