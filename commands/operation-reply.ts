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
import { schemeOf } from '../src/release/versions/index.js';

/** What became of an ask, in words, and what is left to do beside it. */
export async function replyOf(
  opened: Opened,
  project: Project,
  ask: StartAsk,
  started: Started,
  { raise, unadopted = [] }: Pick<LineAsked, 'raise' | 'unadopted'>,
): Promise<Reply> {
  const name = `${ask.project} ${ask.target}`;
  switch (started.answer) {
    case 'started': {
      const state = await opened.engine.runs.load(started.run);
      const lines = [
        `Accepted: ${state === undefined ? `${name}: ${ask.operation}` : boardHeader(state)}, run ${started.run}.`,
      ];
      if (started.superseded !== undefined)
        lines.push(`It supersedes ${started.superseded}, which had published nothing.`);
      if (raise !== '') lines.push(`After it: ${raise}`);
      if (unadopted.length > 0)
        lines.push(`Released by hand, and not known here: ${unadopted.join(', ')}. Next: slipway adopt`);
      return { lines, data: { answer: 'started', run: started.run }, exit: 0, follow: started.run };
    }
    case 'show':
      return {
        lines: [`That is under way already: run ${started.run}.`],
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
      return { lines, data: { answer: 'queued', position, behind }, exit: 0 };
    }
    case 'refused': {
      const { because, line } = started;
      return refusedReply(opened, project, { because, line, target: ask.target }, raise);
    }
  }
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
