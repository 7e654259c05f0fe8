import type { Halt } from '../../release/halt.js';
import { isActive, isOver, type GateState, type RunState } from '../../release/run-state.js';
import { heldBack } from './halt.js';
import { instant, nameOf, span } from './marks.js';
import { plain } from './plain.js';

/** What a run needs; lower comes first: a failure, people, somebody who goes on, nothing. */
type Need = 'failed' | 'people' | 'paused' | 'running';
const order: Need[] = ['failed', 'people', 'paused', 'running'];

/** All open runs, those that need a person first. `now` in ms. */
export function overview(states: readonly RunState[], halt: Halt | undefined, now: number): string[] {
  const needs = states.map((state) => ({ state, need: needOf(state) }));
  needs.sort((a, b) => order.indexOf(a.need) - order.indexOf(b.need));
  const failed = needs.filter(({ need }) => need === 'failed').length;
  const people = needs.filter(({ need }) => need === 'people').length;
  const number = `${states.length === 0 ? 'No' : states.length} run${states.length > 1 ? 's' : ''} under way`;
  const header = [
    number,
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(people === 0 ? [] : [`${people} waiting for people`]),
  ];
  return [
    ...(halt === undefined ? [] : [heldBack(halt)]),
    header.join(', '),
    ...needs.map(({ state, need }) => runLine(state, need, halt, now)),
  ];
}

function needOf(state: RunState): Need {
  const isStuck = state.steps.some(
    ({ status, failure }) => status === 'unknown' || (status === 'failed' && (failure?.retryAt ?? 0) === 0),
  );
  if (isStuck) return 'failed';
  if (questionOf(state) !== undefined) return 'people';
  return state.paused === undefined ? 'running' : 'paused';
}

function questionOf(state: RunState): GateState | undefined {
  return Object.values(state.gates).find(({ decided }) => decided === undefined);
}

function runLine(state: RunState, need: Need, halt: Halt | undefined, now: number): string {
  const { project, version, run } = state.created;
  return `${markFor(state, need, halt)} ${project} ${version} · ${whatOf(state, need, halt, now)} · run ${run}`;
}

function isHalted(state: RunState, halt: Halt | undefined): boolean {
  return halt !== undefined && !state.steps.some(isActive);
}

function markFor(state: RunState, need: Need, halt: Halt | undefined): string {
  if (need === 'running' && isHalted(state, halt)) return '⏸️';
  return { failed: '❌', people: '✋', paused: '⏸️', running: '⏳' }[need];
}

function whatOf(state: RunState, need: Need, halt: Halt | undefined, now: number): string {
  const { operation } = state.created;
  switch (need) {
    case 'failed': {
      const step = state.steps.find(({ status }) => status === 'unknown' || status === 'failed');
      const word = step?.status === 'unknown' ? 'outcome unknown' : 'failed';
      const since = step === undefined || step.endedAt === 0 ? '' : `, ${instant(step.endedAt)}`;
      return `${word} at ${nameOf(step?.outline.id ?? '')}${since}`;
    }
    case 'people': {
      const gate = questionOf(state);
      if (gate === undefined) return 'waiting';
      const left = gate.expiresAt > now ? `, ${span(gate.expiresAt - now)} left` : '';
      return `waiting, ${nameOf(gate.step)} ${gate.votes.length} of ${gate.need}${left}`;
    }
    case 'paused':
      return `paused by ${plain(state.paused?.by.name ?? '')}: "${plain(state.paused?.reason ?? '')}"`;
    case 'running': {
      const next = state.steps.findIndex((step) => !isOver(step));
      const place = `step ${next < 0 ? state.steps.length : next + 1} of ${state.steps.length}`;
      return `${isHalted(state, halt) ? 'held' : 'running'} ${operation}, ${place}`;
    }
  }
}
