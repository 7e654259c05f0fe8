import type { Engine, Planner, Policies } from '../src/engine/engine.js';
import { openBlobs } from '../src/engine/blobs.js';
import { haltJournal, lineJournal, projectJournal, runJournal } from '../src/engine/journals.js';
import { journalKeys, newJournalKey, type JournalKeys } from '../src/engine/keys.js';
import type { Leases } from '../src/engine/ports/leases.js';
import type { Queue } from '../src/engine/ports/queue.js';
import type { Records } from '../src/engine/ports/records.js';
import { systemClock } from '../src/engine/ports/clock.js';
import { engineDefaults } from '../src/engine/engine.js';
import { start } from '../src/engine/start.js';
import type { Actor } from '../src/release/actor.js';
import { sha256 } from '../src/release/canonical.js';
import type { PlannedStep } from '../src/release/plan.js';
import type { Git } from '../src/services/git/git.js';
import { openGit } from '../src/services/git/remote.js';
import { approve } from '../src/steps/approve.js';
import { defineStep, type AnyStepKind, type Services } from '../src/steps/step.js';
import { z } from 'zod';

/** A step that does nothing, at once. */
export const nothing: AnyStepKind = defineStep({
  name: 'nothing',
  config: z.strictObject({}),
  needs: [] as const,
  public: () => 'no',
  effect: () => 'none',
  plan: () => 'Do nothing',
  run: async () => ({ result: 'done', output: {}, proof: 'nothing was done' }),
});

/** Who asks for everything here. */
export const asker: Actor = { issuer: 'local', workspace: 'bench', user: 'ana', name: 'Ana' };

/** The real engine on a folder and a queue, with plans of the given step kinds, one stage each. */
export async function plainEngine(parts: {
  records: Records;
  queue: Queue;
  leases: Leases;
  steps: AnyStepKind[];
  /** Path of a git repository; asked only when a gate opens. */
  repo: string;
  mirror: string;
  warn: (text: string, error?: unknown) => void;
  /** The key of an engine before on the same folder; a new one if it is left out. */
  keys?: JournalKeys;
}): Promise<Engine> {
  const { records, queue, leases, steps, warn } = parts;
  const keys = parts.keys ?? journalKeys(newJournalKey().secret);
  const deps = { records, keys, clock: systemClock };
  const services = idleServices(await openGit({ url: parts.repo, mirror: parts.mirror }));
  return {
    worker: `bench-${process.pid}`,
    ...deps,
    runs: runJournal(deps),
    lines: lineJournal(deps),
    projects: projectJournal(deps),
    halts: haltJournal(deps),
    blobs: openBlobs(records),
    queue,
    leases,
    kinds: new Map([nothing, approve].map((kind) => [kind.name, kind])),
    services: async () => services,
    planner: planner(steps),
    fillLate: (_, step) => step.config,
    policies,
    settings: engineDefaults,
    at: () => undefined,
    warn,
  };
}

/** A rule that nobody fulfils: a gate stays open. */
const policies: Policies = {
  gate: async () => ({
    rule: { need: 1, of: ['maintainer'], eachOf: [] },
    requesterMayVote: false,
    reject: [],
    remindMs: [],
    expiresMs: 24 * 3_600_000,
    hash: sha256('bench'),
  }),
  people: async () => [],
  resolve: async () => undefined,
  heldUntil: async () => undefined,
};

function planner(kinds: AnyStepKind[]): Planner {
  const steps = kinds.map((kind, stage): PlannedStep => ({
    id: `step-${stage + 1}`,
    kind: kind.name,
    sentence: 'Do nothing',
    stage,
    config: {},
    public: 'no',
    effect: 'none',
    gate: kind.gate,
    skippable: false,
    templates: [],
    timeout: 60_000,
    runsOn: 'default',
  }));
  return async ({ project, operation, kind, target, inputs }) => ({
    candidate: kind === 'start' ? 1 : 0,
    plan: {
      project,
      process: 'bench',
      processHash: sha256('bench'),
      operation,
      kind,
      target,
      version: `${target}rc1`,
      candidate: 'rc1',
      previous: '',
      commit: 'c'.repeat(40),
      defaultBranch: 'main',
      branch: `release/${target}`,
      tag: `v${target}rc1`,
      policy: '',
      series: 'main',
      scheme: { scheme: 'pep440', candidate: ['rc'], counter: 'restarts' },
      variants: [],
      forced: false,
      versionFiles: [],
      versionText: '',
      copied: {},
      follow: [],
      values: {},
      artifacts: {},
      channels: {},
      inputs,
      steps,
    },
  });
}

function idleServices(git: Git): Services {
  const none = (): never => {
    throw new Error('A step that does nothing asked for a service.');
  };
  const refuse = async (): Promise<never> => none();
  return {
    git,
    identity: { name: 'Bench', email: 'bench@example.com' },
    storage: none,
    rooms: { post: refuse, search: refuse, remove: refuse },
    commands: { run: refuse },
    lines: refuse,
    pinOf: refuse,
    archived: refuse,
  };
}

/** Starts runs, each on a line of its own, some at a time: a cut, or what gives up the line that was cut. */
export async function startRuns(
  engine: Engine,
  count: number,
  kind: 'start' | 'end' = 'start',
): Promise<void> {
  const targets = Array.from({ length: count }, (_, n) => `${n + 1}.0.0`);
  while (targets.length > 0) {
    await Promise.all(
      targets.splice(0, 20).map((target) =>
        start(engine, {
          request: `${kind}-${target}`,
          project: 'bench',
          operation: kind === 'start' ? 'cut' : 'abandon',
          kind,
          target,
          inputs: {},
          by: asker,
        }),
      ),
    );
  }
}
