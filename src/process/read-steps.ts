import type { z } from 'zod';
import type { Json } from '../release/plan.js';
import type { Path, YamlText } from './position.js';
import type { Problem } from './problems.js';
import { StepHead } from './process-file.js';
import type { StepSpec } from './process-file.js';
import { knownKeys, parseShape } from './shape.js';
import { didYouMean } from './suggest.js';

/** What the loader needs to know of a step kind. The kind of `run:` is called `run`. */
export type StepKinds = ReadonlyMap<string, { config: z.ZodType }>;

/** A step with what only the loader needs: its settings as written, and where. */
export interface StepDraft {
  spec: StepSpec;
  written: Readonly<Record<string, unknown>>;
  path: Path;
}

const forms = ['uses', 'run', 'together'];
const headKeys = Object.keys(StepHead.shape);

/** Reads a list of steps into one flat list. Everything that is wrong goes to `problems`; a wrong step is left out. */
export function readSteps(
  steps: readonly unknown[],
  path: Path,
  yaml: YamlText,
  kinds: StepKinds,
  problems: Problem[],
): StepDraft[] {
  const drafts: StepDraft[] = [];
  for (const [stage, step] of steps.entries()) {
    const members = membersOf(step, [...path, stage], yaml, problems);
    for (const member of members) {
      const draft = readStep(member.step, member.path, stage, yaml, kinds, problems);
      if (draft === undefined) continue;
      if (member.together && (draft.spec.kind === 'approve' || draft.spec.kind === 'wait')) {
        problems.push(yaml.problem(member.path, `"${draft.spec.kind}" cannot stand in "together"`));
      }
      drafts.push(draft);
    }
  }
  return drafts;
}

interface Member {
  step: unknown;
  path: Path;
  together: boolean;
}

function membersOf(step: unknown, path: Path, yaml: YamlText, problems: Problem[]): Member[] {
  if (!isMap(step) || !Object.hasOwn(step, 'together')) return [{ step, path, together: false }];
  for (const key of Object.keys(step).filter((key) => key !== 'together')) {
    problems.push(
      yaml.problem([...path, key], `"together" stands alone; "${key}" belongs to a step in it`, 'key'),
    );
  }
  const list = step['together'];
  if (!Array.isArray(list) || list.length === 0) {
    problems.push(yaml.problem([...path, 'together'], '"together" needs a list of steps'));
    return [];
  }
  return list.flatMap((member: unknown, index) => {
    const at = [...path, 'together', index];
    if (!isMap(member) || !Object.hasOwn(member, 'together'))
      return [{ step: member, path: at, together: true }];
    problems.push(yaml.problem(at, '"together" cannot stand in "together"'));
    return [];
  });
}

function readStep(
  step: unknown,
  path: Path,
  stage: number,
  yaml: YamlText,
  kinds: StepKinds,
  problems: Problem[],
): StepDraft | undefined {
  if (!isMap(step)) {
    problems.push(yaml.problem(path, 'a step is a map with "uses", "run" or "together"'));
    return undefined;
  }
  const name = kindOf(step, path, yaml, kinds, problems);
  const kind = name === undefined ? undefined : kinds.get(name);
  if (name === undefined || kind === undefined) return undefined;

  // `branch` and `tag` have a setting `name` of their own, which is then not the step's.
  const own = knownKeys(kind.config);
  const head: Record<string, unknown> = {};
  const written: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(step)) {
    if (key === 'uses') continue;
    if (headKeys.includes(key) && !own.includes(key)) head[key] = value;
    else written[key] = value;
  }
  const common = parseShape(StepHead, head, yaml, path);
  const settings = parseShape(kind.config, written, yaml, path, headKeys);
  if ('problems' in common) problems.push(...common.problems);
  if ('problems' in settings) problems.push(...settings.problems);
  if ('problems' in common || 'problems' in settings) return undefined;

  const { id, name: title, timeout, skip, 'runs-on': runsOn } = common.value;
  if (name === 'run' && id === undefined) {
    problems.push(yaml.problem([...path, 'run'], 'a step with "run" needs an "id"', 'key'));
    return undefined;
  }
  const spec: StepSpec = {
    id: id ?? name,
    kind: name,
    ...(title === undefined ? {} : { name: title }),
    stage,
    settings: toJson(settings.value),
    timeoutMs: timeout,
    skippable: skip === 'with-reason',
    runsOn,
  };
  return { spec, written, path };
}

function kindOf(
  step: Record<string, unknown>,
  path: Path,
  yaml: YamlText,
  kinds: StepKinds,
  problems: Problem[],
): string | undefined {
  const found = forms.filter((form) => Object.hasOwn(step, form));
  if (found.length !== 1) {
    const guess =
      Object.keys(step)
        .map((key) => didYouMean(key, forms))
        .find((hint) => hint !== '') ?? '';
    const message =
      found.length === 0
        ? `a step needs one of "uses", "run" and "together"${guess}`
        : `a step has one of "uses", "run" and "together", not several`;
    problems.push(yaml.problem(path, message));
    return undefined;
  }
  const kind = found[0] === 'run' ? 'run' : step['uses'];
  if (typeof kind === 'string' && kinds.has(kind) && !(kind === 'run' && found[0] === 'uses')) return kind;
  const known = [...kinds.keys()].filter((name) => name !== 'run');
  const message =
    typeof kind === 'string'
      ? `unknown step "${kind}"${didYouMean(kind, known)}`
      : '"uses" needs the name of a step kind';
  problems.push(yaml.problem([...path, found[0] ?? 'uses'], message));
  return undefined;
}

/** What a kind's schema returned as JSON; keys without a value are left out. */
function toJson(value: unknown): Json {
  if (
    value === null ||
    typeof value === 'boolean' ||
    typeof value === 'number' ||
    typeof value === 'string'
  ) {
    return value;
  }
  if (Array.isArray(value)) return value.map(toJson);
  if (!isMap(value)) return null;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, toJson(inner)]));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
