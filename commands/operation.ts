import { z } from 'zod';
import { authorize } from '../src/app/authorize.js';
import { planReply } from '../src/app/dry-run.js';
import { requireUnfrozen } from '../src/app/freezes.js';
import { lineAsked } from '../src/app/line-asked.js';
import { onlyThisPlan } from '../src/app/read-plan.js';
import { freezesFor } from '../src/app/said-freezes.js';
import { inputsMissing, inputsTyped, operationTyped, wordsTyped } from '../src/app/typed-operation.js';
import { defineVerb } from '../src/app/verb.js';
import type { StartAsk } from '../src/engine/engine.js';
import { start } from '../src/engine/start.js';
import { asSlipwayError, SlipwayError } from '../src/error.js';
import { actorOf, projectMeant } from './on-project.js';
import { frozenReply, inputsReply, planMoved, refusedReply, replyOf } from './operation-reply.js';
import { inputsSaid, operationArgs, operationOptions, wordsBehind, wordsSaid } from './operation-words.js';

/** All operations of processes: `release cut`, `release promote`, whatever a process declares. */
export const operation = defineVerb({
  name: 'release',
  about: 'Start an operation of a process: cut, fixup, promote, …',
  positional: ['<operation>', ...wordsBehind],
  options: [
    ...operationOptions,
    { flags: '--dry-run', about: 'show what it would do; nothing is changed' },
    { flags: '--second <person>', about: 'who agrees, where the policy wants a second person' },
    {
      flags: '--plan <hash>',
      about: 'start only this plan, as it was shown; refused if it is another by now',
    },
  ],
  acts: true,
  args: z.object({
    ...operationArgs,
    operation: z.string(),
    'dry-run': z.literal('true').optional(),
    second: z.string().optional(),
    plan: z.string().max(200).optional(),
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
    const freezes = await freezesFor(opened.engine, installation, project);
    const isDry = args['dry-run'] === 'true';
    const now = opened.engine.clock.now();
    const said = { args: wordsSaid({ ...args, project: project.name }), place: context.place };
    const passes = (reason?: string): string[] =>
      requireUnfrozen(freezes, project, wanted.name, person, now, reason);
    const frozen = isDry ? undefined : refusalOf(() => passes(args.reason));
    if (frozen !== undefined) {
      const isExcepted = refusalOf(() => passes('…')) === undefined;
      return frozenReply(frozen, wanted.name, said.args, isExcepted);
    }
    const passed = isDry ? [] : passes(args.reason);
    const input = inputsSaid(args, wanted.inputs);
    const missing = inputsMissing(input, wanted.inputs);
    if (context.place !== undefined && missing.length > 0)
      return inputsReply({ verb: 'release', args: said.args }, wanted.name, missing);
    const inputs = inputsTyped(input, wanted.inputs);
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
    if (isDry) return planReply(opened, ask, said);
    const { engine } = opened;
    const { plan } = args;
    const planner = plan === undefined ? engine.planner : onlyThisPlan(engine.planner, plan);
    try {
      return await replyOf(opened, project, ask, await start({ ...engine, planner }, ask), asked);
    } catch (error) {
      const known = asSlipwayError(error);
      if (plan === undefined || known.code !== 'commit-moved') throw error;
      return planMoved(known, said.args);
    }
  },
});

/** What is refused; undefined: nothing. */
function refusalOf(ask: () => unknown): SlipwayError | undefined {
  try {
    ask();
    return undefined;
  } catch (error) {
    return asSlipwayError(error);
  }
}

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
