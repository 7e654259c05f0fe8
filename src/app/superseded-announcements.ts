import { z } from 'zod';
import type { SupersededFacts } from '../chat/views/superseded-announcement.js';
import { planOf } from '../engine/frozen-plan.js';
import { readOutputs } from '../engine/read-outputs.js';
import { lineId } from '../release/run-id.js';
import { hasReached, type RunState, type StepState } from '../release/run-state.js';
import { schemeOf } from '../release/versions/index.js';
import type { Opened } from './wire.js';

/** An announcement of ours that says by now what is no longer so. */
export interface Superseded {
  room: string;
  marker: string;
  facts: SupersededFacts;
}

const Said = z.looseObject({ messages: z.record(z.string(), z.string()), text: z.string() });

/**
 * The announcements that a run has made old: those of the final version right below the one that it released. [] for
 * every other run, and where another version was released between the two: that one replaces it.
 */
export async function supersededAnnouncements(opened: Opened, run: RunState): Promise<Superseded[]> {
  const { engine, services } = opened;
  const { kind, project, target, version } = run.created;
  if (kind !== 'publish' || !hasReached(run)) return [];
  const { previous, scheme: rule } = await planOf(engine, run.created.plan);
  const scheme = schemeOf(rule);
  const [below, own] = [scheme.parse(previous), scheme.parse(target)];
  if (below === undefined || own === undefined) return [];
  const isBetween = (await services.lines(project))
    .filter(({ promoted }) => promoted)
    .flatMap((line) => scheme.parse(line.target) ?? [])
    .some((one) => scheme.compare(one, below) > 0 && scheme.compare(one, own) < 0);
  const line = isBetween ? undefined : await engine.lines.load(lineId(project, below.line));
  const before = line?.ended === undefined ? undefined : await engine.runs.load(line.ended.run);
  if (before === undefined) return [];
  const at = Math.max(...run.steps.filter(({ outline }) => !outline.followUp).map(({ endedAt }) => endedAt));
  const found = await Promise.all(
    before.steps.map((step) =>
      saidBy(opened, before, step, { project, version: below.text, by: version, at }),
    ),
  );
  return found.flat();
}

async function saidBy(
  { engine }: Opened,
  { created }: RunState,
  step: StepState,
  facts: Omit<SupersededFacts, 'announcedAt' | 'text'>,
): Promise<Superseded[]> {
  if (step.outline.kind !== 'announce' || step.outputs === '') return [];
  const said = Said.safeParse(await readOutputs(engine, step.outputs)).data;
  return Object.keys(said?.messages ?? {}).map((room) => ({
    room,
    marker: `${created.run}_${step.outline.id}`,
    facts: { ...facts, announcedAt: step.endedAt, text: said?.text ?? '' },
  }));
}
