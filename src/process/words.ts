/**
 * Where a text with placeholders stands, and so what may be filled in there.
 * - none: no placeholder.
 * - ref: a short name of a branch or tag.
 * - path: a relative path below the checkout or a storage; `*` only where it is a glob.
 * - argument: one element of an argv.
 * - address: of an image, a chart or a package, with its version.
 * - url: a page.
 * - list: a list of words; one placeholder is the whole value.
 * - time: a moment; one placeholder is the whole value.
 * - text: for people, or a value of an environment variable.
 */
export type TextPlace =
  'none' | 'ref' | 'path' | 'glob' | 'argument' | 'address' | 'url' | 'list' | 'time' | 'text';

/** A word may stand everywhere, a text only where people read it. */
export type PlaceholderType = 'word' | 'url' | 'text' | 'list' | 'time';

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
  // Every control character but tab and newline, and what turns the direction of what is written.
  return /[^\P{Cc}\t\n]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(value)
    ? 'has a control character'
    : undefined;
}

/** Why a text is no address of a page, or undefined. */
export function urlProblem(value: string): string | undefined {
  if (!/^https:\/\/[\x21-\x7e]{1,1990}$/.test(value) || /["'<>\\^`{|}]/.test(value) || !URL.canParse(value))
    return 'is not an https URL';
  const { username, password } = new URL(value);
  return username === '' && password === '' ? undefined : 'is a URL with a name or password in it';
}

/** Why a text is no moment, or undefined. It says its zone, so that nobody has to guess. */
export function timeProblem(value: string): string | undefined {
  const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(value);
  if (!isMoment || Number.isNaN(Date.parse(value)))
    return 'is not a time with its zone, such as 2026-03-31T16:00Z or 2026-03-31T16:00+02:00';
  // 31 February would become 3 March.
  const [day = ''] = value.split('T');
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
    ? undefined
    : 'is not a day of the calendar';
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
    case 'address':
      return addressProblem(value);
    case 'url':
      return urlProblem(value);
    case 'list':
      return listProblem(value);
    case 'time':
      return timeProblem(value);
    case 'none':
    case 'text':
      return undefined;
  }
}

function addressProblem(value: string): string | undefined {
  const rest = value.startsWith('oci://') ? value.slice('oci://'.length) : value;
  return /^[A-Za-z0-9][A-Za-z0-9._/:@+-]{0,299}$/.test(rest) && !rest.includes('..') && !rest.includes('//')
    ? undefined
    : 'is not an address: letters, digits and . _ / : @ + -, after "oci://" where it is a chart';
}

function listProblem(value: string): string | undefined {
  const words = value.split(/[\s,]+/).filter((part) => part !== '');
  return words.map(wordProblem).find((problem) => problem !== undefined);
}

function pathProblem(value: string, allowed: RegExp): string | undefined {
  if (!allowed.test(value)) return 'is not a path of letters, digits and . _ + / -';
  if (value.startsWith('-')) return 'is a path that starts with "-"';
  const parts = value.split('/');
  return parts.some((part) => part === '' || part === '.' || part === '..')
    ? 'is not a path below its folder (no leading or trailing "/", no "." and "..")'
    : undefined;
}
