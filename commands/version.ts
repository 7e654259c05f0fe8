import { z } from 'zod';
import { defineVerb, type Reply } from '../src/app/verb.js';
import { versionFacts } from '../src/app/version-facts.js';
import { versionLines } from '../src/chat/views/versions.js';
import { projectMeant, projectOption } from './on-project.js';

/** What the version files say, what is released and open, what comes next, and how a version is written elsewhere. */
export const version = defineVerb({
  name: 'version',
  about: 'Show the versions of a project, and how one is written for registries',
  positional: ['[version]'],
  options: [projectOption],
  acts: false,
  args: z.object({ version: z.string().min(1).max(200).optional(), project: z.string().optional() }),
  async run({ opened }, args): Promise<Reply> {
    const project = projectMeant(await opened.installation(), args.project);
    const facts = await versionFacts(opened, project, args.version);
    const { places, series, next, written } = facts;
    return {
      lines: versionLines(facts),
      data: {
        project: facts.project,
        branch: facts.branch,
        commit: facts.commit,
        from: facts.from,
        places: places.map((one) => ({ ...one, text: one.text ?? '' })),
        series: series.map((one) => ({
          ...one,
          finals: one.finals.map((final) => ({ ...final })),
          open: one.open.map((line) => ({ ...line })),
        })),
        next: next.map((one) => ({ ...one })),
        version: facts.version,
        written: written.map((one) => ({ ...one })),
      },
      // What disagrees would stop a release, so a check in CI can ask this.
      exit: places.every(({ agrees }) => agrees) ? 0 : 1,
    };
  },
});
