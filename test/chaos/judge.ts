import { z } from 'zod';
import { readOutputs } from '../../src/engine/read-outputs.js';
import type { Engine } from '../../src/engine/engine.js';
import type { RunEvent } from '../../src/release/run-events.js';
import { lineId } from '../../src/release/run-id.js';
import { stepOf, type RunState } from '../../src/release/run-state.js';
import type { Origin } from './origin.js';
import { effects, namesOf, project, type Effect } from './release-plan.js';
import { noOutcome, type Outcome } from './result.js';
import type { Report } from './world-calls.js';

const Built = z.object({ artifacts: z.object({ archive: z.object({ sha256: z.string() }) }) });

/** Compares what the journal says with what is outside, run by run and effect by effect. */
export async function judge(
  engine: Engine,
  origin: Origin,
  report: Report,
  targets: readonly string[],
): Promise<Outcome> {
  const outcome = { ...noOutcome(), runs: targets.length };
  for (const target of targets) await judgeRun(engine, origin, report, target, outcome);
  return outcome;
}

async function judgeRun(
  engine: Engine,
  origin: Origin,
  report: Report,
  target: string,
  outcome: Outcome,
): Promise<void> {
  const { run } = namesOf(target);
  const events: RunEvent[] = [];
  let state: RunState | undefined;
  try {
    state = (await engine.runs.replay(run, (_, event) => events.push(event))).state;
    await engine.lines.replay(lineId(project, target));
  } catch (error) {
    outcome.problems.push(`${target}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (state?.finished?.outcome !== 'done') outcome.problems.push(`${target} did not end: ${standing(state)}`);
  outcome.asked += events.filter((event) => event.type === 'step.unknown').length;
  const made = await count(origin, report, target);
  for (const effect of effects) {
    const times = made[effect];
    if (times > 0) outcome.effects += 1;
    else outcome.lost.push(`${target}: the ${effect} is not there`);
    if (times > 1 && effect === 'announce') outcome.twinsMade += times - 1;
    else if (times > 1)
      outcome.doubled.push(
        `${target}: the ${effect} was made ${times} times${byWhom(report, target, effect)}`,
      );
  }
  const left = report.messages.filter((message) => message.marker === namesOf(target).marker).length;
  if (left > 1) outcome.twinsLeft.push(`${target}: ${left} messages are left`);
  if (left === 0 && made.announce > 0) outcome.lost.push(`${target}: the message was taken away`);
  if (state !== undefined) await judgeBytes(engine, report, target, state, outcome);
}

/** Who made an effect, and when: says whether it was taken over, or sent late. */
function byWhom(report: Report, target: string, effect: Effect): string {
  const own = report.log.filter(
    (entry) => entry.target === target && entry.step === effect && entry.committed,
  );
  const first = own[0]?.at ?? 0;
  const each = own.map((entry) => `${entry.pid} after ${entry.at - first} ms`);
  return each.length === 0 ? '' : ` (by ${each.join(', ')})`;
}

/** How often each effect was made. */
async function count(origin: Origin, report: Report, target: string): Promise<Record<Effect, number>> {
  const refs = await origin.written(target);
  const own = report.log.filter(
    (entry) => entry.target === target && entry.committed && entry.op !== 'remove',
  );
  const of = (step: Effect): number => own.filter((entry) => entry.step === step).length;
  return {
    branch: refs.branches,
    commit: refs.commits,
    tag: refs.tags,
    store: of('store'),
    channel: of('channel'),
    publish: of('publish'),
    announce: of('announce'),
    mail: of('mail'),
  };
}

/** What is archived and served must be what the journal says was built. */
async function judgeBytes(
  engine: Engine,
  report: Report,
  target: string,
  state: RunState,
  outcome: Outcome,
): Promise<void> {
  const digest = stepOf(state, 'build')?.outputs ?? '';
  if (digest === '') return;
  const { sha256 } = Built.parse(await readOutputs(engine, digest)).artifacts.archive;
  const { archive, pointer } = namesOf(target);
  for (const key of [archive, pointer]) {
    const there = report.objects[key];
    if (
      there?.metadata['version'] !== undefined &&
      there.metadata['version'] !== '0.0.1' &&
      there.sha256 !== sha256
    )
      outcome.problems.push(`${key} is not what was built`);
  }
}

/** Where a run stands, in one line. */
export function standing(state: RunState | undefined): string {
  if (state === undefined) return 'it was never created';
  const open = state.steps
    .filter((step) => step.status !== 'done')
    .map(({ outline, status, attempt, failure, question }) => {
      const why = failure === undefined ? (question ?? '') : `${failure.code}: ${failure.message}`;
      return `${outline.id} ${status} (attempt ${attempt}${why === '' ? '' : `, ${why}`})`;
    });
  return `${state.finished?.outcome ?? 'open'}; ${open.join('; ')}`;
}
