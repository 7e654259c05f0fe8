import type { DryRun, LineAnswer, WouldRefuse } from '../chat/views/plan.js';
import { planAnswer } from '../chat/views/answers/plan.js';
import { planLines, refusalsOf } from '../chat/views/plan.js';
import type { StartAsk } from '../engine/engine.js';
import { requireNoHalt } from '../engine/halt.js';
import { asSlipwayError } from '../error.js';
import { engineGaps, resolveOperation } from '../process/load-process.js';
import { canonical, sha256 } from '../release/canonical.js';
import { lineName, type LineState } from '../release/line-state.js';
import { askLine } from '../release/line-table.js';
import { own } from '../release/own.js';
import type { Json } from '../release/plan.js';
import { lineId, runId } from '../release/run-id.js';
import { schemeOf } from '../release/versions/index.js';
import type { Place } from './act.js';
import { changesSince } from './changes-since.js';
import { lookAtSteps } from './dry-run-looks.js';
import { requireUnfrozen } from './freezes.js';
import { freezesFor } from './said-freezes.js';
import { confirmersOf, policyOf, startersOf } from './installation.js';
import { nextFree, ruleOf } from './next-target.js';
import { peopleOf, personOf, projectOf } from './policies.js';
import { planRead } from './read-plan.js';
import type { Reply } from './verb.js';
import type { Opened } from './wire.js';

export type { DryRun } from '../chat/views/plan.js';

/**
 * What would happen if this were asked now: the line's answer, the plan with exact names, what stands there already, and
 * what would be refused. Nothing is changed: no journal is written, and steps reach the outside through services that
 * refuse every write. `reason`: what is said to pass a freeze.
 * @throws SlipwayError not-found, and what may pass by itself, such as a remote that does not answer
 */
export async function dryRun(opened: Opened, ask: StartAsk, reason?: string): Promise<DryRun> {
  const { engine } = opened;
  const installation = await opened.installation();
  const project = projectOf(installation, ask.project);
  const state = await engine.lines.load(lineId(ask.project, ask.target));
  const line = await answerOf(opened, ask, state);
  const policy = policyOf(installation, project);
  const roles = startersOf(policy, ask.operation);
  const starters = peopleOf(installation).filter((one) => one.roles.some((role) => roles.includes(role)));
  const refused: WouldRefuse[] = [];
  await collect(refused, () => requireNoHalt(engine));
  const person = personOf(installation, project, ask.by) ?? { roles: [] };
  const freezes = await freezesFor(engine, installation, project);
  await collect(refused, () =>
    requireUnfrozen(freezes, project, ask.operation, person, engine.clock.now(), reason),
  );
  const operation = resolveOperation(project.process, ask.operation, ask.variants ?? []);
  const gaps = engineGaps({ operations: { [operation.name]: operation } }, new Set(engine.kinds.keys()));
  for (const { path, what } of gaps)
    refused.push({ message: `${path}: this Slipway cannot run ${what} yet.`, hint: '' });
  const isPlanned = gaps.length === 0 && ['starts', 'queued', 'stops-first'].includes(line.answer);
  const made = isPlanned ? await collect(refused, () => engine.planner(ask, state)) : undefined;
  const dry: DryRun = {
    project: ask.project,
    operation: ask.operation,
    target: ask.target,
    line,
    refused,
    plan: made?.plan,
    hash: '',
    steps: [],
    changes: undefined,
    starters: starters.map((one) => one.name),
    confirm: confirmersOf(policy, ask.operation),
  };
  if (made === undefined) return dry;
  const { plan } = made;
  const count = ((state === undefined ? undefined : own(state.runs, ask.operation)) ?? 0) + 1;
  const sights = await lookAtSteps({
    engine,
    plan,
    run: runId(ask.project, ask.target, ask.operation, count),
    by: ask.by,
  });
  return {
    ...dry,
    hash: sha256(canonical(plan)),
    steps: plan.steps.flatMap((step, place) => {
      const sight = sights[place];
      return sight === undefined ? [] : [{ step, sight }];
    }),
    changes: await changesSince(opened, plan),
  };
}

/** The answer for people and programs. Exit 1 where something would be refused. `args`: the words that start it. */
export async function planReply(
  opened: Opened,
  ask: StartAsk,
  { args, place }: { args: Record<string, string>; place?: Place | undefined },
): Promise<Reply> {
  const dry = await dryRun(opened, ask, args['reason']);
  const refusals = refusalsOf(dry);
  const { project, operation, target, plan, hash, changes } = dry;
  const data: Json = {
    project,
    operation,
    target,
    answer: dry.line.answer,
    ...('run' in dry.line && { run: dry.line.run }),
    ...(plan !== undefined && { version: plan.version, commit: plan.commit, plan: hash }),
    ...(changes !== undefined && { changes }),
    starters: dry.starters,
    confirm: dry.confirm,
    steps: dry.steps.map(({ step, sight }) => {
      const { id, kind, sentence, stage, effect, gate } = step;
      return { id, kind, sentence, stage, public: step.public, effect, gate, found: foundOf(sight) };
    }),
    refused: refusals.map(({ message, hint }) => ({ message, hint })),
  };
  const reply = { lines: planLines(dry), data, exit: refusals.length === 0 ? 0 : 1 };
  if (place === undefined) return reply;
  const { room } = projectOf(await opened.installation(), project);
  const read = planRead(hash, plan?.commit ?? '');
  const message = planAnswer({ dry, args, mayStart: await mayStart(opened, ask), read, room });
  return { ...reply, message };
}

/** Whether who asks has the role; that a second person must agree is asked when it is started. */
async function mayStart(opened: Opened, { project: name, operation, by }: StartAsk): Promise<boolean> {
  const installation = await opened.installation();
  const project = projectOf(installation, name);
  const roles = startersOf(policyOf(installation, project), operation);
  return personOf(installation, project, by)?.roles.some((role) => roles.includes(role)) === true;
}

/** As JSON: every member of a sight is data already. */
function foundOf(sight: DryRun['steps'][number]['sight']): Json {
  const found: Json = JSON.parse(canonical(sight));
  return found;
}

/** What the line would answer, as `start` asks it. */
async function answerOf(opened: Opened, ask: StartAsk, state: LineState | undefined): Promise<LineAnswer> {
  const answer = askLine(state, ask);
  switch (answer.answer) {
    case 'show':
    case 'already':
      return answer;
    case 'refuse': {
      const installation = await opened.installation();
      const { process } = projectOf(installation, ask.project);
      const taken = (await opened.services.lines(ask.project)).map((one) => one.target);
      const free = nextFree(schemeOf(ruleOf(process)), ask.target, taken);
      return { answer: 'refused', because: answer.because, line: state, nextFree: free };
    }
    case 'queue':
      return {
        answer: 'queued',
        position: (state?.queue.length ?? 0) + 1,
        behind: state?.active?.run ?? lineName(state),
      };
    case 'stop-then-start':
      return { answer: 'stops-first', run: answer.run };
    case 'start': {
      // Nobody overtakes what waits already.
      const [first] = state?.queue ?? [];
      if (first !== undefined && ask.kind === 'change')
        return { answer: 'queued', position: (state?.queue.length ?? 0) + 1, behind: first.operation };
      return { answer: 'starts', supersedes: answer.supersedes };
    }
  }
}

/** Runs a look; an error that does not pass by itself is what would be refused. */
async function collect<T>(refused: WouldRefuse[], look: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    const { message, hint, retryable, code } = asSlipwayError(error);
    if (retryable || code === 'internal' || code.startsWith('journal-')) throw error;
    refused.push({ message, hint });
    return undefined;
  }
}
