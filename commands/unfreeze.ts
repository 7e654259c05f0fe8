import { z } from 'zod';
import { authorizeGoverned } from '../src/app/authorize-governed.js';
import { thawProject } from '../src/app/freeze-project.js';
import { freezesOn } from '../src/app/freezes.js';
import { freezesFor } from '../src/app/said-freezes.js';
import { defineVerb } from '../src/app/verb.js';
import { thawedLines } from '../src/chat/views/freeze.js';
import { actorOf, projectMeant, secondOption } from './on-project.js';

/** Lifts the freeze that somebody said, before its time. */
export const unfreeze = defineVerb({
  name: 'unfreeze',
  about: 'Lift the freeze of a project before its time',
  positional: ['[project]'],
  options: [secondOption],
  acts: true,
  args: z.object({ project: z.string().optional(), second: z.string().max(200).optional() }),
  async run(context, { project: name, second }) {
    const { opened } = context;
    const installation = await opened.installation();
    const project = projectMeant(installation, name);
    const { agreed } = authorizeGoverned(installation, project, 'freeze', { by: actorOf(context), second });
    const lifted = await thawProject(opened, project, agreed);
    const now = opened.engine.clock.now();
    const standing = await freezesFor(opened.engine, installation, project);
    const held = Object.keys(project.process.operations).flatMap((operation) =>
      freezesOn(standing, project, operation, now).map(({ freeze }) => freeze.name),
    );
    return {
      lines: thawedLines(project.name, lifted?.reason, [...new Set(held)]),
      data: { project: project.name, lifted: lifted !== undefined },
      exit: 0,
    };
  },
});
