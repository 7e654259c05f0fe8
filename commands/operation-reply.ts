import type { Project } from '../src/app/installation.js';
import type { LineAsked, LineRefused } from '../src/app/line-asked.js';
import { nextFree, ruleOf } from '../src/app/next-target.js';
import type { Reply } from '../src/app/verb.js';
import type { Opened } from '../src/app/wire.js';
import { boardHeader } from '../src/chat/views/board.js';
import { instant } from '../src/chat/views/marks.js';
import { refusal } from '../src/chat/views/refusal.js';
import type { StartAsk } from '../src/engine/engine.js';
import type { Started } from '../src/engine/start.js';
import { planOf } from '../src/engine/frozen-plan.js';
import { stopped } from '../src/chat/views/stopped.js';
import type { RunState } from '../src/release/run-state.js';
import { schemeOf } from '../src/release/versions/index.js';

/** What became of an ask, in words, and what is left to do beside it. */
export async function replyOf(
  opened: Opened,
  project: Project,
  ask: StartAsk,
  started: Started,
  { raise, unadopted = [] }: Pick<LineAsked, 'raise' | 'unadopted'>,
): Promise<Reply> {
  const name =
    ask.kind === 'none'
      ? `${ask.operation} of ${ask.project} at ${(ask.commit ?? '').slice(0, 7)}`
      : `${ask.project} ${ask.target}`;
  switch (started.answer) {
    case 'started': {
      const state = await opened.engine.runs.load(started.run);
      const lines = [
        `Accepted: ${state === undefined ? `${name}: ${ask.operation}` : boardHeader(state)}, run ${started.run}.`,
      ];
      if (started.superseded !== undefined)
        lines.push(`It supersedes ${started.superseded}, which had published nothing.`);
      if (state !== undefined) lines.push(...(await goesOn(opened, ask, state)));
      if (raise !== '') lines.push(`After it: ${raise}`);
      if (unadopted.length > 0)
        lines.push(`Released by hand, and not known here: ${unadopted.join(', ')}. Next: slipway adopt`);
      return { lines, data: { answer: 'started', run: started.run }, exit: 0, follow: started.run };
    }
    case 'show':
      return {
        lines: [await shownAs(opened, started.run)],
        data: { answer: 'show', run: started.run },
        exit: 0,
        follow: started.run,
      };
    case 'already':
      return already(opened, ask, name, started.run);
    case 'queued': {
      const { position, behind } = started;
      const lines = [
        `${ask.project} is busy: ${behind}. Your ${ask.operation} is ${position === 1 ? 'next' : `number ${position}`} and starts by itself.`,
      ];
      const ahead = await opened.engine.runs.load(behind);
      if (ahead !== undefined) lines.push(...stoppedAhead(ahead));
      return { lines, data: { answer: 'queued', position, behind }, exit: 0 };
    }
    case 'refused': {
      const { because, line } = started;
      return refusedReply(opened, project, { because, line, target: ask.target }, raise);
    }
  }
}

/** Nothing that waits behind a run starts by itself while that run waits for a person. */
function stoppedAhead(ahead: RunState): string[] {
  if (stopped(ahead).length === 0) return [];
  const { run } = ahead.created;
  return [`But ${run} stands still until somebody acts: slipway status ${run}`];
}

/** That a first run goes on with the branch of one that stopped, and not with what the default branch holds by now. */
async function goesOn(opened: Opened, ask: StartAsk, { created }: RunState): Promise<string[]> {
  if (ask.kind !== 'start' || ask.commit === undefined || ask.commit === created.commit) return [];
  const { branch, defaultBranch } = await planOf(opened.engine, created.plan);
  return [
    `It goes on with ${branch} at ${created.commit.slice(0, 7)}, which a run before it has begun; ${defaultBranch} is at ${ask.commit.slice(0, 7)} by now.`,
    `To bring a fix in: cancel, push it to ${branch}, ask again. To begin anew at ${defaultBranch}: cancel, delete ${branch}, ask again.`,
  ];
}

/** A run that is shown instead of a new one: it is under way, or what it was for stands there. */
async function shownAs(opened: Opened, run: string): Promise<string> {
  const finished = (await opened.engine.runs.load(run))?.finished;
  return finished === undefined
    ? `That is under way already: run ${run}.`
    : `That is there already, since ${instant(finished.at)}: run ${run}.`;
}

async function already(opened: Opened, ask: StartAsk, name: string, run: string): Promise<Reply> {
  const state = await opened.engine.runs.load(run);
  const by =
    state === undefined ? '' : ` by ${state.created.by.name}, ${instant(state.finished?.at ?? state.at)}`;
  const again =
    ask.kind === 'none' ? [`To build it once more: slipway release ${ask.operation} --again`] : [];
  return {
    lines: [`${name}: already done${by}, run ${run}.`, ...again],
    data: { answer: 'already', run },
    exit: 0,
  };
}

/** Why a line says no, and the way on. */
export async function refusedReply(
  opened: Opened,
  project: Project,
  { because, target, line }: LineRefused,
  raise = '',
): Promise<Reply> {
  const taken = (await opened.services.lines(project.name)).map((one) => one.target);
  const free = nextFree(schemeOf(ruleOf(project.process)), target, taken);
  return {
    lines: refusal(because, project.name, target, line, free, raise),
    data: { answer: 'refused', because },
    exit: 1,
  };
}
