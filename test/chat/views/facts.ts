import { shortDigest, sealOf, type Sealed } from '../../../src/release/canonical.js';
import { isNotLegal } from '../../../src/release/folded.js';
import { foldLine } from '../../../src/release/fold-line.js';
import { foldRun } from '../../../src/release/fold-run.js';
import type { LineEvent, LineState } from '../../../src/release/line-state.js';
import type { OperationKind, Plan, PlannedStep } from '../../../src/release/plan.js';
import type { RunEvent, StepOutline } from '../../../src/release/run-events.js';
import type { GateState, RunState } from '../../../src/release/run-state.js';
import type { Person, Tally } from '../../../src/release/votes.js';
import type { QuestionFacts, RunFacts } from '../../../src/chat/views/run-facts.js';
import type { Message } from '../../../src/chat/message.js';
import { chatTongue, plainButtons, plainLines } from '../../../src/chat/plain-text.js';
import { admitted, created, digest, inOrder, lv, outline } from '../../release/fixtures.js';

/** The people and the times of the mock-ups. */
const local = (user: string, name: string): RunState['created']['by'] => ({
  issuer: 'local',
  workspace: 'sandbox',
  user,
  name,
});
export const mira = local('mira', 'Mira Kahn');
export const ada = local('ada', 'Ada Osei');
export const jonas = local('jonas', 'Jonas Weil');
export const priya = local('priya', 'Priya Nair');
export const tom = local('tom', 'Tom Ruiz');

const person = ({ user, name }: typeof mira, ...roles: string[]): Person => ({ id: user, name, roles });
export const people: Person[] = [
  person(mira, 'coordinator'),
  person(ada, 'maintainer'),
  person(jonas, 'maintainer'),
  person(priya, 'maintainer'),
  person(tom),
];

/** 14 Oct 2025, so many hours and minutes, UTC; in ms. */
export const at = (hours: number, minutes: number, seconds = 0): number =>
  Date.UTC(2025, 9, 14, hours, minutes, seconds);

const forEver: Partial<StepOutline> = { public: 'for-ever', effect: 'conditional' };
const reversible: Partial<StepOutline> = { public: 'reversible', effect: 'conditional' };

/** The steps of the sandbox's cut, and of its promote. */
export const cutSteps = inOrder(
  outline('branch', { kind: 'branch', ...reversible }),
  outline('bump-follow', { kind: 'follow' }),
  outline('bump', { kind: 'commit', ...reversible }),
  outline('build', { skippable: true }),
  outline('store', { kind: 'store', ...forEver }),
  outline('channel', { kind: 'channel', ...reversible }),
  outline('tag', { kind: 'tag', ...forEver }),
  outline('announce', { kind: 'announce', public: 'for-ever', effect: 'searched', followUp: true }),
);
export const promoteSteps = inOrder(
  outline('notes', { kind: 'notes' }),
  outline('arm-smoke', { skippable: true }),
  outline('bump', { kind: 'commit' }),
  outline('build'),
  outline('approve', { kind: 'approve', gate: true }),
  outline('push', { kind: 'push', ...forEver }),
  outline('store', { kind: 'store', ...forEver }),
  outline('tag', { kind: 'tag', ...forEver }),
  outline('channel', { kind: 'channel', ...reversible }),
  outline('announce', { kind: 'announce', public: 'for-ever', effect: 'searched', followUp: true }),
);

/** What each step reads back. */
export const proofs: Record<string, string> = {
  branch: 'release/kestrel-v0.44.0 stands at 1a2b3c4',
  'bump-follow': 'changed kestrel.lock',
  bump: 'release/kestrel-v0.44.0 stands at 5d6e7f8',
  build: 'kestrel-0.44.0rc1.tar.gz sha256:9f2c81d04a7e',
  store: 'kestrel-0.44.0rc1.tar.gz sha256:9f2c81d04a7e',
  channel: 'internal serves 0.44.0rc1',
  tag: 'kestrel-v0.44.0rc1 names 5d6e7f8',
};

