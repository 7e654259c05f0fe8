import type { PlaceholderType } from './words.js';

/** What steps give to the steps after them, by `{steps.<id>.<output>}`, and what each stands for. */
export const outputTypes = {
  branch: 'word',
  commit: 'word',
  tag: 'word',
  number: 'word',
  run: 'word',
  open: 'word',
  url: 'url',
  urls: 'text',
  digest: 'text',
  verified: 'text',
} as const satisfies Record<string, PlaceholderType>;

/** Name of an output. */
export type OutputName = keyof typeof outputTypes;

/** The two names in `steps.here.tag.commit`: the step, whose id may hold a dot, and its output. */
export function outputReference(name: string): { step: string; output: string } | undefined {
  const match = /^steps\.([^{}]+)\.([^.]+)$/.exec(name);
  const [, step, output] = match ?? [];
  return step === undefined || output === undefined ? undefined : { step, output };
}

/** What an output stands for; undefined where there is none of that name. */
export function outputTypeOf(output: string): PlaceholderType | undefined {
  return Object.entries(outputTypes).find(([name]) => name === output)?.[1];
}
