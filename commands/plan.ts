import { z } from 'zod';
import type { Installation, Project } from '../src/app/installation.js';
import { planReply } from '../src/app/dry-run.js';
import { lineAsked } from '../src/app/line-asked.js';
import { personOf } from '../src/app/policies.js';
import { processDiff } from '../src/app/process-diff.js';
import { inputsMissing, inputsTyped, operationTyped, wordsTyped } from '../src/app/typed-operation.js';
import { defineVerb, type Reply, type VerbContext } from '../src/app/verb.js';
import { processDiffLines, type ProcessDiff } from '../src/chat/views/process-diff.js';
import type { StartAsk } from '../src/engine/engine.js';
import type { Actor } from '../src/release/actor.js';
import type { Json } from '../src/release/plan.js';
import { projectMeant } from './on-project.js';
import { inputsReply, refusedReply } from './operation-reply.js';
import { inputsSaid, operationArgs, operationOptions, wordsBehind, wordsSaid } from './operation-words.js';

/** What an operation would do now, step by step, with everything that would be refused. Changes nothing, needs nobody. */
export const plan = defineVerb({
  name: 'plan',
  about: 'Show what an operation would do; nothing is changed',
  positional: ['[operation]', ...wordsBehind],
  options: [
    ...operationOptions,
    { flags: '--diff', about: 'what the patches of the project change beside its preset' },
  ],
  acts: false,
  args: z.object({
    ...operationArgs,
    operation: z.string().optional(),
    diff: z.literal('true').optional(),
  }),
  async run(context, args) {
    const { opened, request } = context;
    const installation = await opened.installation();
    const project = projectMeant(installation, args.project);
    if (args.diff === 'true') return diffReply(await processDiff(project, opened.engine.kinds));
    const { name, process } = project;
    const words = [args.version, args.variant, args['variant-2']];
    const { version, variants } = wordsTyped(process, words);
    const operation = operationTyped(process, name, args.operation ?? '', variants);
    const said = { args: wordsSaid({ ...args, project: name }), place: context.place };
    const input = inputsSaid(args, operation.inputs);
    const missing = inputsMissing(input, operation.inputs);
    if (context.place !== undefined && missing.length > 0)
      return inputsReply({ verb: 'plan', args: said.args }, operation.name, missing);
    const inputs = inputsTyped(input, operation.inputs);
    const asked = await lineAsked(opened, { project: name, process, operation, version, request });
    if ('because' in asked) return refusedReply(opened, project, asked);
    const { kind, target, commit, from } = asked;
    const ask: StartAsk = {
      request,
      project: name,
      operation: operation.name,
      kind,
      target,
      inputs,
      commit,
      from,
      variants,
      again: args.again === 'true',
      forced: args.force === 'true',
      by: whoAsks(context, installation, project),
    };
    return planReply(opened, ask, said);
  },
});

function diffReply(diff: ProcessDiff): Reply {
  const data: Json = JSON.parse(JSON.stringify(diff));
  return { lines: processDiffLines(diff), data, exit: 0 };
}

/** A plan needs nobody: where nobody is named, texts that say who asked have no name yet. */
function whoAsks({ by }: VerbContext, installation: Installation, project: Project): Actor {
  if (by === undefined)
    return { issuer: 'local', workspace: installation.name, user: '', name: 'whoever starts it' };
  return { ...by, name: personOf(installation, project, by)?.name ?? by.name };
}
