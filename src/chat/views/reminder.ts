import { shortSeal } from '../../release/canonical.js';
import type { GateState } from '../../release/run-state.js';
import { goes, line, says, type Words } from '../compose.js';
import { questionMarker } from '../markers.js';
import type { Message } from '../message.js';
import { given } from './marks.js';
import { askAll, names } from './people.js';
import type { QuestionFacts, RunFacts } from './run-facts.js';
import { nameOfRun } from './run-words.js';
import { shortly, stated } from './sentences.js';

/** What is left of a question's time after this share of it: the same whenever it is drawn. */
function leftAfter({ openedAt, expiresAt }: GateState, share: number): string {
  return given(((expiresAt - openedAt) * (100 - share)) / 100);
}

/** The reminder in the thread, after this share of the question's time, in percent. It tells who can decide. */
export function threadReminder(_facts: RunFacts, { gate, tally }: QuestionFacts, share: number): Message {
  const who: Words[] = tally.canDecide.length === 0 ? ['Nobody'] : askAll(tally.canDecide, ' or ');
  const held = tally.holding.length === 0 ? '' : ` Held by ${names(tally.holding.map(({ name }) => name))}.`;
  return shortly('people', [
    stated('waiting', `Seal ${shortSeal(gate.seal)}`, [
      `, ${tally.counted.length} of ${tally.need}. `,
      ...who,
      ` can decide.${held} ${leftAfter(gate, share)} left.`,
    ]),
  ]);
}

/** The reminder to one person alone. No vote button: votes are cast where all see them. */
export function personReminder({ state, room }: RunFacts, { gate }: QuestionFacts, share: number): Message {
  const { run } = state.created;
  return shortly(
    'people',
    [line(`${nameOfRun(state)} waits for you. ${leftAfter(gate, share)} left, then nothing ships.`)],
    [
      goes('question', 'Open the question', {
        to: 'message',
        room,
        marker: questionMarker(run, gate.step, gate.seal),
      }),
      says('not-me-today', 'Not me today', { verb: 'not-me-today', args: {} }),
    ],
  );
}

/** What somebody hears who wants no more reminders today. */
export function dayOffTaken(): string {
  return 'No more reminders come to you alone until tomorrow. Questions in rooms still name you, and your vote still counts.';
}
