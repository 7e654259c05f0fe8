import { markOf, nameOf, span } from '../../chat/views/marks.js';
import { plain } from '../../chat/views/plain.js';
import { publicWords, stepDetail, stepMarks } from '../../chat/views/run-page.js';
import { stepName } from '../../chat/views/step-words.js';
import { logParts } from '../../engine/logs.js';
import type { Plan } from '../../release/plan.js';
import { isActive, type RunState, type StepState } from '../../release/run-state.js';
import type { Opened } from '../wire.js';
import type { StepRow } from './run-page-types.js';

/** What people call a step; by its id where the plan cannot be read. */
export const calledIn = (plan: Plan | undefined, step: StepState): string =>
  plan === undefined ? nameOf(step.outline.id) : stepName(step, plan);

/** The steps of a run as a table; `plan`: what each was planned to do, where the plan can be read. */
export async function stepRows(
  { records }: Opened,
  state: RunState,
  plan: Plan | undefined,
  usual: Record<string, number>,
): Promise<StepRow[]> {
  return Promise.all(
    state.steps.map(async (step): Promise<StepRow> => {
      const { id, kind } = step.outline;
      const usually = usual[id];
      const sentence = plan?.steps.find((one) => one.id === id)?.sentence ?? '';
      return {
        id,
        name: calledIn(plan, step),
        kind,
        sentence: plain(sentence.replaceAll(/\s+/g, ' ')),
        mark: stepMarks[step.status],
        word: markOf(step).word,
        startedAt: step.startedAt,
        took: step.startedAt > 0 && step.endedAt > 0 ? span(step.endedAt - step.startedAt) : '',
        usual: usually === undefined ? '' : span(usually),
        attempt: step.attempt,
        public: publicWords[step.outline.public],
        detail: stepDetail(step),
        hasLog: isActive(step) || (await logParts(records, state.created.run, id)).length > 0,
      };
    }),
  );
}
