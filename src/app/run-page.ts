import { boardMarker } from '../chat/markers.js';
import { cancelButton } from '../chat/views/board-buttons.js';
import { plain } from '../chat/views/plain.js';
import { cancelWords, stateWord } from '../chat/views/run-page.js';
import { planOf } from '../engine/frozen-plan.js';
import { outputsOf } from '../engine/read-outputs.js';
import { asSlipwayError, SlipwayError } from '../error.js';
import { shortSeal } from '../release/canonical.js';
import type { Plan } from '../release/plan.js';
import { stepOf, type RunState } from '../release/run-state.js';
import { projectOf } from './policies.js';
import { journalRows, recordedEvents } from './run-page/journal-rows.js';
import { metricRows } from './run-page/metric-rows.js';
import type { CancelBox, RunPage } from './run-page/run-page-types.js';
import { sealRows } from './run-page/seal-rows.js';
import { shownNow } from './run-page/shown-now.js';
import { calledIn, stepRows } from './run-page/step-rows.js';
import { usualTimes } from './show/usual-times.js';
import type { Opened } from './wire.js';

export { logPart } from './run-page/log-part.js';

/**
 * Everything that the page of a run shows, as its journal stands; of a journal that is damaged its readable beginning.
 * @throws SlipwayError not-found | the problem of a journal of which nothing can be read
 */
export async function runPage(opened: Opened, run: string): Promise<RunPage> {
  const { engine } = opened;
  const { state, problem } = await engine.runs.beginning(run);
  if (state === undefined) throw problem ?? new SlipwayError('not-found', `There is no run "${plain(run)}".`);
  const events = await recordedEvents(opened, run);
  // A blob that is missing spoils only what is read from it.
  const plan = await planOf(engine, state.created.plan).catch(() => undefined);
  const { project, version, operation, commit, by } = state.created;
  // What is usual is read from other runs, whose journals may be damaged too.
  const usual = await usualTimes(opened, project, operation, run).catch(() => ({}));
  const room = projectOf(await opened.installation(), project).room;
  const isReadable = problem === undefined;
  return {
    run,
    seq: state.seq,
    project,
    version,
    operation,
    room,
    marker: boardMarker(run),
    ...(isReadable ? await shownNow(opened, room, state) : { board: null, questions: [] }),
    problem: isReadable ? '' : asSlipwayError(problem).message,
    state: stateWord(state),
    asked: { by: plain(by.name), at: state.createdAt },
    commit,
    branch: plan?.branch ?? '',
    plan: shortSeal(state.created.plan),
    steps: await stepRows(opened, state, plan, usual),
    metrics: metricRows({
      state,
      now: engine.clock.now(),
      usual,
      outputs: await outputsOf(engine, state).catch(() => ({})),
      copied: plan?.copied ?? {},
    }),
    seals: await sealRows(opened, state, events),
    cancel: isReadable
      ? cancelBox(state, plan)
      : { words: 'Nothing of it is started.', ends: [], stays: [], button: null },
    journal: journalRows(events, (id) => {
      const step = stepOf(state, id);
      return step === undefined ? plain(id) : calledIn(plan, step);
    }),
  };
}

/** The box of a run that can be read: the button is that of its board. */
function cancelBox(state: RunState, plan: Plan | undefined): CancelBox {
  const box = cancelWords(state, (step) => calledIn(plan, step));
  const isOpen = state.finished === undefined && state.cancelled === undefined;
  const [button] = isOpen && plan !== undefined ? cancelButton({ state, plan }) : [];
  return { ...box, button: button ?? null };
}
