import { z } from 'zod';
import type { Plan } from '../release/plan.js';
import type { RunState, StepState } from '../release/run-state.js';
import type { LeftOut } from '../steps/step.js';
import type { Engine } from './engine.js';
import { readOutputs } from './read-outputs.js';

const Moved = z.looseObject({ channels: z.record(z.string(), z.string()) });

/**
 * What a run has left out so far: steps that were skipped, and channels that serve another version than the run's after
 * their step, because they are pinned or serve a higher one. Who announces the version says so.
 */
export async function leftOut(engine: Pick<Engine, 'blobs'>, run: RunState, plan: Plan): Promise<LeftOut[]> {
  const found: LeftOut[] = [];
  for (const step of run.steps) {
    const { id, kind } = step.outline;
    if (step.skip !== undefined) {
      found.push({ step: id, kind, reason: step.skip.reason, by: step.skip.by?.name ?? '' });
    } else if (kind === 'channel' && plan.kind !== 'end') {
      for (const reason of await servingOther(engine, step, plan.version))
        found.push({ step: '', kind, reason, by: '' });
    }
  }
  return found;
}

async function servingOther(
  engine: Pick<Engine, 'blobs'>,
  { outputs }: StepState,
  version: string,
): Promise<string[]> {
  if (outputs === '') return [];
  const moved = Moved.safeParse(await readOutputs(engine, outputs));
  return Object.entries(moved.data?.channels ?? {})
    .filter(([, served]) => served !== version)
    .map(([channel, served]) => `${channel} serves ${served === '' ? 'nothing' : served}`);
}
