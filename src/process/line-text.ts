import type { Refusal, TextValue } from './text-value.js';

const mark = '{version}';
const versionCharacter = /[0-9A-Za-z._+!-]/;

/** Why a pattern such as `__version__ = "{version}"` cannot find a version, or undefined. */
export function linePatternProblem(pattern: string): string | undefined {
  const parts = pattern.split(mark);
  if (parts.length !== 2) return `needs ${mark} exactly once`;
  if (/[\r\n]/.test(pattern)) return 'is more than one line';
  // The version would have no end that could be told from what follows it.
  return versionCharacter.test(parts[1]?.charAt(0) ?? '')
    ? `has "${parts[1]?.charAt(0)}" right after ${mark}, which could be a part of the version`
    : undefined;
}

/**
 * Finds the version in the one line of a file that is written as a pattern says. Spaces around the line do not count,
 * and a comment may follow after a space. The pattern is a text, never a regular expression.
 */
export function findInLines(text: string, pattern: string): TextValue | Refusal {
  const problem = linePatternProblem(pattern);
  if (problem !== undefined)
    return { offset: 0, message: `the pattern ${JSON.stringify(pattern)} ${problem}` };
  const [before = '', after = ''] = pattern.trim().split(mark);
  const finds: TextValue[] = [];
  const numbers: number[] = [];
  let start = text.startsWith('\ufeff') ? 1 : 0;
  for (const [index, line] of text.slice(start).split('\n').entries()) {
    const found = findInLine(line, before, after);
    if (found !== undefined) {
      finds.push({ start: start + found.start, end: start + found.end });
      numbers.push(index + 1);
    }
    start += line.length + 1;
  }
  const [first, second] = finds;
  if (first === undefined) return { offset: 0, message: `no line is written as ${pattern.trim()}` };
  if (second === undefined) return first;
  const lines = `${numbers.slice(0, 10).join(', ')}${numbers.length > 10 ? ', …' : ''}`;
  const message = `${finds.length} lines are written as ${pattern.trim()} (lines ${lines}), and only one may be`;
  return { offset: second.start, message };
}

function findInLine(line: string, before: string, after: string): TextValue | undefined {
  const start = line.length - line.trimStart().length;
  if (!line.startsWith(before, start)) return undefined;
  const from = start + before.length;
  let end = from;
  while (end < line.length && versionCharacter.test(line.charAt(end))) end += 1;
  if (end === from || !line.startsWith(after, end)) return undefined;
  return /^(?:$|\s)/.test(line.slice(end + after.length)) ? { start: from, end } : undefined;
}
