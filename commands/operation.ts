import { z } from 'zod';
import { authorize } from '../src/app/authorize.js';
import type { Installation } from '../src/app/installation.js';
import { nextMinor, nextTarget, ruleOf } from '../src/app/planner.js';
import { projectOf } from '../src/app/policies.js';
import { defineVerb, type Reply, type VerbContext } from '../src/app/verb.js';
import type { Opened } from '../src/app/wire.js';
import { boardHeader } from '../src/chat/views/board.js';
import { instant } from '../src/chat/views/marks.js';
import { refusal } from '../src/chat/views/refusal.js';
import type { StartAsk } from '../src/engine/engine.js';
import { openIndex } from '../src/engine/open-index.js';
import { start, type Started } from '../src/engine/start.js';
import { SlipwayError } from '../src/error.js';
import { inputProblem } from '../src/process/placeholders.js';
import type { Operation } from '../src/process/process-file.js';
import { didYouMean } from '../src/process/suggest.js';
import { lineId } from '../src/release/run-id.js';
import type { OperationKind } from '../src/release/plan.js';
import { schemeOf } from '../src/release/versions/index.js';
import { highest, type Scheme } from '../src/release/versions/scheme.js';

/** All operations of processes: `release cut`, `release promote`, whatever a process declares. */
export const operation = defineVerb({
  name: 'release',
  about: 'Start an operation of a process: cut, fixup, promote, …',
  positional: ['<operation>', '[version]'],
  options: [
    { flags: '--project <name>', about: 'which project, if there are several' },
    { flags: '--input <name=value>', repeat: true, about: 'an input that the operation asks for' },
  ],
  acts: true,
  args: z.object({
    operation: z.string(),
    version: z.string().optional(),
    project: z.string().optional(),
    input: z.string().optional(),
  }),
  async run(context, args) {
    const { opened, by, request } = context;
    const installation = await opened.installation();
    const project = projectOf(installation, args.project ?? onlyProject(installation));
    const known = Object.keys(project.process.operations);
    const wanted = Object.hasOwn(project.process.operations, args.operation)
      ? project.process.operations[args.operation]
      : undefined;
    if (wanted === undefined) {
      throw new SlipwayError(
        'command-invalid',
        `"${args.operation}" is no operation of ${project.name}${didYouMean(args.operation, known) || '.'}`,
        {
          hint: `Nothing was started. Operations: ${known.join(', ')}.`,
        },
      );
    }
    if (by === undefined)
      throw new SlipwayError('not-allowed', 'Nobody is named who asks.', {
        hint: 'Nothing was started. Add --as <person>.',
      });
    const person = authorize(installation, project, by, { act: 'start', operation: wanted.name });
    const inputs = inputsOf(args.input, wanted.inputs);
    const { target, commit } = await targetOf(context, project.name, wanted.kind, args.version);

    const ask: StartAsk = {
      request,
      project: project.name,
      operation: wanted.name,
      kind: wanted.kind,
      target,
      inputs,
      ...(commit !== undefined && { commit }),
      by: { ...by, name: person.name },
    };
    return replyOf(opened, ask, await start(opened.engine, ask), schemeOf(ruleOf(project.process)));
  },
});

function onlyProject(installation: Installation): string {
  const names = Object.keys(installation.projects);
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  throw new SlipwayError('command-invalid', 'Several projects could be meant.', {
    hint: `Nothing was started. Add --project: ${names.join(', ')}.`,
  });
}

/** The named version's line; else what the version file says for a start, and the only line that fits for everything else. */
async function targetOf(
  { opened }: VerbContext,
  project: string,
  kind: OperationKind,
  version: string | undefined,
): Promise<{ target: string; commit?: string }> {
  const installation = await opened.installation();
  const { process } = projectOf(installation, project);
  const scheme = schemeOf(ruleOf(process));
  const named = version === undefined ? undefined : lineNamed(scheme, version);
  if (kind === 'start') {
    const next = await nextTarget(await opened.services.git(project), process);
    if (named === undefined || named === next.target) return next;
    throw new SlipwayError('command-invalid', `The version file says ${next.target}, not ${named}.`, {
      hint: 'Nothing was started. The version file decides what a cut makes; change it there.',
    });
  }
  if (named !== undefined) return { target: named };
  const open = await openLines(opened, project);
  if (open.length > 1)
    throw new SlipwayError('command-invalid', `Several lines are open: ${open.join(', ')}.`, {
      hint: 'Nothing was started. Name the version.',
    });
  const [only = kind === 'publish' ? await newestPromoted(opened, scheme, project) : undefined] = open;
  if (only !== undefined) return { target: only };
  throw new SlipwayError('refused', `No release line of ${project} is open.`, {
    hint: 'Nothing was started. Cut one first: slipway release cut',
  });
}

