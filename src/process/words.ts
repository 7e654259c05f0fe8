/**
 * Where a text with placeholders stands, and so what may be filled in there.
 * - none: no placeholder.
 * - ref: a short name of a branch or tag.
 * - path: a relative path below the checkout or a storage; `*` only where it is a glob.
 * - argument: one element of an argv.
 * - text: for people, or a value of an environment variable.
 */
export type TextPlace = 'none' | 'ref' | 'path' | 'glob' | 'argument' | 'text';

const wordPattern = /^[A-Za-z0-9][A-Za-z0-9._/+@-]{0,199}$/;
const never = ['..', '//', '@{', '.lock', '/.'];

/** Why a value is no word, or undefined. A word never starts with `-`, so it never becomes an option. */
export function wordProblem(value: string): string | undefined {
  if (!wordPattern.test(value)) {
    return 'is not a word: it starts with a letter or digit, then letters, digits and . _ / + @ -, at most 200';
  }
  const found = never.find((part) => value.includes(part));
  return found === undefined ? undefined : `may not contain "${found}"`;
}

/** Why a text that a person gave cannot be used, or undefined. It may have several lines. */
export function textProblem(value: string): string | undefined {
  if (value.length > 4_000) return 'has more than 4,000 characters';
  // Every control character but tab and newline.
  return /[^\P{Cc}\t\n]/u.test(value) ? 'has a control character' : undefined;
}

/** Why a whole text, filled in, cannot stand in its place, or undefined. */
export function placeProblem(value: string, place: TextPlace): string | undefined {
  switch (place) {
    case 'ref':
      return wordProblem(value) ?? (/[/.]$/.test(value) ? 'is not a name of a branch or tag' : undefined);
    case 'path':
      return pathProblem(value, /^[A-Za-z0-9._+/-]+$/);
    case 'glob':
      return pathProblem(value, /^[A-Za-z0-9._+/*-]+$/);
    case 'argument':
      return value.includes('\0') ? 'has a control character' : undefined;
    case 'none':
    case 'text':
      return undefined;
  }
}

function pathProblem(value: string, allowed: RegExp): string | undefined {
  if (!allowed.test(value)) return 'is not a path of letters, digits and . _ + / -';
  if (value.startsWith('-')) return 'is a path that starts with "-"';
  const parts = value.split('/');
  return parts.some((part) => part === '' || part === '.' || part === '..')
    ? 'is not a path below its folder (no leading or trailing "/", no "." and "..")'
    : undefined;
}
