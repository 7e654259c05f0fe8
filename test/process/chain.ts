import { readdirSync, readFileSync } from 'node:fs';
import { readProcess } from '../../src/process/load-process.js';
import type { ProcessOptions } from '../../src/process/load-process.js';
import { readYaml } from '../../src/process/position.js';
import { describeProblems } from '../../src/process/problems.js';
import type { Process } from '../../src/process/process-file.js';
import type { Surroundings } from '../../src/process/prove-names.js';
import type { FileText } from '../../src/process/sources.js';
import { kinds } from './kinds.js';

const folder = new URL('../../presets/', import.meta.url);

/** The names of all presets. */
export const presetNames = readdirSync(folder)
  .filter((name) => name.endsWith('.yml'))
  .map((name) => name.slice(0, -'.yml'.length));

/** A preset as it is shipped. */
export function preset(name: string): FileText | undefined {
  if (!presetNames.includes(name)) return undefined;
  const file = `presets/${name}.yml`;
  return { file, text: readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8') };
}

/** What to load besides the file itself. */
export interface Chain {
  files?: Record<string, string>;
  /** `slipway.yaml`; the project's own changes are in it under `process`. */
  slipway?: string;
  fromRepository?: boolean;
  around?: Surroundings;
}

/** Loads a process and what it extends: the process, or what is wrong, a line each. */
export function load(text: string, chain: Chain = {}): Process | string[] {
  const { files = {}, slipway, fromRepository, around } = chain;
  const options: ProcessOptions = {
    presets: preset,
    files: (path) => {
      const found = files[path];
      return found === undefined ? undefined : { file: path.slice(2), text: found };
    },
  };
  if (fromRepository !== undefined) options.fromRepository = fromRepository;
  if (slipway !== undefined) {
    const source = readYaml('slipway.yaml', slipway);
    if ('problems' in source) throw new Error(describeProblems(source.problems).join('\n'));
    options.patch = { yaml: source.yaml, path: ['process'] };
  }
  const result = readProcess('p.yml', text, kinds, around, options);
  return 'problems' in result ? describeProblems(result.problems) : result.process;
}

/** Loads a process that is right. */
export function loaded(text: string, chain: Chain = {}): Process {
  const result = load(text, chain);
  if (Array.isArray(result)) throw new Error(result.join('\n'));
  return result;
}

/** The ids of an operation's steps, a stage each. */
export function stagesOf(process: Process, operation: string): string[] {
  const stages = new Map<number, string[]>();
  for (const { id, stage } of process.operations[operation]?.steps ?? [])
    stages.set(stage, [...(stages.get(stage) ?? []), id]);
  return [...stages.values()].map((ids) => ids.join(' + '));
}
