import { z } from 'zod';
import { historyPage } from '../src/app/history.js';
import { defineVerb, type Reply } from '../src/app/verb.js';
import { historyAnswer } from '../src/chat/views/answers/history.js';
import { historyLines } from '../src/chat/views/history.js';
import { projectMeant, projectOption } from './on-project.js';

/** What was released and abandoned, newest first; reads only the page that is shown. */
export const history = defineVerb({
  name: 'history',
  about: 'Show what was released and abandoned, newest first',
  positional: [],
  options: [projectOption, { flags: '--page <n>', about: 'which page; 1 is the newest' }],
  acts: false,
  args: z.object({
    project: z.string().optional(),
    page: z.coerce
      .number('is a whole number from 1')
      .int('is a whole number from 1')
      .min(1)
      .max(1e6)
      .default(1),
  }),
  async run({ opened }, args): Promise<Reply> {
    const project = projectMeant(await opened.installation(), args.project);
    const { ended, pages, all } = await historyPage(opened, project.name, args.page);
    return {
      lines: historyLines(project.name, args.page, pages, ended),
      data: { project: project.name, page: args.page, pages, all, ended: ended.map((one) => ({ ...one })) },
      exit: 0,
      message: historyAnswer(project.name, args.page, pages, ended),
    };
  },
});
