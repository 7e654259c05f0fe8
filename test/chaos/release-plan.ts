import { sha256 } from '../../src/release/canonical.js';
import type { Planner } from '../../src/engine/engine.js';
import type { Json, Plan, PlannedStep } from '../../src/release/plan.js';
import { runId } from '../../src/release/run-id.js';
import type { AnyStepKind } from '../../src/steps/step.js';

/** The project of all runs here; each run has a release line of its own. */
export const project = 'chaos';

/** The storage that stands for the outside. */
export const storageName = 'world';

/** The eight effects of a run, by the ids of their steps. */
export const effects = [
  'branch',
  'commit',
  'store',
  'tag',
  'channel',
  'publish',
  'announce',
  'mail',
] as const;
export type Effect = (typeof effects)[number];

/** Type guard for the id of a step that has an effect. */
export function isEffect(step: string): step is Effect {
  return effects.some((effect) => effect === step);
}

/** Names of everything that the run of a target makes outside. */
export function namesOf(target: string) {
  return {
    run: runId(project, target, 'cut', 1),
    version: `${target}rc1`,
    branch: `release/${target}`,
    tag: `v${target}rc1`,
    archive: `archive/${target}/archive.bin`,
    pointer: `channels/${target}/archive.bin`,
    room: 'releases',
    marker: `${runId(project, target, 'cut', 1)}_announce`,
  };
}

/** The target in the id of a run. */
export function targetOf(run: string): string {
  return run.split('_')[1] ?? '';
}

/** Two steps of a stage run side by side, on whichever workers come first. */
const steps: { id: string; kind: string; stage: number; config: (target: string) => Json }[] = [
  { id: 'branch', kind: 'branch', stage: 0, config: () => ({}) },
  {
    id: 'commit',
    kind: 'commit',
    stage: 1,
    config: (target) => ({ version: true, message: `chore: release ${target}`, push: 'now' }),
  },
  {
    id: 'build',
    kind: 'run',
    stage: 2,
    config: (target) => ({
      run: ['build', target],
      env: {},
      secrets: [],
      produces: ['archive'],
      fresh: [],
      effect: 'none',
    }),
  },
  { id: 'store', kind: 'store', stage: 3, config: () => ({ artifacts: ['archive'] }) },
  { id: 'tag', kind: 'tag', stage: 3, config: () => ({}) },
  { id: 'channel', kind: 'channel', stage: 4, config: () => ({ move: ['internal'] }) },
  {
    id: 'publish',
    kind: 'run',
    stage: 4,
    config: (target) => ({
      run: ['publish', target],
      find: ['is-published', target],
      env: {},
      secrets: [],
      produces: [],
      fresh: [],
      effect: 'none',
    }),
  },
  {
    id: 'announce',
    kind: 'announce',
    stage: 5,
    config: (target) => ({ to: ['releases'], text: `${target} is out` }),
  },
  { id: 'mail', kind: 'mail', stage: 5, config: (target) => ({ subject: `${target} is out` }) },
];

/** Plans the eight effects on the commit that was asked for. */
export function chaosPlanner(kinds: ReadonlyMap<string, AnyStepKind>): Planner {
  return async (ask) => {
    const { target } = ask;
    const { version, branch, tag, archive, pointer } = namesOf(target);
    const facts: Omit<Plan, 'steps' | 'inputs' | 'values'> = {
      project,
      process: 'chaos',
      processHash: sha256('chaos'),
      operation: ask.operation,
      kind: ask.kind,
      target,
      version,
      candidate: 'rc1',
      previous: '',
      commit: ask.commit ?? '',
      defaultBranch: 'main',
      branch,
      tag,
      policy: '',
      series: 'main',
      scheme: { scheme: 'pep440', candidate: ['rc'], counter: 'restarts' },
      variants: [],
      forced: false,
      versionFiles: [{ path: 'package.json', key: 'version' }],
      versionText: version,
      copied: {},
      follow: [],
      artifacts: { archive: { file: 'archive.bin', storage: storageName, key: archive } },
      channels: {
        internal: { storage: storageName, files: { archive: pointer }, order: 'version', released: false },
      },
    };
    const planned = steps.map((step): PlannedStep => {
      const kind = kinds.get(step.kind);
      if (kind === undefined) throw new Error(`${step.kind} is no step kind`);
      const config = step.config(target);
      return {
        id: step.id,
        kind: step.kind,
        sentence: kind.plan(config, facts),
        stage: step.stage,
        config,
        public: kind.public(config),
        effect: kind.effect(config),
        gate: false,
        skippable: true,
        templates: [],
        timeout: 60_000,
        runsOn: 'default',
      };
    });
    return { plan: { ...facts, inputs: ask.inputs, values: {}, steps: planned }, candidate: 1 };
  };
}
