import { z } from 'zod';
import { authorizePoint, unpoint as unpointChannel } from '../src/app/pins.js';
import { defineVerb } from '../src/app/verb.js';
import { unpinnedLines } from '../src/chat/views/channels.js';
import { actorOf, projectMeant, projectOption, secondOption } from './on-project.js';

/** Lifts the exception; the channel is computed again. */
export const unpoint = defineVerb({
  name: 'unpoint',
  about: 'Lift the pin of a channel; it moves to what it should serve now',
  positional: ['<channel>'],
  options: [{ flags: '--reason <text>', about: 'why; needed in a freeze' }, secondOption, projectOption],
  acts: true,
  args: z.object({
    channel: z.string().max(100),
    reason: z.string().max(500).optional(),
    second: z.string().max(200).optional(),
    project: z.string().optional(),
  }),
  async run(context, { channel, reason, second, project: name }) {
    const { opened } = context;
    const installation = await opened.installation();
    const project = projectMeant(installation, name);
    const asked = { by: actorOf(context), second, reason };
    const who = await authorizePoint(opened, installation, project, asked);
    const done = await unpointChannel(opened, project, { ...who, channel });
    return {
      lines: unpinnedLines(project.name, channel, done),
      data: { project: project.name, channel, serves: done.serves, should: done.should },
      exit: done.why === '' ? 0 : 1,
    };
  },
});
