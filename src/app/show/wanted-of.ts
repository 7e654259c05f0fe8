import { personReminder, threadReminder } from '../../chat/views/reminder.js';
import { runBoard } from '../../chat/views/run-board.js';
import type { QuestionFacts, RunFacts } from '../../chat/views/run-facts.js';
import { failedStep, solvedStep } from '../../chat/views/run-failure.js';
import { closedQuestion, openQuestion } from '../../chat/views/run-question.js';
import { answeredStep, unknownStep } from '../../chat/views/run-unknown.js';
import { isOver, type StepState } from '../../release/run-state.js';
import { own } from '../../release/own.js';
import {
  boardMarker,
  failureMarker,
  questionMarker,
  reminderMarker,
  unknownMarker,
} from '../../chat/markers.js';
import type { Told, Urgency, Wanted } from './wanted.js';

/** What rooms should show of a run. Pure. */
export function wantedOf(facts: RunFacts): Wanted[] {
  const { room, alsoIn } = facts;
  const board = boardMarker(facts.state.created.run);
  const urgency = urgencyOf(facts);
  const boards = [...new Set([room, ...alsoIn])].map((one): Wanted => ({
    room: one,
    marker: board,
    message: runBoard(facts),
    how: 'paced',
    urgency,
  }));
  return [
    ...boards,
    ...facts.questions.flatMap((question) => questionsOf(facts, question)),
    ...facts.state.steps.flatMap((step) => stopsOf(facts, step)),
  ];
}

/** Whom the last reminder of an open question is told alone: everybody who can decide. Pure. */
export function toldOf(facts: RunFacts): Told[] {
  return facts.questions.filter(isOpen).flatMap((question) => {
    const share = Math.max(0, ...(question.gate.reminded ?? []));
    if (share < lastShare) return [];
    return question.tally.canDecide.map(({ id }) => ({
      person: id,
      marker: reminderMarker(facts.state.created.run, question.gate.seal, share),
      message: personReminder(facts, question, share),
    }));
  });
}

/** After this share of its time, in percent, a question is brought to people one by one. */
const lastShare = 80;

const isOpen = ({ gate, changed }: QuestionFacts): boolean => gate.decided === undefined && changed === '';

function questionsOf(facts: RunFacts, question: QuestionFacts): Wanted[] {
  const { room, state } = facts;
  const { step, seal, reminded = [] } = question.gate;
  const { run } = state.created;
  const marker = questionMarker(run, step, seal);
  if (!isOpen(question)) return [{ room, marker, message: closedQuestion(facts, question), how: 'if-there' }];
  const asked: Wanted = { room, marker, message: openQuestion(facts, question), how: 'now' };
  // Who was away for two of them reads the newest only.
  const share = Math.max(0, ...reminded);
  if (share === 0) return [asked];
  const reminder: Wanted = {
    room,
    marker: reminderMarker(run, seal, share),
    message: threadReminder(facts, question, share),
    under: boardMarker(run),
    how: 'once',
  };
  return [asked, reminder];
}

/** The questions that a step asks when it stops: its failure, its open outcome; or how they were answered. */
function stopsOf(facts: RunFacts, step: StepState): Wanted[] {
  const { room, state, stops } = facts;
  const { run } = state.created;
  const { id, gate } = step.outline;
  const past = own(stops, id);
  if (gate || past === undefined) return [];
  const isStill = state.finished === undefined;
  const failure: Wanted = { room, marker: failureMarker(run, id), ...stopOf() };
  const unknown: Wanted = { room, marker: unknownMarker(run, id), ...openOf() };
  return [...(past.failed ? [failure] : []), ...(past.unknown ? [unknown] : [])];

  function stopOf(): Pick<Wanted, 'message' | 'how'> {
    if (isStill && step.status === 'failed' && (step.failure?.retryAt ?? 0) === 0)
      return { message: failedStep(facts, step), how: 'now' };
    return { message: solvedStep(facts, step, past?.by, past?.at ?? 0), how: 'if-there' };
  }
  function openOf(): Pick<Wanted, 'message' | 'how'> {
    if (isStill && step.status === 'unknown') return { message: unknownStep(facts, step), how: 'now' };
    return { message: answeredStep(facts, step, past?.by, past?.at ?? 0), how: 'if-there' };
  }
}

/** What of a run never waits to be shown, and what waits for the end of an interval. */
function urgencyOf({ state, questions, halt }: RunFacts): Urgency {
  const { steps, finished, paused, cancelled } = state;
  const stopped = steps.filter(({ status, failure }) => status === 'unknown' || failure?.retryAt === 0);
  const decision = [
    finished?.outcome,
    paused !== undefined,
    cancelled !== undefined,
    halt !== undefined,
    ...questions.map(({ gate, changed }) => [gate.seal, gate.decided?.outcome, changed].join(' ')),
    ...stopped.map(({ outline, attempt }) => [outline.id, attempt].join(' ')),
  ];
  const votes = questions.map(({ gate }) => [gate.votes.length, gate.holds?.length ?? 0].join(' '));
  const now = steps.map(({ outline, status, attempt }) => [outline.id, status, attempt].join(' '));
  const running = steps.filter((step) => !isOver(step) && step.status === 'claimed');
  return {
    decision: JSON.stringify(decision),
    state: JSON.stringify([votes, now]),
    since: running.length === 0 ? undefined : Math.max(...running.map(({ startedAt }) => startedAt)),
  };
}
