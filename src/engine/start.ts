import { canonical } from '../release/canonical.js';
import type { LineState } from '../release/line-state.js';
import { askLine, type Refusal } from '../release/line-table.js';
import type { Plan } from '../release/plan.js';
import { RunCreated } from '../release/run-events.js';
import { own } from '../release/own.js';
import { lineId, runId } from '../release/run-id.js';
import { asSlipwayError, SlipwayError } from '../error.js';
import type { Engine, StartAsk } from './engine.js';
import { planFormat } from './frozen-plan.js';
import { haltNow, requireNoHalt } from './halt.js';
import { openIndex } from './open-index.js';
import { recordLimit } from './record.js';
import { nudge } from './nudge.js';

/** What became of an ask. */
export type Started =
  | { answer: 'started'; run: string; superseded: string | undefined }
  | { answer: 'show'; run: string }
  | { answer: 'already'; run: string }
  | { answer: 'queued'; position: number; behind: string }
  | { answer: 'refused'; because: Refusal; line: LineState | undefined };

/** What a record has around its event, at the very most. */
const envelopeBytes = 1_500;

/**
 * Asks the line for an operation and starts it, shows what is happening instead, queues it, or refuses. The line's
 * journal decides: two people who type at the same moment make one run. The same request twice gives the same answer.
 */
export async function start(engine: Engine, ask: StartAsk): Promise<Started> {
  const id = lineId(ask.project, ask.target);
  for (;;) {
    const line = await engine.lines.load(id);
    const known = line === undefined ? undefined : own(line.requests, ask.request);
    if (known !== undefined) {
      await ensureCreated(engine, id, known);
      return { answer: 'started', run: known, superseded: undefined };
    }
    await requireNoHalt(engine);
    const answer = askLine(line, ask);
    switch (answer.answer) {
      case 'show':
      case 'already':
        return answer;
      case 'refuse':
        return { answer: 'refused', because: answer.because, line };
      case 'queue':
      case 'stop-then-start': {
        const first = answer.answer === 'stop-then-start';
        const position = await enqueue(engine, id, ask, line, first);
        if (position === undefined) continue;
        if (first) await stopAtBoundary(engine, answer.run, ask);
        return { answer: 'queued', position, behind: line?.active?.run ?? '' };
      }
      case 'start': {
        // Nobody overtakes what waits already, should the line be free for a moment.
        const waits = line?.queue[0] !== undefined && line.queue[0].request !== ask.request;
        if (waits && (ask.kind === 'change' || ask.kind === 'final')) {
          const position = await enqueue(engine, id, ask, line, false);
          if (position === undefined) continue;
          return { answer: 'queued', position, behind: line.queue[0]?.operation ?? '' };
        }
        const run = await admit(engine, id, ask, line);
        if (run === undefined) continue;
        if (answer.supersedes !== undefined) await nudge(engine, answer.supersedes);
        return { answer: 'started', run, superseded: answer.supersedes };
      }
    }
  }
}

/** undefined: the line moved meanwhile; ask again. */
async function admit(
  engine: Engine,
  id: string,
  ask: StartAsk,
  line: LineState | undefined,
): Promise<string | undefined> {
  const { plan, candidate } = await engine.planner(ask, line);
  const run = runId(
    ask.project,
    ask.target,
    ask.operation,
    ((line === undefined ? 0 : own(line.runs, ask.operation)) ?? 0) + 1,
  );
  const planDigest = await engine.blobs.put(Buffer.from(canonical(plan)));
  // Parsed before the line admits it: a first event that cannot be written would leave the line to a run that is none.
  const first = canonical(RunCreated.parse(describe(run, plan, planDigest, ask)));
  // Known only now, and it must not fail once the line has admitted the run.
  if (Buffer.byteLength(first) > recordLimit - envelopeBytes) {
    throw new SlipwayError(
      'config-invalid',
      `${ask.operation} has too many steps, or too long ids: its first record would be over the limit.`,
      {
        hint: 'Nothing was started. Make the operation smaller.',
      },
    );
  }
  const created = await engine.blobs.put(Buffer.from(first));
  const index = openIndex(engine.records);
  await index.add('lines', id);
  await index.add('runs', run);
  const { written } = await engine.lines.update(id, (now) => {
    if (now?.seq !== line?.seq) return undefined;
    const { operation, request, by } = ask;
    return {
      type: 'line.admitted',
      run,
      operation,
      kind: plan.kind,
      version: plan.version,
      candidate,
      created,
      request,
      by,
    };
  });
  if (!written) return undefined;
  await ensureCreated(engine, id, run);
  return run;
}

