import type { MarkName } from '../message.js';
import { isPastPointOfNoReturn, publicSoFar } from '../../release/point-of-no-return.js';
import type { GateState, RunState, StepState } from '../../release/run-state.js';
import type { Tally } from '../../release/votes.js';
import { plain } from './plain.js';

/** How a run stands, in one word. */
export function stateWord(state: RunState): string {
  if (state.finished !== undefined) return state.finished.outcome;
  if (state.cancelled !== undefined) return 'being cancelled';
  const has = (...wanted: StepState['status'][]): boolean =>
    state.steps.some(({ status }) => wanted.includes(status));
  if (has('unknown')) return 'outcome unknown';
  if (state.steps.some(({ status, failure }) => status === 'failed' && (failure?.retryAt ?? 0) === 0))
    return 'failed';
  if (state.paused !== undefined) return 'paused';
  if (has('claimed')) return 'running';
  if (has('waiting') || Object.values(state.gates).some(({ decided }) => decided === undefined))
    return 'waiting';
  return 'running';
}

/** The mark of a step as it stands. */
export const stepMarks: Record<StepState['status'], MarkName> = {
  todo: 'to-do',
  claimed: 'running',
  waiting: 'waiting',
  done: 'done',
  skipped: 'skipped',
  failed: 'failed',
  unknown: 'warning',
  interrupted: 'paused',
};

/** What else is to be said of a step: what was read back, why it failed or was skipped, what it waits for. */
export function stepDetail(step: StepState): string {
  switch (step.status) {
    case 'done':
      return [step.adopted ? 'was there already' : '', plain(step.proof)].filter(Boolean).join(', ');
    case 'failed':
      return [step.failure?.message ?? '', step.failure?.hint ?? ''].filter(Boolean).map(plain).join(' ');
    case 'skipped': {
      const by = step.skip?.by === undefined ? '' : `by ${plain(step.skip.by.name)}: `;
      const second = step.skip?.second === undefined ? '' : `, second ${plain(step.skip.second.name)}`;
      return `${by}"${plain(step.skip?.reason ?? '')}"${second}`;
    }
    case 'waiting':
      return step.waiting === undefined ? '' : `for ${plain(step.waiting.for)}`;
    case 'unknown':
      return plain(step.question ?? '');
    default:
      return '';
  }
}

/** Who can see what a step does. */
export const publicWords: Record<StepState['outline']['public'], string> = {
  no: 'nobody outside',
  reversible: 'public, can be undone',
  'for-ever': 'public for ever',
};

/** How a question stands. */
export function questionWord({ decided }: GateState): string {
  if (decided === undefined) return 'open';
  const reason = decided.reason === '' ? '' : `: "${plain(decided.reason)}"`;
  return `${decided.outcome}${reason}`;
}

/** Why a vote does not count. */
export const notCountedWords: Record<Tally['notCounted'][number]['because'], string> = {
  requester: 'not counted: who asks does not decide',
  'not-in-the-role': 'not counted: no approver',
  unknown: 'not counted: nobody of slipway.yaml',
  'same-person': 'not counted: the same person twice',
};

/** What `cancel` would do now: what would not be done any more, and what stays. `name`: what people call a step. */
export function cancelWords(
  state: RunState,
  name: (step: StepState) => string,
): { words: string; ends: string[]; stays: string[] } {
  const { made, unknown, missing } = publicSoFar(state);
  const stays = [
    ...made.map(name),
    ...unknown.map((step) => `${name(step)} (perhaps made; it is looked up)`),
  ];
  if (state.finished !== undefined)
    return { words: 'The run is over. There is nothing to cancel.', ends: [], stays };
  if (state.cancelled !== undefined)
    return { words: 'It is being cancelled: nothing new starts.', ends: [], stays };
  if (isPastPointOfNoReturn(state))
    return {
      words: 'Past the point of no return. It would stop after this step, and nothing is undone.',
      ends: [],
      stays,
    };
  return {
    words: 'Commands are stopped, and nothing new starts. What is public stays public.',
    ends: missing.map(name),
    stays,
  };
}

/** `48.2 MiB` */
export function sizeText(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0 ? `${bytes} bytes` : `${value.toFixed(1)} ${units[unit]}`;
}
