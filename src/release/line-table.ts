import type { OperationKind } from './plan.js';
import { lineName, type LineName, type LineState } from './line-state.js';

const refusals = [
  'cut-first',
  'nothing-to-end',
  'line-is-open',
  'line-has-no-candidate',
  'candidate-is-on-its-way',
  // Nothing acts on it, and what its first run has made stands there.
  'first-run-stopped',
  'promotion-is-under-way',
  'exists',
  'burnt',
  'fixup-instead',
  'needs-a-final',
  'line-is-over',
] as const;

/** Why a line does not accept an operation; the views have the words. */
export type Refusal = (typeof refusals)[number];

/** Whether a text is the code of a refusal. */
export function isRefusal(text: string): text is Refusal {
  return refusals.some((one) => one === text);
}

/** What becomes of an operation that somebody asked for. */
export type Answer =
  /** It starts now; a publish run that waits is superseded by it. */
  | { answer: 'start'; supersedes?: string }
  /** That is what is happening, or what stands already: show it. */
  | { answer: 'show'; run: string }
  /** It starts by itself when its turn comes; 1 is next. */
  | { answer: 'queue'; position: number }
  /** The acting run ends at its next step boundary, then this starts. */
  | { answer: 'stop-then-start'; run: string }
  /** It was done before: no error. */
  | { answer: 'already'; run: string }
  | { answer: 'refuse'; because: Refusal };

function refuse(because: Refusal): Answer {
  return { answer: 'refuse', because };
}

/**
 * The table of the release line, cell by cell: what happens when an operation of this kind is asked of a line. Pure.
 * A hotfix is asked of the line that it opens; `askHotfix` says what the promoted line answers. `again`: somebody asks by
 * name for what was done already.
 */
export function askLine(
  state: LineState | undefined,
  {
    kind,
    operation = '',
    again = false,
  }: { kind: OperationKind; operation?: string; again?: boolean | undefined },
): Answer {
  const name = lineName(state);
  switch (kind) {
    case 'start':
      return askStart(name, state);
    case 'change':
      return askChange(name, state);
    case 'work':
      return askWork(name, state);
    case 'publish':
      return askPublish(name, state);
    case 'hotfix':
      return askOpening(name, state);
    case 'end':
      return askEnd(name, state);
    case 'final':
      return askFinal(name, state, operation);
    case 'none':
      return askOutside(state, again);
  }
}

/** Its first candidate is being made, or nobody makes it any more. */
function refuseFirst(state: LineState | undefined): Answer {
  return refuse(state?.active === undefined ? 'first-run-stopped' : 'candidate-is-on-its-way');
}

function starts(state: LineState | undefined): Answer {
  return state?.publish === undefined
    ? { answer: 'start' }
    : { answer: 'start', supersedes: state.publish.run };
}

/** Shows that run if there is one. */
function shows(run: string | undefined, otherwise: Answer, answer: 'show' | 'already' = 'show'): Answer {
  return run === undefined ? otherwise : { answer, run };
}

function askStart(name: LineName, state: LineState | undefined): Answer {
  switch (name) {
    case 'none':
      return starts(state);
    case 'preparing':
      // A first run that stopped after an effect goes on with what it made.
      return shows(state?.active?.run, starts(state));
    case 'open':
      return refuse('line-is-open');
    case 'open-without-candidate':
      return refuse('line-has-no-candidate');
    case 'promoting':
      return shows(state?.publish?.run, refuse('promotion-is-under-way'));
    case 'promoted':
      return refuse('exists');
    case 'abandoned':
      return refuse('burnt');
  }
}

function askChange(name: LineName, state: LineState | undefined): Answer {
  switch (name) {
    case 'none':
      return refuse('cut-first');
    case 'preparing':
      return state?.active === undefined
        ? refuse('first-run-stopped')
        : { answer: 'queue', position: state.queue.length + 1 };
    case 'open':
    case 'open-without-candidate':
      return starts(state);
    case 'promoting':
      return refuse('promotion-is-under-way');
    case 'promoted':
    case 'abandoned':
      return refuse('line-is-over');
  }
}