/** A frozen plan, as far as views read it. */
export function planOf(run: RunState): Plan {
  const { project, operation, kind, target, version, commit, steps } = run.created;
  const config: PlannedStep['config'] = {
    move: kind === 'publish' ? ['internal', 'stable'] : ['internal'],
  };
  return {
    project,
    process: 'kestrel',
    processHash: digest('4'),
    operation,
    kind,
    target,
    version,
    candidate: '',
    previous: '0.43.2',
    commit,
    defaultBranch: 'main',
    branch: `release/kestrel-v${target}`,
    tag: `kestrel-v${version}`,
    policy: 'standard',
    series: 'main',
    scheme: { scheme: 'pep440', candidate: ['rc'], counter: 'restarts' },
    variants: [],
    forced: false,
    versionFiles: [{ path: 'pyproject.toml', key: 'project.version' }],
    versionText: version,
    copied: {},
    follow: [],
    artifacts: {},
    channels: {
      internal: { storage: 'latest', files: {}, order: 'version', released: false },
      stable: { storage: 'latest', files: {}, order: 'version', released: true },
    },
    inputs: {},
    values: {},
    steps: steps.map((one) => ({
      id: one.id,
      kind: one.kind,
      stage: one.stage,
      public: one.public,
      effect: one.effect,
      gate: one.gate,
      skippable: one.skippable,
      runsOn: one.runsOn,
      sentence: one.id,
      config: one.kind === 'channel' ? config : {},
      templates: [],
      timeout: 60_000,
    })),
  };
}

/** Folds events at their times; all must be legal. */
export function runAt(...events: [number, RunEvent][]): RunState {
  let state: RunState | undefined;
  for (const [time, event] of events) {
    const next = foldRun(state, event, (state?.seq ?? 0) + 1, time);
    if (isNotLegal(next)) throw new Error(`${event.type}: ${next.illegal}`);
    state = next;
  }
  if (state === undefined) throw new Error('no events');
  return state;
}

/** Folds events of a line; all must be legal. */
export function lineOf(...events: LineEvent[]): LineState {
  let state: LineState | undefined;
  for (const event of events) {
    const seq = (state?.seq ?? 0) + 1;
    const next = foldLine(state, event, seq, at(14, 30) + seq);
    if (isNotLegal(next)) throw new Error(`${event.type}: ${next.illegal}`);
    state = next;
  }
  if (state === undefined) throw new Error('no events');
  return state;
}

const run = { start: 'kestrel_0.44.0_cut_1', publish: 'kestrel_0.44.0_promote_1' };

/** A cut by Mira that was asked for at 14:31. */
export const cutCreated = (changes: Parameters<typeof created>[1] = {}): [number, RunEvent] => [
  at(14, 31),
  created(cutSteps, { by: mira, plan: `9c4107e2${'0'.repeat(56)}`, ...changes }),
];

/** A promote by Mira that was asked for at 15:00. */
export const promoteCreated = (changes: Parameters<typeof created>[1] = {}): [number, RunEvent] => [
  at(15, 0),
  created(promoteSteps, {
    run: run.publish,
    operation: 'promote',
    kind: 'publish',
    version: '0.44.0',
    by: mira,
    plan: `9c4107e2${'0'.repeat(56)}`,
    ...changes,
  }),
];

/** A step that begins and is done, with what it read back. */
export function doneAt(
  step: string,
  from: number,
  to: number,
  proof = proofs[step] ?? 'exit 0',
): [number, RunEvent][] {
  return [
    [from, { type: 'step.claimed', step, attempt: 1, worker: 'w1' }],
    [to, { type: 'step.done', step, attempt: 1, outputs: '', proof, adopted: false, settleAt: 0 }],
  ];
}

/** The first steps of a cut, up to the build. */
export const toBuild: [number, RunEvent][] = [
  cutCreated(),
  ...doneAt('branch', at(14, 31), at(14, 31, 3)),
  ...doneAt('bump-follow', at(14, 31, 3), at(14, 31, 5)),
  ...doneAt('bump', at(14, 31, 5), at(14, 31, 9)),
];

/** A worker takes a step. */
export const claimAt = (time: number, step: string, attempt = 1): [number, RunEvent] => [
  time,
  { type: 'step.claimed', step, attempt, worker: 'w1' },
];

/** The rest of a cut after its build. */
export const afterBuild: [number, RunEvent][] = [
  ...doneAt('store', at(14, 38), at(14, 39)),
  ...doneAt('channel', at(14, 39), at(14, 39, 10)),
  ...doneAt('tag', at(14, 40), at(14, 40, 2)),
  ...doneAt('announce', at(14, 41), at(14, 41, 1)),
  [at(14, 42), { type: 'run.finished', outcome: 'done', reason: '' }],
];

