import { z } from 'zod';
import { authorize } from '../src/app/authorize.js';
import { setAside } from '../src/app/set-aside.js';
import { defineVerb } from '../src/app/verb.js';
import { setAsideReceipt } from '../src/chat/views/receipts.js';
import { actorOf, projectMeant, projectOption } from './on-project.js';

/** Sets the offer of a next candidate aside, until more is merged. */
export const notNow = defineVerb({
  name: 'not-now',
  about: 'Set the offer of a next candidate aside, until more is merged',
  positional: ['[line]'],
  options: [projectOption, { flags: '--head <commit>', about: 'the branch head that the offer was about' }],
  acts: true,
  args: z.object({
    line: z.string().max(200).optional(),
    project: z.string().optional(),
    head: z.string().max(40).optional(),
  }),
  async run(context, { line, project: name, head }) {
    const { opened } = context;
    const installation = await opened.installation();
    const project = projectMeant(installation, name);
    const asked = actorOf(context);
    const person = authorize(installation, project, asked, { act: 'run' });
    const by = { ...asked, name: person.name };
    const { target, operation } = await setAside(opened, project, { line, head, by });
    return {
      lines: [setAsideReceipt(project.name, target, operation)],
      data: { project: project.name, line: target },
      exit: 0,
    };
  },
});
