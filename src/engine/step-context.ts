import { SlipwayError } from '../error.js';
import type { Json, Plan, PlannedStep } from '../release/plan.js';
import type { RunState, StepState } from '../release/run-state.js';
import { copiedOutputs } from '../steps/outputs.js';
import type { AnyStepKind, Services, StepContext } from '../steps/step.js';
import type { Engine } from './engine.js';
import { lateValues } from './late-values.js';
import { leftOut } from './left-out.js';
import { outputsOf, readSealed } from './read-outputs.js';
import type { StepLog } from './ports/step-log.js';
import { newerVersion } from './record.js';
import { planFormat, planOf } from './frozen-plan.js';

/** A step with everything that is needed to run it, loaded from the journal and its blobs. */
export interface LoadedStep {
  planned: PlannedStep;
  kind: AnyStepKind;
  context: StepContext<unknown, keyof Services>;
}

/**
 * Loads a step of a run: its frozen settings, the outputs of the steps before, the services of its project.
 * @throws SlipwayError journal-version when the run needs a newer Slipway; blob-missing
 */
export async function loadStep(
  engine: Engine,
  run: RunState,
  state: StepState,
  more: { log: StepLog; signal: AbortSignal; effect: <T>(send: () => Promise<T>) => Promise<T> },
): Promise<LoadedStep> {
  const { created } = run;
  const kind = engine.kinds.get(state.outline.kind);
  if (created.format > planFormat || kind === undefined) {
    throw newerVersion(
      `The run ${created.run}`,
      kind === undefined ? `step kind "${state.outline.kind}"` : `plan format ${created.format}`,
    );
  }
  const plan = await planOf(engine, created.plan);
  const { steps, inputs: _inputs, declared: _declared, values: _values, ...facts } = plan;
  const planned = steps.find((step) => step.id === state.outline.id);
  if (planned === undefined) {
    throw new SlipwayError(
      'journal-damaged',
      `The plan of ${created.run} has no step "${state.outline.id}".`,
      { hint: 'Run slipway verify.' },
    );
  }
  const before = { ...copiedOutputs(plan.copied), ...(await outputsBefore(engine, run)) };
  return {
    planned,
    kind,
    context: {
      id: planned.id,
      config: await configOf(engine, run, plan, planned, before),
      facts: { ...facts, run: created.run },
      before,
      leftOut: speakers.has(planned.kind) ? await leftOut(engine, run, plan) : [],
      intentAt: state.firstIntentAt,
      startedAt: state.startedAt || engine.clock.now(),
      now: engine.clock.now(),
      timeoutMs: planned.timeout,
      services: await engine.services(created.project, planned.id, created.operation),
      blobs: engine.blobs,
      ...more,
    },
  };
}

/** Kinds that only speak: what they say may name what was made after the approval. */
const speakers = new Set(['announce', 'correct', 'remind']);

/** The settings of a step with everything filled in that only the run knows. */
async function configOf(
  engine: Engine,
  run: RunState,
  plan: Plan,
  planned: PlannedStep,
  before: { [step: string]: Json },
): Promise<Json> {
  if (planned.templates.length === 0) return planned.config;
  const made = speakers.has(planned.kind) ? { ...(await outputsOf(engine, run)), ...before } : before;
  return engine.fillLate(plan, planned, lateValues(made, plan.steps));
}

/**
 * What the steps before have left. Behind an approved gate that is exactly what was approved: the seal stands in an
 * event that only the bot can sign, so that nothing which a worker writes later changes what ships.
 */
async function outputsBefore(engine: Engine, run: RunState): Promise<{ [step: string]: Json }> {
  const approved = Object.values(run.gates).findLast((gate) => gate.decided?.outcome === 'approved');
  if (approved !== undefined) return (await readSealed(engine, approved.seal)).results;
  return outputsOf(engine, run);
}
