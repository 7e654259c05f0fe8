import { z } from 'zod';
import { OneLine } from './names.js';
import { textProblem, timeProblem, urlProblem, wordProblem } from './words.js';
import type { PlaceholderType } from './words.js';

/** What a person can be asked for. */
export const inputTypes = [
  'text',
  'word',
  'version',
  'id',
  'choice',
  'commit',
  'commits',
  'yes',
  'url',
  'time',
] as const;
export type InputType = (typeof inputTypes)[number];

/** `inputs.x` of an operation: what a person is asked for. */
export const Input = z.strictObject({
  type: z.enum(inputTypes),
  about: OneLine,
  optional: z.boolean().default(false),
  /** What it is when nothing is given. */
  default: z.string().min(1).optional(),
  /** Of a choice. */
  values: z.array(z.string()).min(2).optional(),
});
export type Input = z.output<typeof Input>;

/** The inputs that an operation declares, as far as placeholders need them. */
export type DeclaredInputs = Readonly<
  Record<string, Pick<Input, 'type' | 'optional'> & Partial<Pick<Input, 'default' | 'values'>>>
>;

/** What a placeholder for an input of a type stands for. */
export function placeholderTypeOf(type: InputType): PlaceholderType {
  switch (type) {
    case 'text':
    case 'url':
    case 'time':
      return type;
    case 'commits':
      return 'list';
    case 'word':
    case 'version':
    case 'id':
    case 'choice':
    case 'commit':
    case 'yes':
      return 'word';
  }
}

/** The elements of a list that a person gave: separated by spaces or commas. */
export function listOf(value: string): string[] {
  return value.split(/[\s,]+/).filter((part) => part !== '');
}

const commit = /^[0-9a-f]{7,40}$/;

/** Why a value that a person gives for an input cannot be taken, or undefined. Of an optional one '' means not given. */
export function inputProblem(input: DeclaredInputs[string], value: string): string | undefined {
  if (value === '') return input.optional || input.default !== undefined ? undefined : 'is missing';
  switch (input.type) {
    case 'text':
      return textProblem(value);
    case 'word':
    case 'version':
      return wordProblem(value);
    case 'id':
      return /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(value) && !value.includes('..')
        ? undefined
        : 'is not an id: letters, digits and . _ -, at most 100';
    case 'choice': {
      const { values } = input;
      // A frozen plan keeps the type alone; the choice was made before.
      if (values === undefined) return wordProblem(value);
      return values.includes(value) ? undefined : `is not one of ${values.join(', ')}`;
    }
    case 'commit':
      return commit.test(value) ? undefined : 'is not a commit: 7 to 40 of the characters 0-9 and a-f';
    case 'commits': {
      const all = listOf(value);
      if (all.length > 100) return 'names more than 100 commits';
      const wrong = all.find((one) => !commit.test(one));
      return wrong === undefined && all.length > 0
        ? undefined
        : `is not a list of commits, each 7 to 40 of the characters 0-9 and a-f, with spaces between`;
    }
    case 'yes':
      return value === 'yes' || value === 'no' ? undefined : 'is neither yes nor no';
    case 'url':
      return urlProblem(value);
    case 'time':
      return timeProblem(value);
  }
}

/** What is contradictory in the declaration of an input, with the key to look at. */
export function inputRuleProblems(input: Input): { key: 'type' | 'values' | 'default'; message: string }[] {
  const { type, values, default: given } = input;
  if (type === 'choice' && values === undefined) return [{ key: 'type', message: 'a choice needs "values"' }];
  if (type !== 'choice' && values !== undefined)
    return [{ key: 'values', message: `"values" is only for "type: choice"` }];
  const wrong = (values ?? []).find((value) => wordProblem(value) !== undefined);
  if (wrong !== undefined) return [{ key: 'values', message: `"${wrong}" ${wordProblem(wrong)}` }];
  const problem = given === undefined ? undefined : inputProblem(input, given);
  return problem === undefined ? [] : [{ key: 'default', message: `"${given}" ${problem}` }];
}
