import { z } from 'zod';
import { takeDayOff } from '../src/app/day-off.js';
import { personOf } from '../src/app/policies.js';
import { defineVerb } from '../src/app/verb.js';
import { dayOffTaken } from '../src/chat/views/reminder.js';
import { SlipwayError } from '../src/error.js';
import { actorOf } from './on-project.js';

/** Who says it gets no reminders alone until tomorrow. Rooms go on naming him. */
export const notMeToday = defineVerb({
  name: 'not-me-today',
  about: 'Get no more reminders alone until tomorrow',
  positional: [],
  options: [],
  acts: true,
  args: z.object({}),
  async run(context) {
    const { opened } = context;
    const installation = await opened.installation();
    const by = actorOf(context);
    const known = Object.values(installation.projects).flatMap(
      (project) => personOf(installation, project, by) ?? [],
    );
    const [person] = known;
    if (person === undefined) {
      throw new SlipwayError('not-allowed', `"${by.user}" is nobody who could be reminded here.`, {
        hint: 'Nothing was changed.',
      });
    }
    await takeDayOff(opened.records, person.id, opened.engine.clock.now(), installation.timeZone);
    return { lines: [dayOffTaken()], data: { person: person.id }, exit: 0 };
  },
});
