import { SlipwayError } from '../error.js';
import { didYouMean } from './suggest.js';
import { placeProblem, textProblem, wordProblem } from './words.js';
import type { TextPlace } from './words.js';

/** A word may stand everywhere, a text only where people read it. */
export type PlaceholderType = 'word' | 'text';

const types = new Map<string, PlaceholderType>([
  ['project', 'word'],
  ['version', 'word'],
  ['line', 'word'],
  ['tag', 'word'],
  ['branch', 'word'],
  ['candidate', 'word'],
  ['previous', 'word'],
  ['commit', 'word'],
  ['short-commit', 'word'],
  ['requester', 'text'],
]);

/** The inputs that an operation declares, as far as placeholders need them. */
export type DeclaredInputs = Readonly<Record<string, { type: PlaceholderType; optional: boolean }>>;

/** What to fill in, by the name between the braces: `version`, `inputs.reason`. Empty where there is nothing to say. */
export type PlaceholderValues = Readonly<Record<string, string>>;

// Braces around anything else (JSON, `{}`, `{a,b}`) are just braces.
const placeholder = /\{([A-Za-z0-9_. -]+)\}/g;

/** The names between the braces of a text, in order. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(placeholder)].map(([, name]) => name ?? '');
}

/** What is wrong with the placeholders of a text, known before any value is. */
export function templateProblems(text: string, place: TextPlace, inputs: DeclaredInputs): string[] {
  const problems = placeholdersIn(text).flatMap((name) => nameProblem(name, place, inputs) ?? []);
  if (problems.length > 0) return problems;
  // With every placeholder as the shortest word, only the author's own characters can be wrong.
  const shape = placeProblem(text.replaceAll(placeholder, 'x'), place);
  return shape === undefined ? [] : [`"${text}" ${shape}`];
}

function nameProblem(name: string, place: TextPlace, inputs: DeclaredInputs): string | undefined {
  const type = typeOf(name, inputs);
  if (type === undefined) return `unknown placeholder {${name}}${didYouMean(name.trim(), known(inputs))}`;
  if (place === 'none') return `{${name}} cannot stand here: this is taken as it is written`;
  if (place === 'text') return undefined;
  if (type === 'text') return `{${name}} is text and cannot stand in ${placeWords[place]}`;
  return inputOf(name, inputs)?.optional === true
    ? `{${name}} is optional and cannot stand in ${placeWords[place]}`
    : undefined;
}

const placeWords = {
  ref: 'a name of a branch or tag',
  path: 'a path',
  glob: 'a path',
  argument: 'an argument',
};

function typeOf(name: string, inputs: DeclaredInputs): PlaceholderType | undefined {
  return types.get(name) ?? inputOf(name, inputs)?.type;
}

function inputOf(name: string, inputs: DeclaredInputs): DeclaredInputs[string] | undefined {
  if (!name.startsWith('inputs.')) return undefined;
  const key = name.slice('inputs.'.length);
  return Object.hasOwn(inputs, key) ? inputs[key] : undefined;
}

function known(inputs: DeclaredInputs): string[] {
  return [...types.keys(), ...Object.keys(inputs).map((name) => `inputs.${name}`)];
}

/** Why a value that a person gives for an input cannot be taken, or undefined. Of an optional one '' means not given. */
export function inputProblem(input: DeclaredInputs[string], value: string): string | undefined {
  if (value === '') return input.optional ? undefined : 'is missing';
  return input.type === 'word' ? wordProblem(value) : textProblem(value);
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
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  const input = inputOf(name, inputs);
  if (input !== undefined) {
    const wrong = inputProblem(input, value ?? '');
    if (wrong !== undefined)
      throw new SlipwayError('command-invalid', `${name} ${shown(value ?? '')} ${wrong}`);
    return value ?? '';
  }
  if (value === undefined) throw new SlipwayError('config-invalid', `{${name}} has no value here`);
  // There is no previous version before the first; people can read that, a program cannot.
  if (value === '' && place === 'text') return '';
  const wrong = typeOf(name, inputs) === 'word' ? wordProblem(value) : textProblem(value);
  if (wrong !== undefined) throw new SlipwayError('config-invalid', `{${name}} ${shown(value)} ${wrong}`);
  return value;
}

function shown(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}
