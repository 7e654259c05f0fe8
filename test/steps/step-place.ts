import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBlobs } from '../../src/engine/blobs.js';
import type { Blobs } from '../../src/engine/ports/blobs.js';
import type { Json } from '../../src/release/plan.js';
import { runProjectCommand } from '../../src/services/command/project-commands.js';
import type { Git } from '../../src/services/git/git.js';
import { openGit } from '../../src/services/git/remote.js';
import { folderRecords } from '../../src/services/records/folder.js';
import { stepKinds } from '../../src/steps/index.js';
import type { Found, RunFacts, Services, StepContext, StepResult } from '../../src/steps/step.js';
import { commitFile, git, makeOrigin } from '../services/git-origin.js';

export const identity = { name: 'Slipway', email: 'slipway@example.com' };

/** What a step of a test is run with, besides its settings. */
export interface Attempt {
  id?: string;
  /** ms; 0 before the first intent. */
  intentAt?: number;
  /** A machine with a mirror of its own. */
  machine?: string;
  /** Ends the worker right after what it sends, before anything is read back. */
  dies?: boolean;
}

/** A project with a real remote, and the steps of one run on it. */
export interface StepPlace {
  folder: string;
  work: string;
  /** The commit that the run began at: the head of `release/1.0.0`. */
  base: string;
  facts: RunFacts;
  before: { [step: string]: Json };
  blobs: Blobs;
  log: string[];
  machine(name: string): Promise<Git>;
  find(kind: string, config: Json, attempt?: Attempt): Promise<Found<Json>>;
  run(kind: string, config: Json, attempt?: Attempt): Promise<StepResult<Json>>;
  /** Finds, runs where nothing is there, and keeps the output for later steps. */
  does(
    kind: string,
    config: Json,
    attempt?: Attempt,
  ): Promise<{ output: { [key: string]: Json }; proof: string }>;
  /** Commits on main as a person, pushes, and returns the commit. */
  onMain(path: string, content: string, subject: string): string;
  /** The commit that a branch or tag of the remote names, or ''. */
  at(ref: string): string;
}

const roots: string[] = [];

/** Removes every place of this file. */
export async function removePlaces(): Promise<void> {
  for (const folder of roots.splice(0)) await rm(folder, { recursive: true, force: true });
}

function unused(): never {
  throw new Error('this step asked for a service that it does not declare');
}

/** Makes a project with a release branch, and a run `k_1.0.0_fixup_1` on it. */
export async function openPlace(files: Record<string, string> = {}): Promise<StepPlace> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-steps-'));
  roots.push(folder);
  const { origin, work } = makeOrigin(folder);
  for (const [path, content] of Object.entries(files)) commitFile(work, path, content, `feat: ${path}`);
  const base = git(work, 'rev-parse', 'HEAD');
  git(work, 'push', '--quiet', 'origin', 'main', 'main:refs/heads/release/1.0.0');
  const mirrors = new Map<string, Git>();
  const machine = async (name: string): Promise<Git> => {
    const known =
      mirrors.get(name) ?? (await openGit({ url: origin, mirror: join(folder, `mirror-${name}`) }));
    mirrors.set(name, known);
    return known;
  };
  const blobs = openBlobs(folderRecords(join(folder, 'records')));
  const log: string[] = [];
  const place: StepPlace = {
    folder,
    work,
    base,
    blobs,
    log,
    machine,
    before: {},
    facts: {
      run: 'k_1.0.0_fixup_1',
      project: 'k',
      process: 'k',
      processHash: '',
      operation: 'fixup',
      kind: 'change',
      target: '1.0.0',
      version: '1.0.0rc2',
      candidate: 'rc2',
      previous: '',
      commit: base,
      defaultBranch: 'main',
      branch: 'release/1.0.0',
      tag: 'v1.0.0rc2',
      policy: 'default',
      series: 'main',
      scheme: { scheme: 'pep440', candidate: ['rc'], counter: 'restarts' },
      variants: [],
      forced: false,
      versionFiles: [],
      versionText: '1.0.0rc2',
      copied: {},
      follow: [],
      artifacts: {},
      channels: {},
    },
    async find(kind, config, attempt = {}) {
      return kindOf(kind).find(await contextOf(place, config, { id: kind, ...attempt }));
    },
    async run(kind, config, attempt = {}) {
      return kindOf(kind).run(await contextOf(place, config, { id: kind, ...attempt }));
    },
    async does(kind, config, attempt = {}) {
      const found = await place.find(kind, config, attempt);
      if (found.is === 'different') throw new Error(found.what);
      const ended = found.is === 'same' ? found : await place.run(kind, config, attempt);
      if (!('output' in ended)) throw new Error(`the step ended as ${JSON.stringify(ended)}`);
      const { output, proof } = ended;
      place.before[attempt.id ?? kind] = output;
      if (typeof output !== 'object' || output === null || Array.isArray(output))
        throw new Error('no output');
      return { output, proof };
    },
    onMain(path, content, subject) {
      const commit = commitFile(work, path, content, subject);
      git(work, 'push', '--quiet', 'origin', 'main');
      return commit;
    },
    at(ref) {
      return git(origin, 'for-each-ref', '--format=%(objectname)', ref);
    },
  };
  return place;
}

function kindOf(name: string) {
  const kind = stepKinds.find((one) => one.name === name);
  if (kind === undefined) throw new Error(`there is no kind ${name}`);
  return kind;
}

async function contextOf(
  place: StepPlace,
  config: Json,
  attempt: Attempt & { id: string },
): Promise<StepContext<unknown, keyof Services>> {
  const remote = await place.machine(attempt.machine ?? 'one');
  const at = {
    git: remote,
    blobs: place.blobs,
    root: join(place.folder, 'commands'),
    path: process.env['PATH'] ?? '',
    runAs: undefined,
    secret: () => '',
    allSecrets: [],
    graceMs: 1_000,
  };
  return {
    id: attempt.id,
    config,
    facts: place.facts,
    before: place.before,
    leftOut: [],
    intentAt: attempt.intentAt ?? 1_700_000_500_250,
    startedAt: 1_700_000_400_000,
    now: 1_700_000_999_999,
    timeoutMs: 30_000,
    services: {
      git: remote,
      identity,
      commands: { run: (spec) => runProjectCommand(at, spec) },
      storage: unused,
      rooms: { post: unused, search: unused, remove: unused },
      lines: unused,
      pinOf: unused,
      archived: unused,
    },
    blobs: place.blobs,
    log: {
      write: (chunk) => void place.log.push(Buffer.from(chunk).toString()),
      line: (text) => void place.log.push(`${text}\n`),
      end: () => Promise.resolve(),
    },
    signal: new AbortController().signal,
    async effect(send) {
      const answer = await send();
      if (attempt.dies === true) throw new Error('the worker died');
      return answer;
    },
  };
}
