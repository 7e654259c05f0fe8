import { SlipwayError } from '../error.js';

/** Keys and indexes from the top of a file to a value in it. */
export type Path = readonly PropertyKey[];

/** One thing that is wrong in a file, with its place (both counted from 1). */
export interface Problem {
  file: string;
  line: number;
  column: number;
  message: string;
  /** The value that it is about, where the file could be read. */
  path?: Path;
}

/** The problems in the order of their places, each once, as `file:line:column: message`. */
export function describeProblems(problems: readonly Problem[]): string[] {
  const ordered = [...problems].sort(
    (a, b) =>
      compareTexts(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compareTexts(a.message, b.message),
  );
  return [...new Set(ordered.map((it) => `${it.file}:${it.line}:${it.column}: ${it.message}`))];
}

/** All problems of a load as the one error that is thrown. */
export function problemsError(problems: readonly Problem[]): SlipwayError {
  return new SlipwayError('config-invalid', describeProblems(problems).join('\n'), {
    hint: 'Correct the places named and load again; nothing was started.',
  });
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
