import { namesIn } from './effects.js';
import { placeholdersIn, templateProblems } from './placeholders.js';
import type { DeclaredInputs } from './placeholders.js';
import type { Path, YamlText } from './position.js';
import type { Problem } from './problems.js';
import type { ProcessFile } from './process-file.js';
import type { StepDraft } from './read-steps.js';
import { placeOf, textsIn } from './settings.js';
import { didYouMean } from './suggest.js';
import type { z } from 'zod';

/** What is outside a process file, as far as it is known where the file is loaded. What is left out is not checked. */
export interface Surroundings {
  rooms?: ReadonlySet<string>;
  storages?: ReadonlySet<string>;
  /** What the bot itself understands; no operation may be called so. */
  verbs?: ReadonlySet<string>;
  /** Secrets that are granted to the project, each with the steps that may see it. */
  secrets?: ReadonlyMap<string, ReadonlySet<string>>;
}

type File = z.output<typeof ProcessFile>;

/** Every name and template of the file outside its steps. */
export function fileProblems(file: File, around: Surroundings, yaml: YamlText): Problem[] {
  const problems: Problem[] = [];
  const template = (path: Path, text: string, place: 'path' | 'glob'): void => {
    for (const message of templateProblems(text, place, {})) problems.push(yaml.problem(path, message));
  };
  const storage = (path: Path, name: string): void => {
    if (around.storages !== undefined)
      problems.push(...unknown('storage', name, around.storages, path, yaml));
  };
  for (const [key, placeholder] of [['tag', 'version'] as const, ['branch', 'line'] as const]) {
    for (const message of refTemplateProblems(file.version[key], placeholder)) {
      problems.push(yaml.problem(['version', key], message));
    }
  }
  const { path: versionPath } = file.version.from;
  const versionFile = ['version', 'from', 'path'];
  if (placeholdersIn(versionPath).length > 0)
    problems.push(yaml.problem(versionFile, 'a path without placeholders'));
  else template(versionFile, versionPath, 'path');

  for (const [name, { file: glob, archive }] of Object.entries(file.artifacts)) {
    template(['artifacts', name, 'file'], glob, 'glob');
    if (archive === undefined) continue;
    const path = ['artifacts', name, 'archive', 'path'];
    // A tag may hold characters that a key in a storage may not.
    template(path, archive.path.replaceAll('{tag}', file.version.tag), 'path');
    storage(['artifacts', name, 'archive', 'in'], archive.in);
    if (!placeholdersIn(archive.path).some((it) => it === 'version' || it === 'tag')) {
      problems.push(yaml.problem(path, 'an archive keeps every version: its path needs {version}'));
    }
  }
  problems.push(...channelProblems(file, template, storage, yaml));
  for (const name of Object.keys(file.operations)) {
    if (around.verbs?.has(name) !== true && name !== 'default') continue;
    const message = `"${name}" means something else already; give this operation another name`;
    problems.push(yaml.problem(['operations', name], message, 'key'));
  }
  return problems;
}

function channelProblems(
  file: File,
  template: (path: Path, text: string, place: 'path') => void,
  storage: (path: Path, name: string) => void,
  yaml: YamlText,
): Problem[] {
  const problems: Problem[] = [];
  const taken = new Map<string, string>();
  for (const [name, channel] of Object.entries(file.channels)) {
    storage(['channels', name, 'in'], channel.in);
    if (Object.keys(channel.files).length === 0) {
      problems.push(yaml.problem(['channels', name, 'files'], 'a channel needs a file'));
    }
    for (const [artifact, target] of Object.entries(channel.files)) {
      const path = ['channels', name, 'files', artifact];
      problems.push(...unknown('artifact', artifact, Object.keys(file.artifacts), path, yaml, 'key'));
      template(path, target, 'path');
      const moving = placeholdersIn(target).find((it) => it !== 'project');
      if (moving !== undefined) {
        problems.push(
          yaml.problem(path, `a channel stays at one place: {${moving}} cannot stand in its path`),
        );
      }
      const address = `${channel.in}:${target}`;
      const other = taken.get(address);
      if (other !== undefined)
        problems.push(yaml.problem(path, `"${address}" is already in the channel "${other}"`));
      taken.set(address, name);
    }
  }
  return problems;
}

/** A tag or branch is found again by its name, so it holds exactly the one thing that tells it from the others. */
function refTemplateProblems(text: string, placeholder: 'version' | 'line'): string[] {
  const found = placeholdersIn(text);
  if (found.length === 1 && found[0] === placeholder) return templateProblems(text, 'ref', {});
  return [`"${text}" needs {${placeholder}} once and no other placeholder`];
}

/** Every name and template in the steps of one operation. */
export function stepProblems(
  steps: readonly StepDraft[],
  inputs: DeclaredInputs,
  file: File,
  around: Surroundings,
  yaml: YamlText,
): Problem[] {
  const problems: Problem[] = [];
  for (const draft of steps) {
    const { kind } = draft.spec;
    for (const { text, path } of textsIn(draft.written)) {
      for (const message of templateProblems(text, placeOf(kind, path), inputs)) {
        problems.push(yaml.problem([...draft.path, ...path], message));
      }
    }
    const check = (what: string, key: string, known: Iterable<string>): void => {
      for (const { name, path } of namesIn(draft, key))
        problems.push(...unknown(what, name, known, path, yaml));
    };
    if (kind === 'run') {
      check('artifact', 'produces', Object.keys(file.artifacts));
      problems.push(...secretProblems(draft, around, yaml));
    }
    if (kind === 'store') {
      check('artifact', 'artifacts', Object.keys(file.artifacts));
      for (const { name, path } of namesIn(draft, 'artifacts')) {
        const artifact = file.artifacts[name];
        if (artifact === undefined || artifact.archive !== undefined) continue;
        problems.push(yaml.problem(path, `"${name}" has no "archive" where it could be stored`));
      }
    }
    if (kind === 'channel') {
      check('channel', 'move', Object.keys(file.channels));
      const to: unknown = draft.written['to'];
      const path = [...draft.path, 'to'];
      if (typeof to === 'string')
        problems.push(...unknown('channel', to, Object.keys(file.channels), path, yaml));
    }
    if (kind === 'announce' && around.rooms !== undefined) check('room', 'to', around.rooms);
  }
  return problems;
}

function secretProblems(draft: StepDraft, { secrets }: Surroundings, yaml: YamlText): Problem[] {
  if (secrets === undefined) return [];
  return namesIn(draft, 'secrets').flatMap(({ name, path }) => {
    if (secrets.get(name)?.has(draft.spec.id) === true) return [];
    const hint = secrets.has(name) ? '' : didYouMean(name, secrets.keys());
    const message = `the secret ${name} is not granted to the step "${draft.spec.id}" in slipway.yaml${hint}`;
    return [yaml.problem(path, message)];
  });
}

/** A problem if a name is not among the known ones. */
export function unknown(
  what: string,
  name: string,
  known: Iterable<string>,
  path: Path,
  yaml: YamlText,
  at: 'key' | 'value' = 'value',
): Problem[] {
  const names = [...known];
  if (names.includes(name)) return [];
  return [yaml.problem(path, `there is no ${what} "${name}"${didYouMean(name, names)}`, at)];
}
