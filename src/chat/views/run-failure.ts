import { own } from '../../release/own.js';
import type { Actor } from '../../release/actor.js';
import { isPastPointOfNoReturn } from '../../release/point-of-no-return.js';
import type { RunState, StepState } from '../../release/run-state.js';
import { fence, line, lines, opens, says, small, time, type Words } from '../compose.js';
import type { Button, Line, Message } from '../message.js';
import { chatLine } from './answers/tongue.js';
import { cancelButton } from './board-buttons.js';
import { clip, headline, oneLine, quoted } from './fit.js';
import { abandonButton } from './next-buttons.js';
import { tell, who } from './people.js';
import { publicLine, serves } from './public-words.js';
import type { RunFacts } from './run-facts.js';
import { nameOfRun } from './run-words.js';
import { told } from './sentences.js';
import { inSentence, stepName } from './step-words.js';

/** How many lines of the log, and how much of the cause, the message shows; the rest is on the run's page. */
const mostLog = 8;
const mostCause = 135;
/** A menu holds so many people beside nobody (Discord has 25 lines). */
const mostChoices = 24;

/** A step that failed and waits for a person: cause, what is public, what a retry does. */
export function failedStep(facts: RunFacts, step: StepState): Message {
  const { state, logs, people } = facts;
  const { run, by } = state.created;
  const place = state.steps.findIndex(({ outline }) => outline.id === step.outline.id) + 1;
  const log = own(logs, step.outline.id);
  const served = serves(facts);
  const hint = oneLine(step.failure?.hint ?? '');
  const { pieces } = publicLine(facts);
  return told({
    header: headline(
      nameOfRun(state),
      `failed at step ${place} of ${state.steps.length}, ${stepName(step, facts.plan)}`,
    ),
    mood: 'failed',
    blocks: [
      lines(
        line(...causeWords(step)),
        line(...pieces, ...(served === '' ? [] : [` ${served}`])),
        ...retryLine(facts, step),
        ...(hint === '' ? [] : [line(...chatLine(clip(hint, mostCause)).pieces)]),
      ),
      fence(...(log?.tail ?? []).slice(-mostLog)),
      small(
        line(
          tell(people, by),
          ` · attempt ${step.attempt} · `,
          log === undefined || log.lines === 0
            ? 'it left no log'
            : {
                is: 'link',
                text: `whole log, ${log.lines} line${log.lines === 1 ? '' : 's'}`,
                target: { to: 'run', run },
              },
        ),
      ),
    ],
    buttons: failureButtons(facts, step),
  });
}

/** `The store refused: 403. Tried 3 times.`: by itself, and because people said so. */
function causeWords({ failure, attempt }: StepState): Words[] {
  const cause = clip(oneLine(failure?.message ?? ''), mostCause);
  const end = /[.?!…]$/.test(cause) || cause === '' ? '' : '.';
  return [`${cause}${end}`, attempt > 1 ? ` Tried ${attempt} times.` : ' Tried once.'];
}

/** What a retry does, and what it does not do again. */
function retryLine({ state, plan }: RunFacts, step: StepState): Line[] {
  const built = state.steps.filter(
    ({ outline, status, proof }) =>
      (outline.kind === 'run' || outline.kind === 'shell') && status === 'done' && /sha256:/.test(proof),
  );
  const last = built.at(-1);
  const name = inSentence(stepName(step, plan));
  const looks = step.intentOpen ? ' It looks first whether that is there already.' : '';
  if (last === undefined || step.outline.public === 'no')
    return [line(`Retry runs ${name} again. What is done before it stays.${looks}`)];
  const digests = last.proof.match(/sha256:[0-9a-f]{12}/g) ?? [];
  return [
    line(
      `Retry goes on with ${digests.length === 1 ? digests.join('') : `${digests.length} files`}, built `,
      time(last.endedAt),
      `. Nothing is built again.${looks}`,
    ),
  ];
}

