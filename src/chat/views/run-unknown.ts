import type { Actor } from '../../release/actor.js';
import type { StepState } from '../../release/run-state.js';
import { line, lines, says, small, time } from '../compose.js';
import type { Message } from '../message.js';
import { clip, headline, oneLine } from './fit.js';
import { tell, who } from './people.js';
import { publicLine, serves } from './public-words.js';
import type { RunFacts } from './run-facts.js';
import { nameOfRun } from './run-words.js';
import { told } from './sentences.js';
import { inSentence, stepName } from './step-words.js';

/** A step whose outcome nobody can look up: what stands, and the one open fact. */
export function unknownStep(facts: RunFacts, step: StepState): Message {
  const { state, plan, people, wentOnAt } = facts;
  const { run, by } = state.created;
  const name = inSentence(stepName(step, plan));
  const isRestart = wentOnAt !== undefined && wentOnAt >= step.startedAt;
  const say = (answer: 'made' | 'not-made'): { verb: string; args: Record<string, string> } => ({
    verb: 'answer',
    args: { run, step: step.outline.id, [answer]: 'true' },
  });
  const served = serves(facts);
  const { pieces } = publicLine(facts);
  return told({
    header: headline(
      nameOfRun(state),
      isRestart ? 'stopped by a restart, one answer needed' : `one answer needed, ${stepName(step, plan)}`,
    ),
    mood: 'people',
    blocks: [
      lines(
        line('Looked up ', time(step.endedAt), ', not remembered. ', ...pieces),
        ...(served === '' ? [] : [line(served)]),
        line(`Unknown: ${clip(oneLine(step.question ?? ''), 140)}`),
        line(`The run waits. If ${name} was done, it goes on; if not, ${name} is done now.`),
      ),
      small(line(tell(people, by), ` · attempt ${step.attempt}`)),
    ],
    buttons: [
      says('made', 'It was done', say('made'), {
        about: `${stepName(step, plan)} of ${nameOfRun(state)} was done`,
      }),
      says('not-made', 'Do it now', say('not-made'), {
        about: `${stepName(step, plan)} of ${nameOfRun(state)} was not done; do it now`,
      }),
    ],
  });
}

/**
 * The same once it was answered. `by`: who answered, and `at` when, in ms; undefined: the run ended without an answer.
 */
export function answeredStep(facts: RunFacts, step: StepState, by: Actor | undefined, at: number): Message {
  const { state, plan, people } = facts;
  const name = stepName(step, plan);
  const isMade = step.status === 'done' && step.adopted;
  const words = by === undefined ? [] : [who(people, by), ' answered ', time(at), '. '];
  const after =
    by === undefined
      ? 'Nobody answered. The run is over.'
      : isMade
        ? `${name} counts as done.`
        : step.status === 'done'
          ? `${name} is done.`
          : `${name} is done anew.`;
  return told({
    header: headline(nameOfRun(state), by === undefined ? `${name} stayed unknown` : `${name} answered`),
    mood: by === undefined ? 'over' : 'done',
    blocks: [lines(line(...words, after))],
    buttons: [],
  });
}
