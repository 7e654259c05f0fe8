import { z } from 'zod';
import { leaveQueue as leave } from '../src/app/leave-queue.js';
import { defineVerb } from '../src/app/verb.js';
import { leftQueueReceipt } from '../src/chat/views/receipts.js';
import { actorOf, projectMeant, projectOption } from './on-project.js';

/** Takes an operation out of the queue of its line before it starts. */
export const leaveQueue = defineVerb({
  name: 'leave-queue',
  about: 'Take what waits in a queue out of it, before it starts',
  positional: ['[line]', '[operation]'],
  options: [projectOption, { flags: '--entry <request>', about: 'exactly this one' }],
  acts: true,
  args: z.object({
    line: z.string().max(200).optional(),
    operation: z.string().max(100).optional(),
    project: z.string().optional(),
    entry: z.string().max(200).optional(),
  }),
  async run(context, { line, operation, project: name, entry }) {
    const { opened } = context;
    const installation = await opened.installation();
    const project = projectMeant(installation, name);
    const by = actorOf(context);
    const words = [line, operation].filter((word) => word !== undefined);
    const left = await leave(opened, installation, project, { words, entry, by });
    return {
      lines: [leftQueueReceipt(left.operation, project.name, left.line)],
      data: { project: project.name, line: left.line, operation: left.operation },
      exit: 0,
    };
  },
});
