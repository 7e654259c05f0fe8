import { z } from 'zod';
import type { Sight, Standing } from '../chat/views/plan.js';
import type { Engine } from '../engine/engine.js';
import { asSlipwayError } from '../error.js';
import type { Actor } from '../release/actor.js';
import type { Json, Plan, PlannedStep } from '../release/plan.js';
import { mayVote } from '../release/votes.js';
import { readOnlyBlobs, writeRefused } from '../services/read-only.js';
import type { AnyStepKind, Services, StepContext } from '../steps/step.js';
import { readOnlyServices } from './read-only-services.js';

/** What the steps of a plan are looked at with. */
export interface Looking {
  engine: Engine;
  plan: Plan;
  /** Id that the run would have. */
  run: string;
  by: Actor;
}

/** What is known of the steps before the one that is looked at. */
interface Before {
  outputs: { [step: string]: Json };
  /** The first step that has to be made before the look of a later one means something; undefined: none. */
  unmade: string | undefined;
}

/**
 * Looks at every step of a plan, in order. As soon as a step is found that the run would have to make, what comes after
 * it is looked for by its name only, because whether it is the same depends on what is made before.
 * @throws what may pass by itself, such as a network that is down; every other error is what would be refused
 */
export async function lookAtSteps(looking: Looking): Promise<Sight[]> {
  const sights: Sight[] = [];
  const before: Before = { outputs: {}, unmade: undefined };
  for (const step of looking.plan.steps) {
    const { sight, output } = await refusals(() => lookAt(looking, step, before));
    sights.push(sight);
    if (output !== undefined) before.outputs[step.id] = output;
    const isOver = step.gate || ['same', 'passes', 'skips', 'waits'].includes(sight.is);
    if (!isOver) before.unmade ??= step.id;
  }
  return sights;
}

type Looked = { sight: Sight; output?: Json };

async function refusals(look: () => Promise<Looked>): Promise<Looked> {
  try {
    return await look();
  } catch (error) {
    const { message, hint, retryable, code } = asSlipwayError(error);
    if (retryable || code === 'internal') throw error;
    return { sight: { is: 'refused', why: { message, hint } } };
  }
}

async function lookAt(looking: Looking, step: PlannedStep, before: Before): Promise<Looked> {
  const { engine, plan } = looking;
  const kind = engine.kinds.get(step.kind);
  if (kind === undefined) throw new Error(`no kind ${step.kind}`);
  if (step.gate) return { sight: await asked(looking, step) };
  const refused: string[] = [];
  const services = readOnlyServices(await engine.services(plan.project, step.id), (what) =>
    refused.push(what),
  );
  if (step.kind === 'store') return { sight: await archives(plan, step, services) };
  if (step.kind === 'channel') return { sight: await served(plan, step, services) };
  if (kind.needs.includes('commands'))
    return { sight: step.effect === 'none' ? { is: 'absent' } : { is: 'not-run' } };
  if (before.unmade !== undefined) return { sight: await byName(plan, step, services, before.unmade) };
  const context = contextOf(looking, step, before, services, (what) => refused.push(what));
  try {
    return await byItself(kind, step, context);
  } catch (error) {
    // It cannot tell without making something, be it only an object in our own mirror.
    if (refused.length === 0) throw error;
    return { sight: { is: 'absent' } };
  }
}

/** The step's own look; one that only looks is run. */
async function byItself(
  kind: AnyStepKind,
  step: PlannedStep,
  context: StepContext<unknown, keyof Services>,
): Promise<Looked> {
  const found = await kind.find(context);
  if (found.is === 'same') return { sight: { is: 'same', proof: found.proof }, output: found.output };
  if (found.is === 'different') return { sight: { is: 'refused', why: { message: found.what, hint: '' } } };
  if (step.effect !== 'none' || step.public !== 'no') return { sight: { is: 'absent' } };
  const result = await kind.run(context);
  switch (result.result) {
    case 'done':
      return { sight: { is: 'passes', proof: result.proof }, output: result.output };
    case 'skipped':
      return { sight: { is: 'skips', reason: result.reason } };
    case 'waiting':
      return { sight: { is: 'waits', for: result.for } };
  }
}