function describe(run: string, plan: Plan, planDigest: string, ask: StartAsk): RunCreated {
  const firstAnnounce = plan.steps.findIndex((step) => step.kind === 'announce');
  return {
    type: 'run.created',
    run,
    project: plan.project,
    target: plan.target,
    operation: plan.operation,
    kind: plan.kind,
    version: plan.version,
    commit: plan.commit,
    plan: planDigest,
    format: planFormat,
    steps: plan.steps.map((step, place) => ({
      id: step.id,
      kind: step.kind,
      stage: step.stage,
      public: step.public,
      effect: step.effect,
      gate: step.gate,
      skippable: step.skippable,
      runsOn: step.runsOn,
      followUp: firstAnnounce > 0 && place >= firstAnnounce,
    })),
    by: ask.by,
    ...(ask.because !== undefined && { because: ask.because }),
  };
}

/**
 * Writes run.created if the line admitted the run and a crash came before it; wakes the run.
 * Safe to call any number of times, from any process that has the journal key.
 */
export async function ensureCreated(engine: Engine, id: string, run: string): Promise<void> {
  if ((await engine.runs.load(run)) === undefined) {
    const line = await engine.lines.load(id);
    const admitted = [line?.active, line?.publish, line?.ended].find((one) => one?.run === run);
    if (admitted === undefined) return;
    const bytes = await engine.blobs.get(admitted.created);
    const created = RunCreated.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    await engine.runs.update(run, (state) => (state === undefined ? created : undefined));
  }
  // Again, after the admission: who saw the entries before it may have taken them for left-overs.
  const index = openIndex(engine.records);
  await index.add('lines', id);
  await index.add('runs', run);
  await nudge(engine, run);
}

async function enqueue(
  engine: Engine,
  id: string,
  ask: StartAsk,
  line: LineState | undefined,
  first: boolean,
): Promise<number | undefined> {
  const place = line?.queue.findIndex((one) => one.request === ask.request) ?? -1;
  if (place >= 0) return place + 1;
  const { request, operation, kind, inputs, by, again, forced, because } = ask;
  const variants = ask.variants?.length === 0 ? undefined : ask.variants;
  const { written, state } = await engine.lines.update(id, (now) =>
    now?.seq === line?.seq
      ? {
          type: 'line.queued',
          request,
          operation,
          kind,
          inputs,
          by,
          first,
          ...(variants !== undefined && { variants }),
          ...(again === true && { again }),
          ...(forced === true && { forced }),
          ...(because !== undefined && { because }),
        }
      : undefined,
  );
  if (!written || state === undefined) return undefined;
  return state.queue.findIndex((one) => one.request === request) + 1;
}

async function stopAtBoundary(engine: Engine, run: string, ask: StartAsk): Promise<void> {
  await engine.runs.update(run, (state) =>
    state === undefined || state.finished !== undefined || state.cancelled !== undefined || state.committed
      ? undefined
      : { type: 'run.cancelled', by: ask.by, boundary: true },
  );
  await nudge(engine, run);
}

/** Starts what waits first in the line's queue, now that nothing acts on it. What the line no longer accepts leaves the queue with the reason. */
export async function drainLine(engine: Engine, project: string, target: string): Promise<void> {
  const id = lineId(project, target);
  for (;;) {
    const line = await engine.lines.load(id);
    const head = line?.queue[0];
    if (line === undefined || head === undefined || line.active !== undefined) return;
    const ask: StartAsk = { ...head, project, target };
    // In a freeze nobody loses his place either; it is looked at again until the freeze is over.
    if ((await engine.policies.heldUntil(ask, engine.clock.now())) !== undefined) return;
    let why = '';
    try {
      const started = await start(engine, ask);
      if (started.answer === 'started') return;
      why = started.answer === 'refused' ? started.because : `${started.answer} instead`;
    } catch (error) {
      const known = asSlipwayError(error);
      if (known.retryable) throw known;
      // While everything is stopped nobody loses his place.
      if ((await haltNow(engine)) !== undefined) return;
      why = known.message;
    }
    engine.warn(`${head.operation} of ${id} left the queue: ${why}`);
    await engine.lines.update(id, (now) =>
      now?.queue.some((one) => one.request === head.request) === true
        ? { type: 'line.left-queue', request: head.request, why: why.slice(0, 500) }
        : undefined,
    );
  }
}
