import { kindOf } from './kinds/index.js';
import { lookUp } from './kinds/kind.js';
import type { NameOf } from './kinds/kind.js';
import { templateProblems } from './placeholders.js';
import type { DeclaredInputs } from './placeholders.js';
import type { Locator, Path } from './position.js';
import type { Problem } from './problems.js';
import type { StepDraft } from './read-steps.js';
import { placeOf, textsIn } from './settings.js';
import { stepNamed } from './step-references.js';
import { didYouMean } from '../suggest.js';
import type { World } from './world.js';

/** What is outside a process file, as far as it is known where the file is loaded. What is left out is not checked. */
export interface Surroundings {
  /** Where `announce` can speak: rooms and announcements. */
  rooms?: ReadonlySet<string>;
  storages?: ReadonlySet<string>;
  trackers?: ReadonlySet<string>;
  registries?: ReadonlySet<string>;
  /** Labels of workers; `default` is always there. */
  workers?: ReadonlySet<string>;
  contacts?: ReadonlySet<string>;
  roles?: ReadonlySet<string>;
  /** What the bot itself understands; no operation may be called so. */
  verbs?: ReadonlySet<string>;
  /** Secrets that are granted to the project, each with the steps that may see it. */
  secrets?: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What the names in the steps of an operation can mean. */
export interface NameWorld {
  world: World;
  around: Surroundings;
  /** The names that `require` understands. */
  evidence: ReadonlySet<string>;
}

/** Every name and every placeholder in the steps of one operation. */
export function stepProblems(
  steps: readonly StepDraft[],
  inputs: DeclaredInputs,
  names: NameWorld,
): Problem[] {
  return steps.flatMap((draft) => [
    ...textProblems(draft, steps, inputs),
    ...nameProblems(draft, steps, names),
    ...metricProblems(draft, names),
    ...workerProblems(draft, names),
  ]);
}

function textProblems(draft: StepDraft, steps: readonly StepDraft[], inputs: DeclaredInputs): Problem[] {
  const { kind, settings } = draft.spec;
  const outputProblem = (step: string, output: string): string | undefined => {
    const found = stepNamed(step, draft, steps);
    if (found === undefined) {
      const ids = earlier(draft, steps).map(({ spec }) => spec.id);
      return `{steps.${step}.${output}}: no step before this one has the id "${step}"${didYouMean(step, ids)}`;
    }
    const gives: readonly string[] = kindOf(found.spec.kind)?.gives ?? [];
    return gives.includes(output)
      ? undefined
      : `{steps.${step}.${output}}: "${found.spec.kind}" gives no "${output}"${didYouMean(output, gives)}`;
  };
  return textsIn(settings).flatMap(({ text, path }) =>
    templateProblems(text, placeOf(kind, path), inputs, outputProblem).map((message) =>
      draft.locator.problem(path, message),
    ),
  );
}

function earlier(draft: StepDraft, steps: readonly StepDraft[]): StepDraft[] {
  return steps.filter(({ spec }) => spec.stage < draft.spec.stage);
}

/** Every name in the settings of a step, with what it names. */
export function namesIn(
  draft: StepDraft,
): { what: NameOf; name: string; path: readonly (string | number)[] }[] {
  const table = kindOf(draft.spec.kind)?.names ?? {};
  return textsIn(draft.spec.settings).flatMap(({ text, path }) => {
    const what = lookUp(table, path);
    return what === undefined ? [] : [{ what, name: text, path }];
  });
}

function nameProblems(draft: StepDraft, steps: readonly StepDraft[], names: NameWorld): Problem[] {
  const { world, around } = names;
  return namesIn(draft).flatMap(({ what, name, path }): Problem[] => {
    const { locator } = draft;
    const check = (word: string, known: Iterable<string> | undefined): Problem[] =>
      known === undefined ? [] : unknown(word, name, known, path, locator);
    switch (what) {
      case 'artifact':
        return artifactProblems(draft, name, path, world);
      case 'channel':
        return check('channel', world.channels.keys());
      case 'audience':
        return check('room', around.rooms);
      case 'tracker':
        return check('tracker', around.trackers);
      case 'registry':
        return check('registry', around.registries);
      case 'contact':
        return check('contact', around.contacts);
      case 'role':
        return check('role', around.roles);
      case 'secret':
        return secretProblems(draft, name, path, around);
      case 'evidence':
        return check('step', names.evidence);
      case 'step':
      case 'step:image':
      case 'step:notes':
      case 'step:pull-request':
      case 'step:branch':
        return referenceProblems(draft, steps, what, name, path);
    }
  });
}

function artifactProblems(draft: StepDraft, name: string, path: Path, { artifacts }: World): Problem[] {
  const wrong = unknown('artifact', name, artifacts.keys(), path, draft.locator);
  if (wrong.length > 0 || draft.spec.kind !== 'store') return wrong;
  if (artifacts.get(name)?.value.archive !== undefined) return [];
  return [draft.locator.problem(path, `"${name}" has no "archive" where it could be stored`)];
}

function secretProblems(draft: StepDraft, name: string, path: Path, { secrets }: Surroundings): Problem[] {
  if (secrets === undefined || secrets.get(name)?.has(draft.spec.id) === true) return [];
  const hint = secrets.has(name) ? '' : didYouMean(name, secrets.keys());
  const message = `the secret ${name} is not granted to the step "${draft.spec.id}" in slipway.yaml${hint}`;
  return [draft.locator.problem(path, message)];
}

function referenceProblems(
  draft: StepDraft,
  steps: readonly StepDraft[],
  what: NameOf,
  name: string,
  path: Path,
): Problem[] {
  const kind = what === 'step' ? undefined : what.slice('step:'.length);
  const found = stepNamed(name, draft, steps);
  if (found !== undefined && (kind === undefined || found.spec.kind === kind)) return [];
  if (found !== undefined)
    return [
      draft.locator.problem(path, `"${name}" is a step of the kind "${found.spec.kind}", not "${kind}"`),
    ];
  const known = earlier(draft, steps).filter(({ spec }) => kind === undefined || spec.kind === kind);
  const words = kind === undefined ? 'step' : `"${kind}"`;
  const hint = didYouMean(
    name,
    known.map(({ spec }) => spec.id),
  );
  return [draft.locator.problem(path, `no ${words} before this step has the id "${name}"${hint}`)];
}

function metricProblems(draft: StepDraft, { world }: NameWorld): Problem[] {
  return textsIn(draft.spec.settings).flatMap(({ text, path }) => {
    if (path[0] !== 'expect') return [];
    const [metric = ''] = text.split(' ');
    return unknown('metric', metric, world.metrics.keys(), path, draft.locator);
  });
}

function workerProblems({ spec, locator }: StepDraft, { around }: NameWorld): Problem[] {
  if (around.workers === undefined) return [];
  return unknown('worker', spec.runsOn, ['default', ...around.workers], ['runs-on'], locator);
}

/** A problem if a name is not among the known ones. */
export function unknown(
  what: string,
  name: string,
  known: Iterable<string>,
  path: Path,
  yaml: Locator,
  at: 'key' | 'value' = 'value',
): Problem[] {
  const names = [...known];
  if (names.includes(name)) return [];
  return [yaml.problem(path, `there is no ${what} "${name}"${didYouMean(name, names)}`, at)];
}
