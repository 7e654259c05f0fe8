import { replyOf as errorReply } from '../src/app/dispatch.js';
import type { Project } from '../src/app/installation.js';
import type { LineAsked, LineRefused } from '../src/app/line-asked.js';
import { nextFree, ruleOf } from '../src/app/next-target.js';
import type { Reply } from '../src/app/verb.js';
import type { Opened } from '../src/app/wire.js';
import type { Saying } from '../src/chat/message.js';
import {
  frozenAnswer,
  inputsForm,
  lineRefused,
  planMovedAnswer,
  startedAnswer,
} from '../src/chat/views/answers/started.js';
import { boardHeader } from '../src/chat/views/board.js';
import { queuedAnswer, type QueuedFacts } from '../src/chat/views/queue.js';
import { refusal } from '../src/chat/views/refusal.js';
import {
  accepted,
  afterIt,
  busy,
  doneBefore,
  goesOnWith,
  isThere,
  needs,
  nothingStarted,
  notKnownHere,
  onceMore,
  standsStill,
  supersedes,
} from '../src/chat/views/start-sentences.js';
import { operationOf } from '../src/chat/views/superseded-by.js';
import type { StartAsk } from '../src/engine/engine.js';
import type { Started } from '../src/engine/start.js';
import { planOf } from '../src/engine/frozen-plan.js';
import { stopped } from '../src/chat/views/stopped.js';
import type { SlipwayError } from '../src/error.js';
import { isOver, type RunState } from '../src/release/run-state.js';
import { schemeOf } from '../src/release/versions/index.js';
import type { Scheme } from '../src/release/versions/scheme.js';

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
  const { room } = project;
  switch (started.answer) {
    case 'started': {
      const state = await opened.engine.runs.load(started.run);
      const lines: string[] = [];
      if (started.superseded !== undefined) lines.push(supersedes(started.superseded));
      if (state !== undefined) lines.push(...(await goesOn(opened, ask, state)));
      if (raise !== '') lines.push(afterIt(raise));
      if (unadopted.length > 0) lines.push(notKnownHere(unadopted));
      const header = state === undefined ? `${name}: ${ask.operation}` : boardHeader(state);
      const version = state?.created.version ?? ask.target;
      return {
        lines: [accepted(header, started.run), ...lines],
        data: { answer: 'started', run: started.run },
        exit: 0,
        follow: started.run,
        message: startedAnswer(
          [
            accepted(`${ask.operation} of ${ask.project} ${version}`),
            ...lines.map(inRoom(started.superseded)),
          ],
          room,
          started.run,
        ),
      };
    }
    case 'show': {
      const sentence = await shownAs(opened, ask, name, started.run);
      return {
        lines: [`${sentence.slice(0, -1)}: run ${started.run}.`],
        data: { answer: 'show', run: started.run },
        exit: 0,
        follow: started.run,
        message: startedAnswer([sentence, nothingStarted], room, started.run),
      };
    }
    case 'already': {
      const { run } = started;
      const state = await opened.engine.runs.load(run);
      const done = state && { by: state.created.by.name, at: state.finished?.at ?? state.at };
      const again = ask.kind === 'none' ? [onceMore(ask.operation)] : [];
      return {
        lines: [doneBefore(name, done, run), ...again],
        data: { answer: 'already', run },
        exit: 0,
        // In a room the button leads to the run; its id is for who types.
        message: startedAnswer([doneBefore(name, done, undefined), ...again, nothingStarted], room, run),
      };
    }
    case 'queued': {
      const { position, behind } = started;
      const lines = [busy(ask.project, behind, ask.operation, position)];
      const ahead = await opened.engine.runs.load(behind);
      if (ahead !== undefined && stopped(ahead).length > 0) lines.push(standsStill(behind));
      const message = queuedAnswer({
        project: ask.project,
        line: ask.target,
        operation: ask.operation,
        entry: ask.request,
        position,
        active: ahead === undefined ? undefined : activeOf(ahead),
        room: room === '' ? undefined : room,
      });
      return { lines, data: { answer: 'queued', position, behind }, exit: 0, message };
    }
    case 'refused': {
      const { because, line } = started;
      return refusedReply(opened, project, { because, line, target: ask.target }, raise);
    }
  }
}

