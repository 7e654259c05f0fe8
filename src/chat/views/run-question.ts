import { shortSeal } from '../../release/canonical.js';
import type { GateState } from '../../release/run-state.js';
import { goes, line, lines, opens, says, small } from '../compose.js';
import type { Button, Confirm, Message } from '../message.js';
import { closedQuestion } from './closed-question.js';
import { clip, firstThatFits } from './fit.js';
import { names } from './people.js';
import { isReleased } from './public-words.js';
import { decideLines, shipLines } from './question-lines.js';
import type { QuestionFacts, RunFacts } from './run-facts.js';
import { doingOf, nameOfRun } from './run-words.js';
import { shortly, told } from './sentences.js';

export { closedQuestion } from './closed-question.js';

/** The question of a gate while it is open: everything that the seal holds, votes, who can decide, the end. */
export function openQuestion(facts: RunFacts, question: QuestionFacts): Message {
  const { state } = facts;
  if (state.cancelled !== undefined) return closedQuestion(facts, question);
  const ships = shipLines(facts, question);
  const decides = decideLines(facts, question);
  return told({
    header: headerOf(facts, question),
    mood: 'people',
    blocks: [
      lines(...ships),
      lines(...decides),
      small(
        line(
          '✅ here is the same vote; remove it to withdraw. 👍 is no vote. ❌ holds until removed or explained.',
        ),
      ),
    ],
    buttons: [approveButton(facts, question), rejectButton(facts, question.gate), shipsButton(facts)],
  });
}

/** `Approve kestrel 0.44.0 for stable? 1 of 2, seal 7F3A-91C2`; a long name gives way to the seal. */
function headerOf({ state, plan }: RunFacts, { gate, tally, moves }: QuestionFacts): string {
  const { project, version } = state.created;
  const to = moves.filter(({ channel }) => isReleased(plan, channel)).map(({ channel }) => channel);
  const count = `? ${tally.counted.length} of ${tally.need}, seal ${shortSeal(gate.seal)}`;
  const clipped = clip(nameOfRun(state), Math.max(10, 60 - 'Approve '.length - count.length));
  return firstThatFits(
    ...(to.length === 1 ? [`Approve ${project} ${version} for ${to.join('')}${count}`] : []),
    `Approve ${clipped}${count}`,
  );
}

/** The words for what an approval starts: `promote`, or that the run goes on. */
function startsWhat({ state }: Pick<RunFacts, 'state'>): { label: string; yes: string } {
  return state.created.kind === 'publish'
    ? { label: 'Approve and promote', yes: 'Promote' }
    : { label: 'Approve and go on', yes: 'Approve' };
}

function approveButton(facts: RunFacts, { gate, tally, moves }: QuestionFacts): Button {
  const { state, plan } = facts;
  const name = nameOfRun(state);
  const { canDecide, canOpen } = tally;
  const isLast = canOpen.length > 0 && canOpen.length === canDecide.length;
  const { label, yes } = startsWhat(facts);
  const released = moves.filter(({ channel }) => isReleased(plan, channel)).map(({ channel }) => channel);
  const seal = `Seal ${shortSeal(gate.seal)}.`;
  const served =
    released.length === 0
      ? ''
      : ` ${released.join(' and ')} ${released.length === 1 ? 'serves' : 'serve'} it at once.`;
  const confirm: Confirm = {
    title: clip(state.created.kind === 'publish' ? `Promote ${name}?` : `Approve ${name}?`, 75),
    text: `${seal}${isLast ? '' : ' Yours may be the last approval that is needed.'}${served} A published version is never deleted.`,
    yes,
    no: 'Not yet',
  };
  const shown = isLast ? label : 'Approve';
  return says('approve', shown, votes('approve', state.created.run, gate), {
    about: `${shown} ${name}, seal ${shortSeal(gate.seal)}`,
    style: 'primary',
    ...(canOpen.length > 0 && { confirm }),
  });
}

/** What votes say: the whole seal, so that a click on an old question is refused. */
function votes(
  verb: string,
  run: string,
  { step, seal }: Pick<GateState, 'step' | 'seal'>,
): { verb: string; args: Record<string, string> } {
  return { verb, args: { run, gate: step, seal } };
}

function rejectButton({ state }: RunFacts, gate: GateState): Button {
  const { run } = state.created;
  const name = nameOfRun(state);
  const { noun } = doingOf(state);
  return opens(
    'reject',
    'Reject…',
    {
      title: clip(`Reject ${name}?`, 75),
      about: [line(`Seal ${shortSeal(gate.seal)}. Nothing ships, and this ${noun} is over.`)],
      fields: [
        {
          is: 'text',
          name: 'reason',
          label: 'Reason',
          hint: 'What must change first',
          required: true,
          value: '',
          long: true,
        },
      ],
      submit: 'Reject',
      close: 'Not now',
      say: votes('reject', run, gate),
    },
    { about: `Reject ${name}, seal ${shortSeal(gate.seal)}` },
  );
}

function shipsButton({ state }: RunFacts): Button {
  const { run } = state.created;
  return goes('ships', 'What ships', { to: 'run', run }, { about: `What ships with ${nameOfRun(state)}` });
}

/** What a voter alone reads after his vote: `Counted: seal 7F3A-91C2, 1 of 2.` */
export function voteReceipt({
  run,
  gate,
  seal,
  counted,
  need,
  holding = [],
}: {
  run: string;
  /** The step of the gate. */
  gate: string;
  /** Whole. */
  seal: string;
  counted: number;
  need: number;
  /** Names of those who hold it. */
  holding?: readonly string[];
}): Message {
  const short = shortSeal(seal);
  const held =
    holding.length === 0 ? '' : ` Held by ${names(holding)}: no vote opens it until that is lifted.`;
  return shortly(
    'plain',
    [line(`Counted: seal ${short}, ${counted} of ${need}.${held}`)],
    [
      says('withdraw', 'Withdraw my vote', votes('withdraw', run, { step: gate, seal }), {
        about: `Withdraw my vote on seal ${short}`,
      }),
    ],
  );
}
