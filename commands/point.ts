import { z } from 'zod';
import { authorizePoint, point as pointChannel } from '../src/app/pins.js';
import { defineVerb } from '../src/app/verb.js';
import { pinnedAnswer } from '../src/chat/views/answers/acts.js';
import { pinnedLines } from '../src/chat/views/channels.js';
import { actorOf, projectMeant, projectOption, secondOption } from './on-project.js';

/** The recorded exception: a channel serves an archived version until somebody lifts it. */
export const point = defineVerb({
  name: 'point',
  about: 'Pin a channel to an archived version, with a reason',
  positional: ['<channel>', '<version>'],
  options: [{ flags: '--reason <text>', about: 'why', required: true }, secondOption, projectOption],
  acts: true,
  args: z.object({
    channel: z.string().max(100),
    version: z.string().max(200),
    reason: z.string().trim().min(1).max(500),
    second: z.string().max(200).optional(),
    project: z.string().optional(),
  }),
  async run(context, { channel, version, reason, second, project: name }) {
    const { opened } = context;
    const installation = await opened.installation();
    const project = projectMeant(installation, name);
    const asked = { by: actorOf(context), second, reason };
    const who = await authorizePoint(opened, installation, project, asked);
    const { before } = await pointChannel(opened, project, { ...who, channel, version, reason });
    const lines = pinnedLines(project.name, channel, { version, by: who.by, reason }, before);
    return {
      message: pinnedAnswer(lines, project.name, channel),
      lines,
      data: { project: project.name, channel, version, before },
      exit: 0,
    };
  },
});
