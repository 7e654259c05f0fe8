import type { Sealed } from '../release/canonical.js';
import type { Json, Plan } from '../release/plan.js';
import type { RunState } from '../release/run-state.js';
import { copiedOutputs, newestCommit } from '../steps/outputs.js';
import type { Engine } from './engine.js';
import { planOf } from './frozen-plan.js';
import { readOutputs } from './read-outputs.js';

/** Everything that the gate approves, as it is now. */
export async function sealState(engine: Engine, state: RunState, step: string): Promise<Sealed> {
  const { run, project, version, plan: planDigest } = state.created;
  const plan = await planOf(engine, planDigest);
  const results: { [step: string]: Json } = copiedOutputs(plan.copied);
  const skips: { [step: string]: string } = {};
  for (const before of state.steps) {
    if (before.outline.id === step) break;
    results[before.outline.id] =
      before.outputs === '' ? before.proof : await readOutputs(engine, before.outputs);
    if (before.skip !== undefined) skips[before.outline.id] = before.skip.reason;
  }
  const branchHead = await headOf(engine, plan);
  const differs = await differencesOf(engine, plan, results);
  return {
    project,
    run,
    step,
    version,
    commit: plan.commit,
    branch: plan.branch,
    branchHead,
    plan: planDigest,
    differs,
    results,
    skips,
  };
}

/** What the commit that was made for this run changes against the one that it began at. */
async function differencesOf(
  engine: Engine,
  plan: Plan,
  results: { [step: string]: Json },
): Promise<string[]> {
  const { commit, pack } = newestCommit(results, plan.commit);
  if (commit === plan.commit) return [];
  const { git } = await engine.services(plan.project, '');
  await git.fetch([plan.commit]);
  if (pack !== undefined && pack !== '') await git.takeIn(await engine.blobs.get(pack));
  return git.changedPaths(plan.commit, commit);
}

async function headOf(engine: Engine, plan: Plan): Promise<string> {
  const ref = `refs/heads/${plan.branch}`;
  const { git } = await engine.services(plan.project, '');
  return (await git.remoteRefs([ref])).get(ref)?.commit ?? '';
}

/**
 * Whether the branch that was approved has moved since; '' or what changed. Looked for when the gate opens, at every
 * vote, and right before the first effect after the decision.
 */
export async function hasMoved(engine: Engine, state: RunState): Promise<string> {
  const plan = await planOf(engine, state.created.plan);
  if (state.created.kind !== 'publish') return '';
  const head = await headOf(engine, plan);
  if (head === plan.commit) return '';
  return `branch ${plan.branch} moved from ${plan.commit.slice(0, 7)} to ${head === '' ? 'nothing' : head.slice(0, 7)}`;
}
