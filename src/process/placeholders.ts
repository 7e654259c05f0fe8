import { SlipwayError } from '../error.js';
import { inputProblem, placeholderTypeOf } from './inputs.js';
import type { DeclaredInputs } from './inputs.js';
import { outputReference, outputTypeOf } from './outputs.js';
import { didYouMean } from '../suggest.js';
import { placeProblem, textProblem, timeProblem, urlProblem, wordProblem } from './words.js';
import type { PlaceholderType, TextPlace } from './words.js';

export { inputProblem };
export type { DeclaredInputs };

interface Meaning {
  type: PlaceholderType;
  /** Only the run itself will know it. */
  late: boolean;
}

/** Every name between braces that is no input and no output, with what it stands for. */
export const placeholderNames: ReadonlyMap<string, Meaning> = new Map([
  ...named('word', false, 'project', 'repo', 'series', 'version', 'line', 'tag', 'candidate', 'previous'),
  ...named('word', false, 'next-development', 'branch', 'commit', 'short-commit', 'date'),
  ...named('word', false, 'supported-until', 'release-kind'),
  ...named('url', true, 'notes-url', 'release-url', 'run-url'),
  ...named('text', true, 'notes', 'verified', 'release-urls'),
  ...named('text', false, 'requester', 'versions'),
]);

function named(type: PlaceholderType, late: boolean, ...names: string[]): [string, Meaning][] {
  return names.map((name) => [name, { type, late }]);
}

/** What to fill in, by the name between the braces: `version`, `inputs.reason`. Empty where there is nothing to say. */
export type PlaceholderValues = Readonly<Record<string, string>>;

/** Why an output cannot be had where a text stands, or undefined. */
export type OutputProblem = (step: string, output: string) => string | undefined;

// Braces around anything else (JSON, `{}`, `{a,b}`) are just braces.
const placeholder = /\{([A-Za-z0-9_. -]+)\}/g;

/** The text with the placeholders filled in that have a value, for people to look at; nothing is checked. */
export function shownWith(text: string, values: PlaceholderValues): string {
  return text.replaceAll(placeholder, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
  );
}

/** The names between the braces of a text, in order. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(placeholder)].map(([, name]) => name ?? '');
}

/** Whether a text names something that only the run itself will know. */
export function isLate(text: string): boolean {
  return placeholdersIn(text).some(
    (name) => placeholderNames.get(name)?.late === true || outputReference(name) !== undefined,
  );
}

/** What is wrong with the placeholders of a text, known before any value is. */
export function templateProblems(
  text: string,
  place: TextPlace,
  inputs: DeclaredInputs,
  outputProblem?: OutputProblem,
): string[] {
  const problems = placeholdersIn(text).flatMap((name) => {
    const wrong = nameProblem(name, place, inputs);
    if (wrong !== undefined) return [wrong];
    if (isWholePlace(place, name, inputs) && text !== `{${name}}`)
      return [`{${name}} must be the whole value here`];
    const reference = outputReference(name);
    return reference === undefined ? [] : (outputProblem?.(reference.step, reference.output) ?? []);
  });
  if (problems.length > 0 || place === 'none') return problems;
  // With every placeholder as the shortest value of its type, only the author's own characters can be wrong.
  const sample = text.replaceAll(placeholder, (_, name: string) => samples[typeOf(name, inputs) ?? 'word']);
  const shape = placeProblem(sample, place);
  return shape === undefined ? [] : [`"${text}" ${shape}`];
}

const samples: Record<PlaceholderType, string> = {
  word: 'x',
  url: 'https://x',
  text: 'x',
  list: 'x',
  time: '2026-01-01T00:00Z',
};

function isWholePlace(place: TextPlace, name: string, inputs: DeclaredInputs): boolean {
  return place === 'time' || (place === 'list' && typeOf(name, inputs) === 'list');
}

function nameProblem(name: string, place: TextPlace, inputs: DeclaredInputs): string | undefined {
  const type = typeOf(name, inputs);
  if (type === undefined) return `unknown placeholder {${name}}${didYouMean(name.trim(), known(inputs))}`;
  if (place === 'none') return `{${name}} cannot stand here: this is taken as it is written`;
  if (!mayStand(type, place))
    return `{${name}} is ${typeWords[type]} and cannot stand in ${placeWords[place]}`;
  const input = inputOf(name, inputs);
  if (input?.optional !== true || input.default !== undefined || place === 'text' || place === 'list')
    return undefined;
  return `{${name}} is optional and cannot stand in ${placeWords[place]}`;
}