function failureButtons(facts: RunFacts, step: StepState): Button[] {
  const { state, plan } = facts;
  const { run, kind } = state.created;
  const name = inSentence(stepName(step, plan));
  const about = nameOfRun(state);
  const retry = says(
    'retry',
    clip(`Retry ${name}`, 24),
    { verb: 'retry', args: { run, step: step.outline.id } },
    { style: 'primary', about: `Retry ${name} of ${about}` },
  );
  const abandon = kind === 'start' ? abandonButton(facts) : [];
  // Past the point of no return a run is not cancelled, and one that stands still need not be stopped.
  const cancel = isPastPointOfNoReturn(state) ? [] : cancelButton(facts);
  return [retry, ...skipButton(facts, step), ...(abandon.length > 0 ? abandon : cancel)];
}

function skipButton({ state, plan, people }: RunFacts, step: StepState): Button[] {
  // What was sent and not looked up cannot be left out: nobody knows yet whether it is there.
  if (!step.outline.skippable || step.intentOpen) return [];
  const { run } = state.created;
  const name = inSentence(stepName(step, plan));
  return [
    opens(
      'skip',
      'Skip…',
      {
        title: clip(`Skip ${name}?`, 75),
        about: [line('It is left out for good. The board, the question and the announcement say so.')],
        fields: [
          { is: 'text', name: 'reason', label: 'Reason', hint: '', required: true, value: '', long: false },
          {
            is: 'choice',
            name: 'second',
            label: 'Second person',
            hint: 'Where the policy wants one',
            required: false,
            value: '',
            choices: [
              { value: '', label: 'Nobody' },
              ...people
                .slice(0, mostChoices)
                .map(({ id, name: label }) => ({ value: id, label: clip(label, 75) })),
            ],
          },
        ],
        submit: 'Skip it',
        close: 'Not now',
        say: { verb: 'skip', args: { run, step: step.outline.id } },
      },
      { about: `Skip ${name} of ${nameOfRun(state)}` },
    ),
  ];
}

/**
 * How a failure stands that nobody needs to answer any more. `by`: who retried or skipped it, and `at` when, in ms;
 * undefined: it is not known, or the run ended without it.
 */
export function solvedStep(facts: RunFacts, step: StepState, by: Actor | undefined, at: number): Message {
  const { state, people } = facts;
  const name = stepName(step, facts.plan);
  const { header, words } = solution(state, step, name);
  return told({
    header: headline(nameOfRun(state), header),
    mood:
      step.status === 'failed'
        ? 'over'
        : step.status === 'claimed' || step.status === 'todo'
          ? 'running'
          : 'done',
    blocks: [lines(line(...personWords(people, step, by, at), ...words))],
    buttons: [],
  });
}

function personWords(
  people: RunFacts['people'],
  step: StepState,
  by: Actor | undefined,
  at: number,
): Words[] {
  if (step.skip?.by !== undefined) {
    const second: Words[] =
      step.skip.second === undefined ? [] : [', second ', who(people, step.skip.second), ','];
    return [who(people, step.skip.by), ...second, ` skipped it: ${quoted(step.skip.reason)} `];
  }
  return by === undefined || at === 0 ? [] : [who(people, by), ' retried ', time(at), '. '];
}

/** What became of a step that had failed. */
function solution(state: RunState, step: StepState, name: string): { header: string; words: Words[] } {
  switch (step.status) {
    case 'done':
      return { header: `${name} solved`, words: [`${name} done `, time(step.endedAt), '.'] };
    case 'skipped':
      return { header: `${name} skipped`, words: [time(step.endedAt), '.'] };
    case 'claimed':
    case 'todo':
    case 'interrupted':
    case 'waiting':
      return state.finished === undefined
        ? { header: `${name} tried again`, words: [`${name} has not come to an end yet.`] }
        : { header: `${name} not done`, words: ['The run ended before it.'] };
    case 'unknown':
      return { header: `${name} tried again`, words: ['Its outcome is unknown: that is another question.'] };
    case 'failed':
      return state.finished === undefined
        ? { header: `${name} tried again`, words: ['It is tried again by itself.'] }
        : {
            header: `${name} stayed failed`,
            words: ['The run ended ', time(state.finished.at), ' without it.'],
          };
  }
}
