import type { RunState } from '../release/run-state.js';
import type { Engine } from './engine.js';
import { planFormat } from './frozen-plan.js';

/**
 * What this Slipway does not know about a run, or ''. A run that needs a newer one is left alone: nothing is claimed,
 * offered or written for it, so that the newer one finds it as it was.
 */
export function unknownIn(engine: Pick<Engine, 'kinds'>, { created }: RunState): string {
  if (created.format > planFormat)
    return `it has plan format ${created.format}, this Slipway knows ${planFormat}`;
  const kind = created.steps.find((step) => !engine.kinds.has(step.kind))?.kind;
  return kind === undefined ? '' : `it has a step of the kind "${kind}", which this Slipway does not know`;
}