function mayStand(type: PlaceholderType, place: TextPlace): boolean {
  switch (type) {
    case 'word':
      return place !== 'time';
    case 'url':
      return place === 'argument' || place === 'url' || place === 'text';
    case 'text':
      return place === 'text';
    case 'list':
      return place === 'list';
    case 'time':
      return place === 'time' || place === 'text';
  }
}

const typeWords: Record<PlaceholderType, string> = {
  word: 'a word',
  url: 'a URL',
  text: 'text',
  list: 'a list',
  time: 'a time',
};

const placeWords: Record<TextPlace, string> = {
  none: 'this place',
  ref: 'a name of a branch or tag',
  path: 'a path',
  glob: 'a path',
  argument: 'an argument',
  address: 'an address',
  url: 'a URL',
  list: 'a list',
  time: 'a time',
  text: 'a text',
};

function typeOf(name: string, inputs: DeclaredInputs): PlaceholderType | undefined {
  const fixed = placeholderNames.get(name)?.type;
  if (fixed !== undefined) return fixed;
  const reference = outputReference(name);
  if (reference !== undefined) return outputTypeOf(reference.output);
  const input = inputOf(name, inputs);
  return input === undefined ? undefined : placeholderTypeOf(input.type);
}

function inputOf(name: string, inputs: DeclaredInputs): DeclaredInputs[string] | undefined {
  if (!name.startsWith('inputs.')) return undefined;
  const key = name.slice('inputs.'.length);
  return Object.hasOwn(inputs, key) ? inputs[key] : undefined;
}

function known(inputs: DeclaredInputs): string[] {
  return [...placeholderNames.keys(), ...Object.keys(inputs).map((name) => `inputs.${name}`)];
}

/**
 * The text with its values filled in, in one pass: braces in a value stay what they are. All that was checked at load
 * is checked again, now with the values.
 * @throws SlipwayError command-invalid where an input is wrong, else config-invalid
 */
export function fillIn(
  text: string,
  place: TextPlace,
  inputs: DeclaredInputs,
  values: PlaceholderValues,
): string {
  const filled = text.replaceAll(placeholder, (_, name: string) => valueOf(name, place, inputs, values));
  const problem = placeProblem(filled, place);
  if (problem !== undefined) throw new SlipwayError('config-invalid', `${shown(filled)} ${problem}`);
  return filled;
}

function valueOf(name: string, place: TextPlace, inputs: DeclaredInputs, values: PlaceholderValues): string {
  const problem = nameProblem(name, place, inputs);
  if (problem !== undefined) throw new SlipwayError('config-invalid', problem);
  const given = Object.hasOwn(values, name) ? values[name] : undefined;
  const input = inputOf(name, inputs);
  if (input !== undefined) {
    const wrong = inputProblem(input, given ?? '');
    if (wrong !== undefined)
      throw new SlipwayError('command-invalid', `${name} ${shown(given ?? '')} ${wrong}`);
    return given === undefined || given === '' ? (input.default ?? '') : given;
  }
  // Notes that were published nowhere have no URL, and a step that was skipped gives nothing: people can read that too.
  const mayBeMissing = placeholderNames.get(name)?.type === 'url' || outputReference(name) !== undefined;
  if (given === undefined && place === 'text' && mayBeMissing) return '';
  if (given === undefined) throw new SlipwayError('config-invalid', `{${name}} has no value here`);
  // There is no previous version before the first; people can read that, a program cannot.
  if (given === '' && place === 'text') return '';
  const wrong = valueProblem(typeOf(name, inputs), given, name);
  if (wrong !== undefined) throw new SlipwayError('config-invalid', `{${name}} ${shown(given)} ${wrong}`);
  return given;
}

function valueProblem(type: PlaceholderType | undefined, value: string, name: string): string | undefined {
  switch (type) {
    case 'word':
      return wordProblem(value);
    case 'url':
      return urlProblem(value);
    case 'time':
      return timeProblem(value);
    case 'text':
      // Notes are as long as they are; who sends them cuts them to what the place can hold.
      return name === 'notes' ? undefined : textProblem(value);
    default:
      return undefined;
  }
}

function shown(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}
