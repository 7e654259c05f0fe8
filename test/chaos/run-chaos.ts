import { Mutation } from './child-settings.js';
import type { Case, Stage } from './cases/case.js';
import { allCases } from './cases/index.js';
import { cellName, type Matrix } from './cases/named-points.js';
import { compileChildren } from './compile-children.js';
import { startScriptsAs } from './processes.js';
import { seeded } from './random.js';
import { effects } from './release-plan.js';
import { faultsOf, noOutcome, type Row } from './result.js';
import { aligned, type Mutated } from './table.js';
import { killPoints } from './traps.js';

/** Which case misses which guard. */
export const missedBy: Record<Mutation, string> = {
  'no-create-only': 'sigstop',
  'no-find': 'named-points',
  'no-lease-check': 'sigstop',
  'no-search': 'named-points',
  'no-sweep': 'sigstop',
  'no-deterministic-objects': 'named-points',
};

/** What is run, and how large. */
export interface ChaosOptions {
  size: 'full' | 'short';
  seed: number;
  /** Names of cases and mutations; empty: all. */
  only: readonly string[];
  progress(text: string): void;
  /** Said once, when a case is over. */
  report(text: string): void;
}

/** What came of everything. */
export interface Chaos {
  rows: Row[];
  matrix: Matrix;
  mutated: Mutated[];
  isGood: boolean;
}

/** How many cases run side by side. Each has its own world, and mostly waits for leases to run out. */
const atOnce = 3;

/** Runs the cases, then takes away one guard after another. */
export async function runChaos(options: ChaosOptions): Promise<Chaos> {
  const { only, size, seed } = options;
  const matrix: Matrix = new Map();
  const wanted = (name: string): boolean => only.length === 0 || only.includes(name);
  const cases = allCases(matrix).filter((one) => wanted(one.name));
  const mutations = Mutation.options.filter(wanted);
  if (cases.length + mutations.length === 0) throw new Error(`There is no case ${only.join(', ')}.`);
  startScriptsAs(await compileChildren(['worker-main.ts', 'bot-main.ts', 'world-main.ts']));
  const rows = new Map<string, Row>();
  const mutated = new Map<string, Mutated>();
  const jobs = [
    ...cases.map((one) => async (): Promise<void> => void rows.set(one.name, await play(one, options))),
    ...mutations.map(
      (mutation) => async (): Promise<void> => void mutated.set(mutation, await mutate(mutation, options)),
    ),
  ];
  const lane = async (): Promise<void> => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await job();
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  const all = {
    rows: cases.flatMap((one) => rows.get(one.name) ?? []),
    mutated: mutations.flatMap((mutation) => mutated.get(mutation) ?? []),
  };
  const isGood =
    all.rows.every((row) => faultsOf(row).length === 0) && all.mutated.every((one) => one.fault !== '');
  options.report(`seed ${seed}, size ${size}`);
  return { ...all, matrix, isGood };
}

async function mutate(mutation: Mutation, options: ChaosOptions): Promise<Mutated> {
  const one = allCases(new Map()).find((other) => other.name === missedBy[mutation]);
  if (one === undefined) throw new Error(`no case for ${mutation}`);
  const row = await play(one, { ...options, size: 'short' }, mutation);
  // It must be found by what the case looks for, not because the case itself broke.
  const found = [...row.doubled, ...row.twinsLeft, ...row.problems, ...row.lost];
  const fault = found.find((text) => !text.startsWith('it broke')) ?? '';
  return { mutation, caughtBy: one.name, fault, seconds: row.seconds };
}

async function play(one: Case, options: ChaosOptions, mutation?: Mutation): Promise<Row> {
  const title = mutation === undefined ? one.name : `${one.name} with ${mutation}`;
  const begun = performance.now();
  const skipped = one.skip?.() ?? '';
  const stage: Stage = {
    size: options.size,
    random: seeded(options.seed).fork(title),
    mutation,
    progress: (text) => options.progress(`${title}: ${text}`),
  };
  options.progress(`${title}: ${one.what}`);
  let outcome = noOutcome();
  if (skipped === '') {
    try {
      outcome = await one.run(stage);
    } catch (error) {
      outcome.problems.push(
        `it broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
  }
  const row = { ...outcome, name: one.name, skipped, seconds: (performance.now() - begun) / 1000 };
  const faults = faultsOf(row);
  const found = mutation === undefined ? faults.join('\n  ') : 'found';
  const say = skipped !== '' ? `skipped: ${skipped}` : faults.length === 0 ? 'nothing wrong' : found;
  options.report(`${title} (${row.seconds.toFixed(0)} s): ${say}`);
  return row;
}

/** The matrix of points and effects as text. */
export function matrixTable(matrix: Matrix): string {
  const cell = (effect: (typeof effects)[number], point: (typeof killPoints)[number]): string => {
    const fault = matrix.get(cellName(effect, point));
    return fault === undefined ? '-' : fault === '' ? 'once' : 'BAD';
  };
  return aligned([
    ['killed at', ...effects],
    ...killPoints.map((point) => [point, ...effects.map((effect) => cell(effect, point))]),
  ]);
}