/** A line is named by its final version, whatever its newest candidate is. */
function lineNamed(scheme: Scheme, text: string): string {
  const version = scheme.parse(text);
  if (version === undefined)
    throw new SlipwayError('command-invalid', `"${text}" is not a version.`, {
      hint: 'Nothing was started. Write it as 1.2.3.',
    });
  const { line } = version;
  if (version.candidate === undefined) return line;
  throw new SlipwayError('command-invalid', `${version.text} is a candidate of the line ${line}.`, {
    hint: `Nothing was started. Name the line: ${line}. Its newest candidate is what counts.`,
  });
}

/** The lines of a project that are not over. */
async function openLines(opened: Opened, project: string): Promise<string[]> {
  const prefix = lineId(project, '');
  return (await openIndex(opened.records).list('lines'))
    .filter((id) => id.startsWith(prefix))
    .map((id) => id.slice(prefix.length));
}

/** With nothing open, who asks to promote asks about what was promoted last. */
async function newestPromoted(opened: Opened, scheme: Scheme, project: string): Promise<string | undefined> {
  const promoted = (await opened.services.lines(project)).filter((line) => line.promoted);
  return highest(
    scheme,
    promoted.flatMap((line) => scheme.parse(line.target) ?? []),
  )?.text;
}

/** Checked when they are typed: what waits in a queue, or stops a run first, must not fail for them later. */
function inputsOf(text: string | undefined, declared: Operation['inputs']): Record<string, string> {
  const known = Object.keys(declared);
  const inputs: Record<string, string> = {};
  for (const line of text === undefined || text === '' ? [] : text.split('\n')) {
    const at = line.indexOf('=');
    const name = line.slice(0, at);
    if (at < 1 || !known.includes(name)) {
      throw new SlipwayError(
        'command-invalid',
        `"${line}" is no input of this operation${didYouMean(name, known) || '.'}`,
        {
          hint: `Nothing was started. Inputs: ${known.join(', ') || 'none'}. Write --input name=value.`,
        },
      );
    }
    inputs[name] = line.slice(at + 1);
  }
  for (const [name, input] of Object.entries(declared)) {
    const problem = inputProblem(input, inputs[name] ?? '');
    if (problem === undefined) continue;
    throw new SlipwayError('command-invalid', `The input "${name}" (${input.about}) ${problem}.`, {
      hint: `Nothing was started. Add --input ${name}=…`,
    });
  }
  return inputs;
}

async function replyOf(opened: Opened, ask: StartAsk, started: Started, scheme: Scheme): Promise<Reply> {
  const name = `${ask.project} ${ask.target}`;
  switch (started.answer) {
    case 'started': {
      const state = await opened.engine.runs.load(started.run);
      const lines = [
        `Accepted: ${state === undefined ? `${name}: ${ask.operation}` : boardHeader(state)}, run ${started.run}.`,
      ];
      if (started.superseded !== undefined)
        lines.push(`It supersedes ${started.superseded}, which had published nothing.`);
      return { lines, data: { answer: 'started', run: started.run }, exit: 0, follow: started.run };
    }
    case 'show':
      return {
        lines: [`That is under way already: run ${started.run}.`],
        data: { answer: 'show', run: started.run },
        exit: 0,
        follow: started.run,
      };
    case 'already': {
      const state = await opened.engine.runs.load(started.run);
      const by =
        state === undefined ? '' : ` by ${state.created.by.name}, ${instant(state.finished?.at ?? state.at)}`;
      return {
        lines: [`${name}: already done${by}, run ${started.run}.`],
        data: { answer: 'already', run: started.run },
        exit: 0,
      };
    }
    case 'queued': {
      const { position, behind } = started;
      const lines = [
        `${ask.project} is busy: ${behind}. Your ${ask.operation} is ${position === 1 ? 'next' : `number ${position}`} and starts by itself.`,
      ];
      return { lines, data: { answer: 'queued', position, behind }, exit: 0 };
    }
    case 'refused': {
      const { because } = started;
      return {
        lines: refusal(because, ask.project, ask.target, started.line, nextMinor(scheme, ask.target)),
        data: { answer: 'refused', because },
        exit: 1,
      };
    }
  }
}
