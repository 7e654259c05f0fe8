import type { OperationKind } from './plan.js';
import { lineName, type LineName, type LineState } from './line-state.js';

/** Why a line does not accept an operation; the views have the words. */
export type Refusal =
  | 'cut-first'
  | 'nothing-to-end'
  | 'line-is-open'
  | 'line-has-no-candidate'
  | 'candidate-is-on-its-way'
  | 'promotion-is-under-way'
  | 'exists'
  | 'burnt'
  | 'fixup-instead'
  | 'needs-a-final'
  | 'line-is-over';

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

/** DESIGN's release-line table, cell by cell: what happens when an operation of this kind is asked of a line. Pure. */
export function askLine(state: LineState | undefined, kind: OperationKind): Answer {
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
      return askHotfix(name, state);
    case 'end':
      return askEnd(name, state);
  }
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
        ? refuse('cut-first')
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
      return refuse('candidate-is-on-its-way');
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
      return refuse('candidate-is-on-its-way');
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

function askHotfix(name: LineName, state: LineState | undefined): Answer {
  switch (name) {
    case 'none':
      return refuse('needs-a-final');
    case 'preparing':
      return refuse('candidate-is-on-its-way');
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
