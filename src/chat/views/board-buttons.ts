import { isPastPointOfNoReturn } from '../../release/point-of-no-return.js';
import { isActive } from '../../release/run-state.js';
import { goes, says } from '../compose.js';
import { failureMarker, questionMarker, unknownMarker } from '../markers.js';
import type { Button, Target } from '../message.js';
import { clip } from './fit.js';
import { abandonButton, candidateButton, isOpenLine, promoteButton } from './next-buttons.js';
import { whatStays } from './public-words.js';
import type { RunFacts } from './run-facts.js';
import { doingOf, isStuck, nameOfRun, openGate, standingOf } from './run-words.js';
import { stepName } from './step-words.js';

/** What can be done about a run, from where it stands. A decision has its buttons in its own message. */
export function boardButtons(facts: RunFacts): Button[] {
  switch (standingOf(facts)) {
    case 'over':
      return overButtons(facts);
    case 'cancelled':
      return [details(facts)];
    case 'failed':
    case 'unknown':
      return [toQuestion(facts), details(facts)];
    case 'asking':
      return [toQuestion(facts), details(facts), ...cancelButton(facts)];
    case 'paused':
      return [resumeButton(facts), details(facts), ...cancelButton(facts)];
    case 'held':
    case 'running':
      return [details(facts), ...cancelButton(facts)];
  }
}

function overButtons(facts: RunFacts): Button[] {
  const { kind, run } = facts.state.created;
  const record = goes(
    'record',
    'Record',
    { to: 'run', run },
    { about: `Record of ${nameOfRun(facts.state)}` },
  );
  const isDone = facts.state.finished?.outcome === 'done';
  if (!isDone || !facts.isNewest) return [record];
  if ((kind === 'start' || kind === 'change') && isOpenLine(facts.line))
    return orElse([...promoteButton(facts), ...candidateButton(facts), ...abandonButton(facts)], record);
  if (kind === 'hotfix' && facts.line?.settled === 'open-without-candidate')
    return orElse([...candidateButton(facts, 'primary'), ...abandonButton(facts)], record);
  return [record];
}

function orElse(buttons: Button[], otherwise: Button): Button[] {
  return buttons.length === 0 ? [otherwise] : buttons;
}

function details({ state }: RunFacts): Button {
  const { run } = state.created;
  return goes('details', 'Details', { to: 'run', run }, { about: `Details of ${nameOfRun(state)}` });
}

/** Where the decision is that the run waits for. */
function toQuestion({ state, room }: RunFacts): Button {
  const { run } = state.created;
  const target = (marker: string): Target => ({ to: 'message', room, marker });
  const about = `Open the question of ${nameOfRun(state)}`;
  const to = (marker: string): Button =>
    goes('question', 'Open the question', target(marker), { style: 'primary', about });
  const stuck = state.steps.find(isStuck);
  if (stuck !== undefined) return to(failureMarker(run, stuck.outline.id));
  const unknown = state.steps.find(({ status }) => status === 'unknown');
  if (unknown !== undefined) return to(unknownMarker(run, unknown.outline.id));
  const gate = openGate(state);
  return to(questionMarker(run, gate?.step ?? '', gate?.seal ?? ''));
}

function resumeButton({ state }: RunFacts): Button {
  const { run } = state.created;
  const label = clip(`Resume the ${doingOf(state).noun}`, 24);
  return says('resume', label, { verb: 'resume', args: { run } }, { about: `Resume ${nameOfRun(state)}` });
}

/** [Cancel the cut], with what it ends and what stays. Past the point of no return it only stops after this step. */
export function cancelButton(facts: Pick<RunFacts, 'state' | 'plan'>): Button[] {
  const { state, plan } = facts;
  const { run, kind, operation } = state.created;
  const { noun } = doingOf(state);
  const say = { verb: 'cancel', args: { run } };
  const running = state.steps.filter(isActive).map((step) => stepName(step, plan));
  if (isPastPointOfNoReturn(state)) {
    if (state.paused !== undefined) return [];
    const confirm = {
      title: 'Stop after this step?',
      text: `${whatStays(state, plan)} Nothing is taken back. [Resume] goes on with the rest.`,
      yes: 'Stop after this step',
      no: 'Keep going',
    };
    return [
      says('cancel', 'Stop after this step', say, {
        about: `Stop ${nameOfRun(state)} after this step`,
        confirm,
      }),
    ];
  }
  const on = kind === 'start' ? 'goes on with it' : 'starts anew';
  const confirm = {
    title: `Cancel this ${noun}?`,
    text: [
      ...(running.length === 0 ? [] : [`${running.join(', ')} ${running.length === 1 ? 'stops' : 'stop'}.`]),
      whatStays(state, plan),
      `/release ${operation} ${on}.`,
    ].join(' '),
    yes: clip(`Cancel the ${noun}`, 24),
    no: 'Keep going',
  };
  return [
    says('cancel', clip(`Cancel the ${noun}`, 24), say, {
      about: `Cancel the ${noun} of ${nameOfRun(state)}`,
      confirm,
    }),
  ];
}
