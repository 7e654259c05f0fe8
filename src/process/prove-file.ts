import { RE2JS } from 're2js';
import { ruleProblem } from '../release/versions/index.js';
import { linePatternProblem } from './line-text.js';
import { placeholdersIn, templateProblems } from './placeholders.js';
import type { Problem } from './problems.js';
import { unknown } from './prove-names.js';
import type { Surroundings } from './prove-names.js';
import type { Place } from './raw-step.js';
import { schemeRuleOf } from './version-rule.js';
import type { SeriesRule, VersionRule } from './version-rule.js';
import type { Entry, World } from './world.js';
import type { VersionPlace } from '../release/plan.js';

// All operations are asked for behind this verb, so that one of this name is never mistaken for it.
const operationVerb = 'release';

/** Every name and template outside of the operations. */
export function fileProblems(world: World, around: Surroundings): Problem[] {
  const { version, series, parts, operations, variants } = world;
  const problems: Problem[] = [];
  if (version !== undefined) {
    problems.push(...ruleProblems(version), ...versionProblems(version));
  }
  for (const rule of series.values()) problems.push(...ruleProblems(rule));
  problems.push(
    ...artifactProblems(world, around),
    ...channelProblems(world, around),
    ...metricProblems(world),
  );
  for (const [name, { at }] of operations) {
    const isVerb = name !== operationVerb && around.verbs?.has(name) === true;
    if (isVerb || name === 'default')
      problems.push(
        told(at, [], `"${name}" means something else already; give this operation another name`, 'key'),
      );
    const part = parts.get(name);
    if (part !== undefined) {
      const message = `"${name}" is also an operation; give this part another name, so that it is clear what is included`;
      problems.push(told(part.at, [], message, 'key'));
    }
  }
  for (const { value, at } of variants.values()) {
    for (const [index, name] of (value.for ?? []).entries())
      problems.push(...unknown('operation', name, operations.keys(), [...at.path, 'for', index], at.yaml));
  }
  return problems;
}

function told(
  { yaml, path }: Place,
  inner: (string | number)[],
  message: string,
  at?: 'key' | 'value',
): Problem {
  return yaml.problem([...path, ...inner], message, at);
}

function ruleProblems({ value, at }: Entry<VersionRule | SeriesRule>): Problem[] {
  const problems: Problem[] = [];
  const wrong = ruleProblem(schemeRuleOf(value));
  if (wrong !== undefined) problems.push(told(at, [wrong.key], wrong.message));
  for (const message of refTemplateProblems(value.tag, 'version')) problems.push(told(at, ['tag'], message));
  for (const message of value.branch === undefined ? [] : refTemplateProblems(value.branch, 'line'))
    problems.push(told(at, ['branch'], message));
  return problems;
}

function versionProblems({ value, at }: Entry<VersionRule>): Problem[] {
  const problems: Problem[] = [];
  const { from, also, scheme } = value;
  const hasClock = scheme === 'calver' || scheme === 'lts';
  if (from === 'clock' && !hasClock)
    problems.push(told(at, [], `"from" is missing: where a ${scheme} version is read`, 'key'));
  if (from !== 'clock' && scheme === 'calver')
    problems.push(told(at, ['from'], 'a calendar version is taken from the clock; leave "from" out', 'key'));
  if (typeof from === 'object') problems.push(...placeProblems(from, at, ['from']));
  for (const [index, place] of also.entries()) problems.push(...placeProblems(place, at, ['also', index]));
  if (also.length > 0 && typeof from !== 'object')
    problems.push(told(at, ['also'], '"also" is for a version that "from" reads in a file', 'key'));
  for (const [index, command] of value.follow.entries()) {
    for (const [part, text] of command.entries()) {
      for (const message of templateProblems(text, 'none', {}))
        problems.push(told(at, ['follow', index, part], message));
    }
  }
  return problems;
}

function placeProblems(place: VersionPlace, at: Place, key: (string | number)[]): Problem[] {
  const problems =
    placeholdersIn(place.path).length > 0
      ? ['a path without placeholders']
      : templateProblems(place.path, 'path', {});
  const wrong = problems.map((message) => told(at, [...key, 'path'], message));
  const line = 'line' in place ? linePatternProblem(place.line) : undefined;
  return line === undefined ? wrong : [...wrong, told(at, [...key, 'line'], `this line ${line}`)];
}