/** A cut from its first to its last event. */
export const wholeCut: [number, RunEvent][] = [
  ...toBuild,
  ...doneAt('build', at(14, 32), at(14, 38)),
  ...afterBuild,
];

/** A cut whose upload the store refused. */
export const failedUpload: [number, RunEvent][] = [
  ...toBuild,
  ...doneAt('build', at(14, 32), at(14, 38)),
  claimAt(at(14, 38), 'store'),
  [
    at(14, 39),
    {
      type: 'step.failed',
      step: 'store',
      attempt: 1,
      code: 'storage-refused',
      message: 'The store refused: 403 AccessDenied',
      hint: 'Let the worker write releases/.',
      retryAt: 0,
      sent: false,
    },
  ],
];

/** The retry that went well. */
export const retriedUpload: [number, RunEvent][] = [
  [at(14, 51), { type: 'step.retried', step: 'store', by: mira }],
  claimAt(at(14, 51), 'store', 2),
  [
    at(14, 52),
    {
      type: 'step.done',
      step: 'store',
      attempt: 2,
      outputs: '',
      proof: proofs['store'] ?? '',
      adopted: false,
      settleAt: 0,
    },
  ],
];

/** A run of so many plain steps, of which so many are done. */
export function longRun(
  steps: number,
  done: number,
): { events: [number, RunEvent][]; facts: typeof factsOf } {
  const outlines = inOrder(...Array.from({ length: steps }, (_, place) => outline(`part-${place + 1}`)));
  const ends = outlines
    .slice(0, done)
    .flatMap(({ id }, place) => doneAt(id, at(14, 31 + place), at(14, 32 + place)));
  const next = outlines[done];
  const claimed = next === undefined ? [] : [claimAt(at(14, 31 + done), next.id)];
  return { events: [cutCreated({ steps: outlines }), ...ends, ...claimed], facts: factsOf };
}

/** The line while its first candidate stands. */
export const openLineEvents: LineEvent[] = [
  admitted('start', run.start, { version: '0.44.0rc1', candidate: 1, operation: 'cut' }),
  lv.reached(run.start),
];
export const openLine = lineOf(...openLineEvents);

const operations: Partial<Record<OperationKind, string>> = {
  start: 'cut',
  change: 'fixup',
  publish: 'promote',
  hotfix: 'hotfix',
  end: 'abandon',
};

/** Facts of a run, as the room's keeper gathers them. */
export function factsOf(state: RunState, changes: Partial<RunFacts> = {}): RunFacts {
  return {
    state,
    plan: planOf(state),
    now: state.at,
    room: 'rel-kestrel',
    alsoIn: [],
    operations,
    asks: {},
    line: openLine,
    isNewest: true,
    usual: { build: 360_000 },
    changes: 14,
    channels: [
      { channel: 'internal', serves: '0.43.2', pin: undefined },
      { channel: 'stable', serves: '0.43.2', pin: undefined },
    ],
    halt: undefined,
    questions: [],
    stops: {},
    logs: {},
    wentOnAt: undefined,
    people,
    ...changes,
  };
}

/** What the seal of a promotion holds. */
export const sealed: Sealed = {
  project: 'kestrel',
  run: run.publish,
  step: 'approve',
  version: '0.44.0',
  commit: 'c2d3e4f'.padEnd(40, '0'),
  branch: 'release/kestrel-v0.44.0',
  branchHead: 'c2d3e4f'.padEnd(40, '0'),
  plan: digest('1'),
  differs: ['kestrel.lock', 'pyproject.toml'],
  results: {
    notes: { text: '', count: '16' },
    bump: {
      commit: 'd4e5f6a'.padEnd(40, '0'),
      pack: digest('8'),
      branch: 'release/kestrel-v0.44.0',
      aside: '',
    },
    build: {
      artifacts: {
        tarball: { name: 'kestrel-0.44.0.tar.gz', sha256: '4be17c9a02d3'.padEnd(64, '0'), size: 50_541_363 },
      },
    },
  },
  skips: { 'arm-smoke': 'runner down' },
};

/** Whole, and as the mock-ups show it: 7F3A-91C2. */
export const theSeal = `7f3a91c2${sealOf(sealed).slice(8)}`;

