import { SlipwayError } from '../error.js';
import type { Actor } from '../release/actor.js';
import { sameActor } from '../release/actor.js';
import { canonical, sealOf } from '../release/canonical.js';
import { own } from '../release/own.js';
import { stepOf, type GateState, type RunState } from '../release/run-state.js';
import { mayReject, mayVote, tally, type GatePolicy, type Person, type Tally } from '../release/votes.js';
import type { Engine } from './engine.js';
import { planOf } from './frozen-plan.js';
import { nudge } from './nudge.js';
import { hasMoved, sealState } from './seal.js';

/** Computes the seal and opens the question. True: the journal moved. */
export async function openGate(engine: Engine, state: RunState, step: string): Promise<boolean> {
  const { run, project } = state.created;
  const moved = await hasMoved(engine, state);
  if (moved !== '') {
    await engine.runs.update(run, (now) =>
      now?.seq === state.seq ? { type: 'run.finished', outcome: 'superseded', reason: moved } : undefined,
    );
    return true;
  }
  const sealed = await sealState(engine, state, step);
  const policy = await policyNow(engine, state, step);
  await engine.blobs.put(Buffer.from(canonical(sealed)));
  const openedAt = engine.clock.now();
  const expiresAt = openedAt + policy.expiresMs;
  const asked = await engine.policies.resolve(project, state.created.by);
  const may = (await engine.policies.people(project)).filter((one) => mayVote(one, asked, policy) === 'yes');
  await engine.runs.update(run, (now) =>
    now?.seq === state.seq
      ? {
          type: 'gate.opened',
          step,
          seal: sealOf(sealed),
          expiresAt,
          need: policy.rule?.need ?? 0,
          may: may.map((one) => one.id),
          eachOf: policy.rule?.eachOf.map((role) => ({ role, may: idsOf(may, role) })) ?? [],
          remindAt: policy.remindMs.map((ms) => openedAt + ms),
        }
      : undefined,
  );
  return true;
}

function idsOf(people: readonly Person[], role: string): string[] {
  return people.filter((one) => one.roles.includes(role)).map((one) => one.id);
}

/** The policy of a gate as it is now, by the rule that speaks of this run. */
export async function policyNow(engine: Engine, state: RunState, step: string): Promise<GatePolicy> {
  const { project, version, plan } = state.created;
  const { series, variants, scheme } = await planOf(engine, plan);
  return engine.policies.gate(project, step, { version, series, variants, scheme });
}

/** The policy of a question: as it is now, and no looser than when it was asked. */
async function policyOf(engine: Engine, state: RunState, gate: GateState): Promise<GatePolicy> {
  const { need, may, eachOf = [] } = gate;
  return { ...(await policyNow(engine, state, gate.step)), atOpening: { need, may, eachOf } };
}

/** What a vote did. */
export interface Voted {
  result: 'counted' | 'counted-before' | 'approved' | 'approved-before';
  tally: Tally;
}

/**
 * Counts a vote, and decides the gate when it was the last one needed. Who votes is resolved here and again at the
 * decision; the decision is one journal event, so fifty votes at once are one transition.
 * @throws SlipwayError not-found | seal-changed | not-allowed | commit-moved
 */
export async function vote(
  engine: Engine,
  ask: { run: string; step: string; seal: string; by: Actor },
): Promise<Voted> {
  const { run, step, seal, by } = ask;
  const state = await engine.runs.load(run);
  const gate = openQuestion(state, step, seal);
  if (state === undefined || gate === undefined)
    throw new SlipwayError('not-found', `No question "${step}" is open in ${run}.`);
  const before = await count(engine, state, gate);
  if (gate.decided !== undefined) return { result: 'approved-before', tally: before };
  requireInTime(engine, gate);
  if (state.cancelled !== undefined) {
    throw new SlipwayError('refused', `Not counted: ${run} was cancelled by ${state.cancelled.by.name}.`, {
      hint: 'Nothing shipped. Start it again to ask anew.',
    });
  }
  await requireVoter(engine, state, gate, by);
  await requireUnmoved(engine, state, gate);
  const { written } = await engine.runs.update(run, (now) => {
    const open = openQuestion(now, step, seal);
    if (open === undefined || open.decided !== undefined || open.votes.some((one) => sameActor(one.by, by)))
      return undefined;
    return { type: 'vote.cast', step, seal, by };
  });
  const decided = await decideGate(engine, run, step);
  await nudge(engine, run);
  const result = decided.approved ? 'approved' : written ? 'counted' : 'counted-before';
  return { result, tally: decided.tally };
}