/** A tag or branch is found again by its name, so it holds exactly the one thing that tells it from the others. */
function refTemplateProblems(text: string, placeholder: 'version' | 'line'): string[] {
  const found = placeholdersIn(text);
  if (found.length === 1 && found[0] === placeholder) return templateProblems(text, 'ref', {});
  return [`"${text}" needs {${placeholder}} once and no other placeholder`];
}

function artifactProblems({ artifacts, version }: World, { storages }: Surroundings): Problem[] {
  const problems: Problem[] = [];
  for (const { value, at } of artifacts.values()) {
    for (const message of templateProblems(value.file, 'glob', {}))
      problems.push(told(at, ['file'], message));
    const { archive } = value;
    if (archive === undefined) continue;
    // A tag may hold characters that a key in a storage may not.
    const path = archive.path.replaceAll('{tag}', version?.value.tag ?? '{tag}');
    for (const message of templateProblems(path, 'path', {}))
      problems.push(told(at, ['archive', 'path'], message));
    problems.push(...storageProblems(archive.in, at, ['archive', 'in'], storages));
    if (!placeholdersIn(archive.path).some((it) => it === 'version' || it === 'tag'))
      problems.push(
        told(at, ['archive', 'path'], 'an archive keeps every version: its path needs {version}'),
      );
  }
  return problems;
}

function channelProblems({ artifacts, channels }: World, { storages }: Surroundings): Problem[] {
  const problems: Problem[] = [];
  const taken = new Map<string, string>();
  for (const [name, { value, at }] of channels) {
    problems.push(...storageProblems(value.in, at, ['in'], storages));
    if (Object.keys(value.files).length === 0) problems.push(told(at, ['files'], 'a channel needs a file'));
    for (const [artifact, target] of Object.entries(value.files)) {
      const path = [...at.path, 'files', artifact];
      problems.push(...unknown('artifact', artifact, artifacts.keys(), path, at.yaml, 'key'));
      for (const message of templateProblems(target, 'path', {}))
        problems.push(at.yaml.problem(path, message));
      const moving = placeholdersIn(target).find((it) => it !== 'project');
      if (moving !== undefined) {
        const message = `a channel stays at one place: {${moving}} cannot stand in its path`;
        problems.push(at.yaml.problem(path, message));
      }
      const address = `${value.in}:${target}`;
      const other = taken.get(address);
      if (other !== undefined)
        problems.push(at.yaml.problem(path, `"${address}" is already in the channel "${other}"`));
      taken.set(address, name);
    }
  }
  return problems;
}

function storageProblems(
  name: string,
  { yaml, path }: Place,
  inner: string[],
  storages: ReadonlySet<string> | undefined,
): Problem[] {
  return storages === undefined ? [] : unknown('storage', name, storages, [...path, ...inner], yaml);
}

function metricProblems({ metrics }: World): Problem[] {
  return [...metrics.values()].flatMap(({ value, at }): Problem[] => {
    if ('pattern' in value) {
      const problem = patternProblem(value.pattern, Object.keys(value.units ?? {}));
      return problem === undefined ? [] : [told(at, ['pattern'], problem)];
    }
    const [key, text] =
      'size-of' in value ? (['size-of', value['size-of']] as const) : (['count-line', ''] as const);
    if (key === 'count-line') return [];
    return templateProblems(text, 'glob', {}).map((message) => told(at, [key], message));
  });
}

/** RE2, which takes no time bombs; `{number}` and `{unit}` are ours. */
function patternProblem(pattern: string, units: string[]): string | undefined {
  if (pattern.length > 1_000) return 'a pattern has at most 1,000 characters';
  if (!pattern.includes('{number}')) return 'a pattern needs {number}';
  if (pattern.includes('{unit}') && units.length === 0) return '{unit} needs "units"';
  const source = pattern.replaceAll('{number}', '([0-9.]+)').replaceAll('{unit}', '([a-z]+)');
  try {
    RE2JS.compile(source);
    return undefined;
  } catch (error) {
    return `not a pattern of RE2: ${error instanceof Error ? error.message : 'it cannot be read'}`;
  }
}
