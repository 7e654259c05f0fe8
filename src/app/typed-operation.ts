import { SlipwayError } from '../error.js';
import { inputProblem } from '../process/inputs.js';
import { resolveOperation } from '../process/load-process.js';
import type { Operation, Process } from '../process/process-file.js';
import { didYouMean } from '../suggest.js';

/** The operation that was typed, with its variants. @throws SlipwayError command-invalid */
export function operationTyped(
  process: Process,
  project: string,
  name: string,
  variants: readonly string[],
): Operation {
  const known = Object.keys(process.operations);
  if (known.includes(name)) return resolveOperation(process, name, variants);
  throw new SlipwayError(
    'command-invalid',
    name === ''
      ? `No operation of ${project} is named.`
      : `"${name}" is no operation of ${project}${didYouMean(name, known) || '.'}`,
    {
      hint: `Nothing was started. Operations: ${known.join(', ')}.`,
    },
  );
}

/**
 * Words after an operation: those that the process knows as variants, and the version. A word may come as several lines.
 * @throws SlipwayError command-invalid for a second word that is no variant
 */
export function wordsTyped(
  process: Process,
  words: readonly (string | undefined)[],
): { version: string | undefined; variants: string[] } {
  const known = Object.keys(process.variants);
  const all = words.flatMap((word) => (word === undefined ? [] : word.split('\n')));
  const variants = [...new Set(all.filter((word) => known.includes(word)))];
  const [version, other] = all.filter((word) => !known.includes(word));
  if (other === undefined) return { version, variants };
  throw new SlipwayError(
    'command-invalid',
    `"${other}" is no variant of ${process.name}${didYouMean(other, known) || '.'}`,
    {
      hint: `Nothing was started. ${known.length === 0 ? 'The process has no variants.' : `Variants: ${known.join(', ')}.`}`,
    },
  );
}

/** The inputs that an operation cannot be started without and that were not typed, with what they are about. */
export function inputsMissing(
  text: string | undefined,
  declared: Operation['inputs'],
): { input: string; about: string }[] {
  const said = (text ?? '').split('\n').map((line) => line.slice(0, Math.max(0, line.indexOf('='))));
  return Object.entries(declared)
    .filter(([name, one]) => !one.optional && one.default === undefined && !said.includes(name))
    .map(([input, { about }]) => ({ input, about }));
}

/**
 * The inputs that were typed, `name=value` a line, with the defaults of those that were not. Checked when they are typed:
 * what waits in a queue, or stops a run first, must not fail for them later.
 * @throws SlipwayError command-invalid
 */
export function inputsTyped(text: string | undefined, declared: Operation['inputs']): Record<string, string> {
  const known = Object.keys(declared);
  const inputs: Record<string, string> = {};
  for (const line of text === undefined || text === '' ? [] : text.split('\n')) {
    const at = line.indexOf('=');
    const name = line.slice(0, at);
    if (at < 1 || !known.includes(name)) {
      throw new SlipwayError(
        'command-invalid',
        `"${line}" is no input of this operation${didYouMean(name, known) || '.'}`,
        {
          hint: `Nothing was started. Inputs: ${known.join(', ') || 'none'}. Write --input name=value.`,
        },
      );
    }
    inputs[name] = line.slice(at + 1);
  }
  for (const [name, input] of Object.entries(declared)) {
    const problem = inputProblem(input, inputs[name] ?? '');
    if (problem !== undefined) {
      throw new SlipwayError('command-invalid', `The input "${name}" (${input.about}) ${problem}.`, {
        hint: `Nothing was started. Add --input ${name}=…`,
      });
    }
    if ((inputs[name] ?? '') === '' && input.default !== undefined) inputs[name] = input.default;
  }
  return inputs;
}
