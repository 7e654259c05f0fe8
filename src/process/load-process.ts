import { createHash } from 'node:crypto';
import { lineRuleProblems, operationKind } from './operation-kind.js';
import { toDictionary } from './names.js';
import { readYaml } from './position.js';
import type { YamlText } from './position.js';
import { problemsError } from './problems.js';
import type { Problem } from './problems.js';
import { ProcessFile } from './process-file.js';
import type { Operation, Process } from './process-file.js';
import { fileProblems, stepProblems } from './prove-names.js';
import type { Surroundings } from './prove-names.js';
import { orderProblems } from './prove-order.js';
import { readSteps } from './read-steps.js';
import type { StepDraft, StepKinds } from './read-steps.js';
import { parseShape } from './shape.js';

/**
 * Loads a process file. `file` is its name in messages.
 * @throws SlipwayError config-invalid, its message all problems, a line each, in the order of their places
 */
export function loadProcess(
  file: string,
  text: string,
  kinds: StepKinds,
  around: Surroundings = {},
): Process {
  const result = readProcess(file, text, kinds, around);
  if ('problems' in result) throw problemsError(result.problems);
  return result.process;
}

/** Loads a process file; the problems are data, so that those of several files can be told together. */
export function readProcess(
  file: string,
  text: string,
  kinds: StepKinds,
  around: Surroundings = {},
): { process: Process } | { problems: Problem[] } {
  const source = readYaml(file, text);
  if ('problems' in source) return source;
  const { yaml } = source;

  // The steps are read even where the rest is wrong, so that everything is told at once.
  const problems: Problem[] = [];
  const drafts = readAllSteps(yaml, kinds, problems);
  const shape = parseShape(ProcessFile, yaml.data, yaml, []);
  if ('problems' in shape) return { problems: [...problems, ...shape.problems] };
  if (problems.length > 0) return { problems };

  const { value } = shape;
  const operations: [string, Operation][] = [];
  problems.push(...fileProblems(value, around, yaml));
  if (Object.keys(value.operations).length === 0) {
    problems.push(yaml.problem(['operations'], 'a process needs an operation', 'key'));
  }
  for (const [name, { about, line, next, from, inputs }] of Object.entries(value.operations)) {
    const steps = drafts.get(name) ?? [];
    const kind = operationKind({ line, next, from });
    for (const { key, message } of lineRuleProblems({ line, next, from })) {
      problems.push(yaml.problem(['operations', name, key], message));
    }
    problems.push(...stepProblems(steps, inputs, value, around, yaml));
    problems.push(...orderProblems({ name, kind, steps }, value, yaml));
    const specs = steps.map(({ spec }) => spec);
    operations.push([name, { name, about, kind, line, next, from, inputs, steps: specs }]);
  }
  if (problems.length > 0) return { problems };
  const { process: name, about, version, artifacts, channels } = value;
  const hash = createHash('sha256').update(text).digest('hex');
  return {
    process: {
      name,
      about,
      hash,
      version,
      artifacts,
      channels,
      operations: toDictionary(Object.fromEntries(operations)),
    },
  };
}

function readAllSteps(yaml: YamlText, kinds: StepKinds, problems: Problem[]): Map<string, StepDraft[]> {
  const drafts = new Map<string, StepDraft[]>();
  for (const [name, operation] of entriesOf(entryOf(yaml.data, 'operations'))) {
    const steps = entryOf(operation, 'steps');
    if (!Array.isArray(steps)) continue;
    drafts.set(name, readSteps(steps, ['operations', name, 'steps'], yaml, kinds, problems));
  }
  return drafts;
}

function entryOf(value: unknown, key: string): unknown {
  return entriesOf(value).find(([name]) => name === key)?.[1];
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