/**
 * Takes a vote back; only while the gate is undecided.
 * @returns false: he had none
 * @throws SlipwayError refused | seal-changed
 */
export async function withdraw(
  engine: Engine,
  ask: { run: string; step: string; seal: string; by: Actor },
): Promise<boolean> {
  const { run, step, seal, by } = ask;
  const { written } = await engine.runs.update(run, (now) => {
    const gate = openQuestion(now, step, seal);
    if (gate?.decided !== undefined)
      throw new SlipwayError('refused', `The question is decided: ${gate.decided.outcome}.`, {
        hint: 'No vote was taken back.',
      });
    return gate?.votes.some((one) => sameActor(one.by, by)) === true
      ? { type: 'vote.withdrawn', step, seal, by }
      : undefined;
  });
  await nudge(engine, run);
  return written;
}

/** Rejects with a reason; who may is said by the policy. The run ends, nothing ships. */
export async function reject(
  engine: Engine,
  ask: { run: string; step: string; seal: string; by: Actor; reason: string },
): Promise<void> {
  const { run, step, seal, by, reason } = ask;
  const state = await engine.runs.load(run);
  if (state === undefined || openQuestion(state, step, seal) === undefined)
    throw new SlipwayError('not-found', `No question "${step}" is open in ${run}.`);
  const policy = await policyNow(engine, state, step);
  const person = await engine.policies.resolve(state.created.project, by);
  if (person === undefined || !mayReject(person, policy))
    throw new SlipwayError('not-allowed', `${by.name} may not reject ${run}.`, {
      hint: 'Nothing was changed.',
    });
  await engine.runs.update(run, (now) => {
    const gate = openQuestion(now, step, seal);
    if (gate?.decided !== undefined)
      throw new SlipwayError('refused', `The question is decided: ${gate.decided.outcome}.`, {
        hint: 'Nothing was rejected.',
      });
    return { type: 'gate.decided', step, seal, outcome: 'rejected', by: [by], reason, policy: policy.hash };
  });
  await nudge(engine, run);
}

/** Decides the gate if its votes suffice under the policy of now; safe to call at any time. */
export async function decideGate(
  engine: Engine,
  run: string,
  step: string,
): Promise<{ approved: boolean; tally: Tally }> {
  const state = await engine.runs.load(run);
  const gate = state === undefined ? undefined : own(state.gates, step);
  if (state === undefined || gate === undefined)
    throw new SlipwayError('not-found', `No question "${step}" is open in ${run}.`);
  const { project, by: requester } = state.created;
  const policy = await policyOf(engine, state, gate);
  const people = await resolved(engine, project, accountsOf(gate, requester));
  const everybody = await engine.policies.people(project);
  const tallyOf = (open: GateState): Tally =>
    tally(open.votes, requester, policy, everybody, people, open.holds);
  const { state: now } = await engine.runs.update(run, (latest) => {
    const open = openQuestion(latest, step, gate.seal);
    if (open === undefined || open.decided !== undefined) return undefined;
    // Somebody who came meanwhile is not resolved yet: his own act decides again, and so does whoever comes next.
    if ((open.holds ?? []).some((hold) => !isIn(gate.holds, hold.by))) return undefined;
    // Nobody is approved by a policy that changes, or a bot that comes back, after the time is over.
    if (engine.clock.now() >= open.expiresAt || latest?.cancelled !== undefined) return undefined;
    const counted = tallyOf(open);
    if (!counted.reached) return undefined;
    const by = open.votes
      .map((one) => one.by)
      .filter((actor) => counted.counted.some((person) => person.id === people(actor)?.id));
    return {
      type: 'gate.decided',
      step,
      seal: gate.seal,
      outcome: 'approved',
      by,
      reason: '',
      policy: policy.hash,
    };
  });
  const after = (now === undefined ? undefined : own(now.gates, step)) ?? gate;
  return { approved: after.decided?.outcome === 'approved', tally: tallyOf(after) };
}

