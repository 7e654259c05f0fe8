import { z } from 'zod';
import { whereIs } from '../src/app/where.js';
import { defineVerb, type Reply } from '../src/app/verb.js';
import { whereLines } from '../src/chat/views/where.js';
import { projectMeant, projectOption } from './on-project.js';

/** In which releases, candidates and channels a commit is. */
export const where = defineVerb({
  name: 'where',
  about: 'Show in which releases, candidates and channels a commit is',
  positional: ['<commit>'],
  options: [projectOption],
  acts: false,
  args: z.object({ commit: z.string().min(1).max(250), project: z.string().optional() }),
  async run({ opened }, args): Promise<Reply> {
    const project = projectMeant(await opened.installation(), args.project);
    const found = await whereIs(opened, project, args.commit);
    return {
      lines: whereLines(project.name, found),
      data: {
        project: project.name,
        commit: found.sha,
        in: found.holders.map((one) => ({ ...one })),
        channels: found.channels.map((one) => ({ ...one })),
        branches: found.branches,
        after: found.after === undefined ? null : { ...found.after },
      },
      exit: 0,
    };
  },
});
