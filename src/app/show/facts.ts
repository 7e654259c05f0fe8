import type { RunFacts } from '../../chat/views/run-facts.js';
import { planOf } from '../../engine/frozen-plan.js';
import { haltNow } from '../../engine/halt.js';
import { logParts } from '../../engine/logs.js';
import { isCommitTarget, lineId } from '../../release/run-id.js';
import type { LineState } from '../../release/line-state.js';
import { own } from '../../release/own.js';
import type { Plan } from '../../release/plan.js';
import type { RunState, StepState } from '../../release/run-state.js';
import type { Project } from '../installation.js';
import { peopleOf, projectOf } from '../policies.js';
import { servedBy } from '../served.js';
import type { Opened } from '../wire.js';
import { pastOf } from './past.js';
import { questionsOf } from './questions.js';

/** What is known of a run besides its journal. */
export interface Beside {
  usual: Record<string, number>;
  /** Changes since the version before; undefined: not counted, or not yet. */
  changes(plan: Plan): number | undefined;
  /** When this bot took the run on; undefined: it has not been away meanwhile. */
  wentOnAt: number | undefined;
}

/** How many of a log's last lines are shown. */
const tailLines = 8;

/**
 * Everything that the messages of a run are drawn from, as the journals stand now; undefined: there is no such run.
 * @throws SlipwayError journal-damaged | config-invalid | not-found | blob-missing
 */
export async function factsOf(opened: Opened, run: string, beside: Beside): Promise<RunFacts | undefined> {
  const { engine } = opened;
  const state = await engine.runs.load(run);
  if (state === undefined) return undefined;
  const { project: name, target } = state.created;
  const installation = await opened.installation();
  const project = projectOf(installation, name);
  const plan = await planOf(engine, state.created.plan);
  const past = await pastOf(engine, state);
  const channels = await channelsOf(opened, project);
  const line = isCommitTarget(target) ? undefined : await engine.lines.load(lineId(name, target));
  return {
    state,
    plan,
    now: engine.clock.now(),
    room: project.room,
    alsoIn: project.alsoIn,
    operations: operationsOf(project),
    asks: asksOf(project),
    line,
    isNewest: await isNewest(opened, state, line),
    usual: beside.usual,
    changes: beside.changes(plan),
    channels,
    halt: await haltNow(engine),
    questions: await questionsOf(engine, state, { plan, past, channels }),
    stops: past.stops,
    logs: await logsOf(opened, state),
    wentOnAt: state.finished === undefined ? beside.wentOnAt : undefined,
    people: peopleOf(installation),
  };
}

function operationsOf({ process }: Project): RunFacts['operations'] {
  const operations: RunFacts['operations'] = {};
  for (const { name, kind } of Object.values(process.operations)) operations[kind] ??= name;
  return operations;
}

/** What must be said to start an operation at all. */
function asksOf({ process }: Project): RunFacts['asks'] {
  return Object.fromEntries(
    Object.values(process.operations).map(({ name, inputs }) => [
      name,
      Object.entries(inputs)
        .filter(([, one]) => !one.optional && one.default === undefined)
        .map(([input, { about }]) => ({ input, about })),
    ]),
  );
}

/** What the channels serve. One that cannot be read is left out: nobody is told something wrong. */
async function channelsOf(opened: Opened, project: Project): Promise<RunFacts['channels']> {
  const read = Object.keys(project.process.channels).map(async (channel) => {
    try {
      const { version, pin } = await servedBy(opened, project, channel);
      return [{ channel, serves: version, pin }];
    } catch (error) {
      opened.engine.warn(`${channel} of ${project.name} was not read`, error);
      return [];
    }
  });
  return (await Promise.all(read)).flat();
}

/** Whether nothing newer stands on the line: no other run is on its way, none came after it or has changed the line since. */
async function isNewest(
  { engine }: Opened,
  { created, createdAt }: RunState,
  line: LineState | undefined,
): Promise<boolean> {
  if (line === undefined) return true;
  const { run, operation } = created;
  const others = [line.active, line.publish, line.ended].filter(
    (one) => one !== undefined && one.run !== run,
  );
  if (others.length > 0) return false;
  if (!run.endsWith(`_${own(line.runs, operation) ?? 0}`)) return false;
  if (line.reached === undefined || line.reached === run) return true;
  const reached = await engine.runs.load(line.reached);
  return reached === undefined || reached.createdAt <= createdAt;
}

/** The ends of the logs of what has stopped. */
async function logsOf(opened: Opened, { created, steps }: RunState): Promise<RunFacts['logs']> {
  const stopped = steps.filter(({ status }) => status === 'failed' || status === 'unknown');
  const read = await Promise.all(
    stopped.map(async (step) => [step.outline.id, await endOfLog(opened, created.run, step)] as const),
  );
  return Object.fromEntries(read.filter(([, { lines }]) => lines > 0));
}

async function endOfLog(
  { records }: Opened,
  run: string,
  { outline, attempt }: StepState,
): Promise<{ tail: string[]; lines: number }> {
  const parts = (await logParts(records, run, outline.id)).filter((one) => one.attempt === attempt);
  let lines = 0;
  let tail: string[] = [];
  let rest = '';
  const decoder = new TextDecoder();
  for (const { key } of parts) {
    const bytes = (await records.read(key)) ?? new Uint8Array();
    const [first = '', ...others] = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    const whole = [first, ...others];
    rest = whole.pop() ?? '';
    lines += whole.length;
    tail = [...tail, ...whole].slice(-tailLines);
  }
  if (rest === '') return { tail, lines };
  return { tail: [...tail, rest].slice(-tailLines), lines: lines + 1 };
}
