import { z } from 'zod';
import { authorizeGoverned } from '../src/app/authorize-governed.js';
import { freezeEnd, freezeProject } from '../src/app/freeze-project.js';
import { freezesOn } from '../src/app/freezes.js';
import { freezesFor } from '../src/app/said-freezes.js';
import { defineVerb } from '../src/app/verb.js';
import { frozenLines } from '../src/chat/views/freeze.js';
import { actorOf, projectMeant, secondOption } from './on-project.js';

/** Starts nothing of a project until a time; what runs goes on. */
export const freeze = defineVerb({
  name: 'freeze',
  about: 'Start nothing of a project until a time, with a reason',
  positional: ['[project]'],
  options: [
    { flags: '--until <time>', about: '"Mon 09:00", 17:30, "2026-12-18 17:00", 4h or 3d', required: true },
    { flags: '--reason <text>', about: 'why', required: true },
    { flags: '--allow <operation>', about: 'an operation that may be started all the same', repeat: true },
    secondOption,
  ],
  acts: true,
  args: z.object({
    project: z.string().optional(),
    until: z.string().max(100),
    reason: z.string().trim().min(1).max(500),
    allow: z.string().max(1_000).optional(),
    second: z.string().max(200).optional(),
  }),
  async run(context, { project: name, until: typed, reason, allow = '', second }) {
    const { opened } = context;
    const installation = await opened.installation();
    const project = projectMeant(installation, name);
    const { agreed } = authorizeGoverned(installation, project, 'freeze', { by: actorOf(context), second });
    const now = opened.engine.clock.now();
    const zone = installation.timeZone;
    const until = freezeEnd(typed, now, zone);
    const allows = [...new Set(allow.split(/[\s,]+/).filter((one) => one !== ''))];
    await freezeProject(opened, project, { ...agreed, until, reason, allows });
    const standing = await freezesFor(opened.engine, installation, project);
    const allowed = Object.keys(project.process.operations).filter(
      (operation) => freezesOn(standing, project, operation, now).length === 0,
    );
    return {
      lines: frozenLines(
        { project: project.name, name: reason, by: agreed.by.name, until, now, zone },
        allowed,
      ),
      data: { project: project.name, until, allows },
      exit: 0,
    };
  },
});
