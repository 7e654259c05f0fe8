import { own } from '../../release/own.js';
import type { StepState } from '../../release/run-state.js';
import { time, type Words } from '../compose.js';
import type { Line } from '../message.js';
import { oneLine, quoted } from './fit.js';
import { about, span } from './marks.js';
import type { RunFacts } from './run-facts.js';
import { isStuck, openGate } from './run-words.js';
import { stated } from './sentences.js';
import { nameAndMade, stepName } from './step-words.js';
import { who } from './people.js';

/** A step that takes longer than this share of its usual time is worth a look. */
const slow = 1.5;

/** One line a step, at most so many: what is done and what is to do is folded first. */
export function stepLines(facts: RunFacts, most: number): Line[] {
  const { finished } = facts.state;
  // Of a run that is over nothing is to do any more: what it has not made is said in one sentence.
  const steps = facts.state.steps.filter(({ status }) => finished === undefined || status !== 'todo');
  if (steps.length <= most) return steps.map((step) => stepLine(facts, step));
  const folded = foldOnce(steps);
  const groups = folded.length <= most ? folded : byStatus(steps);
  return groups.flatMap((group) => groupLine(facts, group));
}

/** Neighbours that are done become one line, and so do those that are to do, but for the one that comes next. */
function foldOnce(steps: readonly StepState[]): StepState[][] {
  const next = steps.findIndex(({ status }) => status === 'todo');
  const groups: StepState[][] = [];
  steps.forEach((step, place) => {
    const before = groups.at(-1);
    const last = before?.at(-1);
    const isQuiet = step.status === 'done' || step.status === 'todo';
    const goesOn = isQuiet && last?.status === step.status && place !== next + 1;
    if (before !== undefined && goesOn) before.push(step);
    else groups.push([step]);
  });
  return groups;
}

/** The last resort of a long run in which much was skipped or failed: one line for all that stands alike. */
function byStatus(steps: readonly StepState[]): StepState[][] {
  const all = new Map<string, StepState[]>();
  for (const step of steps) all.set(step.status, [...(all.get(step.status) ?? []), step]);
  return [...all.values()];
}

function groupLine(facts: RunFacts, group: readonly StepState[]): Line[] {
  const [first] = group;
  if (first === undefined) return [];
  if (group.length === 1) return [stepLine(facts, first)];
  const number = group.length;
  switch (first.status) {
    case 'done':
      return [stated('done', `${number} steps`, [` ${span(workOf(group))}`])];
    case 'todo':
      return [stated('to-do', `${number} more`)];
    case 'claimed':
      return [stated('running', `${number} steps`)];
    case 'skipped':
      return [stated('skipped', `${number} steps`)];
    case 'failed':
      return [stated('failed', `${number} steps`)];
    case 'waiting':
      return [stated('waiting', `${number} steps`)];
    case 'unknown':
      return [stated('warning', `${number} steps`, [': outcome unknown'])];
    case 'interrupted':
      return [stated('paused', `${number} steps`, [': interrupted, they go on by themselves'])];
  }
}

/** How long machines worked at these steps, ms: what people were waited for is not in it. */
export function workOf(steps: readonly StepState[]): number {
  return steps
    .filter((step) => step.status === 'done' && !isWait(step))
    .reduce((sum, step) => sum + tookOf(step), 0);
}

/** Whether the time of a step is waiting: for people, or until a moment. */
export function isWait({ outline }: StepState): boolean {
  return outline.gate || outline.kind === 'wait';
}

function tookOf({ startedAt, endedAt }: StepState): number {
  return startedAt > 0 && endedAt > startedAt ? endedAt - startedAt : 0;
}