function contextOf(
  { engine, plan, run }: Looking,
  step: PlannedStep,
  before: Before,
  services: Services,
  onRefused: (what: string) => void,
): StepContext<unknown, keyof Services> {
  const { steps: _steps, inputs: _inputs, values: _values, ...facts } = plan;
  const now = engine.clock.now();
  return {
    id: step.id,
    config: step.config,
    facts: { ...facts, run },
    before: before.outputs,
    leftOut: [],
    intentAt: 0,
    startedAt: now,
    now,
    timeoutMs: step.timeout,
    services,
    blobs: readOnlyBlobs(engine.blobs, onRefused),
    log: { write: () => undefined, line: () => undefined, end: async () => undefined },
    signal: new AbortController().signal,
    effect: async () => {
      onRefused(step.id);
      throw writeRefused(`the step "${step.id}"`);
    },
  };
}

const Named = z.looseObject({ name: z.string().optional() });
const Artifacts = z.looseObject({ artifacts: z.array(z.string()) });
const Moves = z.looseObject({ move: z.array(z.string()) });

/** A ref that has the name already. */
async function byName(plan: Plan, step: PlannedStep, { git }: Services, until: string): Promise<Sight> {
  const name = Named.safeParse(step.config).data?.name;
  const refs: Record<string, string> = {
    branch: `refs/heads/${name ?? plan.branch}`,
    tag: `refs/tags/${name ?? plan.tag}`,
  };
  const ref = Object.hasOwn(refs, step.kind) ? refs[step.kind] : undefined;
  if (ref === undefined) return step.effect === 'none' ? { is: 'unknown', until } : { is: 'absent' };
  const there = (await git.remoteRefs([ref])).get(ref);
  if (there === undefined) return { is: 'absent' };
  const what = `The ${step.kind} ${ref.replace(/^refs\/(heads|tags)\//, '')} exists already, at ${there.commit.slice(0, 7)}.`;
  return { is: 'taken', what };
}

/** What stands where a step would archive: which bytes it will have nobody knows before they are built. */
async function archives(plan: Plan, step: PlannedStep, services: Services): Promise<Sight> {
  const there: Standing[] = [];
  for (const name of Artifacts.parse(step.config).artifacts) {
    const place = Object.hasOwn(plan.artifacts, name) ? plan.artifacts[name] : undefined;
    if (place === undefined || place.storage === '') continue;
    const storage = await services.storage(place.storage);
    const object = await storage.head(place.key);
    if (object === undefined) continue;
    const { sha256, metadata } = object;
    there.push({ address: `${storage.address}/${place.key}`, sha256, version: metadata['version'] ?? '' });
  }
  if (there.length === 0) return { is: 'absent' };
  const foreign = there.find(
    ({ version }) => !plan.forced && (plan.candidate === '' || version !== plan.version),
  );
  if (foreign === undefined) return { is: 'replaces', objects: there };
  const what = `${foreign.address} exists already (sha256:${foreign.sha256.slice(0, 12)}). Other bytes are refused without --force.`;
  return { is: 'taken', what };
}

async function served(plan: Plan, step: PlannedStep, services: Services): Promise<Sight> {
  const channels: Extract<Sight, { is: 'serves' }>['channels'] = [];
  for (const name of Moves.parse(step.config).move) {
    const channel = Object.hasOwn(plan.channels, name) ? plan.channels[name] : undefined;
    if (channel === undefined) continue;
    const storage = await services.storage(channel.storage);
    const versions = new Set<string>();
    for (const key of Object.values(channel.files)) {
      const object = await storage.head(key);
      if (object !== undefined) versions.add(object.metadata['version'] ?? 'an unknown version');
    }
    const pinned = (await services.pinOf(name)) !== undefined;
    channels.push({ channel: name, version: [...versions].join(' and '), pinned });
  }
  return { is: 'serves', channels };
}

/** Whose votes a gate would count, by the policy as it is now. */
async function asked({ engine, plan, by }: Looking, step: PlannedStep): Promise<Sight> {
  const { project, version, series, variants, scheme } = plan;
  const policy = await engine.policies.gate(project, step.id, { version, series, variants, scheme });
  const { rule, requesterMayVote } = policy;
  const requester = await engine.policies.resolve(project, by);
  const people = (await engine.policies.people(project))
    .filter((person) => mayVote(person, requester, policy) === 'yes')
    .map((person) => person.name);
  const { need = 0, of = [], eachOf = [] } = rule ?? {};
  return { is: 'asks', need, of, eachOf, people, requesterMayVote };
}
