import { isOver, type RunState, type StepState } from '../../release/run-state.js';
import { shortSeal } from '../../release/canonical.js';
import { instant, markOf, nameOf, span } from './marks.js';
import { plain } from './plain.js';

/** `kestrel 0.44.0rc1: cut, step 4 of 8` */
export function boardHeader(state: RunState): string {
  const { project, version, operation } = state.created;
  const name = `${project} ${version}: ${operation}`;
  if (state.finished !== undefined) return `${name}, ${outcomeOf(state)}`;
  if (state.cancelled !== undefined) return `${name}, being cancelled`;
  const next = state.steps.findIndex((step) => !isOver(step));
  const place = `step ${next < 0 ? state.steps.length : next + 1} of ${state.steps.length}`;
  if (state.paused !== undefined) return `${name}, paused at ${place}`;
  return `${name}, ${place}`;
}

/** What became of a run, in words. */
export function outcomeOf(state: RunState): string {
  switch (state.finished?.outcome) {
    case 'done':
      return 'done';
    case 'cancelled':
      return `cancelled ${plain(state.finished.reason)}`;
    case 'superseded':
      return `superseded ${plain(state.finished.reason)}`;
    case 'rejected':
      return `rejected: ${plain(state.finished.reason)}`;
    case 'expired':
      return 'expired: nobody decided in time';
    default:
      return 'open';
  }
}

/** One line of a step: `✅ Build · done 4 s, kestrel-0.44.0.tar.gz sha256:…`. */
export function stepLine(step: StepState): string {
  const { mark, word } = markOf(step);
  const attempt = step.attempt > 1 ? `, attempt ${step.attempt}` : '';
  return `${mark} ${nameOf(step.outline.id)} · ${word}${detailOf(step)}${attempt}`;
}

function detailOf(step: StepState): string {
  const took = step.endedAt > 0 && step.startedAt > 0 ? ` ${span(step.endedAt - step.startedAt)}` : '';
  switch (step.status) {
    case 'done':
      return `${took}${step.adopted ? ', was there already' : ''}${step.proof === '' ? '' : `, ${plain(step.proof)}`}`;
    case 'skipped':
      return skipWords(step);
    case 'failed': {
      const again =
        step.failure === undefined || step.failure.retryAt === 0
          ? ''
          : `, tried again ${instant(step.failure.retryAt)}`;
      return `: ${plain(step.failure?.message ?? '')}${again}`;
    }
    case 'waiting':
      return step.outline.gate ? ' for approval' : ` for ${plain(step.waiting?.for ?? '')}`;
    case 'unknown':
      return `: ${plain(step.question ?? '')}`;
    default:
      return '';
  }
}

function skipWords(step: StepState): string {
  const { skip } = step;
  if (skip === undefined) return '';
  const by = skip.by === undefined ? '' : ` by ${plain(skip.by.name)}`;
  const second = skip.second === undefined ? '' : `, second ${plain(skip.second.name)}`;
  return `${by}: "${plain(skip.reason)}"${second}`;
}

/** The whole board as lines of text. */
export function board(state: RunState): string[] {
  const { by, plan, run, because } = state.created;
  return [
    boardHeader(state),
    ...state.steps.map(stepLine),
    ...(because === undefined ? [] : [`⚠️ An exception, ${plain(because)}`]),
    `Asked by ${plain(by.name)} ${instant(state.createdAt)} · run ${run} · plan ${shortSeal(plan)}`,
  ];
}