/** `✅ Tag kestrel-v0.44.0 · done 3 s` */
export function stepLine(facts: RunFacts, step: StepState): Line {
  const { plan } = facts;
  const name = nameAndMade(step, plan);
  const again = step.attempt > 1 ? `, attempt ${step.attempt}` : '';
  switch (step.status) {
    case 'todo':
      return stated('to-do', name);
    case 'claimed':
      return runningLine(facts, step);
    case 'done':
      return stated('done', name, doneWords(step));
    case 'skipped':
      return skippedLine(facts, step);
    case 'failed':
      return stated('failed', name, step.outline.gate ? decidedWords(facts, step) : failedWords(step));
    case 'waiting':
      return waitingLine(facts, step);
    case 'unknown':
      return stated('warning', name, [': outcome unknown, one answer needed']);
    case 'interrupted':
      return stated('paused', name, [`: interrupted, it goes on by itself${again}`]);
  }
}

function doneWords(step: StepState): Words[] {
  if (step.outline.gate) return [' ', time(step.endedAt)];
  const there = step.adopted ? ', was there already' : '';
  // The first attempt began the clock: a span would count how long people took to look at the failure.
  if (step.attempt > 1) return [' ', time(step.endedAt), `, attempt ${step.attempt}${there}`];
  const took = tookOf(step);
  return [`${took === 0 ? '' : ` ${span(took)}`}${there}`];
}

function runningLine({ state, plan, usual, now }: RunFacts, step: StepState): Line {
  const name = stepName(step, plan);
  const expected = own(usual, step.outline.id);
  const known = expected === undefined ? '' : `, usually ${about(expected)}`;
  const stops = state.cancelled === undefined ? '' : ', stops then';
  if (step.attempt > 1) return stated('running', name, [`, attempt ${step.attempt}${known}${stops}`]);
  const isSlow = expected !== undefined && now - step.startedAt > expected * slow;
  return isSlow
    ? stated('warning', name, [': slow, running since ', time(step.startedAt), `${known}${stops}`])
    : stated('running', name, [' since ', time(step.startedAt), `${known}${stops}`]);
}

function failedWords(step: StepState): Words[] {
  if (isStuck(step)) return [' ', time(step.endedAt)];
  const { failure } = step;
  return [', tried again ', time(failure?.retryAt ?? 0), `: ${oneLine(failure?.message ?? '')}`];
}

/** A gate that did not open. */
function decidedWords({ state, people }: RunFacts, step: StepState): Words[] {
  const decided = own(state.gates, step.outline.id)?.decided;
  const [by] = decided?.by ?? [];
  if (decided?.outcome !== 'rejected' || by === undefined)
    return [': nobody decided until ', time(step.endedAt)];
  return [': rejected by ', who(people, by), ' ', time(step.endedAt)];
}

function waitingLine({ state, plan, questions }: RunFacts, step: StepState): Line {
  const name = stepName(step, plan);
  if (!step.outline.gate) return stated('waiting', name, [` for ${oneLine(step.waiting?.for ?? '')}`]);
  // A question goes with its run, and nobody waits for it any more.
  if (state.finished !== undefined) return stated('void', name);
  const gate = openGate(state);
  if (gate === undefined || gate.step !== step.outline.id) return stated('waiting', name);
  const asked = questions.find((one) => one.gate.seal === gate.seal);
  const count =
    asked === undefined
      ? `, ${gate.votes.length} of ${gate.need}`
      : `, ${asked.tally.counted.length} of ${asked.tally.need}`;
  const held = (asked?.tally.holding.length ?? 0) > 0 ? ', held' : '';
  return stated('waiting', name, [`${count}${held}, until `, time(gate.expiresAt)]);
}

/** `⏭️ Arm smoke · skipped by Mira Kahn: "runner down", second Ada Osei` */
export function skippedLine({ people, plan }: Pick<RunFacts, 'people' | 'plan'>, step: StepState): Line {
  const { skip } = step;
  const name = stepName(step, plan);
  if (skip === undefined) return stated('skipped', name);
  const second: Words[] = skip.second === undefined ? [] : [', second ', who(people, skip.second)];
  if (skip.by === undefined) return stated('skipped', name, [`: ${oneLine(skip.reason)}`]);
  // The second person is named before the reason gives way to the width of the line.
  return stated('skipped', name, [' by ', who(people, skip.by), ...second, `: ${quoted(skip.reason)}`]);
}