/** A promote up to its gate, asked at 15:00 for 24 hours; arm smoke was skipped. */
export const toGate: [number, RunEvent][] = [
  promoteCreated(),
  ...doneAt('notes', at(15, 0), at(15, 0, 1)),
  [at(15, 0, 2), { type: 'step.skipped', step: 'arm-smoke', reason: 'runner down', by: mira, second: ada }],
  ...doneAt('bump', at(15, 0, 2), at(15, 0, 3), 'commit d4e5f6a, not pushed yet'),
  ...doneAt('build', at(15, 0, 3), at(15, 0, 45), `kestrel-0.44.0.tar.gz ${shortDigest('4be17c9a02d3')}`),
  [
    at(15, 0, 46),
    {
      type: 'gate.opened',
      step: 'approve',
      seal: theSeal,
      expiresAt: at(39, 0, 46),
      need: 2,
      may: ['ada', 'jonas', 'priya'],
    },
  ],
];

export const voteAt = (time: number, by: typeof mira): [number, RunEvent] => [
  time,
  { type: 'vote.cast', step: 'approve', seal: theSeal, by },
];

export const decidedAt = (
  time: number,
  outcome: 'approved' | 'rejected' | 'expired',
  by: (typeof mira)[],
  reason = '',
): [number, RunEvent] => [
  time,
  { type: 'gate.decided', step: 'approve', seal: theSeal, outcome, by, reason, policy: '' },
];

/** What comes after an approved gate. */
export const afterGate: [number, RunEvent][] = [
  [at(16, 10, 1), { type: 'run.committed' }],
  ...doneAt('push', at(16, 10, 1), at(16, 10, 2), 'release/kestrel-v0.44.0 stands at d4e5f6a'),
  ...doneAt('store', at(16, 10, 2), at(16, 10, 12), 'kestrel-0.44.0.tar.gz sha256:4be17c9a02d3'),
  ...doneAt('tag', at(16, 10, 12), at(16, 10, 14), 'kestrel-v0.44.0 names d4e5f6a'),
  ...doneAt('channel', at(16, 10, 14), at(16, 10, 20), 'internal serves 0.44.0, stable serves 0.44.0'),
  ...doneAt('announce', at(16, 10, 20), at(16, 10, 21), 'said in #eng-process: "Kestrel 0.44.0 is stable."'),
  [at(16, 10, 22), { type: 'run.finished', outcome: 'done', reason: '' }],
];

/** A promotion from its first to its last event. */
export const wholePromote: [number, RunEvent][] = [
  ...toGate,
  voteAt(at(15, 4), ada),
  voteAt(at(16, 10), jonas),
  decidedAt(at(16, 10), 'approved', [ada, jonas]),
  ...afterGate,
];

/** A tally by hand: who counts, and who can still decide. */
export function tallyOf(changes: Partial<Tally> = {}): Tally {
  const [, one, two, three] = people;
  const canDecide = [one, two, three].flatMap((who) => who ?? []);
  return {
    reached: false,
    need: 2,
    counted: [],
    holding: [],
    notCounted: [],
    canDecide,
    missing: [],
    canOpen: [],
    ...changes,
  };
}

/** Somebody of `people`. */
export function someone(id: string): Person {
  const found = people.find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
}

/** The question of a run at its gate. */
export function questionOf(state: RunState, changes: Partial<QuestionFacts> = {}): QuestionFacts {
  const gate: GateState | undefined = state.gates['approve'];
  if (gate === undefined) throw new Error('no gate');
  return {
    gate,
    sealed,
    tally: tallyOf(),
    changes: { all: 16, breaking: 1 },
    moves: [
      { channel: 'internal', from: '0.44.0rc1', to: '0.44.0' },
      { channel: 'stable', from: '0.43.2', to: '0.44.0' },
    ],
    changed: '',
    ...changes,
  };
}

/** A message as a reader compares it with its mock-up: lines, then buttons; times without their date. */
export function drawn(message: Message): string {
  const lines = plainLines(message, {
    ...chatTongue,
    time: (ms, show) =>
      `${show === 'time' || ms < at(24, 0) ? '' : 'tomorrow '}${new Date(ms).toISOString().slice(11, 16)}`,
  });
  return [...lines, plainButtons(message.buttons)].filter((one) => one !== '').join('\n');
}
