import { z } from 'zod';
import { authorize } from '../src/app/authorize.js';
import { planReply } from '../src/app/dry-run.js';
import { requireUnfrozen } from '../src/app/freezes.js';
import { lineAsked } from '../src/app/line-asked.js';
import { inputsTyped, operationTyped, wordsTyped } from '../src/app/typed-operation.js';
import { defineVerb } from '../src/app/verb.js';
import type { StartAsk } from '../src/engine/engine.js';
import { start } from '../src/engine/start.js';
import { SlipwayError } from '../src/error.js';
import { actorOf, projectMeant } from './on-project.js';
import { refusedReply, replyOf } from './operation-reply.js';
import { operationArgs, operationOptions, wordsBehind } from './operation-words.js';

/** All operations of processes: `release cut`, `release promote`, whatever a process declares. */
export const operation = defineVerb({
  name: 'release',
  about: 'Start an operation of a process: cut, fixup, promote, …',
  positional: ['<operation>', ...wordsBehind],
  options: [
    ...operationOptions,
    { flags: '--dry-run', about: 'show what it would do; nothing is changed' },
    { flags: '--second <person>', about: 'who agrees, where the policy wants a second person' },
    { flags: '--reason <text>', about: 'why, where a freeze is passed over or --force is used' },
  ],
  acts: true,
  args: z.object({
    ...operationArgs,
    operation: z.string(),
    'dry-run': z.literal('true').optional(),
    second: z.string().optional(),
    reason: z.string().max(500).optional(),
  }),
  async run(context, args) {
    const { opened, request } = context;
    const installation = await opened.installation();
    const project = projectMeant(installation, args.project);
    const { process } = project;
    const { version, variants } = wordsTyped(process, [args.version, args.variant, args['variant-2']]);
    const wanted = operationTyped(process, project.name, args.operation, variants);
    const by = actorOf(context);
    const second =
      args.second === undefined ? {} : { second: { ...by, user: args.second, name: args.second } };
    const person = authorize(installation, project, by, { act: 'start', operation: wanted.name, ...second });
    const forced = args.force === 'true';
    if (forced) authorize(installation, project, by, { act: 'force', ...second });
    if (forced && (args.reason ?? '').trim() === '') {
      throw new SlipwayError('command-invalid', 'Replacing what is published needs a reason.', {
        hint: 'Nothing was started. Add --reason "…".',
      });
    }
    const isDry = args['dry-run'] === 'true';
    const now = opened.engine.clock.now();
    const passed = isDry ? [] : requireUnfrozen(installation, project, wanted.name, person, now, args.reason);
    const inputs = inputsTyped(args.input, wanted.inputs);
    const typed = { project: project.name, process, operation: wanted, version, request };
    const asked = await lineAsked(opened, typed);
    if ('because' in asked) return refusedReply(opened, project, asked);
    const { kind, target, commit, from } = asked;
    const ask: StartAsk = {
      request,
      project: project.name,
      operation: wanted.name,
      kind,
      target,
      inputs,
      commit,
      from,
      variants,
      again: args.again === 'true',
      forced,
      because: exceptionOf(forced, passed, args.reason ?? '', args.second),
      by: { ...by, name: person.name },
    };
    if (isDry) return planReply(opened, ask);
    return replyOf(opened, project, ask, await start(opened.engine, ask), asked);
  },
});

/** What the record and the board say of an exception; undefined where none was made. */
function exceptionOf(
  forced: boolean,
  freezes: readonly string[],
  reason: string,
  second: string | undefined,
): string | undefined {
  const what = [...(forced ? ['forced'] : []), ...freezes.map((name) => `in the freeze "${name}"`)];
  if (what.length === 0) return undefined;
  return `${what.join(', ')}: "${reason}"${second === undefined ? '' : `, second ${second}`}`;
}