function askWork(name: LineName, state: LineState | undefined): Answer {
  switch (name) {
    case 'open':
    case 'open-without-candidate':
      return starts(state);
    case 'none':
      return refuse('cut-first');
    case 'preparing':
      return refuseFirst(state);
    case 'promoting':
      return refuse('promotion-is-under-way');
    case 'promoted':
    case 'abandoned':
      return refuse('line-is-over');
  }
}

function askPublish(name: LineName, state: LineState | undefined): Answer {
  switch (name) {
    case 'none':
      return refuse('cut-first');
    case 'preparing':
      return refuseFirst(state);
    case 'open':
      return shows(state?.publish?.run, { answer: 'start' });
    case 'open-without-candidate':
      return refuse('line-has-no-candidate');
    case 'promoting':
      return shows(state?.publish?.run, refuse('promotion-is-under-way'));
    case 'promoted':
      return shows(state?.ended?.run, refuse('line-is-over'), 'already');
    case 'abandoned':
      return refuse('burnt');
  }
}

/** The table's row of a hotfix: what a line answers whose released version is to be fixed. 'start': on the line after it. */
export function askHotfix(state: LineState | undefined): Answer {
  const name = lineName(state);
  switch (name) {
    case 'none':
      return refuse('needs-a-final');
    case 'preparing':
      return refuseFirst(state);
    case 'open':
      return refuse('fixup-instead');
    case 'open-without-candidate':
      return shows(state?.reached, refuse('fixup-instead'));
    case 'promoting':
      return refuse('promotion-is-under-way');
    case 'promoted':
      // It opens the line after this one; the caller asks that line.
      return { answer: 'start' };
    case 'abandoned':
      return refuse('needs-a-final');
  }
}

/** What the line answers that a hotfix would open. */
function askOpening(name: LineName, state: LineState | undefined): Answer {
  switch (name) {
    case 'none':
      return starts(state);
    case 'preparing':
      // A hotfix that stopped after an effect goes on with what it made.
      return shows(state?.active?.run, starts(state));
    case 'open':
      return refuse('fixup-instead');
    case 'open-without-candidate':
      return shows(state?.reached, refuse('fixup-instead'));
    case 'promoting':
      return refuse('promotion-is-under-way');
    case 'promoted':
      return refuse('exists');
    case 'abandoned':
      return refuse('burnt');
  }
}

/** Work on a line that is final: announce it once more, mark it as broken. */
function askFinal(name: LineName, state: LineState | undefined, operation: string): Answer {
  if (name !== 'promoted' || state === undefined) {
    return refuse(name === 'promoting' ? 'promotion-is-under-way' : 'needs-a-final');
  }
  if (state.active === undefined) return { answer: 'start' };
  return state.active.operation === operation
    ? { answer: 'show', run: state.active.run }
    : { answer: 'queue', position: state.queue.length + 1 };
}

/** Outside of all lines: the same operation at the same commit runs once at a time, and is done once. */
function askOutside(state: LineState | undefined, again: boolean): Answer {
  if (state?.active !== undefined) return { answer: 'show', run: state.active.run };
  return again ? { answer: 'start' } : shows(state?.reached, { answer: 'start' }, 'already');
}

function askEnd(name: LineName, state: LineState | undefined): Answer {
  switch (name) {
    case 'none':
      return refuse('nothing-to-end');
    case 'preparing':
      if (state?.active === undefined) return starts(state);
      return state.active.kind === 'end'
        ? { answer: 'show', run: state.active.run }
        : { answer: 'stop-then-start', run: state.active.run };
    case 'open':
    case 'open-without-candidate':
      return starts(state);
    case 'promoting':
      return refuse('promotion-is-under-way');
    case 'promoted':
      return refuse('line-is-over');
    case 'abandoned':
      return shows(state?.ended?.run, refuse('line-is-over'), 'already');
  }
}
