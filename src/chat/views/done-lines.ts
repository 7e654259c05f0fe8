import { shortSeal } from '../../release/canonical.js';
import type { StepState } from '../../release/run-state.js';
import { code, line, time, type Words } from '../compose.js';
import type { Line } from '../message.js';
import { isLeft, readBack } from './board-header.js';
import { oneLine } from './fit.js';
import { span } from './marks.js';
import { listed, names } from './people.js';
import { isReleased } from './public-words.js';
import type { RunFacts } from './run-facts.js';
import { stated } from './sentences.js';
import { isWait, skippedLine, stepLine, workOf } from './step-lines.js';
import { inSentence, movesOf, stepName } from './step-words.js';

/** The body of a board whose run is done: one line for what went well, and everything that did not by itself. */
export function doneLines(facts: RunFacts, most: number): Line[] {
  const { state } = facts;
  const loud = [
    ...state.steps.filter(({ status }) => status === 'skipped').map((step) => skippedLine(facts, step)),
    ...state.steps.filter((step) => isLeft(facts, step)).map((step) => leftLine(facts, step)),
  ];
  const quiet = [
    wellLine(facts),
    ...proofLines(facts),
    ...approvedLines(facts),
    ...costLine(facts),
    ...nextLine(facts),
  ];
  const left = most - quiet.length;
  const shown = loud.length <= left ? loud : loud.slice(0, left - 1);
  const more = loud.length - shown.length;
  return [
    ...quiet,
    ...shown,
    ...(more === 0 ? [] : [stated('warning', `${more} more steps`, [': skipped, or left as it was'])]),
  ];
}

/** A line that was opened for a fix has nothing to release before the fix is on its branch. */
function nextLine({ state, plan, line: own, operations }: RunFacts): Line[] {
  const isOpened = state.created.kind === 'hotfix' && own?.settled === 'open-without-candidate';
  if (!isOpened || operations.change === undefined || plan.branch === '') return [];
  return [line('Next: merge the fix into ', code(oneLine(plan.branch)), ', then make a candidate.')];
}

function leftLine({ plan }: RunFacts, step: StepState): Line {
  return stated('warning', stepName(step, plan), [`: ${oneLine(step.proof)}`]);
}

function wellLine(facts: RunFacts): Line {
  const done = facts.state.steps.filter(({ status }) => status === 'done');
  const [only] = done;
  if (only !== undefined && done.length === 1) return stepLine(facts, only);
  return stated('done', `${done.length} steps`, [` ${span(workOf(done))}`]);
}

/** What was read back: of a release all that anybody can see, of a candidate what serves it. */
function proofLines(facts: RunFacts): Line[] {
  const { state, plan } = facts;
  const made = state.steps.filter(
    ({ outline, status }) => status === 'done' && outline.public !== 'no' && !outline.followUp,
  );
  const at = Math.max(...made.map((step) => step.endedAt));
  const channels = readBack(facts);
  if (state.created.kind !== 'publish') {
    if (channels.length === 0) return [];
    const moved = state.steps.filter(({ outline }) => movesOf(plan, outline.id).length > 0).at(-1);
    const { version } = state.created;
    // What was read back then stays true; whether it holds now is asked of the channels.
    const isPast = facts.channels.some((one) => channels.includes(one.channel) && one.serves !== version);
    const verb = isPast ? 'served' : channels.length === 1 ? 'serves' : 'serve';
    return [
      line(
        `${listed(channels)} ${verb} ${version}`,
        ...builtWords(state.steps),
        ', read back ',
        time(moved?.endedAt ?? at),
      ),
    ];
  }
  if (made.length === 0) return [];
  const things = made
    .filter((step) => !isLeft(facts, step))
    .flatMap((step) => {
      const moves = movesOf(plan, step.outline.id);
      return moves.length > 0 ? moves : [inSentence(stepName(step, plan))];
    })
    // What users follow is moved when everything else stands.
    .map((thing, place, all) =>
      place === all.length - 1 && isReleased(plan, thing) ? `${thing} (last)` : thing,
    );
  return things.length === 0 ? [] : [line('Read back ', time(at), `: ${names(things, 8)}.`)];
}

/** The digest of what was archived, where that is one file. */
function builtWords(steps: readonly StepState[]): Words[] {
  const stored = steps.filter(({ outline, status }) => outline.kind === 'store' && status === 'done');
  const digests = new Set(stored.flatMap(({ proof }) => proof.match(/sha256:[0-9a-f]{12}/g) ?? []));
  const [digest] = digests;
  return digest === undefined || digests.size > 1 ? [] : [' ', { is: 'code', text: digest }];
}

function approvedLines({ state }: RunFacts): Line[] {
  return Object.values(state.gates).flatMap(({ seal, decided }) =>
    decided?.outcome === 'approved'
      ? [line(`Approved by ${names(decided.by.map(({ name }) => name))} · seal ${shortSeal(seal)}`)]
      : [],
  );
}

/** `22 min 04 s of machines, 1 h 10 min of waiting: approval 1 h 10 min` */
function costLine({ state, plan }: RunFacts): Line[] {
  const waits = state.steps.filter(
    (step) => isWait(step) && step.status === 'done' && step.endedAt > step.startedAt && step.startedAt > 0,
  );
  if (waits.length === 0) return [];
  const tookOf = ({ startedAt, endedAt }: StepState): number => endedAt - startedAt;
  const waited = waits.reduce((sum, step) => sum + tookOf(step), 0);
  const each = waits.map((step) => `${inSentence(stepName(step, plan))} ${span(tookOf(step))}`);
  return [line(`${span(workOf(state.steps))} of machines, ${span(waited)} of waiting: ${names(each, 4)}`)];
}
