import { no, type NotLegal } from './folded.js';
import { stemOf, type LineEvent, type LineState } from './line-state.js';
import { answered, foldOffer, offeredAgain } from './fold-offer.js';
import { own } from './own.js';
import type { OperationKind } from './plan.js';

const nothing: Omit<LineState, 'seq' | 'at'> = {
  settled: 'none',
  committed: false,
  candidate: 0,
  used: 0,
  given: {},
  version: '',
  queue: [],
  runs: {},
  requests: {},
  superseded: [],
};

/** What a line must be for a run of a kind to be admitted; `askLine` says the same in more words. */
const startsFrom: Record<OperationKind, LineState['settled'][]> = {
  start: ['none', 'stopped'],
  hotfix: ['none', 'stopped'],
  change: ['open', 'open-without-candidate'],
  work: ['open', 'open-without-candidate'],
  final: ['promoted'],
  // Its line is that of one operation at one commit, and no state of a version.
  none: ['none'],
  publish: ['open'],
  end: ['stopped', 'open', 'open-without-candidate'],
};

/** Adds one event to a line. Pure; says why an event cannot stand here. The creation of the event is the decision. */
export function foldLine(
  state: LineState | undefined,
  event: LineEvent,
  seq: number,
  at: number,
): LineState | NotLegal {
  const next: LineState = { ...nothing, ...state, seq, at };
  switch (event.type) {
    case 'line.admitted':
      return admit(next, event);
    case 'line.queued': {
      const { type: _, first, ...queued } = event;
      if (next.queue.some((one) => one.request === event.request)) return no('queued-already');
      if (own(next.requests, event.request) !== undefined) return no('asked-already');
      return { ...next, queue: first ? [queued, ...next.queue] : [...next.queue, queued] };
    }
    case 'line.left-queue': {
      const left = next.queue.find((one) => one.request === event.request);
      if (left === undefined) return no('not-queued');
      const { operation, by } = left;
      const queue = next.queue.filter((one) => one !== left);
      return { ...next, queue, left: { operation, by, why: event.why, at } };
    }
    case 'line.committed':
      if (next.publish?.run !== event.run || next.committed) return no('superseded');
      return { ...answered(next, next.publish), committed: true };
    case 'line.adopted': {
      if (state !== undefined) return no('the-line-is-known');
      const { settled, version, candidate, commit, by } = event;
      const given = candidate === 0 ? {} : { [stemOf(version)]: candidate };
      return { ...next, settled, version, candidate, used: candidate, given, adopted: { commit, by, at } };
    }
    case 'line.reached':
      return reach(next, event.run);
    case 'line.ended':
      return end(offeredAgain(next, event.run), event);
    case 'line.offered':
    case 'line.set-aside':
      return foldOffer(next, event);
  }
}

function admit(next: LineState, event: Extract<LineEvent, { type: 'line.admitted' }>): LineState | NotLegal {
  if (next.active !== undefined || next.committed) return no('another-run-acts');
  const isOver = next.settled === 'abandoned' || (next.settled === 'promoted' && event.kind !== 'final');
  if (isOver) return no('the-line-is-over');
  const { run, operation, kind, version, candidate, request, by, created } = event;
  if (!startsFrom[kind].includes(next.settled)) return no(`not-on-a-line-that-is-${next.settled}`);
  if (own(next.requests, request) !== undefined) return no('asked-already');
  // A first run that goes on keeps its number; nothing else gets one that was given away before.
  const stem = stemOf(version);
  const highest = own(next.given, stem) ?? 0;
  const isFree = candidate > highest || (kind === 'start' && candidate === highest);
  if (candidate !== 0 && !isFree) return no('candidate-was-used');
  const admitted = { run, operation, kind, version, candidate, request, by, created, at: next.at };
  const { left: _, ...before } = next;
  const common: LineState = {
    ...before,
    runs: { ...next.runs, [operation]: (own(next.runs, operation) ?? 0) + 1 },
    requests: { ...next.requests, [request]: run },
    queue: next.queue.filter((one) => one.request !== request),
    used: Math.max(next.used, candidate),
    given: candidate === 0 ? next.given : { ...next.given, [stem]: candidate },
  };
  if (kind === 'publish') {
    if (next.publish !== undefined) return no('asked-already');
    return { ...common, publish: admitted };
  }
  // Whatever else starts takes the line from a publish that waits.
  const { publish, ...rest } = common;
  const superseded = publish === undefined ? common.superseded : [...common.superseded, publish.run];
  const acts = { ...rest, active: admitted, superseded };
  return kind === 'work' ? acts : answered(acts, admitted);
}

function reach(next: LineState, run: string): LineState | NotLegal {
  if (next.committed && next.publish?.run === run) {
    const { publish, ...rest } = next;
    const { version } = publish;
    return { ...rest, committed: false, settled: 'promoted', version, ended: publish, reached: run };
  }
  const { active, ...rest } = next;
  if (active?.run !== run) return no('not-acting');
  const freed = { ...rest, version: active.version, reached: run };
  switch (active.kind) {
    case 'end':
      return { ...rest, settled: 'abandoned', ended: active, reached: run };
    case 'hotfix':
      return { ...freed, settled: 'open-without-candidate' };
    case 'work':
    case 'final':
      return rest;
    case 'none':
      return { ...rest, reached: run };
    default:
      return { ...freed, settled: 'open', candidate: active.candidate };
  }
}

function end(next: LineState, event: Extract<LineEvent, { type: 'line.ended' }>): LineState | NotLegal {
  if (next.publish?.run === event.run) {
    // It took the line and was cancelled before it made anything: then the line is free again.
    if (next.committed && event.effects) return no('past-the-point-of-no-return');
    const { publish: _, ...rest } = next;
    return { ...rest, committed: false };
  }
  const { active, ...rest } = next;
  if (active?.run !== event.run) return no('not-acting');
  const first = next.settled === 'none' && event.effects && active.kind !== 'none';
  return first ? { ...rest, settled: 'stopped' } : rest;
}