/** Votes so far under the policy of now, for views. */
export async function count(engine: Engine, state: RunState, gate: GateState): Promise<Tally> {
  const { project, by } = state.created;
  const policy = await policyOf(engine, state, gate);
  const people = await resolved(engine, project, accountsOf(gate, by));
  return tally(gate.votes, by, policy, await engine.policies.people(project), people, gate.holds);
}

function accountsOf({ votes, holds = [] }: GateState, requester: Actor): Actor[] {
  return [...[...votes, ...holds].map((one) => one.by), requester];
}

const isIn = (all: readonly { by: Actor }[] | undefined, by: Actor): boolean =>
  all?.some((one) => sameActor(one.by, by)) === true;

async function resolved(
  engine: Engine,
  project: string,
  actors: Actor[],
): Promise<(actor: Actor) => Person | undefined> {
  const found = await Promise.all(actors.map((actor) => engine.policies.resolve(project, actor)));
  return (actor) => found[actors.findIndex((one) => sameActor(one, actor))];
}

async function requireVoter(engine: Engine, state: RunState, gate: GateState, by: Actor): Promise<void> {
  const { project, by: requester } = state.created;
  const policy = await policyOf(engine, state, gate);
  const person = await engine.policies.resolve(project, by);
  const asked = await engine.policies.resolve(project, requester);
  const may = person === undefined ? 'not-in-the-role' : mayVote(person, asked, policy);
  if (may === 'yes') return;
  const why =
    may === 'requester'
      ? `${by.name} asked for it`
      : `${by.name} has none of the roles ${policy.rule?.of.join(', ') ?? '(none is declared)'}, or got it only after the question was asked`;
  const can = (await engine.policies.people(project))
    .filter((one) => mayVote(one, asked, policy) === 'yes')
    .map((one) => one.name);
  throw new SlipwayError('not-allowed', `Not counted: ${why}.`, {
    hint: can.length === 0 ? 'Nobody can decide this.' : `Can decide: ${can.join(', ')}.`,
  });
}

/** The question expires by the clock, also where the event that says so was not written yet. @throws SlipwayError refused */
export function requireInTime(engine: Engine, gate: GateState, spared = 'counted'): void {
  if (engine.clock.now() < gate.expiresAt) return;
  throw new SlipwayError(
    'refused',
    `Not ${spared}: the question expired ${new Date(gate.expiresAt).toISOString()}.`,
    {
      hint: 'Nothing shipped. Start it again to ask anew.',
    },
  );
}

/** A branch that moved ends the run: nobody's vote carries over. */
async function requireUnmoved(engine: Engine, state: RunState, gate: GateState): Promise<void> {
  const changed = await hasMoved(engine, state);
  if (changed === '') return;
  const { run } = state.created;
  await engine.runs.update(run, (now) =>
    openQuestion(now, gate.step, gate.seal)?.decided === undefined
      ? { type: 'gate.voided', step: gate.step, seal: gate.seal, changed }
      : undefined,
  );
  await engine.runs.update(run, (now) =>
    now === undefined || now.finished !== undefined || now.committed
      ? undefined
      : { type: 'run.finished', outcome: 'superseded', reason: changed },
  );
  await nudge(engine, run);
  throw new SlipwayError('commit-moved', `Approval void: ${changed}.`, {
    hint: 'Nothing shipped. This run is over; start it again to approve what is there now.',
  });
}

/**
 * The question of that seal, open or decided; undefined: there is none.
 * @throws SlipwayError refused where the run is over, seal-changed
 */
export function openQuestion(state: RunState | undefined, step: string, seal: string): GateState | undefined {
  const gate = state === undefined ? undefined : own(state.gates, step);
  if (state === undefined || gate === undefined || stepOf(state, step) === undefined) return undefined;
  if (state.finished !== undefined && gate.decided === undefined) {
    const { outcome, reason } = state.finished;
    throw new SlipwayError('refused', `${state.created.run} is over: ${`${outcome} ${reason}`.trim()}.`, {
      hint: 'The question is void, and no vote counts. Nothing shipped; start it again to approve what is there now.',
    });
  }
  if (gate.seal !== seal) {
    throw new SlipwayError('seal-changed', 'That question is no longer asked: what would ship has changed.', {
      hint: 'Look at slipway status; nobody voted.',
    });
  }
  return gate;
}