/** A sentence about another run as a room reads it: by its operation and not by its id. */
function inRoom(run: string | undefined): (sentence: string) => string {
  return (sentence) =>
    run === undefined ? sentence : sentence.replace(run, `the ${operationOf(run)} that was under way`);
}

/** The run that everything waits for. */
function activeOf(state: RunState): QueuedFacts['active'] {
  const { run, by, operation, version } = state.created;
  const step = state.steps.findIndex((one) => !isOver(one));
  const of = state.steps.length;
  return { run, by: by.name, operation, version, step: step < 0 ? of : step + 1, of };
}

/** That a first run goes on with the branch of one that stopped, and not with what the default branch holds by now. */
async function goesOn(opened: Opened, ask: StartAsk, { created }: RunState): Promise<string[]> {
  if (ask.kind !== 'start' || ask.commit === undefined || ask.commit === created.commit) return [];
  const { branch, defaultBranch } = await planOf(opened.engine, created.plan);
  return goesOnWith(branch, created.commit, { branch: defaultBranch, commit: ask.commit });
}

/** A run that is shown instead of a new one: it is under way, or what it was for stands there. */
async function shownAs(opened: Opened, ask: StartAsk, name: string, run: string): Promise<string> {
  const state = await opened.engine.runs.load(run);
  const version = state?.created.version ?? ask.target;
  // It may be another operation than the one that was asked for: a cut of what is being promoted.
  const what = ask.kind === 'none' ? name : `${operationOf(run)} of ${ask.project} ${version}`;
  return isThere(what, state?.finished?.at);
}

/** Why a line says no, and the way on. */
export async function refusedReply(
  opened: Opened,
  project: Project,
  { because, target, line }: LineRefused,
  raise = '',
): Promise<Reply> {
  const taken = (await opened.services.lines(project.name)).map((one) => one.target);
  const scheme = schemeOf(ruleOf(project.process));
  const lines = refusal(because, project.name, target, line, nextFree(scheme, target, taken), raise);
  const instead = because === 'exists' ? hotfixOf(project, scheme, target) : undefined;
  return { lines, data: { answer: 'refused', because }, exit: 1, message: lineRefused(lines, instead) };
}

/** A final version is never overwritten: what comes after it is a hotfix, one patch above. */
function hotfixOf(
  { name, process }: Project,
  scheme: Scheme,
  target: string,
): { version: string; say: Saying } | undefined {
  const hotfix = Object.values(process.operations).find((one) => one.kind === 'hotfix');
  const version = scheme.parse(target);
  const next = version === undefined ? undefined : scheme.next('patch', version, new Date());
  if (hotfix === undefined || next === undefined) return undefined;
  const args = { operation: hotfix.name, version: target, project: name };
  return { version: next.line, say: { verb: 'plan', args } };
}

/** A plan that is another by now than the one that was read. */
export function planMoved(error: SlipwayError, args: Record<string, string>): Reply {
  const reply = errorReply(error);
  return { ...reply, message: planMovedAnswer(reply.lines, args) };
}

/** A freeze, and the form by which who is excepted passes it. */
export function frozenReply(
  error: SlipwayError,
  operation: string,
  args: Record<string, string>,
  isExcepted: boolean,
): Reply {
  const reply = errorReply(error);
  return { ...reply, message: frozenAnswer(reply.lines, operation, { verb: 'release', args }, isExcepted) };
}

/** In a room what is missing is asked for. */
export function inputsReply(
  say: Saying,
  operation: string,
  missing: readonly { input: string; about: string }[],
): Reply {
  const form = inputsForm(operation, missing, say);
  const names = missing.map(({ input }) => input);
  return { lines: [needs(operation, names)], data: { missing: names }, exit: 2, form };
}
